/** While two devices are paired, each step is shown on each side, and every end leads somewhere. */

import fc from "fast-check"
import { expect, test } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import type { Engine, PairingEnd, PairingOutcome, PairingStep } from "../../src/engine/protocol.ts"
import { minutes, secondsLeft } from "../../src/ui/countdown.ts"
import { PairingSession, type PairingState, shortCode } from "../../src/ui/pairing-session.ts"
import { givingEnd, receivingEnd } from "../../src/ui/pairing-words.ts"
import { texts } from "../../src/ui/text.ts"

const until = "2026-06-01T10:02:00Z"
const done: PairingOutcome = { kind: "done", state: { kind: "locked" } }
const picture: PairingStep = { kind: "show-picture", payload: "p", until }
const code: PairingStep = { kind: "show-code", code: "12345678", until }
const compare: PairingStep = { kind: "compare", compare: "012345" }
const confirm: PairingStep = { kind: "confirm", device: "Firefox", compare: null }
const waiting: PairingStep = { kind: "waiting" }

/** A session over an engine that goes through these steps; `finish` ends the run. */
function pairing(steps: readonly PairingStep[]) {
    const seen: PairingState[] = []
    const calls: string[] = []
    const ends: { resolve: (outcome: PairingOutcome) => void; reject: (error: unknown) => void }[] = []
    const run = (name: string, hear: (step: PairingStep) => void) => {
        calls.push(name)
        for (const step of steps) hear(step)
        return new Promise<PairingOutcome>((resolve, reject) => void ends.push({ resolve, reject }))
    }
    const engine: Pick<
        Engine,
        "receiveByPicture" | "receiveByCode" | "giveByPicture" | "giveByCode" | "answerPairing" | "stopPairing"
    > = {
        receiveByPicture: ({ stay }, hear) => run(`receive picture ${stay}`, hear),
        receiveByCode: (digits, { stay }, hear) => run(`receive ${digits} ${stay}`, hear),
        giveByPicture: (payload, hear) => run(`give ${payload}`, hear),
        giveByCode: (hear) => run("give code", hear),
        answerPairing: async (yes) => void calls.push(`answer ${yes}`),
        stopPairing: async () => void calls.push("stop"),
    }
    const session = new PairingSession(engine, (state) => seen.push(state))
    return { session, seen, calls, ends, kinds: () => seen.map(({ kind }) => kind), last: () => seen.at(-1) }
}

test("the new device shows its picture, then that it was scanned, then that it is open", async () => {
    const { session, ends, kinds, calls } = pairing([waiting, picture, waiting])
    const received = session.showPicture(true)
    ends[0]?.resolve(done)
    expect(await received).toBe(true)
    expect(kinds()).toEqual(["opening", "opening", "picture", "waiting", "done"])
    expect(calls).toEqual(["receive picture true"])
})

test("digits to be compared stay until it is over", async () => {
    const { session, ends, kinds } = pairing([waiting, compare, waiting])
    const received = session.receiveByCode("12345678", false)
    expect(kinds().at(-1)).toBe("compare")
    ends[0]?.resolve(done)
    expect(await received).toBe(true)
})

test("the old device asks before it gives, and only the answer sends it on", async () => {
    const { session, ends, kinds, calls, last } = pairing([waiting, confirm])
    session.openCamera()
    const given = session.giveByPicture("scanned")
    expect(last()).toEqual(confirm)
    expect(calls).toEqual(["give scanned"])
    await session.answer(true)
    ends[0]?.resolve(done)
    await given
    expect(kinds().slice(-3)).toEqual(["confirm", "giving", "done"])
    expect(calls.at(-1)).toBe("answer true")
})

test("the old device shows its code until the new one has come", async () => {
    const { session, last } = pairing([code])
    void session.giveByCode()
    expect(last()).toEqual({ kind: "code", code: "12345678", until })
})

test("who says no is told so on this device", async () => {
    const { session, ends, last } = pairing([waiting, confirm])
    const given = session.giveByPicture("scanned")
    await session.answer(false)
    ends[0]?.resolve({ kind: "ended", why: "declined" })
    expect(await given).toBe(false)
    expect(last()).toEqual({ kind: "ended", why: "declined", way: "picture", answeredNo: true })
})

test("what was stopped says nothing more, and the engine is told once", async () => {
    const { session, ends, calls, last } = pairing([picture])
    const received = session.showPicture(false)
    await session.stop()
    ends[0]?.resolve({ kind: "ended", why: "stopped" })
    await received
    await session.stop()
    expect(last()).toEqual({ kind: "choose" })
    expect(calls.filter((call) => call === "stop")).toHaveLength(1)
})

test("a run that is over is not stopped", async () => {
    const { session, ends, calls } = pairing([picture])
    const received = session.showPicture(false)
    ends[0]?.resolve(done)
    await received
    await session.stop()
    expect(calls).not.toContain("stop")
})

test("a refusal of the engine is told by its code", async () => {
    const { session, ends, last } = pairing([])
    const received = session.receiveByCode("12345678", false)
    ends[0]?.reject(new EngineError("network"))
    expect(await received).toBe(false)
    expect(last()).toEqual({ kind: "refused", code: "network", way: "code" })
})

const ends: readonly PairingEnd[] = [
    "expired",
    "stopped",
    "declined",
    "wrong-code",
    "nobody",
    "not-a-picture",
    "taken",
    "tampered",
    "network",
]

test.each(["de", "en"] as const)("every end has its own words on each side: %s", (language) => {
    const received = ends.map((why) => receivingEnd(texts[language], why))
    const given = ends.map((why) => givingEnd(texts[language], why, why === "declined"))
    expect(new Set(received).size).toBe(ends.length)
    expect(new Set(given).size).toBe(ends.length)
    for (const words of [...received, ...given]) expect(words.length).toBeGreaterThan(20)
})

test("eight digits are read however they are grouped", () => {
    const gap = fc.constantFrom("", " ", "-", " – ", ".", "\u00a0")
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 })
    fc.assert(
        fc.property(digits, fc.array(gap, { minLength: 8, maxLength: 8 }), (eight, gaps) => {
            const typed = eight.map((digit, index) => `${digit}${gaps[index]}`).join("")
            expect(shortCode(typed)).toBe(eight.join(""))
        }),
    )
})

test.each(["", "1234567", "123456789", "1234567x", "l2345678"])("%j is no code", (typed) => {
    expect(shortCode(typed)).toBeNull()
})

test("the countdown ends at nothing and says seconds in two digits", () => {
    expect(secondsLeft(until, Date.parse(until) - 61_000)).toBe(61)
    expect(secondsLeft(until, Date.parse(until) + 5_000)).toBe(0)
    expect(minutes(61)).toBe("1:01")
})
