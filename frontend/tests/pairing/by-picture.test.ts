import { inspect } from "node:util"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fromBase64url } from "../../src/bytes/base64url.ts"
import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import { fromHex, toHex } from "../../src/bytes/hex.ts"
import type { Random } from "../../src/crypto/random.ts"
import { RootSecret } from "../../src/crypto/root-secret.ts"
import type { Gift } from "../../src/pairing/gift.ts"
import { type CheckedKey, checkPublicKey, pictureLetterLength, Receiver, sealGift } from "../../src/pairing/hpke.ts"
import { type Picture, readPicture } from "../../src/pairing/picture.ts"
import { alice } from "../support/cast.ts"
import { readVectors } from "../support/read-vectors.ts"
import { tape } from "../support/tape.ts"
import { letterRefusal } from "./refusal.ts"
import type { PairingVectors } from "./vectors.ts"

const vectors = readVectors<PairingVectors>("pairing.json")
const place = { account: fromHex(vectors.account), mailbox: fromHex(vectors.mailbox) }
const gift = (): Gift => ({ library: alice.library, epoch: 1, secret: RootSecret.of(alice.root.slice()) })

async function pictureOf(receiver: Receiver, mailbox = place.mailbox): Promise<Picture> {
    const read = readPicture(await receiver.picture(mailbox))
    return read.kind === "read" ? read.picture : expect.unreachable()
}

async function checked(picture: Picture, publicKey: Bytes): Promise<CheckedKey> {
    const check = await checkPublicKey(picture, publicKey)
    return check.kind === "checked" ? check.key : expect.unreachable()
}

const receiver = await Receiver.make(tape("receiver"))
const picture = await pictureOf(receiver)
const letter = await sealGift(await checked(picture, receiver.publicKey), place.account, gift())

/** Hands out the vector's seed first, its PSK second. */
const vectorChance: Random = {
    bytes: (() => {
        const parts = [vectors.picture.seed, vectors.picture.psk]
        return () => fromHex(parts.shift() ?? expect.unreachable())
    })(),
}

describe("a gift by picture", () => {
    test("opens to what was given, and the letters are as long as promised", async () => {
        expect(receiver.publicKey).toHaveLength(1_216)
        expect(letter).toHaveLength(1_188)
        expect(pictureLetterLength).toBe(1_188)
        const opened = await receiver.open(place, letter)
        expect([opened.library, opened.epoch, opened.secret.expose()]).toEqual([alice.library, 1, alice.root])
    })

    test("opens as in pairing.json, which was sealed outside the app", async () => {
        const made = await Receiver.make(vectorChance)
        expect(made.publicKey).toEqual(fromBase64url(vectors.picture.publicKey))
        expect(await made.picture(place.mailbox)).toBe(vectors.picture.text)
        const opened = await made.open(place, fromBase64url(vectors.picture.letter))
        expect(toHex(opened.secret.expose())).toBe(vectors.gift.root)
    })

    test("never leaves the sender the same twice", async () => {
        const again = await sealGift(await checked(picture, receiver.publicKey), place.account, gift())
        expect(again).not.toEqual(letter)
    })
})

describe("a letter is refused", () => {
    test("with any byte changed", async () => {
        const corners = [0, 1_087, 1_088, 1_119, 1_120, 1_171, 1_172, 1_187].map((at): [number, number] => [at, 1])
        const change = fc.tuple(fc.nat({ max: letter.length - 1 }), fc.integer({ min: 1, max: 255 }))
        await fc.assert(
            fc.asyncProperty(change, async ([at, bits]) => {
                const changed = letter.with(at, (letter[at] ?? 0) ^ bits)
                // The last bit of an X25519 point is not read (RFC 7748 §5); X-Wing hashes the point as it came.
                expect(await letterRefusal(() => receiver.open(place, changed))).toBe("not-authentic")
            }),
            { numRuns: 60, examples: [...corners, [1_119, 0x80] as [number, number]].map((corner) => [corner]) },
        )
    })

    test("cut off or lengthened", async () => {
        for (const length of [0, 1_120, 1_187])
            expect(await letterRefusal(() => receiver.open(place, letter.slice(0, length)))).toBe("malformed")
        expect(await letterRefusal(() => receiver.open(place, concat(letter, new Uint8Array(1))))).toBe("malformed")
    })

    test("for another account, from another mailbox, for another device", async () => {
        const other = { account: place.mailbox, mailbox: place.account }
        for (const wrong of [{ ...place, account: other.account }, { ...place, mailbox: other.mailbox }, other])
            expect(await letterRefusal(() => receiver.open(wrong, letter))).toBe("not-authentic")
        const another = await Receiver.make(tape("another"))
        expect(await letterRefusal(() => another.open(place, letter))).toBe("not-authentic")
    })

    test("from somebody who knows the public key and not the picture", async () => {
        const guessed = { ...picture, psk: tape("guessed").bytes(32) }
        const forged = await sealGift(await checked(guessed, receiver.publicKey), place.account, gift())
        expect(await letterRefusal(() => receiver.open(place, forged))).toBe("not-authentic")
    })

    test("once the receiver has forgotten its keys", async () => {
        const forgetful = await Receiver.make(tape("forgetful"))
        const key = await checked(await pictureOf(forgetful), forgetful.publicKey)
        const sealed = await sealGift(key, place.account, gift())
        forgetful.forget()
        expect(await letterRefusal(() => forgetful.open(place, sealed))).toBe("not-authentic")
    })
})

describe("a public key", () => {
    test("that is not the picture's is not sealed to: any byte, any length, another device's", async () => {
        const another = await Receiver.make(tape("another"))
        const wrong = [another.publicKey, receiver.publicKey.slice(1), concat(receiver.publicKey, new Uint8Array(1))]
        for (let at = 0; at < 1_216; at += 19)
            wrong.push(receiver.publicKey.with(at, (receiver.publicKey[at] ?? 0) ^ 1))
        for (const key of wrong) expect(await checkPublicKey(picture, key)).toEqual({ kind: "another-key" })
    })
})

test("a receiver shows nothing of its private key and its PSK, however it is printed", async () => {
    const shown = [String(receiver), JSON.stringify(receiver), inspect(receiver, { showHidden: true, depth: 9 })].join()
    expect(shown).not.toContain(toHex(picture.psk).slice(0, 8))
    expect(shown).not.toContain([...picture.psk].slice(0, 3).join(", "))
    expect(shown).not.toContain([...tape("receiver").bytes(32)].slice(0, 3).join(", "))
})
