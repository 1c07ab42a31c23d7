import { inspect } from "node:util"
import { describe, expect, test } from "vitest"
import { toHex } from "../../src/bytes/hex.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { open, seal } from "../../src/crypto/aead.ts"
import { deriveFrameKey, deriveLibraryKeys, makeDeviceKey } from "../../src/crypto/derive.ts"
import { NotAuthenticError } from "../../src/crypto/errors.ts"
import { hmac } from "../../src/crypto/hash.ts"
import { labels } from "../../src/crypto/labels.ts"
import { systemRandom } from "../../src/crypto/random.ts"
import { RootSecret } from "../../src/crypto/root-secret.ts"
import { alice } from "../support/cast.ts"
import { tape } from "../support/tape.ts"

const { keys } = alice
const made = async () => [
    keys.chunkId,
    keys.chunkSeal,
    keys.snapshot,
    keys.head,
    keys.journal,
    await deriveFrameKey(keys.chunkSeal, new Uint8Array(16)),
    await makeDeviceKey(),
]

describe("keys", () => {
    test("none can be exported, all have 256 bits", async () => {
        for (const key of await made()) {
            expect(key.extractable).toBe(false)
            expect(key.algorithm).toMatchObject({ length: 256 })
            await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow()
        }
    })

    test("none has a string form", async () => {
        for (const key of await made()) {
            expect(String(key)).toBe("[object CryptoKey]")
            expect(JSON.stringify(key)).toBe("{}")
        }
    })

    test("those that name cannot seal, those that seal cannot name", () => {
        for (const key of [keys.chunkId, keys.chunkSeal]) expect(key.usages).toEqual(["sign"])
        for (const key of [keys.snapshot, keys.head, keys.journal])
            expect(key.usages.toSorted()).toEqual(["decrypt", "encrypt"])
    })

    test("survive being posted to a worker", async () => {
        const posted = structuredClone(keys)
        expect(await hmac(posted.chunkId, utf8("a"))).toEqual(await hmac(keys.chunkId, utf8("a")))
    })

    test("a library id of another length is refused", async () => {
        await expect(deriveLibraryKeys(RootSecret.make(systemRandom), new Uint8Array(15), 1)).rejects.toThrow(
            RangeError,
        )
    })
})

describe("a root secret", () => {
    const bytes = tape("root").bytes(32)
    const secret = RootSecret.of(bytes)

    test("shows nothing of itself, however it is printed", () => {
        const shown = [
            String(secret),
            `${secret}`,
            JSON.stringify({ secret }),
            inspect(secret, { showHidden: true, depth: 9 }),
        ]
        for (const text of shown) {
            expect(text).not.toContain(toHex(bytes).slice(0, 8))
            expect(text).not.toContain([...bytes].slice(0, 3).join(", "))
        }
        expect(structuredClone(secret)).toEqual({})
    })

    test("is gone after wiping", () => {
        const wiped = RootSecret.make(tape("wiped"))
        wiped.wipe()
        expect(wiped.expose()).toEqual(new Uint8Array(32))
    })

    test("has 32 bytes", () => {
        expect(() => RootSecret.of(new Uint8Array(31))).toThrow(RangeError)
    })
})

describe("the system's chance", () => {
    test("comes in any amount, also above what the browser gives at once", () => {
        for (const count of [0, 1, 65_536, 65_537, 200_000]) expect(systemRandom.bytes(count)).toHaveLength(count)
        const bytes = systemRandom.bytes(200_000)
        // Each portion was filled: sixteen zeros in a row happen once in 2¹²⁸.
        for (const start of [0, 65_536, 131_072, 199_984])
            expect(bytes.subarray(start, start + 16)).not.toEqual(new Uint8Array(16))
    })
})

test("no label is used twice", () => {
    const texts = Object.values(labels).map((label) => toHex(label))
    expect(new Set(texts).size).toBe(texts.length)
})

test("a seal that was changed in any byte, or belongs elsewhere, does not open", async () => {
    const nonce = new Uint8Array(12)
    const sealed = await seal(keys.snapshot, nonce, utf8("message"), utf8("here"))
    for (let index = 0; index < sealed.length; index++) {
        const changed = sealed.with(index, (sealed[index] ?? 0) ^ 1)
        await expect(open(keys.snapshot, nonce, changed, utf8("here"))).rejects.toThrow(NotAuthenticError)
    }
    await expect(open(keys.snapshot, nonce, sealed, utf8("there"))).rejects.toThrow(NotAuthenticError)
    await expect(open(keys.head, nonce, sealed, utf8("here"))).rejects.toThrow(NotAuthenticError)
    await expect(open(keys.snapshot, nonce, sealed.subarray(0, 3), utf8("here"))).rejects.toThrow(NotAuthenticError)
})
