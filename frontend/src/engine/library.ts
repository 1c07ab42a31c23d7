/**
 * An unlocked library: its keys, its newest head, and the sealed objects that the head lists.
 *
 * Everything that is read here was checked against what pointed at it. The head itself is held against the newest
 * one this device has seen: an older one or a fork is refused, whoever shows it.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { type Catalog, openCatalog } from "../format/catalog.ts"
import { DamagedObjectError } from "../format/errors.ts"
import { followHead } from "../format/follow.ts"
import { type Head, noParent, type OpenedHead, openHead, sealHead } from "../format/head.ts"
import { limits } from "../format/limits.ts"
import { checkHash, type ObjectRef } from "../format/object.ts"
import { openSnapshot, type Snapshot } from "../format/snapshot.ts"
import { EngineError, HeadMovedError } from "./errors.ts"
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
    readonly keys: LibraryKeys
    readonly id: string
    readonly #ports: Ports
    readonly #account: string
    readonly #snapshots = new Map<string, Snapshot>()
    readonly #catalogs = new Map<string, Catalog>()
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

    // ------------------------------------------------------------ the head

    /** Fetches the newest head. Null: none was ever written, and this device has seen none. */
    async refresh(patience: Patience): Promise<OpenedHead | null> {
        const { server, heads } = this.#ports
        const { signal } = patience
        const [newest, kept] = await Promise.all([
            persist(patience, () => server.head(signal)),
            heads.read(this.#account),
        ])
        if (kept !== null && kept.library !== this.id) throw new DamagedObjectError("wrong-library")
        const known = this.#opened === null ? null : { sequence: this.#opened.head.sequence, hash: this.#opened.hash }
        const stored = kept === null ? null : { sequence: kept.sequence, hash: kept.sha256 }
        const remembered = (known?.sequence ?? 0) > (stored?.sequence ?? 0) ? known : stored
        if (newest === null) {
            if (remembered !== null) throw new DamagedObjectError("older-head")
            return null
        }
        const opened = await followHead(this.keys, remembered, newest, async (sequence) => {
            return (await persist(patience, () => server.headAt(sequence, signal))).sealed
        })
        await this.#remember(opened)
        return opened
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
            const head: Head = {
                ...(before?.head ?? emptyHead),
                ...wanted.head,
                sequence: (before?.head.sequence ?? 0) + 1,
                parent: before?.hash ?? noParent,
                written: utcTime(clock.now()),
            }
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

    async #remember(opened: OpenedHead): Promise<void> {
        const { sequence } = opened.head
        await this.#ports.heads.write(this.#account, { library: this.id, sequence, sha256: opened.hash })
        this.#opened = opened
    }

    // ------------------------------------------------------------ what it lists

    async snapshot(id: string, patience: Patience): Promise<Snapshot> {
        const ref = this.opened.head.snapshots.find((listed) => listed.id === id)
        if (ref === undefined) throw new EngineError("unknown-import")
        return await this.#object(this.#snapshots, ref, patience, (sealed) => openSnapshot(this.keys, ref, sealed))
    }

    async catalog(id: string, patience: Patience): Promise<Catalog> {
        const ref = this.opened.head.catalogs.find((listed) => listed.id === id)
        if (ref === undefined) throw new DamagedObjectError("missing")
        return await this.#object(this.#catalogs, ref, patience, (sealed) => openCatalog(this.keys, ref, sealed))
    }

    async snapshots(patience: Patience): Promise<readonly Snapshot[]> {
        return await inTurns(this.opened.head.snapshots, ({ id }) => this.snapshot(id, patience))
    }

    async catalogs(ids: readonly string[], patience: Patience): Promise<readonly Catalog[]> {
        return await inTurns(ids, (id) => this.catalog(id, patience))
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

const emptyHead: Pick<Head, "conversations" | "snapshots" | "catalogs" | "settings"> = {
    conversations: [],
    snapshots: [],
    catalogs: [],
    settings: {},
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
