import { describe, expect, test } from "vitest"
import { fromBase64url } from "../../src/bytes/base64url.ts"
import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import { fromHex } from "../../src/bytes/hex.ts"
import { makeDeviceKey } from "../../src/crypto/derive.ts"
import type { WrappingKey } from "../../src/crypto/keys.ts"
import { RootSecret } from "../../src/crypto/root-secret.ts"
import { leastStretching, writeStretching } from "../../src/crypto/stretching.ts"
import { openEarlier } from "../../src/keyring/earlier.ts"
import { RefusedSlotError } from "../../src/keyring/errors.ts"
import { passkeyParameters, passkeySource, passkeyWrappingKey } from "../../src/keyring/passkey.ts"
import { makeRecoveryCode, recoveryWrappingKey } from "../../src/keyring/recovery-code.ts"
import { openSlot, type SlotPlace, sealedSlotLength, sealSlot, slotKinds } from "../../src/keyring/slot.ts"
import { passwordWrappingKey } from "../../src/vault/login.ts"
import { alice, aliceChanged, aliceLater, bob } from "../support/cast.ts"
import { readVectors } from "../support/read-vectors.ts"
import { tape } from "../support/tape.ts"

interface SlotVectors {
    readonly library: string
    readonly epoch: number
    readonly check: string
    readonly root: string
    readonly slots: readonly {
        readonly kind: number
        readonly id: string
        readonly parameters: string
        readonly wrappingKey: string
        readonly sealed: string
    }[]
    readonly earlier: { readonly id: string; readonly sealed: string }
}

const { slotParameters: refusedParameters } = readVectors<{
    readonly slotParameters: readonly { name: string; kind: number; parameters: string }[]
}>("refusals.json")
const secret = RootSecret.of(alice.root.slice())
const place: SlotPlace = {
    library: alice.library,
    epoch: 1,
    kind: slotKinds.device,
    id: tape("slot id").bytes(16),
    parameters: new Uint8Array(0),
}
const key = await makeDeviceKey()
const sealed = await sealSlot(key, place, secret, tape("slot"))
const { check } = alice.keys

/** What comes of opening: `opened`, `not-authentic`, or the name of the refusal. */
async function outcome(bytes: Bytes, at: Partial<SlotPlace> = {}, expected = check, by = key): Promise<string> {
    try {
        return (await openSlot(by, { ...place, ...at }, expected, bytes)).kind
    } catch (error) {
        if (error instanceof RefusedSlotError) return error.code
        throw error
    }
}

describe("a slot", () => {
    test("has 61 bytes and opens to the root secret", async () => {
        expect(sealed).toHaveLength(61)
        expect(sealedSlotLength).toBe(61)
        const opened = await openSlot(key, place, check, sealed)
        expect(opened.kind === "opened" && opened.secret.expose()).toEqual(alice.root)
    })

    test("does not open when any byte is changed", async () => {
        for (let index = 0; index < sealed.length; index++)
            expect(await outcome(sealed.with(index, (sealed[index] ?? 0) ^ 0x10))).toBe(
                index === 0 ? "unknown-version" : "not-authentic",
            )
    })

    test("does not open when it was cut off or lengthened", async () => {
        for (let length = 0; length < sealed.length; length++)
            expect(await outcome(sealed.subarray(0, length))).toBe("truncated")
        expect(await outcome(concat(sealed, new Uint8Array(1)))).toBe("too-large")
    })

    test("does not open in another library, epoch, kind or slot", async () => {
        expect(await outcome(sealed, { library: bob.library })).toBe("not-authentic")
        expect(await outcome(sealed, { epoch: 2 })).toBe("not-authentic")
        expect(await outcome(sealed, { kind: slotKinds.recoveryCode })).toBe("not-authentic")
        expect(await outcome(sealed, { id: new Uint8Array(16) })).toBe("not-authentic")
    })

    test("of an unknown kind, or with parameters that nobody understands, is left alone", async () => {
        for (const kind of [0, 5, 255]) expect(await outcome(sealed, { kind })).toBe("malformed")
        expect(await outcome(sealed, { parameters: new Uint8Array(1) })).toBe("malformed")
    })

    test("with another root key than its keyring's is refused", async () => {
        expect(await outcome(sealed, {}, bob.keys.check)).toBe("wrong-id")
    })

    test("and a wrong recovery code are a value, not an error", async () => {
        const [right, wrong] = [makeRecoveryCode(tape("right")), makeRecoveryCode(tape("wrong"))]
        const at = { ...place, kind: slotKinds.recoveryCode }
        const bytes = await sealSlot(await recoveryWrappingKey(right, at.library, at.id), at, secret, tape("slot"))
        expect(await outcome(bytes, at, check, await recoveryWrappingKey(right, at.library, at.id))).toBe("opened")
        expect(await outcome(bytes, at, check, await recoveryWrappingKey(wrong, at.library, at.id))).toBe(
            "not-authentic",
        )
        expect(await outcome(bytes, at, check, await recoveryWrappingKey(right, at.library, bob.library))).toBe(
            "not-authentic",
        )
    })
})

