import { beforeAll, describe, expect, test } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { NetworkError } from "../../src/engine/errors.ts"
import type { Commit, Ports, StoredObject } from "../../src/engine/ports.ts"
import type { ImportProgress } from "../../src/engine/protocol.ts"
import { chatExport, zipContents } from "../support/exports.ts"
import { dyingAt, interposed, losingEvery } from "../support/mishaps.ts"
import { addExport, aliceAtHome, choicesFor, quickClock, reloaded, saveOriginal } from "../support/people.ts"

/** Two packs, one of them full. */
const smallFile = chatExport({ photos: { 5: 8_500_000, 9: 3_000_000 } })

/** Three packs and a bit. */
const file = chatExport({ to: 500, photos: { 5: 9_000_000, 9: 9_000_000, 11: 8_000_000 } })

/** What the store confirmed, and what commits asked for. */
interface Witness {
    readonly confirmed: Set<string>
    readonly begun: string[]
    readonly commits: Commit[]
}

function witnessed(ports: Ports): { ports: Ports; witness: Witness } {
    const witness: Witness = { confirmed: new Set(), begun: [], commits: [] }
    const store = interposed(ports.store, async (name, call, args) => {
        const answer = await call()
        if (name === "finish")
            for (const { id, state } of answer as readonly StoredObject[])
                if (state === "stored") witness.confirmed.add(id)
        if (name === "put") witness.begun.push((args[0] as { readonly id: string }).id)
        return answer
    })
    const server = interposed(ports.server, async (name, call, args) => {
        const answer = await call()
        if (name === "commit") witness.commits.push(args[0] as Commit)
        return answer
    })
    return { ports: { ...ports, store, server }, witness }
}

async function callsOfAnImport(): Promise<number> {
    const alice = await aliceAtHome()
    const { ports, calls } = dyingAt(alice.ports, Number.POSITIVE_INFINITY, "before")
    await addExport(createEngine(ports), smallFile)
    return calls()
}

describe("a tab that closes anywhere goes on where it stopped", () => {
    let calls = 0
    let contents: unknown
    beforeAll(async () => {
        calls = await callsOfAnImport()
        contents = await zipContents(smallFile)
    })

    test.each(["before", "after"] as const)("%s any call", { timeout: 240_000 }, async (when) => {
        expect(calls).toBeGreaterThan(30)
        for (let n = 1; n <= calls; n++) {
            const alice = await aliceAtHome()
            const first = witnessed(alice.ports)
            const { ports, died } = dyingAt(first.ports, n, when)
            const cutOff = await Promise.race([died, addExport(createEngine(ports), smallFile)])
            // Packs that go out side by side make the number of calls differ by a few.
            if (cutOff !== "died") {
                expect(n).toBeGreaterThan(calls - 5)
                break
            }

            const second = witnessed(alice.ports)
            const engine = createEngine({ ...second.ports, clock: quickClock() })
            await engine.state()
            const outcome = await addExport(engine, smallFile)
            expect(outcome.kind, `call ${n}`).toBe("done")
            expect(await engine.pendingImports()).toEqual([])

            // Nothing that was confirmed is sent again.
            for (const id of second.witness.begun) expect(first.witness.confirmed.has(id), `call ${n}`).toBe(false)
            const packs = first.witness.begun.filter((id) => first.witness.confirmed.has(id))
            const commits = [...first.witness.commits, ...second.witness.commits].filter(({ add }) => add.length > 0)
            expect(commits, `call ${n}`).toHaveLength(1)
            const needed = new Set(commits[0]?.add.flatMap(({ objects }) => objects))
            const sealedBefore = first.witness.commits.length > 0 ? [] : packs.slice(0, 2)
            for (const id of sealedBefore) expect(needed.has(id), `call ${n}`).toBe(true)

            const chats = await engine.chats()
            expect(chats.flatMap(({ imports }) => imports)).toHaveLength(1)
            if (n % 10 !== 0 || outcome.kind !== "done") continue
            const saved = await saveOriginal(engine, outcome.importId)
            expect(await zipContents(saved)).toEqual(contents)
        }
    })
})

describe("a network that fails is waited for", () => {
    test.each(["before", "after"] as const)("whether it loses every question or every answer: %s", async (when) => {
        const alice = await aliceAtHome()
        const small = chatExport()
        const engine = createEngine(losingEvery(alice.ports, when))
        const told: ImportProgress[] = []
        const outcome = await addExport(engine, small, {}, (progress) => told.push(progress))
        expect(outcome.kind).toBe("done")
        expect(new Set(told.map(({ network }) => network))).toEqual(new Set(["fine", "waiting"]))
        expect(told.at(-1)?.network).toBe("fine")
        const saved = await saveOriginal(engine, outcome.kind === "done" ? outcome.importId : "")
        expect(await zipContents(saved)).toEqual(await zipContents(small))
    })

    test("longer and longer, and until it is there again", async () => {
        const alice = await aliceAtHome()
        let failures = 0
        const store = interposed(alice.ports.store, async (name, call) => {
            if (name === "put" && failures++ < 12) throw new NetworkError()
            return await call()
        })
        alice.clock.waits.length = 0
        const engine = createEngine({ ...alice.ports, store })
        await engine.state()
        expect((await addExport(engine, chatExport())).kind).toBe("done")
        expect(alice.clock.waits[0]).toBe(500)
        expect(Math.max(...alice.clock.waits)).toBe(15_000)
    })
})

