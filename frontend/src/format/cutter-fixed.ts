/** Cuts every so many bytes. A chunk that lies within one piece is a window into it; only one that straddles is copied. */

import type { Bytes } from "../bytes/bytes.ts"
import type { Cutter } from "./cut.ts"

export function createFixedCutter(size: number): Cutter {
    /** The chunk that earlier pieces began: filled up to `held`. */
    let begun: Bytes = new Uint8Array(0)
    let held = 0

    return {
        push(piece) {
            const chunks: Bytes[] = []
            let offset = 0
            if (held > 0) {
                offset = Math.min(size - held, piece.length)
                begun.set(piece.subarray(0, offset), held)
                held += offset
                if (held < size) return chunks
                chunks.push(begun)
                held = 0
            }
            for (; piece.length - offset >= size; offset += size) chunks.push(piece.subarray(offset, offset + size))
            if (offset < piece.length) {
                begun = new Uint8Array(size)
                begun.set(piece.subarray(offset))
                held = piece.length - offset
            }
            return chunks
        },

        end() {
            const last = held > 0 ? [begun.subarray(0, held)] : []
            held = 0
            return last
        },
    }
}