describe("a slot with parameters", () => {
    const stretched = { kind: slotKinds.password, parameters: writeStretching(leastStretching) }
    const credential = { kind: slotKinds.passkey, parameters: passkeyParameters(tape("credential").bytes(32)) }

    test.each([
        ["of a password", stretched],
        ["of a passkey", credential],
    ])("%s opens under them alone: every changed byte of them is noticed", async (_, at) => {
        const own = await sealSlot(key, { ...place, ...at }, secret, tape("slot"))
        expect(await outcome(own, at)).toBe("opened")
        for (let index = 0; index < at.parameters.length; index++) {
            const parameters = at.parameters.with(index, (at.parameters[index] ?? 0) ^ 0x01)
            expect(["malformed", "not-authentic"]).toContain(await outcome(own, { ...at, parameters }))
        }
        for (let length = 0; length < at.parameters.length; length++) {
            const parameters = at.parameters.slice(0, length)
            expect(["malformed", "not-authentic"]).toContain(await outcome(own, { ...at, parameters }))
        }
    })

    test.each(refusedParameters)("is neither sealed nor opened: $name", async ({ kind, parameters }) => {
        const at = { ...place, kind, parameters: fromBase64url(parameters) }
        await expect(sealSlot(key, at, secret, tape("slot"))).rejects.toThrow(RefusedSlotError)
        expect(await outcome(sealed, at)).toBe("malformed")
    })

    test("says whose it is: one kind's bytes are not another's", async () => {
        expect(await outcome(sealed, { ...stretched, kind: slotKinds.device })).toBe("malformed")
        expect(await outcome(sealed, { ...credential, kind: slotKinds.recoveryCode })).toBe("malformed")
        expect(await outcome(sealed, { ...credential, kind: slotKinds.password })).toBe("malformed")
    })
})

describe("slot.json", () => {
    const vectors = readVectors<SlotVectors>("slot.json")

    test.each(vectors.slots)("the slot of kind $kind opens", async (slot) => {
        const raw = await crypto.subtle.importKey("raw", fromHex(slot.wrappingKey), "AES-GCM", false, ["decrypt"])
        const at = {
            library: fromHex(vectors.library),
            epoch: vectors.epoch,
            kind: slot.kind,
            id: fromHex(slot.id),
            parameters: fromBase64url(slot.parameters),
        }
        const opened = await openSlot(raw as WrappingKey, at, fromHex(vectors.check), fromBase64url(slot.sealed))
        expect(opened.kind === "opened" && opened.secret.expose()).toEqual(fromHex(vectors.root))
    })
})

interface SecretVectors extends Omit<SlotVectors, "slots"> {
    readonly exportKey: string
    readonly output: string
    readonly slot: SlotVectors["slots"][number]
}

describe.each(["password.json", "passkey.json"])("%s", (file) => {
    const vectors = readVectors<SecretVectors>(file)
    const { slot } = vectors
    const [library, id] = [fromHex(vectors.library), fromHex(slot.id)]
    const at = {
        ...place,
        library,
        epoch: vectors.epoch,
        kind: slot.kind,
        id,
        parameters: fromBase64url(slot.parameters),
    }
    const bytes = fromBase64url(slot.sealed)

    test("opens from its secret", async () => {
        const wrapping =
            file === "password.json"
                ? await passwordWrappingKey(fromHex(vectors.exportKey), library, id)
                : await passkeyWrappingKey(await passkeySource(fromHex(vectors.output)), library, id)
        const opened = await openSlot(wrapping, at, fromHex(vectors.check), bytes)
        expect(opened.kind === "opened" && opened.secret.expose()).toEqual(fromHex(vectors.root))
    })

    test("opens by its wrapping key alone, and by no other", async () => {
        const raw = await crypto.subtle.importKey("raw", fromHex(slot.wrappingKey), "AES-GCM", false, ["decrypt"])
        expect(await outcome(bytes, at, fromHex(vectors.check), raw as WrappingKey)).toBe("opened")
        expect(await outcome(bytes, at, fromHex(vectors.check), key)).toBe("not-authentic")
    })
})

describe("an earlier key", () => {
    const { earlier } = readVectors<SlotVectors>("slot.json")
    const slot = { epoch: 1, id: fromHex(earlier.id), check, sealed: fromBase64url(earlier.sealed) }

    test("of slot.json opens to the root secret of its epoch", async () => {
        const opened = await openEarlier(aliceChanged.keys, slot)
        expect(opened.kind === "opened" && opened.secret.expose()).toEqual(alice.root)
    })

    test("opens under no other key, in no other place and with no other check", async () => {
        expect((await openEarlier(alice.keys, slot)).kind).toBe("not-authentic")
        expect((await openEarlier(aliceLater.keys, slot)).kind).toBe("not-authentic")
        expect((await openEarlier(aliceChanged.keys, { ...slot, epoch: 3 })).kind).toBe("not-authentic")
        expect((await openEarlier(aliceChanged.keys, { ...slot, id: slot.id.toReversed() })).kind).toBe("not-authentic")
        for (let at = 1; at < slot.sealed.length; at++) {
            const sealed = slot.sealed.with(at, (slot.sealed[at] ?? 0) ^ 1)
            expect((await openEarlier(aliceChanged.keys, { ...slot, sealed })).kind, `byte ${at}`).toBe("not-authentic")
        }
        await expect(openEarlier(aliceChanged.keys, { ...slot, check: new Uint8Array(16) })).rejects.toMatchObject({
            code: "wrong-id",
        })
    })
})
