/**
 * Goes through what is stored as a device would that has never seen it; nothing is taken from caches.
 *
 *     head → snapshots → catalogs → the store's word on every object → pieces, read back and opened
 *
 * One walk for two: right after an import for that import (`check.ts`), and whenever somebody asks for everything
 * (`check-library.ts`). Damage goes into a book, and the walk goes on; only a head that is refused ends it.
 */

import type { Bytes } from "../bytes/bytes.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { type CatalogPack, openCatalog } from "../format/catalog.ts"
import { type ChunkIndex, type ChunkPlace, indexOf } from "../format/chunk-index.ts"
import { DamagedObjectError } from "../format/errors.ts"
import { chunkIds } from "../format/file-list.ts"
import { type HeadObject, type HeadSnapshot, headHash, type OpenedHead, openHead } from "../format/head.ts"
import { limits } from "../format/limits.ts"
import { checkHash, type ObjectRef } from "../format/object.ts"
import { openSnapshot } from "../format/snapshot.ts"
import { type DamageBook, damageCode, type ExaminedImport } from "./damage.ts"
import { hintsHold, type NamedCatalog } from "./division.ts"
import type { Library } from "./library.ts"
import { openFileList } from "./open-list.ts"
import type { Ports, SealedHead } from "./ports.ts"
import { type Patience, persist } from "./retry.ts"
import { inWholePacks } from "./whole-packs.ts"

export interface Examination {
    readonly ports: Ports
    readonly library: Library
    readonly patience: Patience
    readonly book: DamageBook
    /** The server is not to learn from what is read where the lists of files lie: see [Blind windows] in `blind-windows.ts`. */
    readonly blind: boolean
}

/** A pack that some file needs, the pieces in it that are needed, and the keys that open them. */
export interface NeededPack {
    readonly keys: LibraryKeys
    readonly ref: CatalogPack
    readonly pieces: readonly ChunkPlace[]
}

/** What has to be there, as far as the walk got. */
export interface Listing extends ListedImports {
    readonly opened: OpenedHead
}

export interface ListedImports {
    readonly imports: readonly ExaminedImport[]
    /** Sealed, as they came, by id. */
    readonly snapshots: ReadonlyMap<string, Bytes>
    readonly catalogs: ReadonlyMap<string, Bytes>
    readonly objects: readonly ObjectRef[]
    /** By id, so that who goes on later finds the same order. */
    readonly packs: readonly NeededPack[]
}

/** Of every object that is needed the server is asked; so many at once. */
const askedAtOnce = 256

// ---------------------------------------------------------------- the head

/** The head that the server gives is the one that this device knows, or one that another device wrote upon it. */
export async function examineHead({ ports, library, patience }: Examination): Promise<OpenedHead> {
    const known = library.opened
    const newest = await library.refresh(patience)
    if (newest === null) throw new DamagedObjectError("missing")
    if (newest.head.sequence === known.head.sequence) return newest
    const { sequence } = known.head
    const there = await persist(patience, () => ports.server.headAt(sequence, patience.signal))
    if ((await headHash(there.sealed)) !== known.hash) throw new DamagedObjectError("forked-head")
    return await openHead(library.keys, sequence, there.sealed)
}

/** The sealed form of a head that was opened. */
export async function sealedHead({ ports, patience }: Examination, { head, hash }: OpenedHead): Promise<SealedHead> {
    const there = await persist(patience, () => ports.server.headAt(head.sequence, patience.signal))
    if ((await headHash(there.sealed)) !== hash) throw new DamagedObjectError("forked-head")
    return there
}

// ---------------------------------------------------------------- snapshots and catalogs

export async function examineLists(
    work: Examination,
    opened: OpenedHead,
    chosen: (snapshot: HeadSnapshot) => boolean,
): Promise<Listing> {
    const { snapshots, catalogs, conversations } = opened.head
    const chats = new Map(conversations.map(({ id, name }) => [id, name]))
    return { opened, ...(await examineImports(work, snapshots.filter(chosen), catalogs, chats)) }
}

/** `known` holds every catalog that they need, `chats` the names of their chats. */
export async function examineImports(
    work: Examination,
    snapshots: readonly HeadSnapshot[],
    known: readonly HeadObject[],
    chats: ReadonlyMap<string, string> = new Map(),
): Promise<ListedImports> {
    const fetched = new Fetched(work)
    const listed = new Map(known.map((catalog) => [catalog.id, catalog]))
    const imports: ExaminedImport[] = []
    const packs = new Map<string, { keys: LibraryKeys; ref: CatalogPack; pieces: Map<number, ChunkPlace> }>()
    for (const ref of snapshots) {
        const read = await readImport(work, fetched, listed, ref)
        imports.push({ ref, chat: chats.get(ref.conversation) ?? "", ...read })
        const refs = new Map(read.catalogs.flatMap((catalog) => catalog.packs).map((pack) => [pack.id, pack]))
        for (const { pieces } of read.files())
            for (const place of pieces) {
                const pack = refs.get(place.packId)
                if (pack === undefined) continue
                const needed = packs.get(pack.id) ?? { keys: read.keys, ref: pack, pieces: new Map() }
                packs.set(pack.id, needed)
                needed.pieces.set(place.offset, place)
            }
    }
    const inOrder = [...packs.values()].toSorted((one, other) => (one.ref.id < other.ref.id ? -1 : 1))
    return {
        imports,
        snapshots: fetched.snapshots,
        catalogs: fetched.catalogs,
        objects: [...fetched.refs, ...inOrder.map(({ ref }) => ref)],
        packs: inOrder.map(({ keys, ref, pieces }) => ({ keys, ref, pieces: [...pieces.values()] })),
    }
}

