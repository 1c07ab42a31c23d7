/** Cuts every so many bytes. */

import type { Bytes } from "../bytes/bytes.ts"
import type { Cutter } from "./cut.ts"

/** `roomFor` gives memory of `size` bytes for a chunk to be copied into. */
export function createFixedCutter(size: number, roomFor: () => Bytes): Cutter {
    let chunk: Bytes | null = null
    let filled = 0

    return {
        push(piece) {
            const chunks: Bytes[] = []
            for (let offset = 0; offset < piece.length; ) {
                chunk ??= roomFor()
                const taken = Math.min(size - filled, piece.length - offset)
                chunk.set(piece.subarray(offset, offset + taken), filled)
                filled += taken
                offset += taken
                if (filled < size) break
                chunks.push(chunk)
                chunk = null
                filled = 0
            }
            return chunks
        },

        end() {
            const last = chunk === null ? [] : [chunk.subarray(0, filled)]
            chunk = null
            filled = 0
            return last
        },
    }
}
