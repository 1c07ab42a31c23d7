/** A whole server in this page's memory: for trying without an account, and for tests. It keeps the server's promises. */

import type { Bytes } from "../bytes/bytes.ts"
import { equal } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { sha256 } from "../crypto/hash.ts"
import { EngineError, HeadMovedError, NotStoredError, OverQuotaError } from "../engine/errors.ts"
import type {
    Announcement,
    Commit,
    KeyChange,
    KeyringRecord,
    LibraryServer,
    NewSlot,
    ObjectStore,
    SealedHead,
    ServerEvent,
    SlotRecord,
    StoredObject,
    Ticket,
} from "../engine/ports.ts"
import type { QuotaState } from "../engine/protocol.ts"
import { utcTime } from "../engine/times.ts"

interface KeptObject {
    readonly facts: Announcement
    readonly bytes: Bytes | null
}

export class MemoryServer implements ObjectStore, LibraryServer {
    readonly #limit: number
    readonly #account: string
    readonly #objects = new Map<string, KeptObject>()
    #heads: SealedHead[] = []
    /** Which objects each listed snapshot needs. */
    readonly #needs = new Map<string, readonly string[]>()
    readonly #listeners = new Set<(event: ServerEvent) => void>()
    #keyring: KeyringRecord | null = null

    constructor(limit = 2 ** 30, account = "0".repeat(32)) {
        this.#limit = limit
        this.#account = account
    }

    // ------------------------------------------------------------ objects

