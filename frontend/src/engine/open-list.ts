/** Opens the file list of an import, verified like every file, and held against the root that points at it. */

import { type Bytes, concat, equal } from "../bytes/bytes.ts"
import { DamagedObjectError } from "../format/errors.ts"
import { chunkIds, readFileList, type SnapshotFile } from "../format/file-list.ts"
import { type Snapshot, tailOf } from "../format/snapshot.ts"
import { type ChunkSource, readChunks } from "./chunks.ts"
import type { CatalogCache } from "./ports.ts"
import type { Patience } from "./retry.ts"

export async function openFileList(
    source: ChunkSource,
    snapshot: Snapshot,
    patience: Patience,
): Promise<readonly SnapshotFile[]> {
    const { count, size } = snapshot.files
    const chunks: Bytes[] = []
    for await (const chunk of readChunks(source, chunkIds(snapshot.files), patience)) chunks.push(chunk)
    const text = concat(...chunks)
    if (text.length !== size) throw new DamagedObjectError("malformed")
    const files = readFileList(text)
    if (files.length !== count || !fitsText(snapshot, files)) throw new DamagedObjectError("malformed")
    return files
}

/** The same with its sealed ranges kept on this device. What lies here is worth nothing unless it opens. */
export async function openCachedFileList(
    source: ChunkSource,
    cache: CatalogCache,
    snapshot: Snapshot,
    patience: Patience,
): Promise<readonly SnapshotFile[]> {
    const open = (look: boolean): Promise<readonly SnapshotFile[]> =>
        openFileList({ ...source, store: cachedIn(cache, source.store, look) }, snapshot, patience)
    try {
        return await open(true)
    } catch (error) {
        if (!(error instanceof DamagedObjectError)) throw error
        return await open(false)
    }
}

/** What the root says of the text is what the list says of it. */
function fitsText({ text }: Snapshot, files: readonly SnapshotFile[]): boolean {
    if (text === null) return true
    const file = files[text.number]
    return file !== undefined && file.size === text.size && file.cut === "text" && equal(tailOf(file), text.tail)
}

function cachedIn(cache: CatalogCache, store: ChunkSource["store"], look: boolean): ChunkSource["store"] {
    return {
        async get(id, from, to, signal) {
            const name = `${id}/${from}-${to}`
            const here = look ? await cache.read(name) : null
            if (here !== null) return here
            const fetched = await store.get(id, from, to, signal)
            await cache.write(name, fetched)
            return fetched
        },
    }
}
