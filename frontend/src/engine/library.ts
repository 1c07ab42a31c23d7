/**
 * An unlocked library: its keys, its newest head, and the sealed objects that the head lists.
 *
 * Everything that is read here was checked against what pointed at it. The head itself is held against the newest
 * one this device has seen: an older one or a fork is refused, whoever shows it.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { equal } from "../bytes/bytes.ts"
import { fromHex, toHex } from "../bytes/hex.ts"
import { deriveLibraryKeys } from "../crypto/derive.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { type Catalog, openCatalog } from "../format/catalog.ts"
import { DamagedObjectError } from "../format/errors.ts"
import type { SnapshotFile } from "../format/file-list.ts"
import { followHead } from "../format/follow.ts"
import {
    type EarlierKey,
    type Head,
    type HeadObject,
    type HeadSnapshot,
    neededEarlier,
    noParent,
    type OpenedHead,
    openHead,
    sealHead,
} from "../format/head.ts"
import { limits } from "../format/limits.ts"
import { checkHash, type ObjectRef } from "../format/object.ts"
import { openSnapshot, type Snapshot } from "../format/snapshot.ts"
import { openEarlier } from "../keyring/earlier.ts"
import { EngineError, HeadMovedError } from "./errors.ts"
import { openCachedFileList } from "./open-list.ts"
import { Places } from "./places.ts"
import type { Commit, Ports } from "./ports.ts"
import { type Patience, persist } from "./retry.ts"
import { utcTime } from "./times.ts"

/** What a commit changes; all else stays as the head before has it. */
export interface HeadChange {
    readonly head: Partial<Pick<Head, "conversations" | "snapshots" | "catalogs" | "settings">>
    readonly add: Commit["add"]
    readonly remove: Commit["remove"]
}

/** How often others may come first before that is no chance any more. */
const mostMoves = 20

/** Objects that are fetched at the same time. */
const fetchedAtOnce = 4

export class Library {
    /** Those of the newest epoch, under which everything is sealed from now on. */
    readonly keys: LibraryKeys
    readonly id: string
    readonly #ports: Ports
    readonly #account: string
    readonly #snapshots = new Map<string, Snapshot>()
    readonly #catalogs = new Map<string, Catalog>()
    readonly #places = new Map<string, Places>()
    readonly #fileLists = new Map<string, readonly SnapshotFile[]>()
    readonly #earlier = new Map<number, LibraryKeys>()
    #opened: OpenedHead | null = null
    #committing: Promise<unknown> = Promise.resolve()

    constructor(keys: LibraryKeys, account: string, ports: Ports) {
        this.keys = keys
        this.id = toHex(keys.library)
        this.#account = account
        this.#ports = ports
    }

