import { describe, expect, test } from "vitest"
import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import { fromHex, toHex } from "../../src/bytes/hex.ts"
import { RootSecret } from "../../src/crypto/root-secret.ts"
import { acceptGift, type Gift, giftLength, readGift, writeGift } from "../../src/pairing/gift.ts"
import { alice, aliceLater, bob } from "../support/cast.ts"
import { readVectors } from "../support/read-vectors.ts"
import { letterRefusal } from "./refusal.ts"
import type { PairingVectors } from "./vectors.ts"

const gift = (change: Partial<Gift> = {}): Gift => ({
    library: alice.library,
    epoch: alice.epoch,
    secret: RootSecret.of(alice.root.slice()),
    ...change,
})
const expected = { library: alice.library, epoch: alice.epoch, check: alice.keys.check }

describe("a gift", () => {
    test("has 52 bytes, those of pairing.json", () => {
        const vector = readVectors<PairingVectors>("pairing.json").gift
        expect(toHex(writeGift(gift()))).toBe(vector.bytes)
        expect(writeGift(gift())).toHaveLength(giftLength)
        const read = readGift(fromHex(vector.bytes))
        expect([toHex(read.library), read.epoch, toHex(read.secret.expose())]).toEqual([
            vector.library,
            vector.epoch,
            vector.root,
        ])
    })

    test("leaves nothing behind in what it was read from", () => {
        const bytes = writeGift(gift())
        const { secret } = readGift(bytes)
        expect(bytes).toEqual(new Uint8Array(giftLength))
        expect(secret.expose()).toEqual(alice.root)
    })

    test("of another length or of epoch 0 is refused, and overwritten", async () => {
        const right = writeGift(gift())
        const wrong: Bytes[] = [right.slice(0, 51), concat(right, new Uint8Array(1)), writeGift(gift({ epoch: 0 }))]
        for (const bytes of wrong) {
            expect(await letterRefusal(() => readGift(bytes))).toBe("malformed")
            expect(bytes.every((byte) => byte === 0)).toBe(true)
        }
    })
})

describe("a gift is taken", () => {
    test("when it is this account's", async () => {
        const taken = await acceptGift(gift(), expected)
        expect(taken.expose()).toEqual(alice.root)
    })

    test.each([
        ["another library's", gift({ library: bob.library }), "wrong-library"],
        ["another epoch's", gift({ epoch: aliceLater.epoch }), "wrong-library"],
        ["with another root key", gift({ secret: RootSecret.of(bob.root.slice()) }), "wrong-id"],
    ])("not when it is %s: and its root key is overwritten", async (_, wrong, code) => {
        expect(await letterRefusal(() => acceptGift(wrong, expected))).toBe(code)
        expect(wrong.secret.expose()).toEqual(new Uint8Array(32))
    })
})
