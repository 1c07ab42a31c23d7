/** Texts of voice notes for as long as the page is open, until there is a sealed place for them. */

import type { Transcript, TranscriptStore } from "../../engine/transcriber.ts"

export function keptInMemory(): TranscriptStore {
    const transcripts = new Map<string, Transcript>()
    return {
        get: (key) => transcripts.get(key),
        put: async (transcript) => {
            transcripts.set(transcript.file, transcript)
        },
    }
}
