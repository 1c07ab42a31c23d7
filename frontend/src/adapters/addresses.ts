/** Where to read objects past the server: asked for together, and kept until shortly before they run out. */

import type { Clock } from "../engine/ports.ts"
import { fields, flag, id, listOf, text, whole } from "./answers.ts"
import type { Api } from "./api.ts"
import type { components } from "./api-types.ts"

type Schemas = components["schemas"]

const answer = fields<Schemas["AddressesAnswer"]>({
    direct: flag,
    seconds: whole,
    addresses: listOf(fields<Schemas["Address"]>({ id, url: text })),
})

/** As many as the server takes in one call. */
const most = 256

/** A range that is asked for now still has to be looked at by the store. */
const reserve = 60_000

/** Nobody waits longer for a few addresses. */
const patience = 30_000

export class Addresses {
    readonly #api: Api
    readonly #clock: Clock
    readonly #known = new Map<string, { readonly url: string; readonly until: number }>()
    /** What is asked for next, and the call that will do it. */
    #next: { readonly ids: Set<string>; readonly call: Promise<void> } | null = null
    #direct = true

    constructor(api: Api, clock: Clock) {
        this.#api = api
        this.#clock = clock
    }

    /** Null: it is read from the server itself. */
    async of(id: string): Promise<string | null> {
        if (!this.#direct) return null
        const known = this.#find(id)
        if (known !== null) return known
        await this.#ask(id)
        return this.#find(id)
    }

    #find(id: string): string | null {
        const known = this.#known.get(id)
        return known !== undefined && this.#clock.now() < known.until ? known.url : null
    }

    /** Ranges begin several at a time: what is asked for in one turn goes in one call. */
    async #ask(id: string): Promise<void> {
        if (this.#next === null || this.#next.ids.size >= most) {
            const ids = new Set<string>()
            this.#next = { ids, call: Promise.resolve().then(() => this.#call(ids)) }
        }
        this.#next.ids.add(id)
        await this.#next.call
    }

    async #call(ids: ReadonlySet<string>): Promise<void> {
        if (this.#next?.ids === ids) this.#next = null
        const body: Schemas["IdsBody"] = { ids: [...ids] }
        const asked = this.#clock.now()
        const said = await this.#api.json("POST", "/api/objects/addresses", body, AbortSignal.timeout(patience))
        const { direct, seconds, addresses } = answer(said)
        this.#direct &&= direct
        for (const { id, url } of addresses) this.#known.set(id, { url, until: asked + 1000 * seconds - reserve })
    }
}
