/**
 * The central directory of a zip: what it names, where that lies, and what of it cannot be read.
 *
 *     entries … ‖ directory ‖ [ZIP64 end ‖ ZIP64 locator] ‖ end(22) ‖ comment
 *
 * Local headers are not asked: archives written as streams keep their sizes here only. All limits are
 * checked before anything is unpacked, and names are labels, never paths.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { EngineError } from "./errors.ts"

/** Why an entry cannot be read, or not wholly. */
export type EntryDamage = "encrypted" | "unsupported" | "outside" | "overlapping" | "broken" | "wrong-checksum"

export interface ZipEntry {
    /** Place in the directory. */
    readonly index: number
    readonly name: string
    /** The name's bytes, when they are not the UTF-8 form of `name`. */
    readonly rawName: Bytes | null
    readonly method: number
    readonly flags: number
    readonly madeBy: number
    /** DOS date · 2¹⁶ + DOS time. */
    readonly time: number
    readonly attributes: number
    readonly crc32: number
    readonly packedSize: number
    readonly size: number
    readonly headerOffset: number
    /** Known from the directory alone. */
    readonly damage: EntryDamage | null
}

export interface ZipDirectory {
    readonly entries: readonly ZipEntry[]
    readonly comment: Bytes
    /** False when the directory breaks off: what it named until there is listed. */
    readonly whole: boolean
}

export const zipLimits = {
    entries: 500_000,
    directory: 256 * 1024 * 1024,
    unpacked: 2 ** 40,
    /** Deflate reaches 1032:1; chats reach ten. A whole archive above this, and above `bombFloor`, is none of ours. */
    ratio: 200,
    bombFloor: 2 ** 31,
} as const

const endLength = 22
const locatorLength = 20
const end64Length = 56
const recordLength = 46
const deflateRatio = 1032

/** Null: this is no zip, or one without a directory. */
export async function readDirectory(file: Blob): Promise<ZipDirectory | null> {
    const tailStart = Math.max(0, file.size - (endLength + 0xffff + locatorLength + end64Length))
    const tail = await bytesOf(file, tailStart, file.size)
    const end = findEnd(tail)
    if (end === null) return null
    const place = await placeOfDirectory(file, tail, tailStart, end)
    if (place.entries > zipLimits.entries || place.size > zipLimits.directory) throw new EngineError("too-many-entries")
    const start = Math.max(0, Math.min(place.end - place.size, file.size))
    const records = await bytesOf(file, start, Math.min(place.end, file.size))
    // Bytes in front of the archive (a self-extracting one) shift every offset alike.
    const { entries, whole } = readRecords(records, start - place.offset, start)
    if (entries.length === 0 && place.entries > 0) return null
    refuseBombs(entries, file.size)
    const comment = tail.slice(end + endLength, end + endLength + viewOf(tail).getUint16(end + 20, true))
    return { entries, comment, whole: whole && entries.length === place.entries }
}

function findEnd(tail: Bytes): number | null {
    const view = viewOf(tail)
    for (let at = tail.length - endLength; at >= 0; at--) {
        if (view.getUint32(at, true) !== 0x06054b50) continue
        // A comment may hold the mark too: the true one is followed by exactly its comment, or by junk added later.
        if (at + endLength + view.getUint16(at + 20, true) <= tail.length) return at
    }
    return null
}

interface DirectoryPlace {
    readonly entries: number
    readonly size: number
    /** As written, and where the directory really ends. */
    readonly offset: number
    readonly end: number
}

async function placeOfDirectory(file: Blob, tail: Bytes, tailStart: number, end: number): Promise<DirectoryPlace> {
    const view = viewOf(tail)
    const plain = {
        entries: view.getUint16(end + 10, true),
        size: view.getUint32(end + 12, true),
        offset: view.getUint32(end + 16, true),
        end: tailStart + end,
    }
    const locator = end - locatorLength
    if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50) return plain
    const written = safe(view.getBigUint64(locator + 8, true))
    for (const at of [written, tailStart + locator - end64Length]) {
        if (at < 0 || at + end64Length > file.size) continue
        const bytes = await bytesOf(file, at, at + end64Length)
        const end64 = viewOf(bytes)
        if (end64.getUint32(0, true) !== 0x06064b50) continue
        return {
            entries: safe(end64.getBigUint64(32, true)),
            size: safe(end64.getBigUint64(40, true)),
            offset: safe(end64.getBigUint64(48, true)),
            end: at,
        }
    }
    return plain
}

