/** Texts of voice notes for as long as a test runs. */

import type { Transcript, TranscriptStore } from "../../src/engine/transcriber.ts"

export function keptInMemory(): TranscriptStore {
    const transcripts = new Map<string, Transcript>()
    return {
        get: (key) => transcripts.get(key),
        put: async (transcript) => {
            transcripts.set(transcript.file, transcript)
        },
    }
}
