/** A password goes through the page and stays in none of its states; the old one holds whenever setting does not end. */

import { expect, test } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import type { Engine, PasswordStrength, SetPasswordOutcome, Ways } from "../../src/engine/protocol.ts"
import { hintsOf, PasswordSession, type PasswordState } from "../../src/ui/password-session.ts"
import { setPassword, someWays } from "./some-ways.ts"

const typed = "correct horse battery staple"
const weak: PasswordStrength = { score: 1, refused: "weak", advice: ["longer"] }
const good: PasswordStrength = { score: 4, refused: null, advice: [] }

function setting(parts: Partial<Pick<Engine, "passwordStrength" | "setPassword" | "removePassword">>) {
    const seen: PasswordState[] = []
    const known: Ways[] = []
    const session = new PasswordSession(
        {
            passwordStrength: async () => good,
            setPassword: async () => ({ kind: "prove-first" }),
            removePassword: async () => someWays(),
            ...parts,
        },
        ["alice"],
        (state) => seen.push(state),
        (ways) => known.push(ways),
    )
    return { session, seen, known, last: () => seen.at(-1) }
}

test("done is said once it was proven, and the ways are known anew", async () => {
    const ways = someWays({ password: setPassword() })
    const { session, seen, known } = setting({ setPassword: async () => ({ kind: "done", ways }) })
    session.edit()
    await session.set(typed)
    expect(seen.map(({ kind }) => kind)).toEqual(["editing", "working", "closed"])
    expect(seen.at(-1)).toEqual({ kind: "closed", said: "done" })
    expect(known).toEqual([ways])
})

test.each<[string, SetPasswordOutcome, PasswordState]>([
    ["refused", { kind: "refused", strength: weak }, { kind: "editing", strength: weak, trouble: null }],
    ["prove-first", { kind: "prove-first" }, { kind: "prove-first" }],
])("%s changes nothing and says what to do", async (_, outcome, shown) => {
    const { session, known, last } = setting({ setPassword: async () => outcome })
    await session.set(typed)
    expect(last()).toEqual(shown)
    expect(known).toEqual([])
})

test("what goes wrong on the way is told in the form", async () => {
    const { session, last } = setting({ setPassword: () => Promise.reject(new EngineError("network")) })
    await session.set(typed)
    expect(last()).toEqual({ kind: "editing", strength: null, trouble: "network" })
})

test("no state holds what was typed", async () => {
    for (const outcome of ["prove-first", "refused", "done"] as const) {
        const { session, seen } = setting({
            setPassword: async () =>
                outcome === "refused"
                    ? { kind: outcome, strength: weak }
                    : outcome === "done"
                      ? { kind: outcome, ways: someWays() }
                      : { kind: outcome },
        })
        session.edit()
        await session.judge(typed)
        await session.set(typed)
        expect(JSON.stringify(seen)).not.toContain("horse")
    }
})

test("of two judgements the one typed later is told", async () => {
    const answers: ((strength: PasswordStrength) => void)[] = []
    const { session, seen } = setting({
        passwordStrength: () => new Promise((resolve) => void answers.push(resolve)),
    })
    const first = session.judge("a")
    const second = session.judge("ab")
    answers[1]?.(good)
    answers[0]?.(weak)
    await Promise.all([first, second])
    expect(seen).toEqual([{ kind: "editing", strength: good, trouble: null }])
})

test("a judgement that comes after the form was closed opens nothing", async () => {
    const answers: ((strength: PasswordStrength) => void)[] = []
    const { session, last } = setting({
        passwordStrength: () => new Promise((resolve) => void answers.push(resolve)),
    })
    const judging = session.judge("a")
    session.close()
    answers[0]?.(weak)
    await judging
    expect(last()).toEqual({ kind: "closed", said: null })
})

test("nothing typed is not judged, and asked to be set it is said", async () => {
    const { session, last } = setting({ passwordStrength: () => Promise.reject(new Error("asked")) })
    await session.judge("")
    expect(last()).toEqual({ kind: "editing", strength: null, trouble: null })
    session.missing()
    expect(last()).toMatchObject({ strength: { refused: "empty" } })
})

test("removing tells the ways, or why it did not work", async () => {
    const { session, known, last } = setting({})
    await session.remove()
    expect(last()).toEqual({ kind: "closed", said: "removed" })
    expect(known).toHaveLength(1)
    const broken = setting({ removePassword: () => Promise.reject(new EngineError("network")) })
    await broken.session.remove()
    expect(broken.last()).toEqual({ kind: "remove-failed", code: "network" })
})

test("an account's name makes a password weak, whole and without its host", () => {
    expect(hintsOf("alice@example.org")).toEqual(["alice@example.org", "alice"])
    expect(hintsOf("alice")).toEqual(["alice"])
    expect(hintsOf("")).toEqual([])
})
