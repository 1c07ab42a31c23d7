/**
 * A sealed frame: one chunk, or several neighbouring text chunks compressed together (docs/format.md §5).
 *
 *     version(1) ‖ flags(1) ‖ nonce(12) ‖ ciphertext(n) ‖ tag(16)
 *
 * Every frame has its own key, made from its id, and the id is made again from what was opened: a store that swaps two
 * frames is caught as surely as one that alters them, and a frame opens to one content only (AES-GCM alone would not
 * commit to its key).
 */

import { type Bytes, concat, equal } from "../bytes/bytes.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { nonceLength, open, seal, tagLength } from "../crypto/aead.ts"
import { deriveFrameKey } from "../crypto/derive.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { labels } from "../crypto/labels.ts"
import type { Random } from "../crypto/random.ts"
import { chunkId, type NamedChunk, severalChunksId } from "./chunk.ts"
import { authentic, DamagedObjectError } from "./errors.ts"
import { formatVersion, limits } from "./limits.ts"
import { compress, decompress, ready } from "./zstd.ts"

export const frameFlags = { zstd: 1, several: 2 } as const
const knownFlags = frameFlags.zstd | frameFlags.several

const headerLength = 2 + nonceLength
export const frameOverhead = headerLength + tagLength

/** What a catalog says of a frame: enough to open it. */
export interface FrameEntry {
    readonly id: Bytes
    readonly flags: number
    readonly sealedLength: number
    readonly chunks: readonly { readonly id: Bytes; readonly length: number }[]
}

/** Kept in two parts, so that a pack copies them into their place once and nothing is joined before. */
export interface SealedFrame extends FrameEntry {
    /** version ‖ flags ‖ nonce */
    readonly header: Bytes
    /** ciphertext ‖ tag */
    readonly body: Bytes
}

export interface FrameOptions {
    /** Text and SQLite files: compress if that makes it shorter. */
    readonly compress: boolean
}

/** One chunk, or several text chunks of at most 1,048,576 bytes in all. */
export async function sealFrame(
    keys: LibraryKeys,
    chunks: readonly NamedChunk[],
    random: Random,
    options: FrameOptions,
): Promise<SealedFrame> {
    const [first] = chunks
    if (first === undefined) throw new RangeError("a frame holds at least one chunk")
    const several = chunks.length > 1
    const joined = several ? concat(...chunks.map((chunk) => chunk.bytes)) : first.bytes
    const id = several ? await severalChunksId(keys, joined) : first.id
    const packed = options.compress ? await compressed(joined) : joined
    const shorter = packed.length < joined.length
    const flags = (shorter ? frameFlags.zstd : 0) | (several ? frameFlags.several : 0)
    const nonce = random.bytes(nonceLength)
    const key = await deriveFrameKey(keys.chunkSeal, id)
    const body = await seal(key, nonce, shorter ? packed : joined, associated(keys, id, flags))
    return {
        id,
        flags,
        sealedLength: headerLength + body.length,
        chunks: chunks.map((chunk) => ({ id: chunk.id, length: chunk.bytes.length })),
        header: new ByteWriter(headerLength).u8(formatVersion).u8(flags).bytes(nonce).finish(),
        body,
    }
}

/** The frame as it lies in a pack. */
export function frameBytes(frame: SealedFrame): Bytes {
    return concat(frame.header, frame.body)
}

/** The chunks of a frame, in the order of the catalog. */
export async function openFrame(keys: LibraryKeys, entry: FrameEntry, sealed: Bytes): Promise<Bytes[]> {
    if (sealed.length <= frameOverhead) throw new DamagedObjectError("truncated")
    if (sealed.length > frameOverhead + limits.frameContent) throw new DamagedObjectError("too-large")
    if (sealed.length !== entry.sealedLength) throw new DamagedObjectError("wrong-hash")
    if (sealed[0] !== formatVersion) throw new DamagedObjectError("unknown-version")
    const flags = sealed[1] ?? 0
    if ((flags & ~knownFlags) !== 0 || flags !== entry.flags) throw new DamagedObjectError("unknown-flags")
    const key = await deriveFrameKey(keys.chunkSeal, entry.id)
    const nonce = sealed.subarray(2, headerLength)
    const packed = await authentic(open(key, nonce, sealed.subarray(headerLength), associated(keys, entry.id, flags)))
    const content = (flags & frameFlags.zstd) !== 0 ? await decompressed(packed) : packed
    return checkedChunks(keys, entry, content)
}

async function compressed(content: Bytes): Promise<Bytes> {
    await ready()
    return compress(content)
}

async function decompressed(packed: Bytes): Promise<Bytes> {
    await ready()
    return decompress(packed, limits.frameContent)
}

/** Cuts the content where the catalog says, and makes every id again. */
async function checkedChunks(keys: LibraryKeys, entry: FrameEntry, content: Bytes): Promise<Bytes[]> {
    const total = entry.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    if (content.length !== total) throw new DamagedObjectError("wrong-hash")
    const several = (entry.flags & frameFlags.several) !== 0
    const id = several ? await severalChunksId(keys, content) : await chunkId(keys, content)
    if (!equal(id, entry.id)) throw new DamagedObjectError("wrong-id")
    if (!several) return [content]

    const chunks = split(content, entry)
    const ids = await Promise.all(chunks.map((chunk) => chunkId(keys, chunk)))
    ids.forEach((made, index) => {
        const asked = entry.chunks[index]
        if (asked === undefined || !equal(made, asked.id)) throw new DamagedObjectError("wrong-id")
    })
    return chunks
}

function split(content: Bytes, entry: FrameEntry): Bytes[] {
    let offset = 0
    return entry.chunks.map(({ length }) => {
        offset += length
        return content.subarray(offset - length, offset)
    })
}

function associated(keys: LibraryKeys, frameId: Bytes, flags: number): Bytes {
    return new ByteWriter(64)
        .bytes(labels.frame)
        .u8(0)
        .bytes(keys.library)
        .u32(keys.epoch)
        .bytes(frameId)
        .u8(flags)
        .finish()
}
