/**
 * Sealed objects on the server: announced over the API, put and fetched where the tickets point.
 *
 * [Two ways] Where the server says so, bytes go straight to and from the store. When that does not work and the way
 * through the server does, the server carries them for the rest of the session; nobody is asked, and nothing is lost.
 * When both fail it is the network, and whoever sends tries again.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { weigh } from "../bytes/weigh.ts"
import { EngineError, NetworkError } from "../engine/errors.ts"
import type { Announcement, Clock, ObjectStore, StoredObject, Ticket } from "../engine/ports.ts"
import { Addresses } from "./addresses.ts"
import { fields, hash, id, listOf, mapOf, oneOf, orNull, text, whole } from "./answers.ts"
import { type Api, bodyOf, sizedBodyOf } from "./api.ts"
import type { components } from "./api-types.ts"

type Schemas = components["schemas"]

const state = oneOf("expected", "stored")

const tickets = fields<Schemas["TicketsAnswer"]>({
    tickets: listOf(
        fields<Schemas["Ticket"]>({
            id,
            state,
            method: oneOf("PUT"),
            url: text,
            headers: mapOf(text),
            fallback: orNull(text),
        }),
    ),
})

const objects = fields<Schemas["ObjectsAnswer"]>({
    objects: listOf(
        fields<Schemas["ObjectAnswer"]>({
            id,
            kind: oneOf("pack", "catalog", "snapshot"),
            size: whole,
            sha256: hash,
            state,
        }),
    ),
})

/** Found by trying: with less, ten bodies wait to be collected and more. */
const garbageWeight = 16

/** As many as the server takes in one call. */
const most = 64

export class ServerObjectStore implements ObjectStore {
    readonly #api: Api
    readonly #origin: string
    readonly #addresses: Addresses
    readonly #unconfirmed = new Set<string>()
    #straight = true

    constructor(api: Api, origin: string, clock: Clock) {
        this.#api = api
        this.#origin = origin
        this.#addresses = new Addresses(api, clock)
    }

    async begin(announced: readonly Announcement[], signal: AbortSignal): Promise<readonly Ticket[]> {
        const lists = await inPortions(announced, async (portion) => {
            const body: Schemas["BeginBody"] = {
                objects: portion.map(({ id, kind, size, sha256 }) => ({ id, kind, size, sha256 })),
            }
            return tickets(await this.#api.json("POST", "/api/objects/begin", body, signal)).tickets
        })
        return lists.flat()
    }

    async put(ticket: Ticket, bytes: Bytes, signal: AbortSignal): Promise<void> {
        const { fallback } = ticket
        if (fallback === null) return await this.#putAs(ticket, bytes, signal)
        await this.#straightOr(
            () => this.#putAs(ticket, bytes, signal),
            async () => {
                const headers = {
                    "Content-Type": "application/octet-stream",
                    "X-CSRFToken": await this.#api.csrfToken(),
                }
                await this.#putAs({ method: ticket.method, url: fallback, headers }, bytes, signal)
            },
        )
        this.#unconfirmed.add(ticket.id)
    }

    async finish(ids: readonly string[], signal: AbortSignal): Promise<readonly StoredObject[]> {
        const lists = await inPortions(ids, async (portion) => {
            const body: Schemas["IdsBody"] = { ids: [...portion] }
            return objects(await this.#api.json("POST", "/api/objects/finish", body, signal)).objects
        })
        // Whoever answered "stored" to the straight way was not the store.
        for (const { id, state } of lists.flat())
            if (this.#unconfirmed.delete(id) && state === "expected") this.#straight = false
        return lists.flat()
    }

    async get(id: string, from: number, to: number, signal: AbortSignal): Promise<Bytes> {
        const address = this.#straight ? await this.#addresses.of(id) : null
        const through = () => this.#getFrom(`/objects/${id}`, from, to, signal)
        if (address === null) return await through()
        return await this.#straightOr(() => this.#getFrom(address, from, to, signal), through)
    }

    async abandon(ids: readonly string[], signal: AbortSignal): Promise<void> {
        await inPortions(ids, async (portion) => {
            const body: Schemas["IdsBody"] = { ids: [...portion] }
            await this.#api.json("POST", "/api/abandon", body, signal)
        })
    }

    /** Tries the straight way, then the one through the server. Only where the second helps was the first to blame. */
    async #straightOr<T>(straight: () => Promise<T>, through: () => Promise<T>): Promise<T> {
        if (!this.#straight) return await through()
        try {
            return await straight()
        } catch (error) {
            if (!(error instanceof EngineError) || error.code === "stopped" || isBusy(error)) throw error
            const result = await through()
            this.#straight = false
            return result
        }
    }

    async #putAs(
        { method, url, headers }: Pick<Ticket, "method" | "url" | "headers">,
        bytes: Bytes,
        signal: AbortSignal,
    ): Promise<void> {
        const to = new URL(url, this.#origin)
        const init = {
            method,
            headers,
            body: bytes,
            signal,
            credentials: this.#credentials(to),
            cache: "no-store",
        } as const
        weigh(garbageWeight * bytes.length)
        await bodyOf(await this.#api.send(to.href, init), signal)
    }

    async #getFrom(url: string, from: number, to: number, signal: AbortSignal): Promise<Bytes> {
        const at = new URL(url, this.#origin)
        const headers = { Range: `bytes=${from}-${to - 1}` }
        // What was opened once is kept opened; a second copy in the browser's cache would only push out others.
        const init = { method: "GET", headers, signal, credentials: this.#credentials(at), cache: "no-store" } as const
        const response = await this.#api.send(at.href, init)
        // Some stores answer a range with 200: then the length tells.
        if (response.status !== 206 && at.origin === this.#origin) {
            await response.body?.cancel()
            throw new EngineError("server-failed")
        }
        const bytes = await sizedBodyOf(response, to - from, signal)
        if (bytes.length !== to - from) throw new EngineError("missing")
        return bytes
    }

    /** Another host gets what its address says, and never our cookies. */
    #credentials({ origin }: URL): "same-origin" | "omit" {
        return origin === this.#origin ? "same-origin" : "omit"
    }
}

/** A store that answers "not now" will take it later. Without an answer there is a cause. */
function isBusy(error: EngineError): boolean {
    return error instanceof NetworkError && error.cause === undefined
}

async function inPortions<Item, T>(
    items: readonly Item[],
    work: (portion: readonly Item[]) => Promise<T>,
): Promise<readonly T[]> {
    const results: T[] = []
    for (let at = 0; at < items.length; at += most) results.push(await work(items.slice(at, at + most)))
    return results
}
