/**
 * Programs by chance on two devices: adding, deleting, renaming, dying at any call, both at once, the server's collection.
 *
 * Beside them runs a model that knows which exports are in the library. A step that died may have happened or not; then the
 * library is asked once, and has to stay with its answer.
 */

import fc from "fast-check"
import { expect, test } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { codeOf } from "../../src/engine/errors.ts"
import type { Engine } from "../../src/engine/protocol.ts"
import { chatExport } from "../support/exports.ts"
import { fingerprint, leftOver, takeInventory } from "../support/inventory.ts"
import { dyingAt, interposed } from "../support/mishaps.ts"
import { addExport, aliceAtHome, type Desk, makeDesk, quickClock } from "../support/people.ts"

/** A few exports that overlap in every way. */
const exports = [
    chatExport({ to: 60, photos: { 5: 30_000 }, name: "0" }),
    chatExport({ to: 60, photos: { 5: 30_000, 7: 20_000 }, modified: 1, name: "1" }),
    chatExport({ from: 20, to: 90, photos: { 25: 10_000 }, modified: 2, name: "2" }),
    chatExport({ to: 60, photos: { 7: 20_000 }, modified: 3, name: "3" }),
]
const contents = await Promise.all(exports.map(fingerprint))

// ---------------------------------------------------------------- what a person does

/** One click. Further operations that change a library are further lines here, in `does` and in `expected`. */
type Deed =
    | { readonly kind: "add"; readonly file: number }
    | { readonly kind: "delete"; readonly file: number }
    | { readonly kind: "rename"; readonly name: string }
    | { readonly kind: "give-up" }

const file = fc.nat(exports.length - 1)
const deed: fc.Arbitrary<Deed> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("add" as const), file }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), file }) },
    fc.record({ kind: fc.constant("rename" as const), name: fc.constantFrom("Ben", "Benni", "B.") }),
    fc.record({ kind: fc.constant("give-up" as const) }),
)

async function does(engine: Engine, deed: Deed): Promise<void> {
    switch (deed.kind) {
        case "add": {
            const outcome = await addExport(engine, exports[deed.file] as File)
            if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome))
            return
        }
        case "delete":
            for (const { imports } of await engine.chats())
                for (const { importId, fileName } of imports)
                    if (fileName === String(deed.file)) await engine.deleteImport(importId)
            return
        case "rename":
            for (const { conversation } of (await engine.chats()).slice(0, 1))
                await engine.renameChat(conversation, deed.name).catch(unlessGone)
            return
        case "give-up":
            for (const { importId } of await engine.pendingImports()) await engine.discardPending(importId)
            return
    }
}

/** What was listed a moment ago, the other device may have deleted: being told so is the right answer. */
function unlessGone(error: unknown): void {
    if (codeOf(error) !== "unknown-conversation") throw error
}

/** What the library holds after it. */
function expected(before: ReadonlySet<number>, deed: Deed): ReadonlySet<number> {
    if (deed.kind === "add") return new Set([...before, deed.file])
    if (deed.kind === "delete") return new Set([...before].filter((one) => one !== deed.file))
    return before
}

// ---------------------------------------------------------------- what happens meanwhile

type Step =
    | { readonly kind: "does"; readonly device: number; readonly deed: Deed }
    | {
          readonly kind: "dies"
          readonly device: number
          readonly deed: Deed
          readonly at: number
          readonly after: boolean
      }
    | { readonly kind: "both"; readonly deeds: readonly [Deed, Deed]; readonly turns: readonly boolean[] }
    | { readonly kind: "reload"; readonly device: number }
    | { readonly kind: "collect" }

const device = fc.nat(1)
const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("does" as const), device, deed }) },
    {
        weight: 3,
        arbitrary: fc.record({
            kind: fc.constant("dies" as const),
            device,
            deed,
            at: fc.integer({ min: 1, max: 60 }),
            after: fc.boolean(),
        }),
    },
    {
        weight: 2,
        arbitrary: fc.record({
            kind: fc.constant("both" as const),
            deeds: fc.tuple(deed, deed),
            turns: fc.array(fc.boolean(), { minLength: 5, maxLength: 40 }),
        }),
    },
    fc.record({ kind: fc.constant("reload" as const), device }),
    fc.constant({ kind: "collect" as const }),
)

/** Lets one of two devices through to the server at a time, as the list of turns says; who has nothing to ask is passed over. */
class Turnstile {
    readonly #waiting: [(() => void)[], (() => void)[]] = [[], []]
    readonly #turns: boolean[]
    #moving = false

