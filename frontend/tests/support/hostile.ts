/**
 * A server that lies: every answer of its two ports can come changed, cut off, exchanged, from the past, not at all, late, or
 * invented; it can refuse without a cause, and say that it did what it did not do.
 *
 * Answers keep the shapes that the adapters let through: what has another shape is refused there (`adapters/answers.ts`).
 */

import fc from "fast-check"
import { EngineError, HeadMovedError, NetworkError, NotStoredError, OverQuotaError } from "../../src/engine/errors.ts"
import type { Announcement, LibraryServer, ObjectStore, Ports, Ticket } from "../../src/engine/ports.ts"
import { interposed } from "./mishaps.ts"

type Methods<Port> = Exclude<keyof Port & string, "watch">
export type Method = `server.${Methods<LibraryServer>}` | `store.${Methods<ObjectStore>}`

const methods = [
    "server.account",
    "server.keyring",
    "server.head",
    "server.headAt",
    "server.commit",
    "store.begin",
    "store.put",
    "store.finish",
    "store.get",
    "store.abandon",
] as const satisfies readonly Method[]

const tricks = ["flip", "truncate", "swap", "replay", "drop", "delay", "invent", "refuse", "pretend"] as const

export interface Lie {
    readonly method: Method
    readonly trick: (typeof tricks)[number]
    /** How many calls of the method come before, and how many are lied to. */
    readonly after: number
    readonly many: number
    readonly seed: number
}

/** Lies about the methods that these operations call; most of a script hits something. */
export function lies(about: readonly Method[] = methods): fc.Arbitrary<readonly Lie[]> {
    const lie = fc.record({
        method: fc.constantFrom(...about),
        trick: fc.constantFrom(...tricks),
        after: fc.nat(4),
        many: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
        seed: fc.nat(1_000_000),
    })
    return fc.array(lie, { minLength: 1, maxLength: 3 })
}

interface Told {
    readonly args: readonly unknown[]
    readonly answer: unknown
}

export class HostileServer {
    readonly ports: Ports
    /** Whether a lie was told, and of which sort. */
    readonly told = new Set<`${Method} ${Lie["trick"]}`>()
    readonly #past = new Map<Method, Told[]>()
    readonly #calls = new Map<Method, number>()
    readonly #lies: readonly Lie[]
    readonly #honest: Ports
    readonly #foreign: Ports
    readonly #announced = new Map<string, Announcement>()
    #rest: readonly Lie[] | null = null

    /** `foreign` is somebody else's library, to take answers from. */
    constructor(honest: Ports, foreign: Ports, lies: readonly Lie[]) {
        this.#honest = honest
        this.#foreign = foreign
        this.#lies = lies
        this.ports = {
            ...honest,
            server: interposed(honest.server, (name, call, args) =>
                this.#answer(`server.${name}` as Method, call, args),
            ),
            store: interposed(honest.store, (name, call, args) => this.#answer(`store.${name}` as Method, call, args)),
        }
    }

    /** From now on it is honest. */
    repent(): void {
        this.#rest = []
    }

    async #answer(method: Method, call: () => Promise<unknown>, args: readonly unknown[]): Promise<unknown> {
        if (method === "store.begin")
            for (const facts of args[0] as readonly Announcement[]) this.#announced.set(facts.id, facts)
        const n = this.#calls.get(method) ?? 0
        this.#calls.set(method, n + 1)
        const lie = (this.#rest ?? this.#lies).find(
            (one) => one.method === method && n >= one.after && n < one.after + one.many,
        )
        if (lie === undefined) return await this.#honestly(method, call, args)
        this.told.add(`${method} ${lie.trick}`)
        return await this.#lie(lie, call, args)
    }

