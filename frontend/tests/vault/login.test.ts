import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { toBase64url } from "../../src/bytes/base64url.ts"
import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import { writeStretching } from "../../src/crypto/stretching.ts"
import { RefusedVaultAnswerError } from "../../src/vault/errors.ts"
import { finishLogin, passwordWrappingKey, startLogin } from "../../src/vault/login.ts"
import { newParameters } from "../../src/vault/parameters.ts"
import { normalise, type Password } from "../../src/vault/password.ts"
import { finishRegistration, startRegistration } from "../../src/vault/registration.ts"
import { alice, bob } from "../support/cast.ts"
import { answer, finish, newSetup, type OpaqueRecord, respond } from "../support/opaque-server.ts"
import { password } from "../support/passwords.ts"

const parameters = newParameters()
const right = password("ein ganzer Satz mit Umlauten äöü")

async function register(typed: Password): Promise<{ record: OpaqueRecord; exportKey: Bytes }> {
    const [setup, identifier] = [newSetup(), "a0/b1"]
    const started = await startRegistration(typed)
    const response = respond(setup, identifier, started.request)
    const { upload, exportKey } = await finishRegistration(started, response, parameters)
    return { record: { setup, identifier, upload: toBase64url(upload) }, exportKey }
}

/** `opened`, `wrong-password` or the name of a refusal; a key comes of `opened` alone. */
async function outcome(step: Promise<{ readonly kind: string }>): Promise<string> {
    try {
        return (await step).kind
    } catch (error) {
        if (error instanceof RefusedVaultAnswerError) return error.code
        throw error
    }
}

const typed = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).filter((text) => {
    return normalise(text).kind === "normalised"
})
const { record, exportKey } = await register(right)

describe("a password", () => {
    test("opens what it was registered for, whatever it is, and nothing else does", async () => {
        await fc.assert(
            fc.asyncProperty(typed, typed, async (one, other) => {
                const registered = await register(password(one))
                const started = await startLogin(password(one))
                const { ke2, state } = answer(registered.record, started.ke1)
                const finished = await finishLogin(started, ke2, parameters)
                if (finished.kind !== "opened") return expect.unreachable()
                expect(finished.exportKey).toEqual(registered.exportKey)
                expect(finish(state, finished.ke3)).toHaveLength(64)
                fc.pre(password(one) !== password(other))
                const tried = await startLogin(password(other))
                const again = answer(registered.record, tried.ke1)
                expect(await finishLogin(tried, again.ke2, parameters)).toEqual({ kind: "wrong-password" })
            }),
            { numRuns: 6 },
        )
    })

    test("is the same from every keyboard: composed, decomposed, full width", async () => {
        const registered = await register(password("Größe №1 ｆｕｌｌ"))
        const started = await startLogin(password("Gro\u0308ße No1 full"))
        const { ke2 } = answer(registered.record, started.ke1)
        expect(await outcome(finishLogin(started, ke2, parameters))).toBe("opened")
    })

    test("registered under other parameters does not open: they are part of what is stretched", async () => {
        const started = await startLogin(right)
        const { ke2 } = answer(record, started.ke1)
        const slower = writeStretching({ memory: 65_536, passes: 4, lanes: 4 })
        expect(await outcome(finishLogin(started, ke2, slower))).toBe("wrong-password")
    })
})

describe("a KE2", () => {
    test("with a changed byte gives a wrong password or a named refusal, never a key", async () => {
        const started = await startLogin(right)
        const { ke2 } = answer(record, started.ke1)
        expect(await outcome(finishLogin(started, ke2, parameters))).toBe("opened")
        const corners = [0, 31, 32, 64, 96, 191, 192, 224, 255, 256, 319].map((at): [number, number] => [at, 1])
        const change = fc.tuple(fc.nat({ max: 319 }), fc.integer({ min: 1, max: 255 }))
        await fc.assert(
            fc.asyncProperty(change, async ([at, bits]) => {
                const changed = ke2.with(at, (ke2[at] ?? 0) ^ bits)
                const kind = await outcome(finishLogin(started, changed, parameters))
                expect(["wrong-password", "malformed"]).toContain(kind)
            }),
            { numRuns: 20, examples: corners.map((corner) => [corner]) },
        )
    })

    test("that was cut off or lengthened, or is another's, is refused", async () => {
        const started = await startLogin(right)
        const { ke2 } = answer(record, started.ke1)
        for (const length of [0, 32, 192, 319])
            expect(await outcome(finishLogin(started, ke2.slice(0, length), parameters))).toBe("malformed")
        expect(await outcome(finishLogin(started, concat(ke2, new Uint8Array(1)), parameters))).toBe("malformed")
        const another = await startLogin(right)
        expect(await outcome(finishLogin(another, ke2, parameters))).toBe("wrong-password")
    })

    test("for another record's identifier does not open", async () => {
        const started = await startLogin(right)
        const { ke2 } = answer({ ...record, identifier: "a0/b2" }, started.ke1)
        expect(await outcome(finishLogin(started, ke2, parameters))).toBe("wrong-password")
    })
})

describe("a registration response", () => {
    test("that was cut off, or is no point, is refused", async () => {
        const started = await startRegistration(right)
        const response = respond(newSetup(), "a0/b1", started.request)
        for (const wrong of [response.slice(0, 63), concat(response, new Uint8Array(1)), response.fill(0xff)])
            expect(await outcome(finishRegistration(started, wrong, parameters).then(() => ({ kind: "stored" })))).toBe(
                "malformed",
            )
    })
})

describe("parameters below the floor, above the ceiling, or of another scheme", () => {
    const cases: [string, number[], string][] = [
        ["65,535 KiB", [1, 0, 0, 255, 255, 3, 4], "too-weak"],
        ["2 passes", [1, 0, 1, 0, 0, 2, 4], "too-weak"],
        ["3 lanes", [1, 0, 1, 0, 0, 3, 3], "too-weak"],
        ["more than 1 GiB", [1, 0, 16, 0, 1, 3, 4], "too-heavy"],
        ["17 passes", [1, 0, 1, 0, 0, 17, 4], "too-heavy"],
        ["17 lanes", [1, 0, 1, 0, 0, 3, 17], "too-heavy"],
        ["another scheme", [2, 0, 1, 0, 0, 3, 4], "unknown-scheme"],
        ["six bytes", [1, 0, 1, 0, 0, 3], "malformed"],
    ]
    test.each(cases)("%s: nothing is stretched with them, and no key is made", async (_, bytes, expected) => {
        const login = await startLogin(right)
        const { ke2 } = answer(record, login.ke1)
        expect(await outcome(finishLogin(login, ke2, new Uint8Array(bytes)))).toBe(expected)
        const started = await startRegistration(right)
        const response = respond(record.setup, record.identifier, started.request)
        const finished = finishRegistration(started, response, new Uint8Array(bytes))
        expect(await outcome(finished.then(() => ({ kind: "stored" })))).toBe(expected)
    })
})

describe("the wrapping key of an export key", () => {
    test("cannot be read, and the export key is overwritten", async () => {
        const copy = exportKey.slice()
        const key = await passwordWrappingKey(copy, alice.library, bob.library)
        expect(key.extractable).toBe(false)
        expect(copy).toEqual(new Uint8Array(64))
    })

    test("is made of 64 bytes, and even others are overwritten", async () => {
        const short = exportKey.slice(0, 32)
        await expect(passwordWrappingKey(short, alice.library, bob.library)).rejects.toThrow(RangeError)
        expect(short).toEqual(new Uint8Array(32))
    })
})
