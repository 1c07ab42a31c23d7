/**
 * Cuts text after lines that a keyed PRF picks (docs/format.md §4).
 *
 *     … chunk │ line line line li…
 *             start          lineStart   scanned    filled
 *
 * Pieces are copied once, into a block; chunks are windows into blocks. A full block is left behind to its chunks, and
 * what was not cut off yet moves on to the next one.
 */

import type { Bytes } from "../bytes/bytes.ts"
import type { LinePrf } from "../crypto/prf.ts"
import type { Cutter } from "./cut.ts"
import { limits } from "./limits.ts"

const most = limits.chunk
const lineFeed = 0x0a
/** Room for a chunk, a line, and then some: at most half of a block is moved on. */
const blockSize = 4 * most

export function createTextCutter(prf: LinePrf): Cutter {
    let block: Bytes = new Uint8Array(0)
    /** Where the chunk so far begins, where the line begins that is being read, how far it was searched, how far filled. */
    let start = 0
    let lineStart = 0
    let scanned = 0
    let filled = 0
    /** The line being read is longer than a chunk and was cut already: rule 2, no PRF. */
    let inLongLine = false

    function cutBefore(offset: number, chunks: Bytes[]): void {
        if (offset > start) chunks.push(block.subarray(start, offset))
        start = offset
    }

    /** Cuts a line that is longer than a chunk, but for its last 1 to `most` bytes. */
    function cutWithinLine(end: number, chunks: Bytes[]): void {
        if (end - lineStart <= most) return
        inLongLine = true
        cutBefore(lineStart, chunks)
        for (; end - lineStart > most; lineStart += most) cutBefore(lineStart + most, chunks)
    }

    function takeLine(end: number, chunks: Bytes[]): void {
        cutWithinLine(end, chunks)
        if (!inLongLine) {
            const length = end - lineStart
            if (end - start > most) cutBefore(lineStart, chunks)
            if (end - start >= limits.textChunkLeast) {
                const value = prf(block.subarray(lineStart, end))
                if (value * limits.textCutMean < length * 2 ** 32) cutBefore(end, chunks)
            }
        }
        inLongLine = false
        lineStart = end
    }

    function takeLines(chunks: Bytes[]): void {
        const written = block.subarray(0, filled)
        for (;;) {
            const found = written.indexOf(lineFeed, scanned)
            scanned = found < 0 ? filled : found + 1
            if (found < 0) break
            takeLine(scanned, chunks)
        }
        cutWithinLine(filled, chunks)
    }

    /** Leaves the block to the chunks that were cut from it. */
    function turnOver(expected: number): void {
        const kept = block.subarray(start, filled)
        block = new Uint8Array(Math.min(blockSize, Math.max(2 * kept.length + expected, 4_096)))
        block.set(kept)
        lineStart -= start
        scanned -= start
        filled -= start
        start = 0
    }

    return {
        push(piece) {
            const chunks: Bytes[] = []
            for (let offset = 0; offset < piece.length; ) {
                if (filled === block.length) turnOver(piece.length - offset)
                const taken = Math.min(block.length - filled, piece.length - offset)
                block.set(piece.subarray(offset, offset + taken), filled)
                filled += taken
                offset += taken
                takeLines(chunks)
            }
            return chunks
        },

        end() {
            const chunks: Bytes[] = []
            // The last line may have no line feed; it is judged like any other.
            if (filled > lineStart) takeLine(filled, chunks)
            cutBefore(filled, chunks)
            return chunks
        },
    }
}
