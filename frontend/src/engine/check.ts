/**
 * What stands between *sent* and *done*: everything is asked back from the store and opened as another device would.
 *
 * Length and hash of every object; head, snapshot and catalog as they lie there; a random sample of chunks.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { fromHex } from "../bytes/hex.ts"
import type { Random } from "../crypto/random.ts"
import { openCatalog } from "../format/catalog.ts"
import { indexOf } from "../format/chunk-index.ts"
import { DamagedObjectError } from "../format/errors.ts"
import { type HeadObject, headHash, type OpenedHead, openHead } from "../format/head.ts"
import type { ObjectRef } from "../format/object.ts"
import { openSnapshot } from "../format/snapshot.ts"
import { namesOf, readChunks } from "./chunks.ts"
import { hintsHold, type NamedCatalog } from "./division.ts"
import { EngineError } from "./errors.ts"
import { idsOf, packsOf } from "./kept.ts"
import type { Library } from "./library.ts"
import { openFileList } from "./open-list.ts"
import type { Ports } from "./ports.ts"
import { type Patience, persist } from "./retry.ts"

/** How many chunks are read back; all, if there are fewer. */
const sampleSize = 16

/** Resolves with the number of chunks that were read back; throws what is wrong. Nothing is taken from caches. */
export async function checkImport(
    ports: Ports,
    library: Library,
    importId: string,
    patience: Patience,
): Promise<number> {
    const { head } = await checkHead(ports, library, patience)
    const ref = head.snapshots.find(({ id }) => id === importId)
    if (ref === undefined) throw new DamagedObjectError("missing")
    return await checkObjects(ports, library, ref, head.catalogs, patience)
}

/** The same of an import that no head lists yet, but for the head. `known` holds every catalog that it needs. */
export async function checkObjects(
    ports: Ports,
    library: Library,
    ref: HeadObject,
    known: readonly HeadObject[],
    patience: Patience,
): Promise<number> {
    const keys = library.keysOf(ref)
    const snapshot = await openSnapshot(keys, ref, await fetchObject(ports, ref, patience))
    const listed = new Map(known.map((catalog) => [catalog.id, catalog]))
    const catalogs: NamedCatalog[] = []
    const refs: ObjectRef[] = [ref]
    for (const { id } of snapshot.catalogs) {
        const catalogRef = listed.get(id)
        if (catalogRef === undefined) throw new DamagedObjectError("missing")
        const { packs } = await openCatalog(keys, catalogRef, await fetchObject(ports, catalogRef, patience))
        catalogs.push({ id, packs })
        refs.push(catalogRef)
    }
    const index = indexOf(catalogs)
    const source = { keys, store: ports.store, index }
    const files = await openFileList(source, snapshot, patience)
    if (!hintsHold(snapshot.catalogs, catalogs, { files, list: snapshot.files }))
        throw new DamagedObjectError("malformed")
    const needed = packsOf(index, idsOf(files, snapshot.files))
    refs.push(...catalogs.flatMap(({ packs }) => packs.filter(({ id }) => needed.has(id))))
    await checkStored(ports, refs, patience)

    const names = namesOf(idsOf(files))
    const sample = choose([...names], sampleSize, ports.random).map(fromHex)
    let checked = 0
    for await (const _chunk of readChunks(source, sample, patience)) checked++
    return checked
}

/** The head that the server gives is the one that was written, or one that another device wrote upon it. */
async function checkHead(ports: Ports, library: Library, patience: Patience): Promise<OpenedHead> {
    const written = library.opened
    const newest = await library.refresh(patience)
    if (newest === null) throw new DamagedObjectError("missing")
    if (newest.head.sequence === written.head.sequence) return newest
    const { sequence } = written.head
    const there = await persist(patience, () => ports.server.headAt(sequence, patience.signal))
    if ((await headHash(there.sealed)) !== written.hash) throw new DamagedObjectError("forked-head")
    return await openHead(library.keys, sequence, there.sealed)
}

function fetchObject(ports: Ports, ref: ObjectRef, patience: Patience): Promise<Bytes> {
    return persist(patience, () => ports.store.get(ref.id, 0, ref.size, patience.signal))
}

async function checkStored(ports: Ports, refs: readonly ObjectRef[], patience: Patience): Promise<void> {
    const ids = refs.map(({ id }) => id)
    const stored = new Map(
        (await persist(patience, () => ports.store.finish(ids, patience.signal))).map((object) => [object.id, object]),
    )
    for (const { id, size, sha256 } of refs) {
        const there = stored.get(id)
        if (there?.state !== "stored" || there.size !== size || there.sha256 !== sha256)
            throw new EngineError("not-stored")
    }
}

/** A fair choice of `count` items, or all. */
function choose(items: readonly string[], count: number, random: Random): readonly string[] {
    if (items.length <= count) return items
    const left = [...items]
    const chosen: string[] = []
    while (chosen.length < count) {
        const at = below(left.length, random)
        const [item] = left.splice(at, 1)
        if (item !== undefined) chosen.push(item)
    }
    return chosen
}

function below(limit: number, random: Random): number {
    const bytes = random.bytes(4)
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) % limit
}
