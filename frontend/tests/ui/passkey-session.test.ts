/** A passkey opens the library only after a second touch has proven it, and every other end is told. */

import { expect, test } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import type { AddedPasskey, SignInPasskey, TouchOutcome } from "../../src/engine/page-ports.ts"
import type { Engine, PasskeyOutcome, Ways } from "../../src/engine/protocol.ts"
import { listedPasskeys } from "../../src/ui/passkey-list.ts"
import { PasskeySession, type PasskeyState } from "../../src/ui/passkey-session.ts"
import { june, passkeyWay, someWays, touchOf } from "./some-ways.ts"

const opened: PasskeyOutcome = { kind: "opened", state: { kind: "locked" } }
const touched: TouchOutcome = { kind: "touched", touch: touchOf("c") }

interface Given {
    readonly added?: AddedPasskey
    readonly touches?: readonly TouchOutcome[]
    readonly proven?: PasskeyOutcome
    readonly refused?: EngineError
}

/** A session over an engine and an authenticator that do what the test says; `calls` is what they were asked for. */
function adding({ added, touches = [], proven = opened, refused }: Given) {
    const seen: PasskeyState[] = []
    const calls: string[] = []
    const known: Ways[] = []
    const waiting = [...touches]
    const withSlot = someWays({ passkeys: [passkeyWay("c")] })
    const engine: Pick<Engine, "addPasskey" | "provePasskey" | "removePasskey" | "ways"> = {
        addPasskey: async (touch, label) => {
            calls.push(`seal ${touch.credential} ${label}`)
            if (refused) throw refused
            return withSlot
        },
        provePasskey: async (touch) => {
            calls.push(`prove ${touch.credential}`)
            return proven
        },
        removePasskey: async (slot) => {
            calls.push(`remove ${slot}`)
            return someWays()
        },
        ways: async () => withSlot,
    }
    const book = {
        add: async () => added ?? ({ kind: "failed" } as const),
        touch: async (credentials: readonly string[]) => {
            calls.push(`touch ${credentials.join()}`)
            return waiting.shift() ?? ({ kind: "failed" } as const)
        },
    }
    const session = new PasskeySession(
        engine,
        book,
        (state) => seen.push(state),
        (ways) => known.push(ways),
    )
    const last = () => seen.at(-1)
    const as = <Kind extends PasskeyState["kind"]>(kind: Kind) => {
        const state = last()
        if (state?.kind !== kind) throw new TypeError(`shown is ${state?.kind}`)
        return state as Extract<PasskeyState, { kind: Kind }>
    }
    return { session, seen, calls, known, last, as }
}

const made = (parts: Partial<Extract<AddedPasskey, { kind: "added" }>> = {}): AddedPasskey => ({
    kind: "added",
    credential: "c",
    prf: true,
    touch: touchOf("c"),
    ...parts,
})

test("an output given while it was made is sealed under at once, and proven by a second touch", async () => {
    const { session, calls, as, last, known } = adding({ added: made(), touches: [touched] })
    await session.make("Phone")
    expect(last()).toMatchObject({ kind: "testing", touching: false })
    expect(calls).toEqual(["seal c Phone"])
    await session.test(as("testing"))
    expect(calls).toEqual(["seal c Phone", "touch c", "prove c"])
    expect(last()).toEqual({ kind: "opens" })
    expect(known.at(-1)?.passkeys).toHaveLength(1)
})

test("without one, a touch is asked for by a button first", async () => {
    const { session, calls, as, last } = adding({ added: made({ touch: null }), touches: [touched, touched] })
    await session.make("Phone")
    expect(last()).toMatchObject({ kind: "sealing", added: true, touching: false })
    expect(calls).toEqual([])
    await session.seal(as("sealing"))
    await session.test(as("testing"))
    expect(calls).toEqual(["touch c", "seal c Phone", "touch c", "prove c"])
    expect(last()).toEqual({ kind: "opens" })
})

test("an authenticator that has no output is told honestly, and nothing is sealed", async () => {
    const { session, calls, last } = adding({ added: made({ prf: false, touch: null }) })
    await session.make("Old key")
    expect(last()).toEqual({ kind: "no-output" })
    expect(calls).toEqual([])
})

test("a passkey that signs in already is sealed under and proven the same way", async () => {
    const { session, calls, as, last } = adding({ touches: [touched, touched] })
    session.use("c", "Phone")
    await session.seal(as("sealing"))
    await session.test(as("testing"))
    expect(calls).toEqual(["touch c", "seal c Phone", "touch c", "prove c"])
    expect(last()).toEqual({ kind: "opens" })
})

test("another output at the trial is not relied on", async () => {
    const { session, as, last } = adding({ added: made(), touches: [touched], proven: { kind: "not-this-one" } })
    await session.make("Phone")
    await session.test(as("testing"))
    expect(last()).toEqual({ kind: "failed-test" })
})

test("no output at the trial takes the slot away again", async () => {
    const { session, calls, as, last, known } = adding({ added: made(), touches: [{ kind: "no-output" }] })
    await session.make("Phone")
    await session.test(as("testing"))
    expect(last()).toEqual({ kind: "failed-test" })
    expect(calls.at(-1)).toBe(`remove ${"a".repeat(32)}`)
    expect(known.at(-1)?.passkeys).toEqual([])
})

test.each(["cancelled", "unsupported", "failed"] as const)(
    "%s while it is made leads back to the name",
    async (kind) => {
        const { session, last } = adding({ added: { kind } })
        await session.make("Phone")
        expect(last()).toEqual({ kind: "naming", trouble: kind })
    },
)

test.each(["cancelled", "failed"] as const)("%s at the trial can be tried again", async (kind) => {
    const { session, as, last } = adding({ added: made(), touches: [{ kind }, touched] })
    await session.make("Phone")
    await session.test(as("testing"))
    expect(last()).toMatchObject({ kind: "testing", touching: false, trouble: kind })
    await session.test(as("testing"))
    expect(last()).toEqual({ kind: "opens" })
})

test("who gives up the trial keeps no slot that was never proven", async () => {
    const { session, calls } = adding({ added: made() })
    await session.make("Phone")
    await session.giveUp("c")
    expect(calls.at(-1)).toBe(`remove ${"a".repeat(32)}`)
})

test("a long ago sign-in leads to the address that confirms it", async () => {
    const { session, last } = adding({ added: { kind: "reauthenticate", url: "/accounts/reauthenticate/" } })
    await session.make("Phone")
    expect(last()).toEqual({ kind: "reauthenticate", url: "/accounts/reauthenticate/" })
})

test("a refusal of the engine is told by its code", async () => {
    const { session, last } = adding({ added: made(), refused: new EngineError("network") })
    await session.make("Phone")
    expect(last()).toEqual({ kind: "refused", code: "network" })
})

const signIn = (id: number, credential: string): SignInPasskey => ({
    id,
    credential,
    name: `No ${id}`,
    created: june,
    lastUsed: null,
})

test("the list joins what signs in to what opens, and hides neither", () => {
    const listed = listedPasskeys([signIn(1, "c"), signIn(2, "d")], [passkeyWay("c"), passkeyWay("gone")])
    expect(listed.map(({ credential, signIn: id, slot }) => [credential, id, slot !== null])).toEqual([
        ["c", 1, true],
        ["d", 2, false],
        ["gone", null, true],
    ])
})
