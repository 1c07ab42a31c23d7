/** Memory for chunks, used again and again: what is left to the garbage is collected late, and there is much of it. */

import type { Bytes } from "../bytes/bytes.ts"
import { limits } from "./limits.ts"

const mostSpare = 64

export class ChunkMemory {
    readonly #spare: ArrayBuffer[] = []
    readonly #given = new WeakSet<ArrayBuffer>()

    /** Room for the longest chunk; what lies in it is of no meaning. */
    take(): Bytes {
        const memory = this.#spare.pop() ?? new ArrayBuffer(limits.chunk)
        this.#given.add(memory)
        return new Uint8Array(memory)
    }

    /** Takes a chunk's memory back, if it came from here. Nobody may look at it any more. */
    give({ buffer }: Bytes): void {
        if (this.#given.delete(buffer) && this.#spare.length < mostSpare) this.#spare.push(buffer)
    }
}
