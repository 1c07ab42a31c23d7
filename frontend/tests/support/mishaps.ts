/** What happens to ports in real life: tabs that close, networks that lose questions and answers, stores that lie. */

import { EngineError, NetworkError, OverQuotaError } from "../../src/engine/errors.ts"
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

const remote = ["store", "server"] as const
const local = ["journal", "deviceKeys", "heads", "catalogs"] as const

/** All calls of these ports, counted together from one. */
function counted(
    ports: Ports,
    names: readonly (keyof Ports)[],
    around: (n: number, call: () => Promise<unknown>, name: string) => Promise<unknown>,
): { ports: Ports; calls: () => number } {
    let calls = 0
    const changed = names.map((port) => [
        port,
        interposed(ports[port], (method, call) => around(++calls, call, `${port}.${method}`)),
    ])
    return { ports: { ...ports, ...Object.fromEntries(changed) }, calls: () => calls }
}

// ---------------------------------------------------------------- the end of a tab

class TabClosed extends Error {}

/** The tab closes at the n-th call: before it is made, or after it was made and before its answer was heard. */
export function closingAt(ports: Ports, n: number, when: "before" | "after"): { ports: Ports; calls: () => number } {
    return counted(ports, [...remote, ...local], async (call, work) => {
        if (call > n || (call === n && when === "before")) throw new TabClosed()
        const answer = await work()
        if (call >= n) throw new TabClosed()
        return answer
    })
}

export interface Dying {
    readonly ports: Ports
    readonly calls: () => number
    /** Resolves when it is dead. */
    readonly died: Promise<"died">
}

/**
 * The process is gone at its n-th call: before it was made, or when it was made and nobody hears its answer any more.
 *
 * Nothing goes on after that: calls never come back, so that not even a `finally` runs. Only what the browser takes back by
 * itself is given back, the claims.
 */
export function dyingAt(ports: Ports, n: number, when: "before" | "after"): Dying {
    const releases: (() => void)[] = []
    let die: () => void = () => undefined
    const died = new Promise<"died">((resolve) => {
        die = () => {
            for (const release of releases) release()
            resolve("died")
        }
    })
    const never = new Promise<never>(() => undefined)
    let dead = false
    const dying = counted(ports, [...remote, ...local], async (at, call) => {
        if (dead) return await never
        if (at < n) {
            const answer = await call()
            return dead ? await never : answer
        }
        dead = true
        if (when === "after") await call().catch(() => undefined)
        die()
        return await never
    })
    const { journal } = dying.ports
    const claim: typeof journal.claim = async (importId) => {
        const release = await journal.claim(importId)
        if (release !== null) releases.push(release)
        return release
    }
    const claiming = new Proxy(journal, {
        get: (target, name) => (name === "claim" ? claim : Reflect.get(target, name)),
    })
    return { ports: { ...dying.ports, journal: claiming }, calls: dying.calls, died }
}

// ---------------------------------------------------------------- what a tab survives

/** From the n-th call to the server on, so many of them fail: the question is lost, or the answer. */
export function losingAt(ports: Ports, n: number, many: number, when: "before" | "after"): Ports {
    return counted(ports, remote, async (at, call) => {
        if (at < n || at >= n + many) return await call()
        if (when === "after") await call()
        throw new NetworkError()
    }).ports
}

/** From the n-th call to the server on, it wants to know who that is. */
export function signedOutAt(ports: Ports, n: number): Ports {
    return counted(ports, remote, async (at, call) => {
        if (at < n) return await call()
        throw new EngineError("session-expired")
    }).ports
}

/** From the n-th call to the server on, it has no room for what is announced. */
export function withoutRoomAt(ports: Ports, n: number): Ports {
    return counted(ports, remote, async (at, call, name) => {
        if (at < n || name !== "store.begin") return await call()
        throw new OverQuotaError(1)
    }).ports
}

/** From the n-th call to this device's memory on, it has no room for anything; what is a cache does without. */
export function fullAt(ports: Ports, n: number): Ports {
    return counted(ports, local, async (at, call, name) => {
        if (at < n || !/\.(write|keepHandle)$/.test(name)) return await call()
        if (name !== "catalogs.write") throw new EngineError("storage-full")
        return undefined
    }).ports
}

/** How many calls of each sort there are. */
export function countedCalls(ports: Ports): { ports: Ports; remote: () => number; local: () => number } {
    const there = counted(ports, remote, (_, call) => call())
    const here = counted(there.ports, local, (_, call) => call())
    return { ports: here.ports, remote: there.calls, local: here.calls }
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

// ---------------------------------------------------------------- lies

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