interface ReadImport {
    readonly keys: LibraryKeys
    readonly export: string | null
    readonly objects: readonly string[]
    readonly catalogs: readonly NamedCatalog[]
    readonly files: () => Iterable<{ readonly name: string | null; readonly pieces: Iterable<ChunkPlace> }>
}

async function readImport(
    work: Examination,
    fetched: Fetched,
    listed: ReadonlyMap<string, HeadObject>,
    ref: HeadSnapshot,
): Promise<ReadImport> {
    const { book, library, ports, patience } = work
    let { keys } = library
    let name: string | null = null
    /** What is being opened, by which the cause can be looked for. */
    let at = [ref.id]
    try {
        keys = library.keysOf(ref)
        const snapshot = await openSnapshot(keys, ref, await fetched.get(fetched.snapshots, ref))
        name = snapshot.source.name
        const catalogs: NamedCatalog[] = []
        for (const { id } of snapshot.catalogs) {
            at = [id]
            const catalog = listed.get(id)
            if (catalog === undefined) throw new DamagedObjectError("missing")
            catalogs.push(await fetched.catalog(catalog))
        }
        const index = indexOf(catalogs)
        at = [...new Set(chunkIds(snapshot.files).map((id) => index.find(id)?.packId ?? ref.id))]
        const packs = catalogs.flatMap((catalog) => catalog.packs)
        const store = work.blind ? inWholePacks(ports.store, packs) : ports.store
        const files = await openFileList({ keys, store, index }, snapshot, patience)
        for (const file of files) {
            let size = 0
            for (const { length } of placesOf(index, file.chunks)) size += length
            if (size !== file.size) throw new DamagedObjectError("malformed")
        }
        if (!hintsHold(snapshot.catalogs, catalogs, { files, list: snapshot.files }))
            throw new DamagedObjectError("malformed")
        const contents = [{ name: null, chunks: snapshot.files.chunks }, ...files]
        return {
            keys,
            export: name,
            objects: [ref.id, ...catalogs.map(({ id }) => id)],
            catalogs,
            // Made anew when it is asked for: indexes of many imports would not fit into memory beside each other.
            files() {
                const places = indexOf(catalogs)
                return contents.map(({ name, chunks }) => ({ name, pieces: placesOf(places, chunks) }))
            },
        }
    } catch (error) {
        const code = damageCode(error)
        if (code === null) throw error
        book.import(ref.id, at, code)
        return { keys, export: name, objects: [], catalogs: [], files: () => [] }
    }
}

function* placesOf(index: ChunkIndex, chunks: Bytes): Generator<ChunkPlace, void, undefined> {
    for (const id of chunkIds({ chunks })) {
        const place = index.find(id)
        if (place === null) throw new DamagedObjectError("missing")
        yield place
    }
}

/** What was fetched for this walk, each object once. */
class Fetched {
    readonly snapshots = new Map<string, Bytes>()
    readonly catalogs = new Map<string, Bytes>()
    readonly refs = new Set<ObjectRef>()
    readonly #opened = new Map<string, NamedCatalog>()
    readonly #work: Examination

    constructor(work: Examination) {
        this.#work = work
    }

    /** Opened once, however many imports need it. */
    async catalog(ref: HeadObject): Promise<NamedCatalog> {
        const sealed = await this.get(this.catalogs, ref)
        const keys = this.#work.library.keysOf(ref)
        const catalog = this.#opened.get(ref.id) ?? { id: ref.id, ...(await openCatalog(keys, ref, sealed)) }
        this.#opened.set(ref.id, catalog)
        return catalog
    }

    async get(into: Map<string, Bytes>, ref: ObjectRef): Promise<Bytes> {
        const here = into.get(ref.id)
        if (here !== undefined) return here
        const { ports, patience } = this.#work
        this.refs.add(ref)
        if (ref.size > limits.sealedObject) throw new DamagedObjectError("too-large")
        const bytes = await persist(patience, () => ports.store.get(ref.id, 0, ref.size, patience.signal))
        await checkHash(ref, bytes)
        into.set(ref.id, bytes)
        return bytes
    }
}

// ---------------------------------------------------------------- the store's word

/** Compares what the store says it has with what has to be there. */
export async function examineStore(work: Examination, { objects }: Pick<Listing, "objects">): Promise<void> {
    const { ports, patience, book } = work
    for (let at = 0; at < objects.length; at += askedAtOnce) {
        const asked = objects.slice(at, at + askedAtOnce)
        const ids = asked.map(({ id }) => id)
        const answer = await persist(patience, () => ports.store.finish(ids, patience.signal))
        const stored = new Map(answer.map((object) => [object.id, object]))
        for (const { id, size, sha256 } of asked) {
            const there = stored.get(id)
            const right = there?.state === "stored" && there.size === size && there.sha256 === sha256
            if (right) continue
            book.object(id, there?.state === "stored" ? "wrong-hash" : "missing")
        }
    }
}
