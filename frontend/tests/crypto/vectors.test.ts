import { blake2s } from "@noble/hashes/blake2.js"
import { hmac as nobleHmac } from "@noble/hashes/hmac.js"
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fromHex, toHex } from "../../src/bytes/hex.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { open, seal } from "../../src/crypto/aead.ts"
import { deriveFrameKey, deriveLibraryKeys, rootCheck } from "../../src/crypto/derive.ts"
import { hmac, sha256 } from "../../src/crypto/hash.ts"
import { hkdfBytes, hkdfSource } from "../../src/crypto/kdf.ts"
import type { MacKey, SealingKey } from "../../src/crypto/keys.ts"
import { createLinePrf } from "../../src/crypto/prf.ts"
import { RootSecret } from "../../src/crypto/root-secret.ts"
import { bytes } from "../support/arbitrary.ts"
import { readVectors } from "../support/read-vectors.ts"
import { tape } from "../support/tape.ts"

interface KeyVectors {
    readonly frameId: string
    readonly libraries: readonly {
        readonly root: string
        readonly library: string
        readonly epoch: number
        readonly "chunk-id": string
        readonly "chunk-seal": string
        readonly snapshot: string
        readonly head: string
        readonly journal: string
        readonly check: string
        readonly cut: string
        readonly frameKey: string
    }[]
}

describe("what others have published", () => {
    test("SHA-256 of abc (FIPS 180-4)", async () => {
        const hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        expect(toHex(await sha256(utf8("abc")))).toBe(hash)
    })

    test("HMAC-SHA-256, RFC 4231 test case 2", async () => {
        const key = await macKey(utf8("Jefe"))
        expect(toHex(await hmac(key, utf8("what do ya want for nothing?")))).toBe(
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        )
    })

    test("HKDF-SHA-256, RFC 5869 test case 1", async () => {
        const source = await hkdfSource(fromHex("0b".repeat(22)))
        const made = await hkdfBytes(source, fromHex("000102030405060708090a0b0c"), fromHex("f0f1f2f3f4f5f6f7f8f9"), 42)
        expect(toHex(made)).toBe("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    })

    test("BLAKE2s of abc, RFC 7693 appendix B, by the library that confirms the keyed one", () => {
        const hash = "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"
        expect(Buffer.from(blake2s(utf8("abc"))).toString("hex")).toBe(hash)
    })
})

test("keyed BLAKE2s is the same in both libraries, for lines of every length", async () => {
    const key = tape("cut key").bytes(32)
    const prf = await createLinePrf(key)
    await fc.assert(
        fc.property(bytes({ maxLength: 300 }), (line) => {
            const hash = blake2s(line, { key, dkLen: 32 })
            expect(prf(line)).toBe(new DataView(hash.buffer, hash.byteOffset).getUint32(0))
        }),
    )
})

describe("the key tree", () => {
    const { frameId, libraries } = readVectors<KeyVectors>("keys.json")

    test.each(libraries)("is that of keys.json: library $library, epoch $epoch", async (expected) => {
        const secret = RootSecret.of(fromHex(expected.root))
        const keys = await deriveLibraryKeys(secret, fromHex(expected.library), expected.epoch)
        expect(toHex(keys.check)).toBe(expected.check)
        expect(toHex(await rootCheck(secret, keys.library, keys.epoch))).toBe(expected.check)
        expect(toHex(keys.cut)).toBe(expected.cut)
        await expectMac(keys.chunkId, expected["chunk-id"])
        await expectMac(keys.chunkSeal, expected["chunk-seal"])
        await expectSealing(keys.snapshot, expected.snapshot)
        await expectSealing(keys.head, expected.head)
        await expectSealing(keys.journal, expected.journal)
        await expectSealing(await deriveFrameKey(keys.chunkSeal, fromHex(frameId)), expected.frameKey)
    })
})

/** Keys cannot be read: what they do is compared with what the expected bytes do. */
async function expectMac(key: MacKey, expected: string): Promise<void> {
    const message = utf8("message")
    const code = nobleHmac(nobleSha256, fromHex(expected), message)
    expect(toHex(await hmac(key, message))).toBe(Buffer.from(code).toString("hex"))
}

async function expectSealing(key: SealingKey, expected: string): Promise<void> {
    const raw = await crypto.subtle.importKey("raw", fromHex(expected), "AES-GCM", false, ["encrypt", "decrypt"])
    const nonce = new Uint8Array(12)
    const sealed = await seal(raw as SealingKey, nonce, utf8("message"), utf8("place"))
    expect(await open(key, nonce, sealed, utf8("place"))).toEqual(utf8("message"))
}

async function macKey(secret: ReturnType<typeof utf8>): Promise<MacKey> {
    const algorithm = { name: "HMAC", hash: "SHA-256" }
    return (await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign"])) as MacKey
}
