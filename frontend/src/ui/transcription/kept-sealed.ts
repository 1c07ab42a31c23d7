/** Texts of voice notes, sealed beside the chat: read once when it is opened, and written as they come. */

import type { Engine } from "../../engine/protocol.ts"
import type { Transcript, TranscriptStore } from "../../engine/transcriber.ts"

/** Keys are the numbers of files in the chat, as `String` writes them. */
export async function keptSealed(engine: Engine, chatId: string): Promise<TranscriptStore> {
    const listed = await engine.transcripts(chatId)
    const transcripts = new Map<string, Transcript>(listed.map(({ file, transcript }) => [String(file), transcript]))
    return {
        get: (key) => transcripts.get(key),
        async put(transcript) {
            await engine.keepTranscript(chatId, Number(transcript.file), transcript)
            transcripts.set(transcript.file, transcript)
        },
    }
}