test("an import that was stopped is offered again, with what it had sent", async () => {
    const alice = await aliceAtHome()
    const preview = await alice.engine.inspect(file)
    const outcome = await alice.engine.startImport(choicesFor(preview, { title: "Benni" }), ({ sent }) => {
        if (sent > 0) void alice.engine.stopImport()
    })
    expect(outcome).toEqual({ kind: "stopped" })

    const engine = reloaded(alice)
    await engine.state()
    const [pending] = await engine.pendingImports()
    expect(pending).toMatchObject({ title: "Benni", fileName: file.name, size: file.size, hasHandle: false })
    expect(pending?.sentBytes).toBeGreaterThan(8_000_000)
    const again = await engine.inspect(file)
    expect(again.resumes).toEqual(pending)
    const told: ImportProgress[] = []
    const done = await engine.startImport(choicesFor(again), (progress) => told.push(progress))
    expect(done).toMatchObject({ kind: "done", alreadyThere: 0 })
    expect(told.find(({ phase, sent }) => phase === "sending" && sent > 0)?.sent).toBeGreaterThanOrEqual(
        pending?.sentBytes ?? 0,
    )
})

test("an import that is given up gives its room back", async () => {
    const alice = await aliceAtHome()
    const before = await alice.engine.quota()
    const preview = await alice.engine.inspect(file)
    await alice.engine.startImport(choicesFor(preview), ({ sent }) => {
        if (sent > 0) void alice.engine.stopImport()
    })
    const [pending] = await alice.engine.pendingImports()
    await alice.engine.discardPending(pending?.importId ?? "")
    expect(await alice.engine.pendingImports()).toEqual([])
    const after = await alice.engine.quota()
    expect(after.used - before.used).toBe(0)
})

test("packs that the server has collected in the meantime are sent again", async () => {
    const alice = await aliceAtHome()
    const preview = await alice.engine.inspect(file)
    await alice.engine.startImport(choicesFor(preview), ({ sent }) => {
        if (sent > 0) void alice.engine.stopImport()
    })
    alice.server.collect()
    expect((await addExport(alice.engine, file)).kind).toBe("done")
})

describe("room", () => {
    test("that is missing is told before the first byte, and how much it is", async () => {
        const enough = await aliceAtHome()
        await addExport(enough.engine, chatExport())
        const { used } = await enough.engine.quota()

        const alice = await aliceAtHome(new MemoryServer(used - 1))
        const { ports, witness } = witnessed(alice.ports)
        const engine = createEngine(ports)
        await engine.state()
        expect(await addExport(engine, chatExport())).toEqual({ kind: "over-quota", missing: 1 })
        expect(witness.begun).toEqual([])
        expect(await engine.quota()).toMatchObject({ used: 0, reserved: 0 })

        const fitting = await aliceAtHome(new MemoryServer(used))
        expect((await addExport(fitting.engine, chatExport())).kind).toBe("done")
    })

    test("is not asked for what is there already", async () => {
        const enough = await aliceAtHome()
        await addExport(enough.engine, chatExport({ photos: { 5: 4_000_000 } }))
        const { used } = await enough.engine.quota()
        const alice = await aliceAtHome(new MemoryServer(used + 400_000))
        await addExport(alice.engine, chatExport({ photos: { 5: 4_000_000 } }))
        const more = chatExport({ photos: { 5: 4_000_000, 9: 100_000 }, modified: 1 })
        expect((await addExport(alice.engine, more)).kind).toBe("done")
    })

    test("that is filled from elsewhere in the middle: what was sent stays", async () => {
        const alice = await aliceAtHome(new MemoryServer(60_000_000))
        const store = interposed(alice.ports.store, async (name, call, args) => {
            const answer = await call()
            if (name === "begin" && !filled) {
                filled = true
                const facts = { id: "f".repeat(32), kind: "pack", size: 40_000_000, sha256: "0".repeat(64) } as const
                await alice.ports.store.begin([facts], args[1] as AbortSignal)
            }
            return answer
        })
        let filled = false
        const engine = createEngine({ ...alice.ports, store })
        await engine.state()
        const outcome = await addExport(engine, file)
        if (outcome.kind !== "over-quota") throw new Error(outcome.kind)
        expect(outcome.missing).toBeGreaterThan(0)
        const [pending] = await engine.pendingImports()
        expect(pending?.sentBytes).toBeGreaterThan(0)
    })
})

test("an import that runs in another tab is not begun here", async () => {
    const alice = await aliceAtHome()
    const other = reloaded(alice)
    await other.state()
    const preview = await alice.engine.inspect(file)
    let second: Promise<unknown> | null = null
    const first = await alice.engine.startImport(choicesFor(preview), ({ phase }) => {
        if (phase === "sending") second ??= addExport(other, file)
    })
    expect(first.kind).toBe("done")
    expect(await second).toEqual({ kind: "failed", code: "import-running" })
    expect(await other.pendingImports()).toEqual([])
    expect((await alice.engine.chats()).flatMap(({ imports }) => imports)).toHaveLength(1)
})
