/** Reads parts of packs by way of the whole: what was asked for is not told by what was wanted of it. */

import type { Bytes } from "../bytes/bytes.ts"
import type { CatalogPack } from "../format/catalog.ts"
import type { ObjectStore } from "./ports.ts"

/** Asks for whole packs, and keeps them: the server does not see which part of them was wanted. */
export function inWholePacks(store: Pick<ObjectStore, "get">, packs: readonly CatalogPack[]): Pick<ObjectStore, "get"> {
    const sizes = new Map(packs.map(({ id, size }) => [id, size]))
    const fetched = new Map<string, Promise<Bytes>>()
    return {
        async get(id, from, to, signal) {
            const whole = fetched.get(id) ?? store.get(id, 0, sizes.get(id) ?? to, signal)
            fetched.set(id, whole)
            // One that failed is asked for again.
            whole.catch(() => fetched.delete(id))
            return (await whole).subarray(from, to)
        },
    }
}
