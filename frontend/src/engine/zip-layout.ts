/**
 * A zip whose every byte has its place before the first is written: entries are stored, so sizes are known (APPNOTE 6.3.10).
 *
 *     header ‖ content, per entry … ‖ directory ‖ [ZIP64 end ‖ ZIP64 locator] ‖ end ‖ comment
 *
 * Content may therefore arrive in any order, and what an earlier try wrote is found again. Sums and sizes stand in the local
 * headers, so that readers without the directory manage too. ZIP64 from 4 GiB or 65,535 entries on, and only then.
 */

import { type Bytes, concat } from "../bytes/bytes.ts"

export interface ZipMember {
    readonly name: Bytes
    /** The name is UTF-8; else it is in the code page of whoever made the zip. */
    readonly utf8: boolean
    readonly size: number
    /** DOS date · 2¹⁶ + DOS time */
    readonly time: number
    readonly attributes: number
    readonly madeBy: number
}

export interface PlacedMember extends ZipMember {
    readonly headerAt: number
    readonly contentAt: number
}

const most32 = 0xffff_ffff
const most16 = 0xffff
const localLength = 30
const recordLength = 46
const endLength = 22
const end64Length = 56 + 20
const local64Length = 20
const piece = 256 * 1024

export class ZipLayout {
    readonly #members: PlacedMember[] = []
    readonly #comment: Bytes
    #at = 0
    #directory = 0

    constructor(comment: Bytes) {
        this.#comment = comment
    }

    add(member: ZipMember): PlacedMember {
        if (member.name.length > most16) throw new RangeError("a name in a zip has at most 65,535 bytes")
        const contentAt = this.#at + headerLength(member)
        const placed = { ...member, headerAt: this.#at, contentAt }
        this.#members.push(placed)
        this.#at = contentAt + member.size
        this.#directory += recordLength + member.name.length + extra64(placed).length
        return placed
    }

    /** Of the whole zip, with everything that was added so far. */
    get size(): number {
        return this.#at + this.#directory + this.#endLength(this.#members.length)
    }

    /** All that stands behind the contents, in order; `sums` by member. One without a sum is left out: its place stays, unnamed. */
    *directory(sums: ReadonlyMap<PlacedMember, number>): Generator<Written, void, undefined> {
        let parts = new Parts(this.#at)
        let count = 0
        for (const member of this.#members) {
            const sum = sums.get(member)
            if (sum === undefined) continue
            count += 1
            if (parts.length > piece) {
                yield parts.written()
                parts = new Parts(parts.end)
            }
            parts.add(record(member, sum), member.name, extra64(member))
        }
        const length = parts.end - this.#at
        if (this.#needs64(count, length)) parts.add(end64(count, length, this.#at))
        parts.add(end(count, length, this.#at, this.#comment.length), this.#comment)
        yield parts.written()
    }

    #needs64(count: number, directory: number): boolean {
        return count >= most16 || this.#at >= most32 || directory >= most32
    }

    #endLength(count: number): number {
        return (this.#needs64(count, this.#directory) ? end64Length : 0) + endLength + this.#comment.length
    }
}

export interface Written {
    readonly at: number
    readonly bytes: Bytes
}

/** What stands before the content of a member, once its sum is known. */
export function localHeader(member: ZipMember, sum: number): Bytes {
    const large = member.size >= most32
    const bytes = new Uint8Array(headerLength(member))
    const view = new DataView(bytes.buffer)
    view.setUint32(0, 0x0403_4b50, true)
    view.setUint16(4, large ? 45 : 20, true)
    view.setUint16(6, member.utf8 ? 0x0800 : 0, true)
    view.setUint32(10, member.time, true)
    view.setUint32(14, sum, true)
    view.setUint32(18, large ? most32 : member.size, true)
    view.setUint32(22, large ? most32 : member.size, true)
    view.setUint16(26, member.name.length, true)
    view.setUint16(28, large ? local64Length : 0, true)
    bytes.set(member.name, localLength)
    if (large) bytes.set(field64([member.size, member.size]), localLength + member.name.length)
    return bytes
}

function headerLength({ name, size }: ZipMember): number {
    return localLength + name.length + (size >= most32 ? local64Length : 0)
}

function record(member: PlacedMember, sum: number): Bytes {
    const { size, headerAt } = member
    const extra = extra64(member).length
    const bytes = new Uint8Array(recordLength)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, 0x0201_4b50, true)
    view.setUint16(4, member.madeBy, true)
    view.setUint16(6, extra > 0 ? 45 : 20, true)
    view.setUint16(8, member.utf8 ? 0x0800 : 0, true)
    view.setUint32(12, member.time, true)
    view.setUint32(16, sum, true)
    view.setUint32(20, Math.min(size, most32), true)
    view.setUint32(24, Math.min(size, most32), true)
    view.setUint16(28, member.name.length, true)
    view.setUint16(30, extra, true)
    view.setUint32(38, member.attributes, true)
    view.setUint32(42, Math.min(headerAt, most32), true)
    return bytes
}

/** Of sizes and place only those that do not fit elsewhere, in this order. */
function extra64({ size, headerAt }: PlacedMember): Bytes {
    const fields = [...(size >= most32 ? [size, size] : []), ...(headerAt >= most32 ? [headerAt] : [])]
    return fields.length === 0 ? new Uint8Array(0) : field64(fields)
}

function field64(numbers: readonly number[]): Bytes {
    const bytes = new Uint8Array(4 + 8 * numbers.length)
    const view = new DataView(bytes.buffer)
    view.setUint16(0, 1, true)
    view.setUint16(2, 8 * numbers.length, true)
    numbers.forEach((number, index) => {
        view.setBigUint64(4 + 8 * index, BigInt(number), true)
    })
    return bytes
}

function end64(count: number, length: number, at: number): Bytes {
    const bytes = new Uint8Array(end64Length)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, 0x0606_4b50, true)
    view.setBigUint64(4, 44n, true)
    view.setUint16(12, 45, true)
    view.setUint16(14, 45, true)
    view.setBigUint64(24, BigInt(count), true)
    view.setBigUint64(32, BigInt(count), true)
    view.setBigUint64(40, BigInt(length), true)
    view.setBigUint64(48, BigInt(at), true)
    view.setUint32(56, 0x0706_4b50, true)
    view.setBigUint64(64, BigInt(at + length), true)
    view.setUint32(72, 1, true)
    return bytes
}

function end(count: number, length: number, at: number, comment: number): Bytes {
    const bytes = new Uint8Array(endLength)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, 0x0605_4b50, true)
    view.setUint16(8, Math.min(count, most16), true)
    view.setUint16(10, Math.min(count, most16), true)
    view.setUint32(12, Math.min(length, most32), true)
    view.setUint32(16, Math.min(at, most32), true)
    view.setUint16(20, comment, true)
    return bytes
}

/** Small pieces that become one. */
class Parts {
    readonly #at: number
    readonly #parts: Bytes[] = []
    length = 0

    constructor(at: number) {
        this.#at = at
    }

    get end(): number {
        return this.#at + this.length
    }

    add(...parts: readonly Bytes[]): void {
        for (const part of parts) {
            this.#parts.push(part)
            this.length += part.length
        }
    }

    written(): Written {
        return { at: this.#at, bytes: concat(...this.#parts) }
    }
}
