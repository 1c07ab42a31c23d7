/**
 * Which chunks a library keeps, and where: what an import need not send.
 *
 * A catalog may name packs that only a deleted import needed; the server collects those. Only packs that some
 * snapshot needs count. Where several catalogs name a chunk, the newest one is asked, and a chunk that it puts into a
 * pack that nobody needs is sent again: so whoever asks the same catalogs in the same order finds the same pack.
 */

import type { Bytes } from "../bytes/bytes.ts"
import type { CatalogPack } from "../format/catalog.ts"
import { type ChunkIndex, type ChunkPlace, indexOf } from "../format/chunk-index.ts"
import { DamagedObjectError } from "../format/errors.ts"
import { chunkIds, type SnapshotFile } from "../format/file-list.ts"
import type { FileListRef, Snapshot } from "../format/snapshot.ts"
import type { Library } from "./library.ts"
import type { Patience } from "./retry.ts"

export interface Kept {
    readonly index: KeptChunks
    /** The packs that some snapshot needs, and the catalog that names them. */
    readonly catalogOfPack: ReadonlyMap<string, string>
    /** All catalogs of the library, the newest first. */
    readonly catalogs: readonly string[]
    readonly snapshots: readonly Snapshot[]
}

export class KeptChunks {
    readonly #index: ChunkIndex
    readonly #packs: { has(id: string): boolean }

    constructor(index: ChunkIndex, packs: { has(id: string): boolean }) {
        this.#index = index
        this.#packs = packs
    }

    has(id: Bytes): boolean {
        return this.find(id) !== null
    }

    find(id: Bytes): ChunkPlace | null {
        const place = this.#index.find(id)
        return place !== null && this.#packs.has(place.packId) ? place : null
    }
}

export async function readKept(library: Library, patience: Patience): Promise<Kept> {
    const snapshots = await library.snapshots(patience)
    const lists = await library.fileLists(snapshots, patience)
    const ids = library.opened.head.catalogs.map(({ id }) => id).toReversed()
    const catalogs = await library.catalogs(ids, patience)

    const needed = new Set<string>()
    for (const [at, snapshot] of snapshots.entries()) {
        const { index } = await library.places(snapshot).ofAll(patience)
        for (const pack of packsOf(index, idsOf(lists[at] ?? [], snapshot.files))) needed.add(pack)
    }
    const catalogOfPack = new Map<string, string>()
    for (const [at, { packs }] of catalogs.entries())
        for (const { id } of packs) if (needed.has(id)) catalogOfPack.set(id, ids[at] ?? "")
    return { index: new KeptChunks(indexOf(catalogs), catalogOfPack), catalogOfPack, catalogs: ids, snapshots }
}

/** Every pack that these chunks lie in; `missing` when one lies nowhere. */
export function packsOf(index: ChunkIndex, ids: Iterable<Bytes>): ReadonlySet<string> {
    const packs = new Set<string>()
    for (const id of ids) {
        const place = index.find(id)
        if (place === null) throw new DamagedObjectError("missing")
        packs.add(place.packId)
    }
    return packs
}

/** The packs of this index that these chunks lie in. */
export function packsAmong(index: ChunkIndex, ids: Iterable<Bytes>): ReadonlySet<string> {
    const packs = new Set<string>()
    for (const id of ids) {
        const place = index.find(id)
        if (place !== null) packs.add(place.packId)
    }
    return packs
}

/** Of the files, and of the list that names them where it is given. */
export function* idsOf(
    files: readonly SnapshotFile[],
    list: FileListRef | null = null,
): Generator<Bytes, void, undefined> {
    if (list !== null) yield* chunkIds(list)
    for (const file of files) yield* chunkIds(file)
}

export function contentLength(packs: readonly Pick<CatalogPack, "frames">[]): number {
    let sum = 0
    for (const { frames } of packs) for (const { chunks } of frames) for (const { length } of chunks) sum += length
    return sum
}
