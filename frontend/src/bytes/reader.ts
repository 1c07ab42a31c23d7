/** Reads what a `ByteWriter` wrote, and refuses everything it would have written otherwise. */

import type { Bytes } from "./bytes.ts"
import { MalformedBytesError } from "./errors.ts"

export class ByteReader {
    readonly #bytes: Bytes
    readonly #view: DataView
    #offset = 0

    constructor(bytes: Bytes) {
        this.#bytes = bytes
        this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    }

    get remaining(): number {
        return this.#bytes.length - this.#offset
    }

    u8(): number {
        return this.#view.getUint8(this.#take(1))
    }

    u32(): number {
        return this.#view.getUint32(this.#take(4))
    }

    /** Eight bytes, refused from 2⁵³ on. */
    u64(): number {
        const value = this.u32() * 2 ** 32 + this.u32()
        if (!Number.isSafeInteger(value)) throw new MalformedBytesError("number too large")
        return value
    }

    varint(): number {
        let value = 0
        for (let place = 1; ; place *= 0x80) {
            const byte = this.u8()
            value += (byte & 0x7f) * place
            if (value > 0xffff_ffff) throw new MalformedBytesError("varint too large")
            if (byte < 0x80) {
                if (byte === 0 && place > 1) throw new MalformedBytesError("varint not in its shortest form")
                return value
            }
            if (place >= 0x80 ** 4) throw new MalformedBytesError("varint too long")
        }
    }

    /** A window into what is read, not a copy. */
    bytes(count: number): Bytes {
        const at = this.#take(count)
        return this.#bytes.subarray(at, at + count)
    }

    /** Refuses bytes that nothing asked for. */
    end(): void {
        if (this.remaining !== 0) throw new MalformedBytesError("bytes after the end")
    }

    #take(count: number): number {
        const at = this.#offset
        if (count > this.remaining) throw new MalformedBytesError("ends too early")
        this.#offset += count
        return at
    }
}
