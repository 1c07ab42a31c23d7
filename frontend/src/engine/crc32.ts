/** CRC-32 as zips use it, eight bytes at a time: it guards against a broken download, not against anybody. */

import type { Bytes } from "../bytes/bytes.ts"

const tables = makeTables()

function makeTables(): Uint32Array {
    const made = new Uint32Array(8 * 256)
    for (let byte = 0; byte < 256; byte++) {
        let value = byte
        for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
        made[byte] = value
    }
    for (let at = 256; at < made.length; at++) {
        const before = made[at - 256] ?? 0
        made[at] = (before >>> 8) ^ (made[before & 0xff] ?? 0)
    }
    return made
}

const [t0, t1, t2, t3, t4, t5, t6, t7] = Array.from({ length: 8 }, (_, slice) =>
    tables.subarray(slice * 256, slice * 256 + 256),
) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array]

/** The sum of what was summed up to `before` and then `bytes`; begin with 0. */
export function crc32(before: number, bytes: Bytes): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const fast = bytes.length - (bytes.length % 8)
    let sum = ~before
    let at = 0
    for (; at < fast; at += 8) {
        const low = view.getUint32(at, true) ^ sum
        const high = view.getUint32(at + 4, true)
        sum =
            look(t7, low) ^
            look(t6, low >>> 8) ^
            look(t5, low >>> 16) ^
            look(t4, low >>> 24) ^
            look(t3, high) ^
            look(t2, high >>> 8) ^
            look(t1, high >>> 16) ^
            look(t0, high >>> 24)
    }
    for (; at < bytes.length; at++) sum = (sum >>> 8) ^ look(t0, sum ^ view.getUint8(at))
    return ~sum >>> 0
}

function look(table: Uint32Array, index: number): number {
    return table[index & 0xff] as number
}
