/**
 * Which chunks a library keeps, and where: what an import need not send.
 *
 * A catalog may name packs that only a deleted import needed; the server collects those. Only packs that some
 * snapshot needs count. Which pack that is, is decided alike by everybody: a snapshot's catalogs are asked in the
 * order in which it lists them, and the first that names a chunk is right.
 */

import type { Bytes } from "../bytes/bytes.ts"
import type { Catalog, CatalogPack } from "../format/catalog.ts"
import { ChunkIndex } from "../format/chunk-index.ts"
import { chunkIds, type Snapshot, type SnapshotFile } from "../format/snapshot.ts"
import { EngineError } from "./errors.ts"
import type { Library } from "./library.ts"
import type { Patience } from "./retry.ts"

export interface Kept {
    /** Chunks of packs that a snapshot needs. */
    readonly index: ChunkIndex
    /** Those packs, and the catalog that names them. */
    readonly catalogOfPack: ReadonlyMap<string, string>
    readonly snapshots: readonly Snapshot[]
}

export async function readKept(library: Library, patience: Patience): Promise<Kept> {
    const snapshots = await library.snapshots(patience)
    const listed = library.opened.head.catalogs.map(({ id }) => id)
    const catalogs = new Map<string, Catalog>()
    for (const [position, catalog] of (await library.catalogs(listed, patience)).entries())
        catalogs.set(listed[position] ?? "", catalog)

    const indexes = new Map<string, ChunkIndex>()
    const needed = new Set<string>()
    for (const snapshot of snapshots) {
        const order = snapshot.catalogs.join()
        const index = indexes.get(order) ?? indexOf(snapshot.catalogs.map((id) => found(catalogs.get(id))))
        indexes.set(order, index)
        for (const pack of packsOf(index, snapshot.files)) needed.add(pack)
    }

    const index = new ChunkIndex()
    const catalogOfPack = new Map<string, string>()
    for (const [id, { packs }] of catalogs)
        for (const pack of packs) {
            if (!needed.has(pack.id)) continue
            catalogOfPack.set(pack.id, id)
            index.addPack(pack)
        }
    return { index, catalogOfPack, snapshots }
}

/** In this order. */
export function indexOf(catalogs: readonly Catalog[]): ChunkIndex {
    const index = new ChunkIndex()
    for (const catalog of catalogs) index.addCatalog(catalog)
    return index
}

/** Every pack that these files' chunks lie in; `missing` when one lies nowhere. */
export function packsOf(index: ChunkIndex, files: readonly SnapshotFile[]): ReadonlySet<string> {
    const packs = new Set<string>()
    for (const id of idsOf(files)) packs.add(found(index.find(id)).packId)
    return packs
}

/** The packs of this index that these files' chunks lie in. */
export function packsAmong(index: ChunkIndex, files: readonly SnapshotFile[]): ReadonlySet<string> {
    const packs = new Set<string>()
    for (const id of idsOf(files)) {
        const place = index.find(id)
        if (place !== null) packs.add(place.packId)
    }
    return packs
}

export function* idsOf(files: readonly SnapshotFile[]): Generator<Bytes, void, undefined> {
    for (const file of files) yield* chunkIds(file)
}

export function contentLength(packs: readonly Pick<CatalogPack, "frames">[]): number {
    let sum = 0
    for (const { frames } of packs) for (const { chunks } of frames) for (const { length } of chunks) sum += length
    return sum
}

function found<T>(value: T | null | undefined): T {
    if (value === null || value === undefined) throw new EngineError("missing")
    return value
}
