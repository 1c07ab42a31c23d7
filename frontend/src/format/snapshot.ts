/**
 * A snapshot: the sealed list of the files of one import, and what is known about the chat in them (docs/format.md §7).
 *
 * It is the only truth about files: names, sizes, times and types come from here and from nowhere else.
 */

import { toBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { Random } from "../crypto/random.ts"
import { snapshotPlace } from "./associated.ts"
import { readBody, writeBody } from "./body.ts"
import { type Cut, cuts } from "./cut.ts"
import { DamagedObjectError } from "./errors.ts"
import * as json from "./json.ts"
import { idLength, limits } from "./limits.ts"
import { checkHash, type ObjectRef, openObject, sealObject } from "./object.ts"

/** Times end in `Z`; wall-clock times (`first`, `last`, a file's `modified`) are what the phone's clock showed. */
export interface Snapshot {
    readonly id: string
    readonly conversation: string
    readonly added: string
    readonly source: SnapshotSource
    readonly reader: "whatsapp" | "files"
    readonly summary: SnapshotSummary
    /** Every catalog that is needed to find every chunk, those of earlier imports included. */
    readonly catalogs: readonly string[]
    /** In the order of the zip's central directory. */
    readonly files: readonly SnapshotFile[]
}

export interface SnapshotSource {
    readonly name: string
    readonly size: number
    readonly modified: string | null
    readonly kind: "zip" | "file"
    /** The zip's comment. */
    readonly comment: Bytes
}

export interface SnapshotSummary {
    readonly title: string
    readonly people: readonly string[]
    readonly messages: number
    readonly media: number
    readonly first: string | null
    readonly last: string | null
}

export interface SnapshotFile {
    readonly name: string
    readonly size: number
    readonly modified: string | null
    readonly type: string
    readonly cut: Cut
    /** Chunk ids, joined: 16 bytes each. */
    readonly chunks: Bytes
    readonly entry: ZipEntry | null
}

/** What of a zip entry is needed to write an equivalent zip. */
export interface ZipEntry {
    readonly method: number
    /** DOS date · 2¹⁶ + DOS time */
    readonly time: number
    readonly attributes: number
    readonly madeBy: number
    readonly flags: number
    readonly crc32: number
    /** The name's bytes, when they are not the UTF-8 form of the name. */
    readonly raw: Bytes | null
}

const readEntry = json.shape({
    method: json.u16,
    time: json.u32,
    attributes: json.u32,
    madeBy: json.u16,
    flags: json.u16,
    crc32: json.u32,
    raw: json.orNull(json.bytes),
})

const readChunks: json.Read<Bytes> = (value) => {
    const ids = json.bytes(value)
    if (ids.length % idLength !== 0) throw new DamagedObjectError("malformed")
    return ids
}

const readFileFields = json.shape({
    name: json.text,
    size: json.whole,
    modified: json.orNull(json.wallClock),
    type: json.text,
    cut: json.oneOf(...cuts),
    chunks: readChunks,
    entry: json.orNull(readEntry),
})

const readFile: json.Read<SnapshotFile> = (value) => {
    const file = readFileFields(value)
    // No chunk is empty, and nothing comes out of no chunk.
    if ((file.size === 0) !== (file.chunks.length === 0)) throw new DamagedObjectError("malformed")
    return file
}

const readSnapshot = json.shape({
    format: json.whole,
    library: json.id,
    epoch: json.u32,
    id: json.id,
    conversation: json.id,
    added: json.time,
    source: json.shape({
        name: json.text,
        size: json.whole,
        modified: json.orNull(json.time),
        kind: json.oneOf("zip", "file"),
        comment: json.bytes,
    }),
    reader: json.oneOf("whatsapp", "files"),
    summary: json.shape({
        title: json.text,
        people: json.listOf(json.text),
        messages: json.whole,
        media: json.whole,
        first: json.orNull(json.wallClock),
        last: json.orNull(json.wallClock),
    }),
    catalogs: json.listOf(json.id),
    files: json.listOf(readFile),
})

export async function sealSnapshot(keys: LibraryKeys, snapshot: Snapshot, random: Random): Promise<Bytes> {
    const body = await writeBody(keys, written(snapshot), limits.snapshotBody, readSnapshot)
    return sealObject(keys.snapshot, snapshotPlace(keys, snapshot.id), body, random)
}

export async function openSnapshot(keys: LibraryKeys, ref: ObjectRef, sealed: Bytes): Promise<Snapshot> {
    await checkHash(ref, sealed)
    const body = await openObject(keys.snapshot, snapshotPlace(keys, ref.id), sealed)
    const {
        format: _format,
        library: _library,
        epoch: _epoch,
        ...snapshot
    } = await readBody(keys, body, limits.snapshotBody, readSnapshot)
    if (snapshot.id !== ref.id) throw new DamagedObjectError("wrong-library")
    return snapshot
}

/** Bytes become text, and nothing but the known fields goes in. */
function written(snapshot: Snapshot): object {
    const { id, conversation, added, source, reader, summary, catalogs, files } = snapshot
    return {
        id,
        conversation,
        added,
        source: { ...source, comment: toBase64url(source.comment) },
        reader,
        summary,
        catalogs,
        files: files.map((file) => ({
            ...file,
            chunks: toBase64url(file.chunks),
            entry: file.entry && { ...file.entry, raw: file.entry.raw && toBase64url(file.entry.raw) },
        })),
    }
}

/** The ids of a file's chunks, one by one. */
export function chunkIds(file: SnapshotFile): Bytes[] {
    return Array.from({ length: file.chunks.length / idLength }, (_, index) =>
        file.chunks.subarray(index * idLength, (index + 1) * idLength),
    )
}
