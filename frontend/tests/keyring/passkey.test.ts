import { inspect } from "node:util"
import { hkdf } from "@noble/hashes/hkdf.js"
import { sha256 } from "@noble/hashes/sha2.js"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { concat } from "../../src/bytes/bytes.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { open, seal } from "../../src/crypto/aead.ts"
import type { WrappingKey } from "../../src/crypto/keys.ts"
import { RefusedSlotError } from "../../src/keyring/errors.ts"
import {
    asPasskeySource,
    passkeyParameters,
    passkeySource,
    passkeyWrappingKey,
    prfInput,
    readPasskeyParameters,
} from "../../src/keyring/passkey.ts"
import { bytes } from "../support/arbitrary.ts"
import { alice, bob } from "../support/cast.ts"
import { tape } from "../support/tape.ts"

const output = () => tape("prf output").bytes(32)
const slotId = tape("slot").bytes(16)

test("every authenticator is asked the same: the hash of a label", async () => {
    expect(toHex(await prfInput())).toBe(Buffer.from(sha256(utf8("backupweb/v1/passkey-prf"))).toString("hex"))
})

describe("what a passkey gave", () => {
    test("is overwritten, and becomes a key that nobody can read or print", async () => {
        const given = output()
        const source = await passkeySource(given)
        expect(given).toEqual(new Uint8Array(32))
        expect(source.extractable).toBe(false)
        await expect(crypto.subtle.exportKey("raw", source)).rejects.toThrow()
        const params = { name: "HKDF", hash: "SHA-256", salt: given, info: given }
        await expect(crypto.subtle.deriveBits(params, source, 256)).rejects.toThrow()
        expect(inspect(source, { showHidden: true, depth: 9 })).not.toContain(toHex(output()).slice(0, 8))
    })

    test("is overwritten even if it is none", async () => {
        for (const length of [0, 31, 33, 64]) {
            const given = tape("odd").bytes(length)
            await expect(passkeySource(given)).rejects.toThrow(RangeError)
            expect(given).toEqual(new Uint8Array(length))
        }
    })

    test("goes to a worker, and is known there; other keys are refused", async () => {
        const posted = structuredClone(await passkeySource(output()))
        expect((await passkeyWrappingKey(asPasskeySource(posted), alice.library, slotId)).extractable).toBe(false)
        const readable = await crypto.subtle.importKey("raw", output(), "HKDF", false, ["deriveBits", "deriveKey"])
        expect(() => asPasskeySource(readable)).toThrow(RangeError)
        expect(() => asPasskeySource(alice.keys.head)).toThrow(RangeError)
    })

    test("makes the wrapping key of the specification, another one for each library and slot", async () => {
        const context = concat(utf8("backupweb/v1/passkey\0"), slotId)
        const expected = hkdf(sha256, output(), alice.library, context, 32).slice()
        const raw = await crypto.subtle.importKey("raw", expected, "AES-GCM", false, ["encrypt"])
        const sealed = await seal(raw as WrappingKey, new Uint8Array(12), utf8("message"), utf8(""))
        const key = async (library = alice.library, slot = slotId) =>
            passkeyWrappingKey(await passkeySource(output()), library, slot)
        expect(await open(await key(), new Uint8Array(12), sealed, utf8(""))).toEqual(utf8("message"))
        for (const other of [await key(bob.library), await key(alice.library, bob.library)])
            await expect(open(other, new Uint8Array(12), sealed, utf8(""))).rejects.toThrow()
    })
})

describe("the parameters of a passkey's slot", () => {
    test("hold the credential id", () => {
        fc.assert(
            fc.property(bytes({ minLength: 1, maxLength: 1_023 }), (credential) => {
                expect(readPasskeyParameters(passkeyParameters(credential))).toEqual(credential)
            }),
        )
    })

    test("without one, with a longer one or of another version are refused", () => {
        const wrong = [[], [1], [0, 7], [2, 7], Array.from({ length: 1_025 }, () => 1)]
        for (const parameters of wrong)
            expect(() => readPasskeyParameters(new Uint8Array(parameters))).toThrow(RefusedSlotError)
        for (const length of [0, 1_024]) expect(() => passkeyParameters(new Uint8Array(length))).toThrow(RangeError)
    })
})
