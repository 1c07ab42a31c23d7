/** A password opens the library through the vault; a wrong one costs a guess; whatever goes wrong leaves what was valid. */

import { beforeAll, describe, expect, test } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import type { Bytes } from "../../src/bytes/bytes.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { NetworkError, VaultRefusedError } from "../../src/engine/errors.ts"
import type { VaultServer } from "../../src/engine/ports.ts"
import { budget, changed, HonestVault } from "../support/honest-vault.ts"
import { type AliceAtHome, aliceAtHome, makeDesk } from "../support/people.ts"
import { answeringWith, breakingAt, noting, vaultThrough } from "../support/vault-lines.ts"

const password = "Zwölf Störche über Jütland"
const other = "ein ganz anderer langer Satz"
const stay = { stay: false }

interface Enrolled {
    readonly alice: AliceAtHome
    readonly vault: HonestVault
}

async function enrolled(): Promise<Enrolled> {
    const vault = new HonestVault()
    const alice = await aliceAtHome(new MemoryServer(), { vault })
    expect(await alice.engine.setPassword(password, [])).toMatchObject({ kind: "done" })
    return { alice, vault }
}

/** Another device of Alice's, locked, that reaches the vault this way. */
const elsewhere = (alice: AliceAtHome, vault: VaultServer) =>
    createEngine(makeDesk(alice.server, undefined, { vault }).ports)

describe("setting it", () => {
    test("is done when it was retrieved once, and another device opens with it", async () => {
        const { alice, vault } = await enrolled()
        expect(await alice.engine.ways()).toMatchObject({
            password: { kind: "set", left: budget, of: budget, proven: expect.stringMatching(/Z$/) },
        })
        const phone = elsewhere(alice, vault)
        expect(await phone.ways()).toMatchObject({
            recoveryCode: { proven: null },
            password: { kind: "set", proven: null },
        })
        const otherKeyboard = password.normalize("NFD")
        expect(await phone.unlockWithPassword(otherKeyboard, stay)).toMatchObject({
            kind: "opened",
            renewed: false,
            state: { kind: "unlocked" },
        })
        expect(vault.left).toBe(budget)
    })

    test("takes another way that was proven first", async () => {
        const { vault, asked } = noting(new HonestVault())
        const alice = await aliceAtHome(new MemoryServer(), { vault }, false)
        expect(await alice.engine.setPassword(password, [])).toEqual({ kind: "prove-first" })
        expect(asked).toEqual([])
        await alice.engine.proveRecoveryCode(alice.code)
        expect(await alice.engine.setPassword(password, [])).toMatchObject({ kind: "done" })
    })

    test.each(["", "12345678", "passwort"])("refuses %j before anything is sent", async (weak) => {
        const { vault, asked } = noting(new HonestVault())
        const alice = await aliceAtHome(new MemoryServer(), { vault })
        expect(await alice.engine.setPassword(weak, [])).toMatchObject({ kind: "refused" })
        expect(asked).toEqual([])
    })

    test("a line that breaks leaves the old one valid, or the new one set and known to be", async () => {
        const { alice, vault } = await enrolled()
        for (const when of ["before", "after"] as const)
            for (let n = 1; n <= 4; n++) {
                const desk = makeDesk(alice.server, alice.device, { vault: breakingAt(vault, n, when) })
                await expect(createEngine(desk.ports).setPassword(other, [])).rejects.toMatchObject({ code: "network" })
                const proven = n === 4 && when === "after"
                const valid = await elsewhere(alice, vault).unlockWithPassword(proven ? other : password, stay)
                expect(valid, `${when} message ${n}`).toMatchObject({ kind: "opened" })
            }
    })

    test("an answer that was lost at the last step is asked for again", async () => {
        const { alice, vault } = await enrolled()
        let lost = false
        const losing = vaultThrough(vault, async (message, ask) => {
            const answer = await ask(message)
            if (message.kind !== "login-finish" || lost) return answer
            lost = true
            throw new NetworkError()
        })
        const desk = makeDesk(alice.server, alice.device, { vault: losing })
        expect(await createEngine(desk.ports).setPassword(other, [])).toMatchObject({ kind: "done" })
        expect(await elsewhere(alice, vault).unlockWithPassword(other, stay)).toMatchObject({ kind: "opened" })
    })

    test("a vault that gives back another slot than it got is found out before it is relied on", async () => {
        const { alice, vault } = await enrolled()
        const lying = answeringWith(vault, "login-finish", (answer) => ({ ...answer, sealed: changed(answer.sealed) }))
        const desk = makeDesk(alice.server, alice.device, { vault: lying })
        await expect(createEngine(desk.ports).setPassword(other, [])).rejects.toMatchObject({ code: "vault-tampered" })
    })

    test("a vault that proves another record than the one sent is found out", async () => {
        const { alice, vault } = await enrolled()
        const lying = answeringWith(vault, "login-begin", (answer) => ({ ...answer, record: "ab".repeat(16) }))
        const desk = makeDesk(alice.server, alice.device, { vault: lying })
        await expect(createEngine(desk.ports).setPassword(other, [])).rejects.toMatchObject({ code: "vault-tampered" })
        expect(await elsewhere(alice, vault).unlockWithPassword(password, stay)).toMatchObject({ kind: "opened" })
    })

    test("can be taken back", async () => {
        const { alice, vault } = await enrolled()
        expect(await alice.engine.removePassword()).toMatchObject({ password: { kind: "none" } })
        expect(await elsewhere(alice, vault).unlockWithPassword(password, stay)).toEqual({ kind: "none" })
    })
})