    /** The newest head that was opened. */
    get opened(): OpenedHead {
        if (this.#opened === null) throw new EngineError("library-absent")
        return this.#opened
    }

    /** Imports that are still sealed under an earlier key. */
    get sealedEarlier(): readonly HeadSnapshot[] {
        return this.opened.head.snapshots.filter(({ epoch }) => epoch < this.keys.epoch)
    }

    /** Those that open what is listed with this epoch: the newest, or an earlier one until all is sealed anew. */
    keysOf({ epoch }: Pick<HeadObject, "epoch">): LibraryKeys {
        const keys = epoch === this.keys.epoch ? this.keys : this.#earlier.get(epoch)
        if (keys === undefined) throw new DamagedObjectError("malformed")
        return keys
    }

    /** Those of one import: of its snapshot, its catalogs and its chunks. */
    keysOfImport(id: string): LibraryKeys {
        return this.keysOf(found(this.opened.head.snapshots, id, new EngineError("unknown-import")))
    }

    // ------------------------------------------------------------ the head

    /** Fetches the newest head. Null: none was ever written, and this device has seen none. */
    async refresh(patience: Patience): Promise<OpenedHead | null> {
        const { server, heads } = this.#ports
        const { signal } = patience
        const [newest, own, account] = await Promise.all([
            persist(patience, () => server.head(signal)),
            heads.read(this.id),
            heads.read(this.#account),
        ])
        if (account !== null && account.library !== this.id) throw new DamagedObjectError("wrong-library")
        const known = this.#opened && { sequence: this.#opened.head.sequence, hash: this.#opened.hash }
        const remembered = [own, account]
            .map((kept) => kept && { sequence: kept.sequence, hash: kept.sha256 })
            .reduce((one, other) => ((other?.sequence ?? 0) > (one?.sequence ?? 0) ? other : one), known)
        if (newest === null) {
            if (remembered !== null) throw new DamagedObjectError("older-head")
            return null
        }
        const fetchHead = async (sequence: number): Promise<Bytes> =>
            (await persist(patience, () => server.headAt(sequence, signal))).sealed
        const opened = await followHead(this.keys, remembered, newest, fetchHead).catch(async (error: unknown) => {
            const foreign = error instanceof DamagedObjectError && error.code === "not-authentic"
            throw foreign && (await this.#keyIsOld(patience)) ? new EngineError("key-changed") : error
        })
        await this.#remember(opened)
        return opened
    }

    /** Asked when a head does not open: nothing is believed of the answer but that this device had better unlock anew. */
    async #keyIsOld(patience: Patience): Promise<boolean> {
        const keyring = await persist(patience, () => this.#ports.server.keyring(patience.signal))
        return keyring !== null && equal(keyring.library, this.keys.library) && keyring.epoch > this.keys.epoch
    }

    /**
     * Writes a new head. `change` is asked anew whenever somebody else came first, with the head that is there now;
     * null: nothing is to be done any more.
     */
    async commit(
        patience: Patience,
        change: (opened: OpenedHead | null) => Promise<HeadChange | null>,
    ): Promise<OpenedHead | null> {
        const turn = this.#committing.then(() => this.#commitInTurn(patience, change))
        this.#committing = turn.catch(() => undefined)
        return await turn
    }

    async #commitInTurn(
        patience: Patience,
        change: (opened: OpenedHead | null) => Promise<HeadChange | null>,
    ): Promise<OpenedHead | null> {
        const { server, random, clock } = this.#ports
        for (let moves = 0; moves < mostMoves; moves++) {
            const before = await this.refresh(patience)
            const wanted = await change(before)
            if (wanted === null) return before
            const written = utcTime(clock.now())
            const head = upon(before, { ...(before?.head ?? emptyHead), ...wanted.head, written })
            const sealed = await sealHead(this.keys, head, random)
            const { add, remove } = wanted
            try {
                // The same bytes again and again: a commit whose answer was lost is recognised.
                await persist(patience, () =>
                    server.commit({ sequence: head.sequence, sealed, add, remove }, patience.signal),
                )
            } catch (error) {
                if (error instanceof HeadMovedError) continue
                throw error
            }
            const opened = await openHead(this.keys, head.sequence, sealed)
            await this.#remember(opened)
            return opened
        }
        throw new EngineError("head-moved")
    }

    /** By the library's name: what the account is called is the server's to say, and it could say another thing tomorrow. */
    async #remember(opened: OpenedHead): Promise<void> {
        const { sequence, earlier } = opened.head
        for (const key of earlier)
            if (!this.#earlier.has(key.epoch)) this.#earlier.set(key.epoch, await keysIn(this.keys, key))
        const { heads } = this.#ports
        const head = { library: this.id, sequence, sha256: opened.hash }
        await heads.write(this.id, head)
        if ((await heads.read(this.#account)) === null) await heads.write(this.#account, head)
        await this.#forgetUnlisted(opened.head)
        this.#opened = opened
    }

    /** What this device keeps of objects goes with them. */
    async #forgetUnlisted(head: Head): Promise<void> {
        const before = this.#opened?.head
        if (before === undefined) return
        const listed = new Set([...head.snapshots, ...head.catalogs].map(({ id }) => id))
        for (const { id } of [...before.snapshots, ...before.catalogs])
            if (!listed.has(id)) await this.#ports.catalogs.remove(id)
    }

    // ------------------------------------------------------------ what it lists

    async snapshot(id: string, patience: Patience): Promise<Snapshot> {
        const ref = found(this.opened.head.snapshots, id, new EngineError("unknown-import"))
        const keys = this.keysOf(ref)
        const opened = await this.#object(this.#snapshots, ref, patience, (sealed) => openSnapshot(keys, ref, sealed))
        // It says to which chat it was added; to which it belongs now, the head says.
        return opened.conversation === ref.conversation ? opened : { ...opened, conversation: ref.conversation }
    }

    async catalog(id: string, patience: Patience): Promise<Catalog> {
        const ref = found(this.opened.head.catalogs, id, new DamagedObjectError("missing"))
        const keys = this.keysOf(ref)
        return await this.#object(this.#catalogs, ref, patience, (sealed) => openCatalog(keys, ref, sealed))
    }

    async snapshots(patience: Patience): Promise<readonly Snapshot[]> {
        return await inTurns(this.opened.head.snapshots, ({ id }) => this.snapshot(id, patience))
    }

    async catalogs(ids: readonly string[], patience: Patience): Promise<readonly Catalog[]> {
        return await inTurns(ids, (id) => this.catalog(id, patience))
    }

    /** Where the chunks of an import lie. */
    places(snapshot: Snapshot): Places {
        const places = this.#places.get(snapshot.id) ?? this.#placesOf(snapshot)
        this.#places.set(snapshot.id, places)
        return places
    }

    #placesOf(snapshot: Snapshot): Places {
        const keys = this.keysOfImport(snapshot.id)
        return new Places(
            { keys, catalogs: (ids, patience) => this.catalogs(ids, patience) },
            this.#ports.store,
            snapshot,
        )
    }

    /** Every file of an import, in the order of the zip's directory. */
    async fileList(snapshot: Snapshot, patience: Patience): Promise<readonly SnapshotFile[]> {
        const here = this.#fileLists.get(snapshot.id)
        if (here !== undefined) return here
        const source = await this.places(snapshot).ofList(patience)
        const files = await openCachedFileList(source, this.#ports.catalogs, snapshot, patience)
        this.#fileLists.set(snapshot.id, files)
        return files
    }

    async fileLists(snapshots: readonly Snapshot[], patience: Patience): Promise<readonly (readonly SnapshotFile[])[]> {
        return await inTurns(snapshots, (snapshot) => this.fileList(snapshot, patience))
    }

    /** Objects never change: what was opened once stays, and what lies on this device is checked like what is fetched. */
    async #object<T>(
        opened: Map<string, T>,
        ref: ObjectRef,
        patience: Patience,
        open: (sealed: Bytes) => Promise<T>,
    ): Promise<T> {
        const here = opened.get(ref.id)
        if (here !== undefined) return here
        const value = await open(await this.#sealed(ref, patience))
        opened.set(ref.id, value)
        return value
    }

    async #sealed(ref: ObjectRef, patience: Patience): Promise<Bytes> {
        const { store, catalogs } = this.#ports
        if (ref.size > limits.sealedObject) throw new DamagedObjectError("too-large")
        const cached = await catalogs.read(ref.id)
        if (cached !== null && (await fits(ref, cached))) return cached
        const fetched = await persist(patience, () => store.get(ref.id, 0, ref.size, patience.signal))
        await checkHash(ref, fetched)
        await catalogs.write(ref.id, fetched)
        return fetched
    }
}

const emptyHead: Omit<Head, "sequence" | "parent" | "written" | "lineage"> = {
    conversations: [],
    snapshots: [],
    catalogs: [],
    settings: {},
    earlier: [],
}

/** The head that follows: an earlier key goes with the last object that needs it. */
function upon(before: OpenedHead | null, head: Omit<Head, "sequence" | "parent" | "lineage">): Head {
    const next = {
        ...head,
        sequence: (before?.head.sequence ?? 0) + 1,
        parent: before?.hash ?? noParent,
        lineage: new Uint8Array(0),
    }
    return { ...next, earlier: neededEarlier(next) }
}

async function keysIn(later: LibraryKeys, { epoch, id, check, sealed }: EarlierKey): Promise<LibraryKeys> {
    const opened = await openEarlier(later, { epoch, id: fromHex(id), check, sealed })
    if (opened.kind === "not-authentic") throw new DamagedObjectError("not-authentic")
    const keys = await deriveLibraryKeys(opened.secret, later.library, epoch)
    opened.secret.wipe()
    return keys
}

function found<Item extends { readonly id: string }>(list: readonly Item[], id: string, otherwise: Error): Item {
    const item = list.find((listed) => listed.id === id)
    if (item === undefined) throw otherwise
    return item
}

async function fits(ref: ObjectRef, sealed: Bytes): Promise<boolean> {
    try {
        await checkHash(ref, sealed)
        return true
    } catch {
        return false
    }
}

async function inTurns<Item, T>(items: readonly Item[], work: (item: Item) => Promise<T>): Promise<readonly T[]> {
    const results: T[] = []
    for (let at = 0; at < items.length; at += fetchedAtOnce)
        results.push(...(await Promise.all(items.slice(at, at + fetchedAtOnce).map(work))))
    return results
}
