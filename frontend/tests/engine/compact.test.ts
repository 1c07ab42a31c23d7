/** Packs that are mostly dead are given up, what is needed of them moves, and nothing is lost or sent in vain on the way. */

import { describe, expect, test } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { OverQuotaError } from "../../src/engine/errors.ts"
import type { Announcement, Ports } from "../../src/engine/ports.ts"
import type { Engine, TidyProgress } from "../../src/engine/protocol.ts"
import { chatExport, zipContents } from "../support/exports.ts"
import { closingAt, interposed } from "../support/mishaps.ts"
import { addExport, aliceAtHome, makeDesk, quickClock, reloaded, saveOriginal } from "../support/people.ts"

const nothing = (): void => undefined
const none = { frees: 0, sends: 0 }

const photos = (...numbers: readonly number[]): Record<number, number> =>
    Object.fromEntries(numbers.map((number) => [number, 200_000]))
const large = chatExport({ to: 60, photos: photos(1, 2, 3, 4, 5, 6, 7, 8) })
const small = chatExport({ to: 60, photos: photos(3), modified: 1 })
const other = chatExport({ to: 70, photos: photos(3, 5), modified: 2 })

/** The large export, and smaller ones that need some of its pack; then the large one is deleted and collected. */
async function withDeadPack(kept: readonly File[]) {
    const server = new MemoryServer()
    const alice = await aliceAtHome(server)
    for (const file of [large, ...kept]) expect(await addExport(alice.engine, file)).toMatchObject({ kind: "done" })
    const imports = (await alice.engine.chats()).flatMap((chat) => chat.imports)
    const largest = imports.toSorted((one, other) => other.size - one.size)[0]
    await alice.engine.deleteImport(largest?.importId ?? "")
    server.collect()
    return alice
}

async function contents(engine: Engine): Promise<readonly string[]> {
    const saved: string[] = []
    for (const { importId } of (await engine.chats()).flatMap((chat) => chat.imports))
        saved.push(JSON.stringify(await zipContents(await saveOriginal(engine, importId))))
    return saved.toSorted()
}

async function expected(files: readonly File[]): Promise<readonly string[]> {
    return (await Promise.all(files.map(zipContents))).map((one) => JSON.stringify(one)).toSorted()
}

function same(one: readonly string[], wanted: readonly string[]): boolean {
    return one.length === wanted.length && one.every((text, index) => text === wanted[index])
}

/** Bytes of packs that were announced. */
function counting(ports: Ports): { readonly ports: Ports; readonly sent: () => number } {
    const packs = new Map<string, number>()
    const store = interposed(ports.store, async (name, call, args) => {
        if (name === "begin") for (const { id, size } of args[0] as readonly Announcement[]) packs.set(id, size)
        return await call()
    })
    return { ports: { ...ports, store }, sent: () => [...packs.values()].reduce((sum, size) => sum + size, 0) }
}

describe("tidying up", () => {
    test("frees what it said, sends what it said, and everything comes back", async () => {
        const alice = await withDeadPack([small])
        const counted = counting(alice.ports)
        const engine = createEngine({ ...counted.ports, clock: quickClock() })
        const plan = await engine.tidyPlan()
        expect(plan.frees).toBeGreaterThan(1_050_000)
        expect(plan.sends).toBeLessThan(plan.frees)
        const before = (await engine.quota()).used
        const told: TidyProgress[] = []
        expect(await engine.tidy((progress) => told.push(progress))).toEqual({ kind: "done" })
        expect(told).toEqual([{ done: 0, total: 1 }])
        const after = (await engine.quota()).used
        expect(Math.abs(before - after - plan.frees)).toBeLessThan(0.1 * plan.frees)
        expect(counted.sent()).toBeLessThan(1.1 * plan.sends)
        expect(same(await contents(engine), await expected([small]))).toBe(true)
        expect(await engine.tidyPlan()).toEqual(none)
        expect(await engine.pendingImports()).toEqual([])
        alice.server.collect()
        const phone = createEngine(makeDesk(alice.server).ports)
        await phone.unlock(alice.code, { stay: false })
        expect(same(await contents(phone), await expected([small]))).toBe(true)
    })

    test("sends once what several imports need", async () => {
        const alice = await withDeadPack([small, other])
        const counted = counting(alice.ports)
        const engine = createEngine({ ...counted.ports, clock: quickClock() })
        const plan = await engine.tidyPlan()
        const before = (await engine.quota()).used
        expect(await engine.tidy(nothing)).toEqual({ kind: "done" })
        expect(counted.sent()).toBeLessThan(1.15 * plan.sends)
        expect((await engine.quota()).used).toBeLessThan(before - 0.9 * plan.frees)
        expect(same(await contents(engine), await expected([small, other]))).toBe(true)
    })

    test("is not proposed where it is not worth it", async () => {
        const alice = await aliceAtHome()
        expect(await alice.engine.tidyPlan()).toEqual(none)
        await addExport(alice.engine, large)
        await addExport(alice.engine, small)
        expect(await alice.engine.tidyPlan()).toEqual(none)
        expect(await alice.engine.tidy(nothing)).toEqual({ kind: "done" })
        const most = await withDeadPack([chatExport({ to: 60, photos: photos(1, 2, 3, 4, 5, 6), modified: 1 })])
        expect(await most.engine.tidyPlan()).toEqual(none)
    })

    test("an export that is added afterwards still finds what is there", async () => {
        const alice = await withDeadPack([small])
        await alice.engine.tidy(nothing)
        const outcome = await addExport(alice.engine, other)
        expect(outcome.kind === "done" && outcome.alreadyThere).toBeGreaterThanOrEqual(200_000)
        expect(same(await contents(reloaded(alice)), await expected([small, other]))).toBe(true)
    })

    test("says when there is not room enough for the moment in between", async () => {
        const alice = await withDeadPack([small])
        const full = interposed(alice.ports.store, async (name, call) => {
            if (name !== "begin") return await call()
            throw new OverQuotaError(5)
        })
        const engine = createEngine({ ...alice.ports, store: full, clock: quickClock() })
        expect(await engine.tidy(nothing)).toEqual({ kind: "over-quota", missing: 5 })
        expect(same(await contents(engine), await expected([small]))).toBe(true)
    })

    test.each(["before", "after"] as const)("cut off %s any call, it goes on", { timeout: 120_000 }, async (when) => {
        const measured = await withDeadPack([small])
        const all = closingAt(measured.ports, Number.POSITIVE_INFINITY, "before")
        const whole = createEngine(all.ports)
        await whole.tidy(nothing)
        expect(all.calls()).toBeGreaterThan(20)
        const wanted = await expected([small])
        for (let n = when === "before" ? 2 : 4; n <= all.calls(); n += 9) {
            const alice = await withDeadPack([small])
            const closing = createEngine(closingAt(alice.ports, n, when).ports)
            await closing.tidy(nothing).catch(() => undefined)
            const engine = createEngine({ ...alice.ports, clock: quickClock() })
            expect(same(await contents(engine), wanted), `call ${n}`).toBe(true)
            expect(await engine.tidy(nothing), `call ${n}`).toEqual({ kind: "done" })
            expect(await engine.tidyPlan(), `call ${n}`).toEqual(none)
            alice.server.collect()
            expect(same(await contents(engine), wanted), `call ${n}`).toBe(true)
        }
    })
})