describe("guesses", () => {
    let enrolledAlice: Enrolled
    beforeAll(async () => {
        enrolledAlice = await enrolled()
    })

    test("a wrong one is told with what is left, a right one restores them", async () => {
        const { alice, vault } = enrolledAlice
        const phone = elsewhere(alice, vault)
        expect(await phone.unlockWithPassword(other, stay)).toEqual({ kind: "wrong-password", left: budget - 1 })
        expect(await alice.engine.provePassword(other)).toEqual({ kind: "wrong-password", left: budget - 2 })
        expect(await phone.state()).toEqual({ kind: "locked" })
        expect(await alice.engine.provePassword(password)).toMatchObject({ kind: "opened", renewed: false })
        expect(vault.left).toBe(budget)
    })

    test("what can be no password costs none", async () => {
        const { alice, vault } = enrolledAlice
        const phone = elsewhere(alice, vault)
        expect(await phone.unlockWithPassword("", stay)).toEqual({ kind: "wrong-password", left: budget })
        expect(vault.left).toBe(budget)
    })

    test("the vault hears nothing of a wrong one but the silence", async () => {
        const { alice, vault } = enrolledAlice
        const { vault: noted, asked } = noting(vault)
        await elsewhere(alice, noted).unlockWithPassword(other, stay)
        expect(asked).toEqual(["state", "login-begin"])
        await alice.engine.provePassword(password)
    })

    test("a changed KE2 is a wrong password, or refused by name, and never a key", async () => {
        const { alice, vault } = enrolledAlice
        for (const at of [0, 40, 100, 200, 319]) {
            const lying = answeringWith(vault, "login-begin", (answer) => ({ ...answer, ke2: changed(answer.ke2, at) }))
            const phone = elsewhere(alice, lying)
            const outcome = await phone.unlockWithPassword(password, stay).catch((error: unknown) => error)
            expect([
                { kind: "wrong-password", left: vault.left },
                expect.objectContaining({ code: "vault-tampered" }),
            ]).toContainEqual(outcome)
            expect(await phone.state()).toEqual({ kind: "locked" })
        }
        await alice.engine.provePassword(password)
    })

    test("a changed slot is not opened", async () => {
        const { alice, vault } = enrolledAlice
        const lying = answeringWith(vault, "login-finish", (answer) => ({ ...answer, sealed: changed(answer.sealed) }))
        const phone = elsewhere(alice, lying)
        await expect(phone.unlockWithPassword(password, stay)).rejects.toMatchObject({ code: "vault-tampered" })
        expect(await phone.state()).toEqual({ kind: "locked" })
    })

    test.each([
        ["memory", [1, 0, 0, 0xff, 0xff, 3, 4]],
        ["passes", [1, 0, 1, 0, 0, 2, 4]],
        ["lanes", [1, 0, 1, 0, 0, 3, 3]],
        ["scheme", [2, 0, 1, 0, 0, 3, 4]],
        ["ceiling", [1, 0, 0x10, 0, 1, 3, 4]],
    ])("parameters beyond the limits are refused before anything is stretched: %s", async (_, written) => {
        const { alice, vault } = enrolledAlice
        const parameters: Bytes = Uint8Array.from(written)
        const { vault: noted, asked } = noting(
            answeringWith(vault, "state", (state) => ({
                ...state,
                record: state.record && { ...state.record, parameters },
            })),
        )
        await expect(elsewhere(alice, noted).unlockWithPassword(password, stay)).rejects.toMatchObject({
            code: "vault-too-weak",
        })
        expect(asked).toEqual(["state"])
        const late = answeringWith(vault, "login-begin", (answer) => ({ ...answer, parameters }))
        const begun = Date.now()
        await expect(elsewhere(alice, late).unlockWithPassword(password, stay)).rejects.toMatchObject({
            code: "vault-too-weak",
        })
        expect(Date.now() - begun).toBeLessThan(2_000)
    })

    test("a line that breaks is told as the network, and unlocks nothing", async () => {
        const { alice, vault } = await enrolled()
        for (const when of ["before", "after"] as const)
            for (const n of [1, 2, 3]) {
                const phone = elsewhere(alice, breakingAt(vault, n, when))
                await expect(phone.unlockWithPassword(password, stay)).rejects.toMatchObject({ code: "network" })
                expect(await phone.state()).toEqual({ kind: "locked" })
            }
    })
})

