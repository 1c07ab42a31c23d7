/**
 * Sends sealed objects: announce, put, have it confirmed; a few at a time, and no more in memory than those.
 *
 * Whoever sends waits until there is room: that is the back-pressure that keeps memory flat however large the
 * export is. The first failure stops the others.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { EngineError, NetworkError, NotStoredError } from "./errors.ts"
import type { Announcement, ObjectStore, StoredObject, Ticket } from "./ports.ts"
import { type Patience, persist } from "./retry.ts"

/** More gain nothing, and a browser opens six connections to a host. */
const mostInFlight = 3
/** So many are announced with one question, as long as enough others have their tickets. */
const announcedTogether = 2
/** So many are confirmed with one question. */
const confirmedTogether = 8

/** A store that says *stored* and means other bytes is asked this often. */
const mostWrong = 3

export interface Shipment {
    readonly facts: Announcement
    readonly bytes: Bytes
    /** Runs before the first byte leaves. */
    readonly before: () => Promise<void>
    /** The bytes are not needed any more: the other side has taken them. */
    readonly left: () => void
    /** Runs after the store confirmed length and hash. */
    readonly after: () => Promise<void>
}

/**
 * Three steps, each going on while the others do:
 *
 *     waiting ──`begin` for some──▸ with tickets ──`put`, a few at once──▸ arrived ──`finish` for some──▸ confirmed
 *
 * What meets trouble goes the long way of `sendObject`, by itself.
 */
export class Sender {
    readonly #store: ObjectStore
    readonly #patience: Patience
    readonly #waiting: Shipment[] = []
    readonly #ticketed: { readonly shipment: Shipment; readonly ticket: Ticket }[] = []
    readonly #arrived: Shipment[] = []
    #announcing = false
    #putting = 0
    /** Every call that has no answer yet. */
    readonly #underWay = new Set<Promise<void>>()
    #failure: { readonly cause: unknown } | null = null

    constructor(store: ObjectStore, patience: Patience) {
        this.#store = store
        this.#patience = patience
    }

    /** What stopped the sending, before anything that it made fail in turn. */
    get failure(): unknown {
        return this.#failure?.cause ?? null
    }

    /** Resolves when the object will be announced with the next ones and there is room for another; `settle` tells how it went. */
    async send(shipment: Shipment): Promise<void> {
        this.#rethrow()
        this.#waiting.push(shipment)
        this.#goOn()
        while (this.#waiting.length >= announcedTogether && this.#failure === null) await Promise.race(this.#underWay)
        this.#rethrow()
    }

    /** Resolves when everything was confirmed. */
    async settle(): Promise<void> {
        while (this.#underWay.size > 0 || this.#goOnToTheEnd()) await Promise.all(this.#underWay)
        this.#rethrow()
    }

    #rethrow(): void {
        if (this.#failure !== null) throw this.#failure.cause
    }

    /** Notes how `work` ends, and begins what may begin then. */
    #watch(work: Promise<void>): void {
        const watched: Promise<void> = work
            .catch((cause: unknown) => {
                this.#failure ??= { cause }
            })
            .finally(() => {
                this.#underWay.delete(watched)
                this.#goOn()
            })
        this.#underWay.add(watched)
    }

    /** Begins whatever may begin now. */
    #goOn(): void {
        if (this.#failure !== null) return
        while (this.#putting < mostInFlight) {
            const next = this.#ticketed.shift()
            if (next === undefined) break
            this.#putting += 1
            this.#watch(this.#put(next.shipment, next.ticket).finally(() => (this.#putting -= 1)))
        }
        const isShort = this.#ticketed.length + this.#putting < mostInFlight
        if (isShort || this.#waiting.length >= announcedTogether) this.#announceWaiting()
        if (this.#arrived.length >= confirmedTogether) this.#confirmArrived()
    }

    /** True: something was begun that would have waited for more. */
    #goOnToTheEnd(): boolean {
        if (this.#failure !== null) return false
        this.#announceWaiting()
        if (this.#underWay.size === 0) this.#confirmArrived()
        return this.#underWay.size > 0
    }

    #announceWaiting(): void {
        // Packs that wait hold memory: no more tickets than will be used soon.
        if (this.#announcing || this.#waiting.length === 0 || this.#ticketed.length >= announcedTogether) return
        this.#announcing = true
        this.#watch(this.#announce(this.#waiting.splice(0)).finally(() => (this.#announcing = false)))
    }

    async #announce(shipments: readonly Shipment[]): Promise<void> {
        const { signal } = this.#patience
        await Promise.all(shipments.map(({ before }) => before()))
        const facts = shipments.map((shipment) => shipment.facts)
        const tickets = await persist(this.#patience, () => this.#store.begin(facts, signal))
        for (const shipment of shipments) {
            const ticket = tickets.find(({ id }) => id === shipment.facts.id)
            if (ticket === undefined) throw new EngineError("server-failed")
            this.#ticketed.push({ shipment, ticket })
        }
    }

    async #put(shipment: Shipment, ticket: Ticket): Promise<void> {
        const { facts, bytes } = shipment
        try {
            if (ticket.state === "expected") await this.#store.put(ticket, bytes, this.#patience.signal)
        } catch (error) {
            if (!isTrouble(error)) throw error
            await sendObject(this.#store, this.#patience, facts, bytes)
            shipment.left()
            return await shipment.after()
        }
        shipment.left()
        this.#arrived.push(shipment)
    }

    #confirmArrived(): void {
        if (this.#arrived.length > 0) this.#watch(this.#confirm(this.#arrived.splice(0)))
    }

    /** The bytes are gone: what did not arrive as it left has to be read and sealed anew. */
    async #confirm(shipments: readonly Shipment[]): Promise<void> {
        const ids = shipments.map(({ facts }) => facts.id)
        const stored = await persist(this.#patience, () => this.#store.finish(ids, this.#patience.signal))
        for (const { facts, after } of shipments) {
            if (!isStored(facts, stored)) throw new NotStoredError()
            await after()
        }
    }
}

function isStored(facts: Announcement, answers: readonly StoredObject[]): boolean {
    const there = answers.find(({ id }) => id === facts.id)
    return there?.state === "stored" && there.size === facts.size && there.sha256 === facts.sha256
}

/** What the next try may mend: the network, a ticket that ran out, bytes that broke on their way. */
function isTrouble(error: unknown): boolean {
    return error instanceof NetworkError || (error instanceof EngineError && error.code === "wrong-hash")
}

/** Sends one object and has it confirmed. Everything is tried again from the announcement on: tickets run out. */
export async function sendObject(
    store: ObjectStore,
    patience: Patience,
    facts: Announcement,
    bytes: Bytes,
): Promise<void> {
    const { signal } = patience
    for (let wrong = 0; wrong < mostWrong; wrong++) {
        const confirmed = await persist(patience, async () => {
            const [ticket] = await store.begin([facts], signal)
            if (ticket === undefined) throw new EngineError("server-failed")
            if (ticket.state === "expected" && !(await putOnce(store, ticket, bytes, signal))) return false
            return isStored(facts, await store.finish([facts.id], signal))
        })
        if (confirmed) return
    }
    throw new EngineError("not-stored")
}

/** False when the bytes arrived as others: they broke on their way. */
async function putOnce(
    store: ObjectStore,
    ticket: Parameters<ObjectStore["put"]>[0],
    bytes: Bytes,
    signal: AbortSignal,
): Promise<boolean> {
    try {
        await store.put(ticket, bytes, signal)
        return true
    } catch (error) {
        if (error instanceof EngineError && error.code === "wrong-hash") return false
        throw error
    }
}
