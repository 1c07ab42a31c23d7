import { describe, expect, test } from "vitest"
import { fromBase64url } from "../../src/bytes/base64url.ts"
import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import { fromHex } from "../../src/bytes/hex.ts"
import { makeDeviceKey } from "../../src/crypto/derive.ts"
import type { WrappingKey } from "../../src/crypto/keys.ts"
import { RootSecret } from "../../src/crypto/root-secret.ts"
import { RefusedSlotError } from "../../src/keyring/errors.ts"
import { makeRecoveryCode, recoveryWrappingKey } from "../../src/keyring/recovery-code.ts"
import { openSlot, type SlotPlace, sealedSlotLength, sealSlot, slotKinds } from "../../src/keyring/slot.ts"
import { alice, bob } from "../support/cast.ts"
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
}

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
        expect(await outcome(sealed, { kind: 2 })).toBe("malformed")
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
