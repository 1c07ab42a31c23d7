import { expect, test } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import type { JudgedImport, KeepState } from "../../src/engine/protocol.ts"
import type { KeepReason, RetentionRule } from "../../src/engine/retention.ts"
import { RetentionSession, type RetentionState } from "../../src/ui/retention-session.ts"

const newest: KeepReason = { kind: "newest" }
const onlyHere: KeepReason = { kind: "only-here", messages: 412, notices: 0, files: 3 }
const nothingLost = { messages: 0, notices: 0, files: 0 }

function judged(importId: string, ...reasons: readonly KeepReason[]): JudgedImport {
    const none = { first: null, last: null }
    return {
        importId,
        added: "2026-11-23T18:00:00Z",
        fileName: importId,
        size: 1,
        messages: 1,
        media: 0,
        ...none,
        reasons,
    }
}

/** An engine that says what the test says, and notes what it was asked to do. */
function engineOf(...imports: readonly JudgedImport[]) {
    const engine = {
        imports: [...imports],
        rules: [] as (RetentionRule | null)[],
        deleted: [] as { goes: readonly string[]; staying: readonly string[] }[],
        refuses: null as EngineError | null,
        judge: async (): Promise<KeepState> => ({
            rule: { kind: "some", last: 1, months: 0, years: 0 },
            chats: [{ conversation: "c", name: "Ben", reader: "whatsapp", rule: null, imports: engine.imports }],
        }),
        setRule: async (_: string | null, rule: RetentionRule | null) => {
            engine.rules.push(rule)
        },
        weigh: async (ids: readonly string[]) => ({ freed: 1_000 * ids.length, lost: nothingLost }),
        deleteImports: async (goes: readonly string[], staying: readonly string[]) => {
            if (engine.refuses !== null) throw engine.refuses
            engine.deleted.push({ goes, staying })
            engine.imports = engine.imports.filter(({ importId }) => !goes.includes(importId))
        },
    }
    return engine
}

async function opened(engine: ReturnType<typeof engineOf>) {
    const states: RetentionState[] = []
    const session = new RetentionSession(engine, null, "UTC", (state) => states.push(state))
    await session.read()
    const now = () => {
        const state = states.at(-1)
        if (state?.kind !== "open" && state?.kind !== "deleting") throw new Error(state?.kind)
        return state
    }
    return { session, now, states, chosen: () => [...now().chosen] }
}

test("what is proposed is ticked, what alone holds something is not", async () => {
    const { now, chosen } = await opened(engineOf(judged("new", newest), judged("old"), judged("rare", onlyHere)))
    expect(chosen()).toEqual(["old"])
    expect(now().weighed).toEqual({ freed: 1_000, lost: nothingLost })
})

test("what was unticked stays unticked when the list is read anew", async () => {
    const { session, chosen } = await opened(engineOf(judged("new", newest), judged("old"), judged("older")))
    await session.tick("old", false)
    expect(chosen()).toEqual(["older"])
    await session.read()
    expect(chosen()).toEqual(["older"])
})

test("a new rule begins with its own proposal", async () => {
    const engine = engineOf(judged("new", newest), judged("old"))
    const { session, now, chosen } = await opened(engine)
    await session.tick("old", false)
    await session.setRule({ kind: "all" })
    expect(engine.rules).toEqual([{ kind: "all" }])
    expect(chosen()).toEqual(["old"])
    expect(now().said).toEqual({ kind: "saved" })
    expect(engine.deleted).toEqual([])
    await session.read()
    expect(now().said).toEqual({ kind: "saved" })
    await session.tick("old", false)
    expect(now().said).toBeNull()
})

test("what was asked about goes, and the engine is told what was to stay", async () => {
    const engine = engineOf(judged("new", newest), judged("old"), judged("rare", onlyHere))
    const { session, now, chosen } = await opened(engine)
    await session.delete(now().chosen)
    expect(engine.deleted).toEqual([{ goes: ["old"], staying: ["new", "rare"] }])
    expect(now().said).toEqual({ kind: "deleted", count: 1, freed: 1_000 })
    expect(chosen()).toEqual([])
})

test("nothing is deleted but what was asked about", async () => {
    const engine = engineOf(judged("new", newest), judged("old"), judged("older"))
    const { session, now } = await opened(engine)
    const asked = now().chosen
    await session.tick("older", false)
    await session.delete(asked)
    expect(engine.deleted).toEqual([])
    expect(now().said).toEqual({ kind: "trouble", code: "library-changed" })
})

test("a refusal is said, and everything is still there", async () => {
    const engine = engineOf(judged("new", newest), judged("old"))
    engine.refuses = new EngineError("network")
    const { session, now, chosen, states } = await opened(engine)
    await session.delete(now().chosen)
    expect(states.some(({ kind }) => kind === "deleting")).toBe(true)
    expect(now().said).toEqual({ kind: "trouble", code: "network" })
    expect(chosen()).toEqual(["old"])
})

test("when nothing can be compared, that is said", async () => {
    const states: RetentionState[] = []
    const engine = { ...engineOf(), judge: () => Promise.reject(new EngineError("missing")) }
    await new RetentionSession(engine, null, "UTC", (state) => states.push(state)).read()
    expect(states).toEqual([{ kind: "refused", code: "missing" }])
})