    constructor(turns: readonly boolean[]) {
        this.#turns = [...turns]
    }

    desk(desk: Desk, side: 0 | 1): Desk["ports"] {
        const around = async (_: string, call: () => Promise<unknown>): Promise<unknown> => {
            await new Promise<void>((resolve) => {
                this.#waiting[side].push(resolve)
                this.#move()
            })
            return await call()
        }
        const { server, store } = desk.ports
        return { ...desk.ports, server: interposed(server, around), store: interposed(store, around) }
    }

    #move(): void {
        if (this.#moving) return
        this.#moving = true
        setImmediate(() => {
            this.#moving = false
            const side = this.#turns.shift() === true ? 1 : 0
            const next = this.#waiting[side].shift() ?? this.#waiting[1 - side]?.shift()
            next?.()
            if (this.#waiting.some(({ length }) => length > 0)) this.#move()
        })
    }
}

class World {
    readonly #desks: readonly [Desk, Desk]
    readonly #engines: [Engine, Engine]
    readonly #alice: { readonly server: MemoryServer; readonly code: string }
    #held: ReadonlySet<number> = new Set()

    private constructor(desks: readonly [Desk, Desk], engines: [Engine, Engine], code: string) {
        this.#desks = desks
        this.#engines = engines
        this.#alice = { server: desks[0].server, code }
    }

    static async make(): Promise<World> {
        const alice = await aliceAtHome(new MemoryServer())
        const elsewhere = makeDesk(alice.server)
        const engine = createEngine(elsewhere.ports)
        await engine.unlock(alice.code, { stay: true })
        return new World([alice, elsewhere], [alice.engine, engine], alice.code)
    }

    async take(step: Step): Promise<void> {
        switch (step.kind) {
            case "does":
                await does(this.#engineOf(step.device), step.deed)
                this.#held = expected(this.#held, step.deed)
                return
            case "dies": {
                const { ports, died } = dyingAt(this.#desk(step.device).ports, step.at, step.after ? "after" : "before")
                const end = await Promise.race([died, does(createEngine(ports), step.deed)])
                const done = expected(this.#held, step.deed)
                await this.#isNow(end === "died" ? [this.#held, done] : [done])
                return
            }
            case "both": {
                const turnstile = new Turnstile(step.turns)
                const [one, other] = step.deeds
                const engines = this.#desks.map((desk, side) =>
                    createEngine({ ...turnstile.desk(desk, side as 0 | 1), clock: quickClock() }),
                )
                await Promise.all(step.deeds.map((deed, side) => does(engines[side] as Engine, deed)))
                const orders = [expected(expected(this.#held, one), other), expected(expected(this.#held, other), one)]
                await this.#isNow(orders)
                return
            }
            case "reload":
                this.#engines[step.device] = createEngine({ ...this.#desk(step.device).ports, clock: quickClock() })
                return
            case "collect":
                this.#alice.server.collect()
                return
        }
    }

    /** Everything comes back as it was given, and after the time of grace nothing lies beside it. */
    async end(): Promise<void> {
        for (const engine of this.#engines) await does(engine, { kind: "give-up" })
        const files = await takeInventory(this.#alice)
        for (const { name, content } of files) expect(content).toBe(contents[Number(name)])
        await this.#isNow([this.#held])
        expect(await leftOver(this.#alice)).toBe(0)
    }

    /** What both devices list, each export once: one of these. */
    async #isNow(possible: readonly ReadonlySet<number>[]): Promise<void> {
        const lists = await Promise.all(
            this.#engines.map(async (engine) =>
                (await engine.chats()).flatMap(({ imports }) => imports).map(({ fileName }) => Number(fileName)),
            ),
        )
        for (const list of lists) {
            const sorted = list.toSorted()
            expect(possible.map((one) => [...one].toSorted())).toContainEqual(sorted)
            expect(sorted).toEqual(lists[0]?.toSorted())
        }
        this.#held = new Set(lists[0])
    }

    #desk(device: number): Desk {
        return this.#desks[device === 0 ? 0 : 1]
    }

    #engineOf(device: number): Engine {
        return this.#engines[device === 0 ? 0 : 1]
    }
}

test("whatever two devices do, and wherever they die: the library holds what was done, whole and once", async () => {
    await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
            const world = await World.make()
            for (const one of steps) await world.take(one)
            await world.end()
        }),
        { numRuns: 60 },
    )
})
