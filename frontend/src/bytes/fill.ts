/** Fills memory of ours from a stream. */

import type { Bytes } from "./bytes.ts"

/**
 * Readers whose reads are under way. Chromium lets the garbage collector take a reader that only the code waiting for it
 * holds, and then that code waits for ever: what stands here is held.
 */
const waitedFor = new Set<ReadableStreamBYOBReader>()

/** Fills `memory` with what comes next, and gives it back (not the same object), shorter at the end. One call at a time. */
export async function fill(reader: ReadableStreamBYOBReader, memory: Bytes): Promise<Bytes> {
    waitedFor.add(reader)
    try {
        let bytes = memory
        for (let filled = 0; filled < bytes.length; ) {
            const { value, done } = await reader.read(bytes.subarray(filled))
            // Cancelled: the memory is lost.
            if (value === undefined) return new Uint8Array(0)
            bytes = new Uint8Array(value.buffer)
            filled += value.length
            if (done) return bytes.subarray(0, filled)
        }
        return bytes
    } finally {
        waitedFor.delete(reader)
    }
}
