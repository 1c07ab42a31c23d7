/** "Still know it?" is asked seldom, one thing at a time, and remembers nothing but when to ask again. */

import { expect, test } from "vitest"
import { safetyOf } from "../../src/ui/safety.ts"
import { askedNow, rememberAnswered, rememberSkipped } from "../../src/ui/still-know.ts"
import { erasedPassword, june, passkeyWay, setPassword, someWays } from "./some-ways.ts"

const day = 24 * 60 * 60 * 1000
const at = (days: number) => Date.parse(june) + days * day

function memory() {
    const kept = new Map<string, string>()
    return {
        kept,
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => void kept.set(key, value),
    }
}

const both = someWays({ password: setPassword() })

test("a password is asked for after thirty days, a code after sixty", () => {
    expect(askedNow(both, at(30), memory())).toBeNull()
    expect(askedNow(both, at(30) + 1, memory())).toBe("password")
    expect(askedNow(someWays(), at(60), memory())).toBeNull()
    expect(askedNow(someWays(), at(60) + 1, memory())).toBe("recovery-code")
})

test("of two that are due, one is asked for", () => {
    expect(askedNow(both, at(90), memory())).toBe("password")
})

test("a password that was never tried counts from when it was set", () => {
    const password = { ...setPassword(), proven: null }
    expect(askedNow(someWays({ password }), at(31), memory())).toBe("password")
})

test("nobody is asked to spend one of the last guesses", () => {
    expect(askedNow(someWays({ password: setPassword(3) }), at(31), memory())).toBeNull()
    expect(askedNow(someWays({ password: setPassword(4) }), at(31), memory())).toBe("password")
})

test("a code that was never typed back is left to its banner", () => {
    expect(askedNow(someWays({ recoveryCode: { proven: null } }), at(400), memory())).toBeNull()
})

test("after an answer there is a week of quiet, after a skip two", () => {
    const answered = memory()
    rememberAnswered(at(90), answered)
    expect(askedNow(both, at(97) - 1, answered)).toBeNull()
    expect(askedNow(both, at(97), answered)).toBe("password")
    const skipped = memory()
    rememberSkipped(at(90), skipped)
    expect(askedNow(both, at(104) - 1, skipped)).toBeNull()
    expect(askedNow(both, at(104), skipped)).toBe("password")
})

test("only a time is remembered", () => {
    const storage = memory()
    rememberSkipped(at(90), storage)
    rememberAnswered(at(91), storage)
    expect([...storage.kept.values()]).toEqual([String(at(98))])
})

test("what is remembered but cannot be read keeps nobody from being asked", () => {
    const storage = memory()
    storage.setItem("still-know-quiet-until", "later")
    expect(askedNow(both, at(90), storage)).toBe("password")
})

test("the card says first what would lose the chats first", () => {
    const now = at(1)
    expect(safetyOf(someWays({ recoveryCode: { proven: null }, password: setPassword() }), now).kind).toBe("unproven")
    expect(safetyOf(someWays({ password: erasedPassword }), now).kind).toBe("erased")
    expect(safetyOf(someWays(), now).kind).toBe("one-way")
    expect(safetyOf(someWays({ password: setPassword() }), at(61)).kind).toBe("stale")
    expect(safetyOf(someWays({ password: setPassword() }), now)).toEqual({ kind: "safe", ways: 2 })
    const three = someWays({ password: setPassword(), passkeys: [passkeyWay("a"), passkeyWay("b")] })
    expect(safetyOf(three, now)).toEqual({ kind: "safe", ways: 3 })
})