function readRecords(
    records: Bytes,
    shift: number,
    directoryStart: number,
): { readonly entries: readonly ZipEntry[]; readonly whole: boolean } {
    const view = viewOf(records)
    const entries: ZipEntry[] = []
    let at = 0
    while (at + recordLength <= records.length && view.getUint32(at, true) === 0x02014b50) {
        const nameEnd = at + recordLength + view.getUint16(at + 28, true)
        const extraEnd = nameEnd + view.getUint16(at + 30, true)
        const next = extraEnd + view.getUint16(at + 32, true)
        if (next > records.length) return { entries, whole: false }
        const name = records.slice(at + recordLength, nameEnd)
        const extra = records.subarray(nameEnd, extraEnd)
        entries.push(readRecord(view, at, entries.length, name, extra, shift, directoryStart))
        if (entries.length > zipLimits.entries) throw new EngineError("too-many-entries")
        at = next
    }
    return { entries, whole: at === records.length }
}

function readRecord(
    view: DataView,
    at: number,
    index: number,
    nameBytes: Bytes,
    extra: Bytes,
    shift: number,
    directoryStart: number,
): ZipEntry {
    const flags = view.getUint16(at + 8, true)
    const method = view.getUint16(at + 10, true)
    const wide = widen(extra, {
        size: view.getUint32(at + 24, true),
        packedSize: view.getUint32(at + 20, true),
        headerOffset: view.getUint32(at + 42, true),
    })
    const headerOffset = wide.headerOffset + shift
    return {
        index,
        ...readName(nameBytes),
        method,
        flags,
        madeBy: view.getUint16(at + 4, true),
        time: view.getUint16(at + 14, true) * 0x10000 + view.getUint16(at + 12, true),
        attributes: view.getUint32(at + 38, true),
        crc32: view.getUint32(at + 16, true),
        packedSize: wide.packedSize,
        size: wide.size,
        headerOffset,
        damage: damageOf(flags, method, wide, headerOffset, directoryStart),
    }
}

interface Sizes {
    readonly size: number
    readonly packedSize: number
    readonly headerOffset: number
}

/** ZIP64: the extra field 1 holds, in this order, what did not fit into 32 bits. */
function widen(extra: Bytes, narrow: Sizes): Sizes {
    const view = viewOf(extra)
    for (let at = 0; at + 4 <= extra.length; ) {
        const length = view.getUint16(at + 2, true)
        const end = Math.min(at + 4 + length, extra.length)
        if (view.getUint16(at, true) === 1) {
            let from = at + 4
            const read = (value: number): number => {
                if (value !== 0xffffffff || from + 8 > end) return value
                from += 8
                return safe(view.getBigUint64(from - 8, true))
            }
            const size = read(narrow.size)
            const packedSize = read(narrow.packedSize)
            return { size, packedSize, headerOffset: read(narrow.headerOffset) }
        }
        at = end
    }
    return narrow
}

function damageOf(flags: number, method: number, sizes: Sizes, offset: number, end: number): EntryDamage | null {
    if ((flags & 1) !== 0 || (flags & 0x2000) !== 0 || method === 99) return "encrypted"
    if (method !== 0 && method !== 8) return "unsupported"
    if (offset < 0 || offset + 30 + sizes.packedSize > end) return "outside"
    if (method === 0 && sizes.size !== sizes.packedSize) return "broken"
    if (method === 8 && sizes.size > sizes.packedSize * deflateRatio + 1024) return "broken"
    return null
}

function refuseBombs(entries: readonly ZipEntry[], fileSize: number): void {
    const unpacked = entries.reduce((sum, entry) => sum + (entry.damage === null ? entry.size : 0), 0)
    if (unpacked > zipLimits.unpacked) throw new EngineError("too-large-export")
    if (unpacked > zipLimits.bombFloor && unpacked > fileSize * zipLimits.ratio)
        throw new EngineError("too-large-export")
}

/** The upper half of code page 437, which zips without a mark were written in. */
const codePage437 =
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ "

/** Names are UTF-8 whether or not the archive says so, and anything else is kept as bytes beside its best reading. */
function readName(bytes: Bytes): { readonly name: string; readonly rawName: Bytes | null } {
    try {
        return { name: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), rawName: null }
    } catch {
        const letters = Array.from(bytes, (byte) =>
            byte < 128 ? String.fromCharCode(byte) : codePage437.charAt(byte - 128),
        )
        return { name: letters.join(""), rawName: bytes }
    }
}

function safe(value: bigint): number {
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value)
}

function viewOf(bytes: Bytes): DataView {
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

async function bytesOf(file: Blob, from: number, to: number): Promise<Bytes> {
    try {
        return new Uint8Array(await file.slice(from, to).arrayBuffer())
    } catch (cause) {
        throw new EngineError("file-unreadable", { cause })
    }
}
