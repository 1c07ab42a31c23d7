/**
 * Sends sealed objects: announce, put, have it confirmed; a few at a time, and no more in memory than those.
 *
 * Whoever sends waits until there is room: that is the back-pressure that keeps memory flat however large the
 * export is. The first failure stops the others.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { EngineError } from "./errors.ts"
import type { Announcement, ObjectStore } from "./ports.ts"
import { type Patience, persist } from "./retry.ts"

/** More gain nothing, and a browser opens six connections to a host. */
const mostInFlight = 4

/** A store that says *stored* and means other bytes is asked this often. */
const mostWrong = 3

export interface Shipment {
    readonly facts: Announcement
    readonly bytes: Bytes
    /** Runs before the first byte leaves, and after the store confirmed length and hash. */
    readonly before: () => Promise<void>
    readonly after: () => Promise<void>
}

export class Sender {
    readonly #store: ObjectStore
    readonly #patience: Patience
    readonly #inFlight = new Set<Promise<void>>()
    #failure: { readonly cause: unknown } | null = null

    constructor(store: ObjectStore, patience: Patience) {
        this.#store = store
        this.#patience = patience
    }

    /** What stopped the sending, before anything that it made fail in turn. */
    get failure(): unknown {
        return this.#failure?.cause ?? null
    }

    /** Resolves when the object is on its way and there is room for another; `settle` tells how it went. */
    async send(shipment: Shipment): Promise<void> {
        while (this.#inFlight.size >= mostInFlight) await Promise.race(this.#inFlight)
        this.#rethrow()
        const sending: Promise<void> = this.#ship(shipment)
            .catch((cause: unknown) => {
                this.#failure ??= { cause }
            })
            .finally(() => this.#inFlight.delete(sending))
        this.#inFlight.add(sending)
    }

    /** Resolves when everything was confirmed. */
    async settle(): Promise<void> {
        await Promise.all(this.#inFlight)
        this.#rethrow()
    }

    #rethrow(): void {
        if (this.#failure !== null) throw this.#failure.cause
    }

    async #ship({ facts, bytes, before, after }: Shipment): Promise<void> {
        await before()
        await sendObject(this.#store, this.#patience, facts, bytes)
        await after()
    }
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
            const [stored] = await store.finish([facts.id], signal)
            return stored?.state === "stored" && stored.size === facts.size && stored.sha256 === facts.sha256
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