describe("the last guess", () => {
    const almostOut = async () => {
        const { alice, vault } = await enrolled()
        vault.left = 1
        return { alice, vault, phone: elsewhere(alice, vault) }
    }

    test("that is wrong ends it, and says so from then on", async () => {
        const { alice, vault, phone } = await almostOut()
        expect(await phone.unlockWithPassword(other, stay)).toEqual({ kind: "erased", guesses: budget })
        expect(await phone.unlockWithPassword(password, stay)).toEqual({ kind: "erased", guesses: budget })
        expect(await phone.ways()).toMatchObject({ password: { kind: "erased", guesses: budget } })
        expect(await phone.unlock(alice.code, stay)).toMatchObject({ kind: "opened" })
        expect(await phone.setPassword(other, [])).toMatchObject({ kind: "done" })
        expect(vault.record).not.toBeNull()
    })

    test("that is right unlocks, and the password is set anew", async () => {
        const { alice, vault, phone } = await almostOut()
        expect(await phone.unlockWithPassword(password, stay)).toMatchObject({ kind: "opened", renewed: true })
        expect(await alice.engine.ways()).toMatchObject({ password: { kind: "set" } })
        expect(await elsewhere(alice, vault).unlockWithPassword(password, stay)).toMatchObject({ kind: "opened" })
    })

    test("that is right unlocks even when setting it anew does not work", async () => {
        const { alice, vault } = await almostOut()
        const refusing = vaultThrough(vault, async (message, ask) => {
            if (message.kind === "enrol-begin") throw new VaultRefusedError("vault.unavailable")
            return await ask(message)
        })
        const phone = elsewhere(alice, refusing)
        expect(await phone.unlockWithPassword(password, stay)).toMatchObject({ kind: "opened", renewed: false })
        expect(await phone.ways()).toMatchObject({ password: { kind: "erased" } })
    })
})

describe("what the head notes", () => {
    test("unlocking is noted at most once a week", async () => {
        const { alice, vault } = await enrolled()
        const before = await alice.engine.state()
        const phone = elsewhere(alice, vault)
        const opened = await phone.unlockWithPassword(password, stay)
        expect(opened).toMatchObject({ state: { sequence: "sequence" in before ? before.sequence : 0 } })
        const later = makeDesk(alice.server, undefined, { vault })
        await later.clock.sleep(8 * 24 * 60 * 60 * 1_000, new AbortController().signal)
        expect(await createEngine(later.ports).unlockWithPassword(password, stay)).toMatchObject({
            state: { sequence: ("sequence" in before ? before.sequence : 0) + 1 },
        })
    })
})

describe("ways without a vault", () => {
    test.each([
        ["vault.staff", "staff"],
        ["vault.unavailable", "network"],
    ] as const)("%s", async (refusal, why) => {
        const vault: VaultServer = { connect: () => Promise.reject(new VaultRefusedError(refusal)) }
        const alice = await aliceAtHome(new MemoryServer(), { vault })
        expect(await alice.engine.ways()).toMatchObject({ password: { kind: "unavailable", why } })
    })
})
