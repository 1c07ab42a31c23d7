/** Recordings as samples, decoded by the browser: only pages can, so it is not done in a worker. */

import { EngineError } from "../engine/errors.ts"
import type { Samples } from "../engine/transcriber.ts"

/** What Whisper listens to. */
const rate = 16_000
/** Two hours of a voice note. Decoded it is forty times as large, all of it in memory. */
const largest = 16 * 2 ** 20

export async function samplesOf(recording: Blob): Promise<Samples> {
    if (recording.size > largest) throw new EngineError("too-long")
    const heard = await decoded(recording)
    const channels = Array.from({ length: heard.numberOfChannels }, (_, channel) => heard.getChannelData(channel))
    const samples = new Float32Array(heard.length)
    for (const channel of channels)
        channel.forEach((value, at) => {
            samples[at] = (samples[at] ?? 0) + value / channels.length
        })
    return samples
}

/** A context of this rate decodes to this rate, whatever was recorded. */
async function decoded(recording: Blob): Promise<AudioBuffer> {
    try {
        return await new OfflineAudioContext(1, 1, rate).decodeAudioData(await recording.arrayBuffer())
    } catch (cause) {
        throw new EngineError("not-a-recording", { cause })
    }
}
