/** Cuts every so many bytes. A chunk that lies within one piece is a window into it; only one that straddles is copied. */

import type { Bytes } from "../bytes/bytes.ts"
import type { Cutter } from "./cut.ts"

export function createFixedCutter(size: number): Cutter {
    /** The chunk that earlier pieces began, `held` bytes of it: a window into the last piece, or a buffer that has room. */
    let begun: Bytes = new Uint8Array(0)
    let held = 0

    const takeFrom = (piece: Bytes): number => {
        if (begun.length < size) {
            const roomy = new Uint8Array(size)
            roomy.set(begun)
            begun = roomy
        }
        const taken = Math.min(size - held, piece.length)
        begun.set(piece.subarray(0, taken), held)
        held += taken
        return taken
    }

    return {
        push(piece) {
            const chunks: Bytes[] = []
            let offset = 0
            if (held > 0) {
                offset = takeFrom(piece)
                if (held < size) return chunks
                chunks.push(begun)
                held = 0
            }
            for (; piece.length - offset >= size; offset += size) chunks.push(piece.subarray(offset, offset + size))
            if (offset < piece.length) {
                begun = piece.subarray(offset)
                held = begun.length
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
