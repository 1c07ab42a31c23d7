/**
 * A catalog: which chunk lies where, for some of the packs that one import sent (docs/format.md §7).
 *
 *     u8 1 ‖ varint packs
 *       per pack    pack id(16) ‖ SHA-256(32) ‖ u32 size ‖ varint frames
 *         per frame u8 flags ‖ varint sealed length ‖
 *                   one chunk:      chunk id(16) ‖ varint length
 *                   several chunks: frame id(16) ‖ varint chunks ‖ per chunk  chunk id(16) ‖ varint length
 *
 * A frame begins where the one before it ends.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { fromHex, toHex } from "../bytes/hex.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { Random } from "../crypto/random.ts"
import { catalogPlace } from "./associated.ts"
import { DamagedObjectError, wellFormed } from "./errors.ts"
import { type FrameEntry, frameFlags, frameOverhead } from "./frame.ts"
import { formatVersion, hashLength, idLength, limits } from "./limits.ts"
import { checkHash, type ObjectRef, openObject, sealObject } from "./object.ts"

export interface CatalogPack extends ObjectRef {
    readonly frames: readonly FrameEntry[]
}

export interface Catalog {
    readonly packs: readonly CatalogPack[]
}

export function sealCatalog(keys: LibraryKeys, id: string, catalog: Catalog, random: Random): Promise<Bytes> {
    return sealObject(keys.snapshot, catalogPlace(keys, id), writeCatalog(catalog), random)
}

export async function openCatalog(keys: LibraryKeys, ref: ObjectRef, sealed: Bytes): Promise<Catalog> {
    await checkHash(ref, sealed)
    return readCatalog(await openObject(keys.snapshot, catalogPlace(keys, ref.id), sealed))
}

export function writeCatalog(catalog: Catalog): Bytes {
    if (catalog.packs.length > limits.catalogPacks) throw new DamagedObjectError("too-large")
    const writer = new ByteWriter(4_096).u8(formatVersion).varint(catalog.packs.length)
    for (const pack of catalog.packs) {
        writer.bytes(fromHex(pack.id)).bytes(fromHex(pack.sha256)).u32(pack.size).varint(pack.frames.length)
        for (const frame of pack.frames) writeFrame(writer, frame)
    }
    return writer.finish()
}

function writeFrame(writer: ByteWriter, frame: FrameEntry): void {
    writer.u8(frame.flags).varint(frame.sealedLength)
    if ((frame.flags & frameFlags.several) !== 0) writer.bytes(frame.id).varint(frame.chunks.length)
    for (const chunk of frame.chunks) writer.bytes(chunk.id).varint(chunk.length)
}

export function readCatalog(body: Bytes): Catalog {
    return wellFormed(() => {
        const reader = new ByteReader(body)
        if (reader.u8() !== formatVersion) throw new DamagedObjectError("unknown-version")
        const count = reader.varint()
        if (count > limits.catalogPacks) throw new DamagedObjectError("too-large")
        const packs = times(count, () => readPack(reader))
        reader.end()
        refuseRepeated(packs)
        return { packs }
    })
}

function readPack(reader: ByteReader): CatalogPack {
    const id = toHex(reader.bytes(idLength))
    const sha256 = toHex(reader.bytes(hashLength))
    const size = reader.u32()
    if (size > limits.packSize) throw new DamagedObjectError("too-large")
    const count = reader.varint()
    if (count === 0) throw new DamagedObjectError("malformed")
    const frames = times(count, () => readFrame(reader))
    if (frames.reduce((sum, frame) => sum + frame.sealedLength, 0) > size) throw new DamagedObjectError("malformed")
    return { id, sha256, size, frames }
}

function readFrame(reader: ByteReader): FrameEntry {
    const flags = reader.u8()
    if ((flags & ~(frameFlags.zstd | frameFlags.several)) !== 0) throw new DamagedObjectError("unknown-flags")
    const sealedLength = reader.varint()
    const several = (flags & frameFlags.several) !== 0
    const frameId = several ? reader.bytes(idLength) : null
    const count = several ? reader.varint() : 1
    if (several && count < 2) throw new DamagedObjectError("malformed")
    const chunks = times(count, () => readChunk(reader))
    const content = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    if (content > limits.frameContent) throw new DamagedObjectError("too-large")
    // Compressed is shorter than the content, everything else exactly as long.
    const packed = sealedLength - frameOverhead
    const fits = (flags & frameFlags.zstd) !== 0 ? packed > 0 && packed < content : packed === content
    if (!fits) throw new DamagedObjectError("malformed")
    return { id: frameId ?? chunks[0]?.id ?? new Uint8Array(idLength), flags, sealedLength, chunks }
}

function readChunk(reader: ByteReader): { id: Bytes; length: number } {
    const chunk = { id: reader.bytes(idLength), length: reader.varint() }
    if (chunk.length === 0) throw new DamagedObjectError("malformed")
    if (chunk.length > limits.chunk) throw new DamagedObjectError("too-large")
    return chunk
}

/** The list grows as it is read: a count alone, however large, reserves nothing. */
function times<Item>(count: number, read: () => Item): Item[] {
    const items: Item[] = []
    for (let i = 0; i < count; i++) items.push(read())
    return items
}

function refuseRepeated(packs: readonly CatalogPack[]): void {
    const seen = new Set<string>()
    for (const { frames } of packs)
        for (const { chunks } of frames)
            for (const { id } of chunks) {
                const name = toHex(id)
                if (seen.has(name)) throw new DamagedObjectError("malformed")
                seen.add(name)
            }
}
