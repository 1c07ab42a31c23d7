/** Zips made by hand, in every dialect that exporters and archivers write: sizes in descriptors, ZIP64, old names. */

import { deflateRawSync } from "node:zlib"
import type { Bytes } from "../../src/bytes/bytes.ts"
import { concat } from "../../src/bytes/bytes.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { crc32 } from "../../src/engine/crc32.ts"

export interface MadeEntry {
    readonly name: string | Bytes
    readonly content: Bytes
    readonly deflated?: boolean
    readonly descriptor?: boolean
    readonly zip64?: boolean
    readonly utf8Flag?: boolean
    readonly time?: number
    /** Overrides of what is written, for damaged archives. */
    readonly crc32?: number
    readonly flags?: number
    readonly method?: number
    readonly size?: number
    readonly packed?: Bytes
}

export interface MadeZip {
    readonly comment?: Bytes
    readonly zip64End?: boolean
    readonly prefix?: Bytes
}

/** 7 June 2024, 10:20:30 */
export const someTime = (((2024 - 1980) << 9) | (6 << 5) | 7) * 0x10000 + ((10 << 11) | (20 << 5) | 15)

export function makeZip(entries: readonly MadeEntry[], options: MadeZip = {}): Bytes {
    const parts: Bytes[] = [options.prefix ?? new Uint8Array(0)]
    const records: Bytes[] = []
    let offset = 0
    for (const entry of entries) {
        const local = localPart(entry)
        records.push(record(entry, offset))
        parts.push(local)
        offset += local.length
    }
    const directory = concat(...records)
    const comment = options.comment ?? new Uint8Array(0)
    const end64 = options.zip64End === true ? end64Parts(entries.length, directory.length, offset) : new Uint8Array(0)
    const end = new Uint8Array(22)
    const view = new DataView(end.buffer)
    view.setUint32(0, 0x06054b50, true)
    view.setUint16(8, options.zip64End === true ? 0xffff : entries.length, true)
    view.setUint16(10, options.zip64End === true ? 0xffff : entries.length, true)
    view.setUint32(12, options.zip64End === true ? 0xffffffff : directory.length, true)
    view.setUint32(16, options.zip64End === true ? 0xffffffff : offset, true)
    view.setUint16(20, comment.length, true)
    return concat(...parts, directory, end64, end, comment)
}

function end64Parts(count: number, size: number, offset: number): Bytes {
    const bytes = new Uint8Array(76)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, 0x06064b50, true)
    view.setBigUint64(4, 44n, true)
    view.setBigUint64(24, BigInt(count), true)
    view.setBigUint64(32, BigInt(count), true)
    view.setBigUint64(40, BigInt(size), true)
    view.setBigUint64(48, BigInt(offset), true)
    view.setUint32(56, 0x07064b50, true)
    view.setBigUint64(64, BigInt(offset + size), true)
    view.setUint32(72, 1, true)
    return bytes
}

interface Facts {
    readonly name: Bytes
    readonly packed: Bytes
    readonly method: number
    readonly flags: number
    readonly sum: number
    readonly size: number
}

function facts(entry: MadeEntry): Facts {
    const packed =
        entry.packed ?? (entry.deflated === true ? new Uint8Array(deflateRawSync(entry.content)) : entry.content)
    return {
        name: typeof entry.name === "string" ? utf8(entry.name) : entry.name,
        packed,
        method: entry.method ?? (entry.deflated === true ? 8 : 0),
        flags: (entry.flags ?? 0) | (entry.descriptor === true ? 8 : 0) | (entry.utf8Flag === true ? 0x800 : 0),
        sum: entry.crc32 ?? crc32(0, entry.content),
        size: entry.size ?? entry.content.length,
    }
}

function localPart(entry: MadeEntry): Bytes {
    const { name, packed, method, flags, sum, size } = facts(entry)
    const header = new Uint8Array(30)
    const view = new DataView(header.buffer)
    view.setUint32(0, 0x04034b50, true)
    view.setUint16(4, 20, true)
    view.setUint16(6, flags, true)
    view.setUint16(8, method, true)
    view.setUint32(10, entry.time ?? someTime, true)
    if (entry.descriptor !== true) {
        view.setUint32(14, sum, true)
        view.setUint32(18, packed.length, true)
        view.setUint32(22, size, true)
    }
    // Local and central extra fields differ on purpose: only the local header knows its own length.
    const extra = new Uint8Array([0xfe, 0xca, 1, 0, 7])
    view.setUint16(26, name.length, true)
    view.setUint16(28, extra.length, true)
    if (entry.descriptor !== true) return concat(header, name, extra, packed)
    const descriptor = new Uint8Array(16)
    const told = new DataView(descriptor.buffer)
    told.setUint32(0, 0x08074b50, true)
    told.setUint32(4, sum, true)
    told.setUint32(8, packed.length, true)
    told.setUint32(12, size, true)
    return concat(header, name, extra, packed, descriptor)
}

function record(entry: MadeEntry, offset: number): Bytes {
    const { name, packed, method, flags, sum, size } = facts(entry)
    const bytes = new Uint8Array(46)
    const view = new DataView(bytes.buffer)
    const wide = entry.zip64 === true
    view.setUint32(0, 0x02014b50, true)
    view.setUint16(4, 0x0314, true)
    view.setUint16(6, 20, true)
    view.setUint16(8, flags, true)
    view.setUint16(10, method, true)
    view.setUint32(12, entry.time ?? someTime, true)
    view.setUint32(16, sum, true)
    view.setUint32(20, wide ? 0xffffffff : packed.length, true)
    view.setUint32(24, wide ? 0xffffffff : size, true)
    view.setUint16(28, name.length, true)
    view.setUint32(38, 0x81a40000, true)
    view.setUint32(42, wide ? 0xffffffff : offset, true)
    if (!wide) return concat(bytes, name)
    const extra = new Uint8Array(28)
    const told = new DataView(extra.buffer)
    told.setUint16(0, 1, true)
    told.setUint16(2, 24, true)
    told.setBigUint64(4, BigInt(size), true)
    told.setBigUint64(12, BigInt(packed.length), true)
    told.setBigUint64(20, BigInt(offset), true)
    view.setUint16(30, extra.length, true)
    return concat(bytes, name, extra)
}
