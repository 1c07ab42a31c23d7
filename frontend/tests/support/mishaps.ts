/** What happens to ports in real life: tabs that close, networks that lose questions and answers, stores that lie. */

import { NetworkError } from "../../src/engine/errors.ts"
import type { ObjectStore, Ports } from "../../src/engine/ports.ts"

type Call = (...args: never[]) => unknown

/** The port with `around` put around each of its calls. */
export function interposed<Port extends object>(
    port: Port,
    around: (name: string, call: () => Promise<unknown>, args: readonly unknown[]) => Promise<unknown>,
): Port {
    return new Proxy(port, {
        get(target, name) {
            const held: unknown = Reflect.get(target, name)
            // A claim ends with its tab; it is not the claim that is cut off.
            if (typeof held !== "function" || name === "watch" || name === "claim")
                return typeof held === "function" ? held.bind(target) : held
            return (...args: never[]) =>
                around(String(name), async () => (held as Call).apply(target, args), args as readonly unknown[])
        },
    })
}

const fragile = ["store", "server", "journal", "heads", "catalogs"] as const

/** All calls that could be the last, counted together. */
export function interposedPorts(
    ports: Ports,
    around: (name: string, call: () => Promise<unknown>) => Promise<unknown>,
): Ports {
    const changed = fragile.map((name) => [
        name,
        interposed(ports[name], (method, call) => around(`${name}.${method}`, call)),
    ])
    return { ...ports, ...Object.fromEntries(changed) }
}

export class TabClosed extends Error {}

/** The tab closes at the n-th call: before it is made, or after it was made and before its answer was heard. */
export function closingAt(ports: Ports, n: number, when: "before" | "after"): { ports: Ports; calls: () => number } {
    let calls = 0
    const closed = interposedPorts(ports, async (_, call) => {
        calls++
        if (calls > n || (calls === n && when === "before")) throw new TabClosed()
        const answer = await call()
        if (calls >= n) throw new TabClosed()
        return answer
    })
    return { ports: closed, calls: () => calls }
}

/** Every call to the server fails once: the question is lost, or the answer. */
export function losingEvery(ports: Ports, when: "before" | "after"): Ports {
    const failed = new Set<string>()
    const lossy = <Port extends object>(port: Port): Port =>
        interposed(port, async (name, call, args) => {
            const key = `${name} ${JSON.stringify(args, (_, value) => (value instanceof Uint8Array ? value.length : value))}`
            if (failed.has(key)) return await call()
            failed.add(key)
            if (when === "after") await call()
            throw new NetworkError()
        })
    return { ...ports, store: lossy(ports.store), server: lossy(ports.server) }
}

/** A store that gives something else than it was given. */
export function lyingStore(
    store: ObjectStore,
    lie: (id: string, from: number, to: number, bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>,
): ObjectStore {
    return interposed(store, async (name, call, args) => {
        const answer = await call()
        if (name !== "get") return answer
        const [id, from, to] = args as [string, number, number]
        return await lie(id, from, to, (answer as Uint8Array<ArrayBuffer>).slice())
    })
}
