/** Sealed objects on the server: announced over the API, put and fetched where the tickets point. */

import type { Bytes } from "../bytes/bytes.ts"
import { EngineError } from "../engine/errors.ts"
import type { Announcement, ObjectStore, StoredObject, Ticket } from "../engine/ports.ts"
import { fields, hash, id, listOf, mapOf, oneOf, text, whole } from "./answers.ts"
import { type Api, bodyOf } from "./api.ts"

const state = oneOf("expected", "stored")

const tickets = fields<{ readonly tickets: readonly Ticket[] }>({
    tickets: listOf(fields<Ticket>({ id, state, method: text, url: text, headers: mapOf(text) })),
})

const stored = fields<{ readonly objects: readonly StoredObject[] }>({
    objects: listOf(fields<StoredObject>({ id, state, size: whole, sha256: hash })),
})

/** As many as the server takes in one call. */
const most = 64

export class ServerObjectStore implements ObjectStore {
    readonly #api: Api
    readonly #origin: string

    constructor(api: Api, origin: string) {
        this.#api = api
        this.#origin = origin
    }

    async begin(objects: readonly Announcement[], signal: AbortSignal): Promise<readonly Ticket[]> {
        const lists = await inPortions(objects, async (portion) => {
            const body = { objects: portion.map(({ id, kind, size, sha256 }) => ({ id, kind, size, sha256 })) }
            return tickets(await this.#api.json("POST", "/api/objects/begin", body, signal)).tickets
        })
        return lists.flat()
    }

    async put(ticket: Ticket, bytes: Bytes, signal: AbortSignal): Promise<void> {
        const url = new URL(ticket.url, this.#origin)
        const ours = url.origin === this.#origin
        const headers = new Headers({ "Content-Type": "application/octet-stream", ...ticket.headers })
        // Another host sees neither cookie nor token: its ticket is all it gets.
        if (ours) headers.set("X-CSRFToken", await this.#api.csrfToken())
        const credentials = ours ? "same-origin" : "omit"
        const init = { method: ticket.method, headers, body: bytes, signal, credentials, cache: "no-store" } as const
        await bodyOf(await this.#api.send(url.href, init), signal)
    }

    async finish(ids: readonly string[], signal: AbortSignal): Promise<readonly StoredObject[]> {
        const lists = await inPortions(ids, async (portion) => {
            return stored(await this.#api.json("POST", "/api/objects/finish", { ids: portion }, signal)).objects
        })
        return lists.flat()
    }

    async get(id: string, from: number, to: number, signal: AbortSignal): Promise<Bytes> {
        const headers = { Range: `bytes=${from}-${to - 1}` }
        // Ciphertext that was opened once is cheaper to fetch again than to keep twice.
        const init = { method: "GET", headers, signal, credentials: "same-origin", cache: "no-store" } as const
        const response = await this.#api.send(`/objects/${id}`, init)
        if (response.status !== 206) {
            await response.body?.cancel()
            throw new EngineError("server-failed")
        }
        const bytes = await bodyOf(response, signal)
        if (bytes.length !== to - from) throw new EngineError("missing")
        return bytes
    }

    async abandon(ids: readonly string[], signal: AbortSignal): Promise<void> {
        await inPortions(ids, (portion) => this.#api.json("POST", "/api/abandon", { ids: portion }, signal))
    }
}

async function inPortions<Item, T>(
    items: readonly Item[],
    work: (portion: readonly Item[]) => Promise<T>,
): Promise<T[]> {
    const results: T[] = []
    for (let at = 0; at < items.length; at += most) results.push(await work(items.slice(at, at + most)))
    return results
}