    async #honestly(method: Method, call: () => Promise<unknown>, args: readonly unknown[]): Promise<unknown> {
        const answer = await call()
        const past = this.#past.get(method) ?? []
        this.#past.set(method, [...past, { args, answer }])
        return answer
    }

    async #lie({ method, trick, seed }: Lie, call: () => Promise<unknown>, args: readonly unknown[]): Promise<unknown> {
        const honest = () => this.#honestly(method, call, args)
        switch (trick) {
            case "flip":
                return altered(await honest(), seed, flipped)
            case "truncate":
                return altered(await honest(), seed, shortened)
            case "invent":
                return altered(await honest(), seed, invented)
            case "drop":
                return seed % 3 > 0 && emptied.has(method)
                    ? emptied.get(method)
                    : await Promise.reject(new NetworkError())
            case "delay": {
                const answer = await honest()
                for (let turns = seed % 30; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
                return answer
            }
            case "refuse":
                if (seed % 2 === 0) await honest().catch(() => undefined)
                throw refusals(seed)[seed % refusals(seed).length]
            case "replay":
                return await this.#fromThePast(method, honest, seed)
            case "swap":
                return await this.#another(method, honest, args, seed)
            case "pretend":
                return this.#pretended(method, args) ?? (await honest())
        }
    }

    async #fromThePast(method: Method, honest: () => Promise<unknown>, seed: number): Promise<unknown> {
        const { signal } = new AbortController()
        if (method === "server.head") {
            const newest = await this.#honest.server.head(signal)
            if (newest === null) return null
            return await this.#honest.server.headAt(1 + (seed % newest.sequence), signal)
        }
        const past = this.#past.get(method) ?? []
        return past.length > 0 ? past[seed % past.length]?.answer : await honest()
    }

    /** An answer to another question of the same sort, or somebody else's to the same. */
    async #another(
        method: Method,
        honest: () => Promise<unknown>,
        args: readonly unknown[],
        seed: number,
    ): Promise<unknown> {
        const own = await honest()
        const others = (this.#past.get(method) ?? []).filter((told) => told.answer !== own)
        const [port, name] = method.split(".") as ["server" | "store", never]
        const asked = this.#foreign[port][name] as (...asked: unknown[]) => Promise<unknown>
        const foreign = asked.apply(this.#foreign[port], [...args]).catch(() => own)
        const answer = seed % 2 === 0 || others.length === 0 ? await foreign : others[seed % others.length]?.answer
        // Of the right length, too: then it is not the length that gives it away.
        const bytes = own instanceof Uint8Array && answer instanceof Uint8Array && seed % 3 > 0
        return bytes ? Uint8Array.from(own, (_, at) => answer[at % Math.max(1, answer.length)] ?? 0) : answer
    }

    /** What it would say if it had done it, and undefined where there is nothing to be done. */
    #pretended(method: Method, args: readonly unknown[]): unknown {
        const [first, second, third] = args
        switch (method) {
            case "store.begin":
                return (first as readonly Announcement[]).map(
                    ({ id }): Ticket => ({ id, state: "stored", method: "PUT", url: id, headers: {}, fallback: null }),
                )
            case "store.finish":
                return (first as readonly string[]).map((id) => ({ ...this.#announced.get(id), id, state: "stored" }))
            case "store.get":
                return new Uint8Array((third as number) - (second as number))
            case "store.put":
            case "store.abandon":
            case "server.commit":
                return null
            default:
                return undefined
        }
    }
}

function refusals(seed: number): readonly Error[] {
    return [
        new NetworkError(),
        new EngineError("missing"),
        new EngineError("server-failed"),
        new EngineError("session-expired"),
        new EngineError("object-differs"),
        new EngineError("wrong-hash"),
        new EngineError("library-exists"),
        new HeadMovedError(seed % 7),
        new NotStoredError(),
        new OverQuotaError(seed % 100_000),
    ]
}

// ---------------------------------------------------------------- answers, changed

type Leaf = Uint8Array | string | number | boolean

/** The answer with one of its leaves exchanged; all of them, if the exchange says so for each. */
function altered(
    answer: unknown,
    seed: number,
    change: (leaf: Leaf | readonly unknown[], seed: number) => unknown,
): unknown {
    const places = placesOf(answer)
    if (places.length === 0) return answer
    const chosen = places[seed % places.length]
    return rebuilt(answer, (at, leaf) => (change === invented || at === chosen ? change(leaf, seed) : leaf))
}

function isLeaf(value: unknown): value is Leaf {
    return value instanceof Uint8Array || ["string", "number", "boolean"].includes(typeof value)
}

function placesOf(value: unknown, at = ""): readonly string[] {
    if (isLeaf(value)) return [at]
    if (typeof value !== "object" || value === null) return []
    const inside = Object.entries(value).flatMap(([name, held]) => placesOf(held, `${at}/${name}`))
    return Array.isArray(value) ? [at, ...inside] : inside
}

function rebuilt(value: unknown, change: (at: string, leaf: Leaf | readonly unknown[]) => unknown, at = ""): unknown {
    if (isLeaf(value)) return change(at, value)
    if (typeof value !== "object" || value === null) return value
    const entries = Object.entries(value).map(([name, held]) => [name, rebuilt(held, change, `${at}/${name}`)] as const)
    return Array.isArray(value)
        ? change(
              at,
              entries.map(([, held]) => held),
          )
        : Object.fromEntries(entries)
}

function flipped(leaf: Leaf | readonly unknown[], seed: number): unknown {
    if (leaf instanceof Uint8Array) {
        const bytes = leaf.slice()
        const at = seed % Math.max(1, bytes.length)
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (seed % 8))
        return bytes
    }
    if (typeof leaf === "string") {
        if (leaf === "stored" || leaf === "expected") return leaf === "stored" ? "expected" : "stored"
        if (!/^[0-9a-f]+$/.test(leaf)) return leaf
        const at = seed % leaf.length
        const digit = (Number.parseInt(leaf[at] ?? "0", 16) + 1 + (seed % 15)) % 16
        return leaf.slice(0, at) + digit.toString(16) + leaf.slice(at + 1)
    }
    if (typeof leaf === "number") return Math.max(0, leaf + (seed % 2 === 0 ? 1 : -1) * (1 + (seed % 3)))
    if (typeof leaf === "boolean") return !leaf
    return leaf.toReversed()
}

function shortened(leaf: Leaf | readonly unknown[], seed: number): unknown {
    if (leaf instanceof Uint8Array || Array.isArray(leaf)) return leaf.slice(0, seed % Math.max(1, leaf.length))
    return typeof leaf === "number" ? Math.floor(leaf / 2) : leaf
}

function invented(leaf: Leaf | readonly unknown[], seed: number): unknown {
    if (leaf instanceof Uint8Array) return Uint8Array.from(leaf, (_, at) => (seed * 31 + at * 17 + (at >> 3)) % 256)
    if (typeof leaf === "string" && /^[0-9a-f]+$/.test(leaf))
        return Array.from(leaf, (_, at) => ((seed >> (at % 20)) % 16).toString(16)).join("")
    return typeof leaf === "number" ? seed : leaf
}

/** The answers that say that there is nothing. */
const emptied: ReadonlyMap<Method, unknown> = new Map<Method, unknown>([
    ["server.keyring", null],
    ["server.head", null],
    ["store.begin", []],
    ["store.finish", []],
    ["store.get", new Uint8Array(0)],
])
