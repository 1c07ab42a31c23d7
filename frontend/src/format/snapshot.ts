/**
 * A snapshot: the sealed root of one import (docs/format.md §7). It says where the list of files lies, which catalogs name
 * which files' chunks, and what is known about the chat: all that a list of chats needs, and small however large the import.
 */

import { toBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { Random } from "../crypto/random.ts"
import { snapshotPlace } from "./associated.ts"
import { readBody, writeBody } from "./body.ts"
import { DamagedObjectError } from "./errors.ts"
import { refuseEmptyChunks } from "./file-list.ts"
import * as json from "./json.ts"
import { idLength, limits } from "./limits.ts"
import { checkHash, type ObjectRef, openObject, sealObject } from "./object.ts"

/** Times end in `Z`; `first` and `last` are what the phone's clock showed. */
export interface Snapshot {
    readonly id: string
    readonly conversation: string
    readonly added: string
    readonly source: SnapshotSource
    readonly reader: "whatsapp" | "telegram" | "signal" | "meta" | "database" | "files"
    readonly summary: SnapshotSummary
    /** Every catalog that is needed to find every chunk, those of earlier imports included. */
    readonly catalogs: readonly CatalogHint[]
    readonly files: FileListRef
    /** The chat's text, where the reader found one. */
    readonly text: TextRef | null
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

/** For which chunks a catalog has to be asked: those of the list, and those of files `from` (included) to `to` (excluded). */
export interface CatalogHint {
    readonly id: string
    readonly list: boolean
    readonly from: number
    readonly to: number
}

/** The list of files: how many lines, how many bytes, and its chunk ids, joined. */
export interface FileListRef {
    readonly count: number
    readonly size: number
    readonly chunks: Bytes
}

/** Enough of the chat's text to show its end before the list is there. */
export interface TextRef {
    /** Which file it is. */
    readonly number: number
    readonly size: number
    /** The ids of its last chunks, joined: all of them, or 32. */
    readonly tail: Bytes
}

/** As many ids as the root holds of the text: some 2 MiB of it. */
const tailIds = 32

/** Of a text's chunk ids those that the root holds. */
export function tailOf({ chunks }: { readonly chunks: Bytes }): Bytes {
    return chunks.subarray(Math.max(0, chunks.length - tailIds * idLength))
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
    reader: json.oneOf("whatsapp", "telegram", "signal", "meta", "database", "files"),
    summary: json.shape({
        title: json.text,
        people: json.listOf(json.text),
        messages: json.whole,
        media: json.whole,
        first: json.orNull(json.wallClock),
        last: json.orNull(json.wallClock),
    }),
    catalogs: json.listOf(json.shape({ id: json.id, list: json.flag, from: json.u32, to: json.u32 })),
    files: json.shape({ count: json.u32, size: json.whole, chunks: json.ids }),
    text: json.orNull(json.shape({ number: json.u32, size: json.whole, tail: json.ids })),
})

export async function sealSnapshot(keys: LibraryKeys, snapshot: Snapshot, random: Random): Promise<Bytes> {
    refuseBroken(snapshot)
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
    refuseBroken(snapshot)
    return snapshot
}

/** What no shape of a single field can say. */
function refuseBroken({ catalogs, files, text }: Snapshot): void {
    refuseEmptyChunks(files)
    const fits = [
        (files.count === 0) === (files.size === 0),
        files.size <= limits.fileList,
        new Set(catalogs.map(({ id }) => id)).size === catalogs.length,
        catalogs.every(({ from, to }) => to <= files.count && (from < to || (from === 0 && to === 0))),
        text === null || (text.number < files.count && text.size > 0 && fitsTail(text.tail.length / idLength)),
    ]
    if (fits.includes(false)) throw new DamagedObjectError("malformed")
}

function fitsTail(ids: number): boolean {
    return ids > 0 && ids <= tailIds
}

/** Bytes become text, and nothing but the known fields goes in. */
function written({ id, conversation, added, source, reader, summary, catalogs, files, text }: Snapshot): object {
    return {
        id,
        conversation,
        added,
        source: { ...source, comment: toBase64url(source.comment) },
        reader,
        summary,
        catalogs,
        files: { ...files, chunks: toBase64url(files.chunks) },
        text: text && { ...text, tail: toBase64url(text.tail) },
    }
}
