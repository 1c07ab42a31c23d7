/** Writes numbers and bytes one after another: big-endian, varints in their shortest form. */

import type { Bytes } from "./bytes.ts"

const highest = { u8: 0xff, u32: 0xffff_ffff, u64: Number.MAX_SAFE_INTEGER } as const

export class ByteWriter {
    #bytes: Bytes
    #length = 0

    constructor(expected = 256) {
        this.#bytes = new Uint8Array(expected)
    }

    u8(value: number): this {
        assertBetween(value, highest.u8)
        const at = this.#reserve(1)
        this.#bytes[at] = value
        return this
    }

    u32(value: number): this {
        assertBetween(value, highest.u32)
        const at = this.#reserve(4)
        new DataView(this.#bytes.buffer).setUint32(at, value)
        return this
    }

    /** A number below 2⁵³ in eight bytes. */
    u64(value: number): this {
        assertBetween(value, highest.u64)
        return this.u32(Math.floor(value / 2 ** 32)).u32(value % 2 ** 32)
    }

    varint(value: number): this {
        assertBetween(value, highest.u32)
        let rest = value
        while (rest >= 0x80) {
            this.u8((rest & 0x7f) | 0x80)
            rest = Math.floor(rest / 0x80)
        }
        return this.u8(rest)
    }

    bytes(bytes: Bytes): this {
        const at = this.#reserve(bytes.length)
        this.#bytes.set(bytes, at)
        return this
    }

    /** What was written, in memory of its own. */
    finish(): Bytes {
        return this.#bytes.slice(0, this.#length)
    }

    #reserve(count: number): number {
        const at = this.#length
        this.#length += count
        if (this.#length > this.#bytes.length) {
            const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length))
            larger.set(this.#bytes)
            this.#bytes = larger
        }
        return at
    }
}

/** A number that does not fit is a mistake of the writer, never of what was read. */
function assertBetween(value: number, most: number): void {
    if (!Number.isInteger(value) || value < 0 || value > most) throw new RangeError("number out of range")
}
