/** A check as the page shows it: one at a time, stopped and gone on with, also after a reload. */

import { describe, expect, test } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import type { CheckProgress, CheckReport, CheckRequest, Engine } from "../../src/engine/protocol.ts"
import { percentNoticed } from "../../src/ui/check-report.ts"
import { CheckSession, type CheckState } from "../../src/ui/check-session.ts"

const report = { damage: [] } as unknown as CheckReport
const everything = { conversation: null, everything: true, secondOpinion: false }

function makeStorage(): Storage {
    const kept = new Map<string, string>()
    return {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => kept.set(key, value),
        removeItem: (key: string) => kept.delete(key),
    } as unknown as Storage
}

/** An engine that tells `reached` and then ends as it is told to. */
function desk(end: () => Promise<CheckReport>, reached: readonly (string | null)[] = [], storage = makeStorage()) {
    const asked: CheckRequest[] = []
    const shown: CheckState["kind"][] = []
    let now = 1_000_000
    const engine = {
        checkBackup: async (request: CheckRequest, tell: (progress: CheckProgress) => void) => {
            asked.push(request)
            for (const from of reached) tell({ from } as CheckProgress)
            return await end()
        },
        stopCheck: async () => undefined,
    } as unknown as Engine
    const session = new CheckSession(
        engine,
        ({ kind }) => shown.push(kind),
        storage,
        () => now,
    )
    return { session, asked, shown, storage, later: (milliseconds: number) => (now += milliseconds) }
}

const stopped = () => Promise.reject(new EngineError("stopped"))

test("runs and ends", async () => {
    const { session, shown, asked } = desk(async () => report)
    await session.start(everything, false)
    expect(shown).toEqual(["running", "done"])
    expect(asked).toEqual([{ ...everything, from: null }])
    session.clear()
    expect(shown.at(-1)).toBe("idle")
})

test("a refusal has its code", async () => {
    const { session, shown } = desk(() => Promise.reject(new EngineError("session-expired")))
    await session.start(everything, false)
    expect(shown).toEqual(["running", "refused"])
})

test("one at a time", async () => {
    const { session, asked } = desk(() => new Promise(() => undefined))
    void session.start(everything, false)
    await session.start(everything, false)
    expect(asked.length).toBe(1)
    session.clear()
    await session.stop()
})

describe("a check of everything that was stopped", () => {
    test("goes on from where it was, also in another page", async () => {
        const first = desk(stopped, [null, "mark.one", "mark.two"])
        await first.session.start(everything, false)
        expect(first.shown.at(-1)).toBe("stopped")
        const second = desk(async () => report, [], first.storage)
        expect(second.session.reached).toBe("mark.two")
        await second.session.start(everything, true)
        expect(second.asked).toEqual([{ ...everything, from: "mark.two" }])
        expect(second.session.reached).toBeNull()
    })

    test("begins anew when that is asked for", async () => {
        const { session, asked } = desk(stopped, ["mark.one"])
        await session.start(everything, false)
        await session.start(everything, false)
        expect(asked.map(({ from }) => from)).toEqual([null, null])
    })

    test("is forgotten after a week, however often it was gone on with", async () => {
        const { session, later } = desk(stopped, ["mark.one"])
        await session.start(everything, false)
        later(6 * 86_400_000)
        await session.start(everything, true)
        expect(session.reached).toBe("mark.one")
        later(2 * 86_400_000)
        expect(session.reached).toBeNull()
    })

    test("has nothing to do with a sample, or with one chat", async () => {
        const { session } = desk(stopped, ["mark.one"])
        await session.start({ ...everything, everything: false }, false)
        await session.start({ ...everything, conversation: "a".repeat(32) }, true)
        expect(session.reached).toBeNull()
    })
})

test.each([
    [100, 99, 99],
    [1_000, 368, 99],
    [1_000, 200, 89],
    [80_000, 79_999, 99],
])("of %i pieces, %i read: %i of 100", (pieces, read, percent) => {
    expect(percentNoticed(pieces, read)).toBe(percent)
})
