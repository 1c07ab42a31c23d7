/** CRC-32 as zips use it, sixteen bytes at a time: it guards against a broken download, not against anybody. */

import type { Bytes } from "../bytes/bytes.ts"

const slices = 16
/** One table for each of sixteen places, one behind the other: what a byte does to the sum from that far away. */
const table = makeTable()

function makeTable(): Int32Array {
    const made = new Int32Array(slices * 256)
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

/** The sum of what was summed up to `before` and then `bytes`; begin with 0. */
export function crc32(before: number, bytes: Bytes): number {
    // Words are read where they are aligned, and in the order of all machines that run browsers: little-endian.
    const aligned = -bytes.byteOffset & 3
    if (bytes.length < aligned + slices) return ~single(~before, bytes, 0, bytes.length) >>> 0
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + aligned, ((bytes.length - aligned) >> 4) << 2)
    let sum = single(~before, bytes, 0, aligned)
    for (let at = 0; at < words.length; at += 4)
        sum =
            four(word(words, at) ^ sum, 12 * 256) ^
            four(word(words, at + 1), 8 * 256) ^
            four(word(words, at + 2), 4 * 256) ^
            four(word(words, at + 3), 0)
    return ~single(sum, bytes, aligned + 4 * words.length, bytes.length) >>> 0
}

/** The sum of two pieces one after the other, from the sums of each; `length` is the second's. */
export function crc32Joined(first: number, second: number, length: number): number {
    let shift = 1 << 31
    for (let left = length, power = 3; left > 0; left = Math.floor(left / 2), power++)
        if (left % 2 === 1) shift = multiplied(powers[power & 31] ?? 0, shift)
    return (multiplied(shift, first) ^ second) >>> 0
}

/** x to the power of 1, 2, 4, 8 …: polynomials over one bit, the highest power in the lowest bit. */
const powers = makePowers()

function makePowers(): Int32Array {
    const made = new Int32Array(32)
    let power = 1 << 30
    for (let at = 0; at < 32; at++) {
        made[at] = power
        power = multiplied(power, power)
    }
    return made
}

/** Modulo the polynomial of the sum. */
function multiplied(a: number, b: number): number {
    let product = 0
    for (let bit = 1 << 31, factor = b; bit !== 0; bit >>>= 1) {
        if ((a & bit) !== 0) product ^= factor
        factor = factor & 1 ? (factor >>> 1) ^ 0xedb88320 : factor >>> 1
    }
    return product
}

function single(before: number, bytes: Bytes, from: number, to: number): number {
    let sum = before
    for (let at = from; at < to; at++) sum = (sum >>> 8) ^ look((sum ^ (bytes[at] ?? 0)) & 0xff)
    return sum
}

function four(bytes: number, from: number): number {
    return (
        look(from + 768 + (bytes & 0xff)) ^
        look(from + 512 + ((bytes >>> 8) & 0xff)) ^
        look(from + 256 + ((bytes >>> 16) & 0xff)) ^
        look(from + (bytes >>> 24))
    )
}

function look(index: number): number {
    return table[index] as number
}

function word(words: Int32Array, index: number): number {
    return words[index] as number
}
