/** Sealed objects on the server: announced over the API, put and fetched where the tickets point. */

import type { Bytes } from "../bytes/bytes.ts"
import { EngineError } from "../engine/errors.ts"
import type { Announcement, ObjectStore, StoredObject, Ticket } from "../engine/ports.ts"
import { fields, hash, id, listOf, mapOf, oneOf, text, whole } from "./answers.ts"
import { type Api, bodyOf } from "./api.ts"
import type { components } from "./api-types.ts"

type Schemas = components["schemas"]

const state = oneOf("expected", "stored")

const tickets = fields<Schemas["TicketsAnswer"]>({
    tickets: listOf(fields<Schemas["Ticket"]>({ id, state, method: oneOf("PUT"), url: text, headers: mapOf(text) })),
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

/** As many as the server takes in one call. */
const most = 64

export class ServerObjectStore implements ObjectStore {
    readonly #api: Api
    readonly #origin: string

    constructor(api: Api, origin: string) {
        this.#api = api
        this.#origin = origin
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
        const url = new URL(ticket.url, this.#origin)
        // Another host gets what its ticket says, and never our cookies.
        const credentials = url.origin === this.#origin ? "same-origin" : "omit"
        const { method, headers } = ticket
        const init = { method, headers, body: bytes, signal, credentials, cache: "no-store" } as const
        await bodyOf(await this.#api.send(url.href, init), signal)
    }

    async finish(ids: readonly string[], signal: AbortSignal): Promise<readonly StoredObject[]> {
        const lists = await inPortions(ids, async (portion) => {
            const body: Schemas["IdsBody"] = { ids: [...portion] }
            return objects(await this.#api.json("POST", "/api/objects/finish", body, signal)).objects
        })
        return lists.flat()
    }

    async get(id: string, from: number, to: number, signal: AbortSignal): Promise<Bytes> {
        const headers = { Range: `bytes=${from}-${to - 1}` }
        // What was opened once is kept opened; a second copy in the browser's cache would only push out others.
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
        await inPortions(ids, async (portion) => {
            const body: Schemas["IdsBody"] = { ids: [...portion] }
            await this.#api.json("POST", "/api/abandon", body, signal)
        })
    }
}

async function inPortions<Item, T>(
    items: readonly Item[],
    work: (portion: readonly Item[]) => Promise<T>,
): Promise<readonly T[]> {
    const results: T[] = []
    for (let at = 0; at < items.length; at += most) results.push(await work(items.slice(at, at + most)))
    return results
}