    async begin(objects: readonly Announcement[], signal: AbortSignal): Promise<readonly Ticket[]> {
        stopIf(signal)
        for (const { id, size, sha256 } of objects) {
            const kept = this.#objects.get(id)
            if (kept !== undefined && (kept.facts.size !== size || kept.facts.sha256 !== sha256))
                throw new EngineError("object-differs")
        }
        const added = objects.filter(({ id }) => !this.#objects.has(id))
        const { limit, used, reserved } = this.#quota()
        const missing = added.reduce((sum, { size }) => sum + size, used + reserved) - limit
        if (added.length > 0 && missing > 0) throw new OverQuotaError(missing)
        for (const facts of added) this.#objects.set(facts.id, { facts, bytes: null })
        return objects.map(({ id }) => ({
            id,
            state: this.#stateOf(id),
            method: "PUT",
            url: id,
            headers: {},
            fallback: null,
        }))
    }

    async put(ticket: Ticket, bytes: Bytes, signal: AbortSignal): Promise<void> {
        stopIf(signal)
        const kept = this.#objects.get(ticket.id)
        if (kept === undefined) throw new EngineError("missing")
        const copy = bytes.slice()
        if (copy.length !== kept.facts.size || toHex(await sha256(copy)) !== kept.facts.sha256)
            throw new EngineError("wrong-hash")
        this.#objects.set(ticket.id, { facts: kept.facts, bytes: copy })
    }

    async finish(ids: readonly string[], signal: AbortSignal): Promise<readonly StoredObject[]> {
        stopIf(signal)
        return ids.flatMap((id): readonly StoredObject[] => {
            const kept = this.#objects.get(id)
            if (kept === undefined) return []
            return [{ id, state: this.#stateOf(id), size: kept.facts.size, sha256: kept.facts.sha256 }]
        })
    }

    async get(id: string, from: number, to: number, signal: AbortSignal): Promise<Bytes> {
        stopIf(signal)
        const bytes = this.#objects.get(id)?.bytes
        if (bytes === undefined || bytes === null || bytes.length < to) throw new EngineError("missing")
        return bytes.slice(from, to)
    }

    async abandon(ids: readonly string[], signal: AbortSignal): Promise<void> {
        stopIf(signal)
        const needed = this.#needed()
        for (const id of ids) if (!needed.has(id)) this.#objects.delete(id)
    }

    /** Takes away what no snapshot needs, as the server's collection does after its time of grace. */
    collect(): void {
        const needed = this.#needed()
        for (const id of this.#objects.keys()) if (!needed.has(id)) this.#objects.delete(id)
    }

    // ------------------------------------------------------------ the library

    async account(signal: AbortSignal): Promise<{ readonly id: string; readonly quota: QuotaState }> {
        stopIf(signal)
        return { id: this.#account, quota: this.#quota() }
    }

    async keyring(signal: AbortSignal): Promise<KeyringRecord | null> {
        stopIf(signal)
        return this.#keyring
    }

    async createKeyring(keyring: KeyringRecord<NewSlot>, signal: AbortSignal): Promise<KeyringRecord> {
        stopIf(signal)
        const here = this.#keyring
        if (here !== null && !(equal(here.library, keyring.library) && equal(here.check, keyring.check)))
            throw new EngineError("library-exists")
        this.#keyring = here ?? { ...keyring, slots: keyring.slots.map(kept) }
        return this.#keyring
    }

    async changeKey({ keyring, head }: KeyChange, signal: AbortSignal): Promise<KeyringRecord> {
        stopIf(signal)
        const here = this.#keyring
        if (here === null) throw new EngineError("missing")
        if (here.epoch === keyring.epoch && equal(here.check, keyring.check)) return here
        if (!equal(here.library, keyring.library) || keyring.epoch !== here.epoch + 1)
            throw new EngineError("key-changed")
        await this.commit({ ...head, add: [], remove: [] }, signal)
        this.#heads = this.#heads.filter(({ sequence }) => sequence >= head.sequence)
        this.#keyring = { ...keyring, slots: keyring.slots.map(kept) }
        this.#tell({ kind: "ways" })
        return this.#keyring
    }

    async addSlot(slot: NewSlot, epoch: number, signal: AbortSignal): Promise<KeyringRecord> {
        stopIf(signal)
        if (this.#keyring !== null && this.#keyring.epoch !== epoch) throw new EngineError("key-changed")
        return this.#changeSlots((slots) =>
            slots.some(({ id }) => equal(id, slot.id)) ? slots : [...slots, kept(slot)],
        )
    }

    async removeSlot(id: Bytes, signal: AbortSignal): Promise<KeyringRecord> {
        stopIf(signal)
        return this.#changeSlots((slots) => slots.filter((slot) => !equal(slot.id, id)))
    }

    #changeSlots(change: (slots: readonly SlotRecord[]) => readonly SlotRecord[]): KeyringRecord {
        if (this.#keyring === null) throw new EngineError("missing")
        const slots = change(this.#keyring.slots)
        // The last way in cannot go.
        if (slots.length === 0) throw new EngineError("server-refused")
        this.#keyring = { ...this.#keyring, slots }
        this.#tell({ kind: "ways" })
        return this.#keyring
    }

    #tell(event: ServerEvent): void {
        for (const listener of this.#listeners) listener(event)
    }

    async head(signal: AbortSignal): Promise<SealedHead | null> {
        stopIf(signal)
        return this.#heads.at(-1) ?? null
    }

    async headAt(sequence: number, signal: AbortSignal): Promise<SealedHead> {
        stopIf(signal)
        const head = this.#headAt(sequence)
        if (head === undefined) throw new EngineError("missing")
        return head
    }

    async commit({ sequence, sealed, add, remove }: Commit, signal: AbortSignal): Promise<void> {
        stopIf(signal)
        const newest = this.#heads.at(-1)?.sequence ?? 0
        const there = this.#headAt(sequence)
        if (there !== undefined && equal(there.sealed, sealed)) return
        if (sequence !== newest + 1) throw new HeadMovedError(newest)
        const needed = add.flatMap(({ snapshot, objects }) => [snapshot, ...objects])
        if (needed.some((id) => this.#stateOf(id) !== "stored")) throw new NotStoredError()
        for (const { snapshot, objects } of add) this.#needs.set(snapshot, objects)
        for (const snapshot of remove) this.#needs.delete(snapshot)
        this.#heads.push({ sequence, sealed: sealed.slice() })
        this.#tell({ kind: "head", sequence })
    }

    watch(listener: (event: ServerEvent) => void): () => void {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
    }

    #headAt(sequence: number): SealedHead | undefined {
        return this.#heads.find((head) => head.sequence === sequence)
    }

    #stateOf(id: string): "expected" | "stored" {
        return (this.#objects.get(id)?.bytes ?? null) === null ? "expected" : "stored"
    }

    #quota(): QuotaState {
        let used = 0
        let reserved = 0
        for (const { facts, bytes } of this.#objects.values()) {
            if (bytes === null) reserved += facts.size
            else used += facts.size
        }
        const warning = used >= 0.95 * this.#limit ? 95 : used >= 0.8 * this.#limit ? 80 : 0
        return { limit: this.#limit, used, reserved, plan: null, warning, request: null }
    }

    #needed(): ReadonlySet<string> {
        return new Set([...this.#needs].flatMap(([snapshot, objects]) => [snapshot, ...objects]))
    }
}

function kept(slot: NewSlot): SlotRecord {
    return { ...slot, created: utcTime(Date.now()) }
}

function stopIf(signal: AbortSignal): void {
    if (signal.aborted) throw new EngineError("stopped")
}
