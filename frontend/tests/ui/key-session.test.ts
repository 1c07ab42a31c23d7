/** Changing the key step by step: nothing is changed before the sheet was proven, and what failed can be tried again. */

import { describe, expect, test } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import type { PasskeyBook } from "../../src/engine/page-ports.ts"
import type { Engine, LibraryState, PasskeyWay, ResealOutcome } from "../../src/engine/protocol.ts"
import { KeySession } from "../../src/ui/key-session.ts"

const sheet = { code: "1".repeat(64), made: "2026-11-23T18:00:00Z" }
const state = (resealing: number): LibraryState => ({
    kind: "unlocked",
    staysUnlocked: true,
    recoveryProven: null,
    checked: null,
    drill: { asked: null, done: null },
    sequence: 9,
    headCode: "0a1b2c3d",
    resealing,
})
const phone: PasskeyWay = {
    slot: "a".repeat(32),
    credential: "cGhvbmU",
    label: "Phone",
    created: "2026-11-23T18:00:00Z",
}
const touched = async () => ({ kind: "touched", touch: { credential: "cGhvbmU", key: {} as CryptoKey } }) as const

function sessionWith(parts: Partial<Engine> = {}, book: Partial<PasskeyBook> = {}) {
    const asked: string[] = []
    const noted =
        <Args extends readonly unknown[], Answer>(name: string, answer: (...args: Args) => Promise<Answer>) =>
        (...args: Args) => {
            asked.push(name)
            return answer(...args)
        }
    const engine = {
        prepareKeyChange: noted("prepare", parts.prepareKeyChange ?? (async () => sheet)),
        takePasskeyAlong: noted("take", parts.takePasskeyAlong ?? (async () => ({ kind: "opened", state: state(0) }))),
        changeKey: noted("change", parts.changeKey ?? (async () => state(0))),
        reseal: noted("reseal", parts.reseal ?? (async () => ({ kind: "done" }))),
        stopReseal: noted("stop", parts.stopReseal ?? (async () => undefined)),
    } satisfies Partial<Engine>
    let refreshed = 0
    const passkeys = { supported: () => true, touch: touched, ...book }
    const session = new KeySession(
        engine,
        passkeys,
        () => undefined,
        async () => {
            refreshed++
        },
    )
    return { session, asked, refreshed: () => refreshed }
}

describe("changing the key", () => {
    test("asks the sheet back, and changes nothing before that was right", async () => {
        const { session, asked, refreshed } = sessionWith()
        await session.begin([])
        expect([session.change, session.steps]).toEqual([{ kind: "sheet", sheet }, 2])
        session.ask(sheet, 7)
        await session.answer(false)
        expect(session.change).toEqual({ kind: "ask", sheet, group: 7, wrong: true })
        session.sheet(sheet)
        session.ask(sheet, 3)
        expect(asked).toEqual(["prepare"])
        await session.answer(true)
        expect(session.change).toEqual({ kind: "changed" })
        expect([asked, refreshed()]).toEqual([["prepare", "change"], 1])
    })

    test("asks about passkeys where there are any, one touch each", async () => {
        const { session, asked } = sessionWith()
        await session.begin([phone])
        expect(session.steps).toBe(3)
        session.ask(sheet, 1)
        await session.answer(true)
        expect(session.change).toMatchObject({ kind: "passkeys", taken: [], touching: null })
        await session.take(phone)
        expect(session.change).toMatchObject({ taken: [phone.slot], touching: null, trouble: null })
        await session.finish()
        expect(asked).toEqual(["prepare", "take", "change"])
    })

    test.each([
        {
            name: "a touch that is broken off",
            book: { touch: async () => ({ kind: "cancelled" }) as const },
            parts: {},
            why: "failed",
        },
        { name: "a touch that fails", book: { touch: () => Promise.reject(new Error()) }, parts: {}, why: "failed" },
        {
            name: "another passkey",
            book: {},
            parts: { takePasskeyAlong: async () => ({ kind: "not-this-one" }) as const },
            why: "not-this-one",
        },
    ])("says what went wrong: $name", async ({ book, parts, why }) => {
        const { session } = sessionWith(parts, book)
        await session.begin([phone])
        session.ask(sheet, 1)
        await session.answer(true)
        await session.take(phone)
        expect(session.change).toMatchObject({ kind: "passkeys", taken: [], trouble: { slot: phone.slot, why } })
    })

    test("does not ask about passkeys where the browser knows none", async () => {
        const { session } = sessionWith({}, { supported: () => false })
        await session.begin([phone])
        session.ask(sheet, 1)
        await session.answer(true)
        expect(session.change).toEqual({ kind: "changed" })
    })

    test("can be tried again when it failed", async () => {
        let lost = true
        const changeKey = async () => {
            if (lost) throw new EngineError("network")
            return state(0)
        }
        const { session } = sessionWith({ changeKey })
        await session.begin([])
        session.ask(sheet, 1)
        await session.answer(true)
        expect(session.change).toEqual({ kind: "failed", code: "network" })
        lost = false
        await session.finish()
        expect(session.change).toEqual({ kind: "changed" })
        session.clear()
        expect(session.change).toEqual({ kind: "explain", trouble: null })
    })

    test("tells when not even a key could be made", async () => {
        const { session } = sessionWith({ prepareKeyChange: () => Promise.reject(new EngineError("key-changed")) })
        await session.begin([])
        expect(session.change).toEqual({ kind: "explain", trouble: "key-changed" })
    })
})

describe("sealing anew", () => {
    test("begins by itself when there is something to be sealed anew", async () => {
        let end: (outcome: ResealOutcome) => void = () => undefined
        const reseal: Engine["reseal"] = (tell) => {
            tell({ left: 2, done: 5, total: 10, network: "fine" })
            return new Promise((resolve) => {
                end = resolve
            })
        }
        const { session, refreshed } = sessionWith({ changeKey: async () => state(2), reseal })
        await session.begin([])
        session.ask(sheet, 1)
        await session.answer(true)
        expect(session.reseal).toMatchObject({ kind: "running", progress: { done: 5, total: 10 }, stopping: false })
        await session.pause()
        expect(session.reseal).toMatchObject({ kind: "running", stopping: true })
        session.clear()
        expect(session.reseal.kind).toBe("running")
        end({ kind: "stopped" })
        await expect.poll(() => session.reseal).toEqual({ kind: "idle" })
        await expect.poll(refreshed).toBe(2)
    })

    test.each<ResealOutcome>([
        { kind: "done" },
        { kind: "over-quota", missing: 7 },
        { kind: "failed", code: "missing" },
    ])("shows how it ended: $kind", async (outcome) => {
        const { session } = sessionWith({ reseal: async () => outcome })
        await session.goOn()
        expect(session.reseal).toEqual(outcome)
        session.clear()
        expect(session.reseal).toEqual({ kind: "idle" })
    })

    test("that is refused at once says so", async () => {
        const { session } = sessionWith({ reseal: () => Promise.reject(new EngineError("import-running")) })
        await session.goOn()
        expect(session.reseal).toEqual({ kind: "failed", code: "import-running" })
    })
})
