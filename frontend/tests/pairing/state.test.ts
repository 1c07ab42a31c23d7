import fc from "fast-check"
import { describe, expect, expectTypeOf, test } from "vitest"
import type { PairingEnd as Shown } from "../../src/engine/protocol.ts"
import {
    begin,
    isOver,
    next,
    type PairingEnd,
    type PairingEvent,
    type PairingRole,
    type PairingState,
} from "../../src/pairing/state.ts"

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
const opened: PairingEvent = { kind: "opened", shown: "12345678", until: "2026-11-23T18:02:00Z" }
const agreed: PairingEvent = { kind: "agreed", compare: "000042", device: "Firefox" }
const joined: PairingEvent = { kind: "joined", device: "Firefox" }
const [checked, yes, no]: PairingEvent[] = [
    { kind: "checked" },
    { kind: "answered", yes: true },
    { kind: "answered", yes: false },
]
const [given, letter, accepted, told] = (["given", "letter", "accepted", "told"] as const).map(
    (kind): PairingEvent => ({ kind }),
)
const event = (one: PairingEvent | undefined) => one ?? expect.unreachable()

const ways: readonly [PairingRole, readonly PairingEvent[], readonly PairingState["kind"][]][] = [
    [
        "new-by-picture",
        [opened, letter, accepted, told].map(event),
        ["opening", "showing", "unwrapping", "telling", "done"],
    ],
    [
        "new-by-code",
        [joined, agreed, letter, accepted, told].map(event),
        ["joining", "trying", "comparing", "unwrapping", "telling", "done"],
    ],
    [
        "old-by-picture",
        [joined, checked, yes, given, told].map(event),
        ["joining", "checking", "confirming", "giving", "waiting", "done"],
    ],
    [
        "old-by-code",
        [opened, agreed, yes, given, told].map(event),
        ["opening", "offering", "confirming", "giving", "waiting", "done"],
    ],
]

const roles = fc.constantFrom(...ways.map(([role]) => role))
const events = fc.constantFrom(
    ...[opened, agreed, joined, checked, yes, no, given, letter, accepted, told].map(event),
    ...ends.map((why): PairingEvent => ({ kind: "ended", why })),
)

/** Every state on the way, the first one included. */
function walk(role: PairingRole, path: readonly PairingEvent[]): PairingState[] {
    const states = [begin(role)]
    for (const one of path) states.push(next(states.at(-1) ?? expect.unreachable(), one))
    return states
}

test.each(ways)("%s goes its way from step to step", (role, path, kinds) => {
    expect(walk(role, path).map(({ kind }) => kind)).toEqual(kinds)
})

describe("whatever happens in whatever order", () => {
    const long = fc.array(events, { maxLength: 30 })

    test("nothing is given before the key was checked or the code agreed on, and the person then said yes", () => {
        fc.assert(
            fc.property(roles, long, (role, path) => {
                const states = walk(role, path)
                const at = states.findIndex(({ kind }) => kind === "giving")
                if (at === -1) return
                expect(role).toMatch(/^old/)
                expect(states[at - 1]?.kind).toBe("confirming")
                expect(path[at - 1]).toEqual(yes)
                const [unproven, proof] = role === "old-by-code" ? ["offering", "agreed"] : ["checking", "checked"]
                const proven = states.findLastIndex(({ kind }) => kind === unproven)
                expect(path[proven]?.kind).toBe(proof)
                expect(states[proven + 1]?.kind).toBe("confirming")
            }),
            { numRuns: 3_000, examples: ways.map(([role, path]) => [role, [...path]]) },
        )
    })

    test("a new device is done only after a gift was accepted, an old one only after it gave", () => {
        fc.assert(
            fc.property(roles, long, (role, path) => {
                const states = walk(role, path)
                if (states.at(-1)?.kind !== "done") return
                const must = role.startsWith("new") ? "telling" : "waiting"
                expect(states.map(({ kind }) => kind)).toContain(must)
            }),
            { numRuns: 3_000, examples: ways.map(([role, path]) => [role, [...path]]) },
        )
    })

    test("an end is an end, the role stays, and what does not belong changes nothing", () => {
        fc.assert(
            fc.property(roles, long, (role, path) => {
                const states = walk(role, path)
                for (const [index, state] of states.entries()) {
                    expect(state.role).toBe(role)
                    if (isOver(state)) for (const later of states.slice(index)) expect(later).toBe(state)
                }
            }),
        )
    })
})

describe("an end", () => {
    test.each(ways)("of any kind stops %s at every step", (role, path) => {
        for (const why of ends)
            for (let steps = 0; steps < path.length; steps++) {
                const state = walk(role, path.slice(0, steps)).at(-1) ?? expect.unreachable()
                const after = next(state, { kind: "ended", why })
                // A device that is unlocked is unlocked, whether the other one hears of it or not.
                expect(after).toEqual(state.kind === "telling" ? { kind: "done", role } : { kind: "ended", role, why })
            }
    })

    test("is what a no leads to", () => {
        const asked = walk("old-by-picture", [joined, event(checked)]).at(-1) ?? expect.unreachable()
        expect(asked).toMatchObject({ kind: "confirming", device: "Firefox", compare: null })
        expect(next(asked, event(no))).toEqual({ kind: "ended", role: "old-by-picture", why: "declined" })
    })
})

// The compiler is what fails here.
test("the page is told in the words of the protocol", () => {
    expectTypeOf<PairingEnd>().toEqualTypeOf<Shown>()
})
