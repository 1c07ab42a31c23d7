/** Where an import stopped: which packs of its journal the store has, and whether a commit of it landed unheard. */

import type { CatalogPack } from "../format/catalog.ts"
import { ChunkIndex } from "../format/chunk-index.ts"
import type { JournalContent } from "./import-journal.ts"
import type { ImportWork } from "./job.ts"
import type { StoredObject } from "./ports.ts"
import { persist } from "./retry.ts"

/** An import that the head lists. */
export interface Landed {
    readonly id: string
    readonly conversation: string
}

/** A snapshot that an earlier try committed without hearing of it. */
export async function findLanded({ journal, library }: ImportWork): Promise<Landed | null> {
    const snapshots = new Set((await journal.read())?.snapshots.map(({ snapshot }) => snapshot))
    return library.opened.head.snapshots.find(({ id }) => snapshots.has(id)) ?? null
}

/** Asks the store which of the journaled packs it has; the others are given up and sent anew. */
export async function reconcile(work: ImportWork): Promise<readonly CatalogPack[]> {
    const content = await work.journal.read()
    if (content === null) return []
    await abandonSnapshots(work, content)
    const stored = await storedObjects(
        work,
        content.packs.map(({ pack }) => pack.id),
    )
    const adopted: CatalogPack[] = []
    const lost: string[] = []
    const index = new ChunkIndex()
    for (const { pack, confirmed } of content.packs) {
        const there = stored.get(pack.id)
        const fits = there?.state === "stored" && there.size === pack.size && there.sha256 === pack.sha256
        // No chunk stands twice in a catalog.
        const repeats = pack.frames.some(({ chunks }) => chunks.some(({ id }) => index.has(id)))
        if (!fits || repeats) {
            lost.push(pack.id)
            continue
        }
        adopted.push(pack)
        index.addPack(pack)
        if (!confirmed) await work.journal.writePack(pack, true)
    }
    await abandon(work, lost)
    for (const id of lost) await work.journal.erasePack(id)
    return adopted
}

async function storedObjects(
    { ports, patience }: ImportWork,
    ids: readonly string[],
): Promise<ReadonlyMap<string, StoredObject>> {
    if (ids.length === 0) return new Map()
    const answers = await persist(patience, () => ports.store.finish(ids, patience.signal))
    return new Map(answers.map((object) => [object.id, object]))
}

async function abandonSnapshots(work: ImportWork, { snapshots }: JournalContent): Promise<void> {
    await abandon(
        work,
        snapshots.flatMap(({ snapshot, catalogs }) => [snapshot, ...catalogs]),
    )
}

async function abandon({ ports, patience }: ImportWork, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await persist(patience, () => ports.store.abandon(ids, patience.signal))
}
