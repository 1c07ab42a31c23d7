import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fromBase64url } from "../../src/bytes/base64url.ts"
import { concat } from "../../src/bytes/bytes.ts"
import { fromHex, toHex } from "../../src/bytes/hex.ts"
import { derivePairing } from "../../src/crypto/derive.ts"
import { systemRandom } from "../../src/crypto/random.ts"
import { RootSecret } from "../../src/crypto/root-secret.ts"
import { compareDigits, makeCode, readCode, type ShortCode } from "../../src/pairing/code.ts"
import { openCodeGift, sealCodeGift } from "../../src/pairing/code-gift.ts"
import { type Agreed, CodeOffer, checkCode, finishCode, startCode } from "../../src/pairing/pake.ts"
import { alice } from "../support/cast.ts"
import { readVectors } from "../support/read-vectors.ts"
import { tape } from "../support/tape.ts"
import { letterRefusal } from "./refusal.ts"
import type { PairingVectors } from "./vectors.ts"

const vectors = readVectors<PairingVectors>("pairing.json")
const place = { account: fromHex(vectors.account), mailbox: fromHex(vectors.mailbox) }
const gift = () => ({ library: alice.library, epoch: 1, secret: RootSecret.of(alice.root.slice()) })

function code(typed: string): ShortCode {
    const read = readCode(typed)
    return read.kind === "read" ? read.code : expect.unreachable()
}

const codes = fc.stringMatching(/^[0-9]{8}$/).map(code)

async function agree(digits: ShortCode, mailbox = place.mailbox): Promise<{ old: Agreed; new: Agreed }> {
    const offer = await CodeOffer.make(digits, mailbox)
    const started = await startCode(digits)
    const answered = await offer.answer(started.ke1)
    const finished = await finishCode(started, answered.ke2, mailbox)
    if (finished.kind !== "agreed") return expect.unreachable()
    const checked = await checkCode(answered, finished.ke3)
    return checked.kind === "agreed" ? { old: checked.agreed, new: finished.agreed } : expect.unreachable()
}

describe("eight digits", () => {
    test("are read however they are typed", () => {
        fc.assert(
            fc.property(codes, (digits) => {
                const [first, second] = [digits.slice(0, 4), digits.slice(4)]
                const arabic = digits.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))
                for (const typed of [
                    digits,
                    `${first} ${second}`,
                    ` ${first}–${second}\n`,
                    arabic,
                    [...digits].join("."),
                ])
                    expect(readCode(typed)).toEqual({ kind: "read", code: digits })
            }),
        )
    })

    test("are no seven, no nine and no letters", () => {
        for (const typed of ["", "1234567", "123456789", "1234567a", "O1234567", "12345678x"])
            expect(readCode(typed)).toEqual({ kind: "not-a-code" })
    })

    test("come by chance, and none more often than another", () => {
        const counts = new Map<string, number>()
        for (let round = 0; round < 2_500; round++)
            for (const digit of makeCode(systemRandom)) counts.set(digit, (counts.get(digit) ?? 0) + 1)
        // 20,000 digits: 2,000 of each, and ±250 is six standard deviations.
        expect(counts.size).toBe(10)
        for (const count of counts.values()) expect(Math.abs(count - 2_000)).toBeLessThan(250)
        expect(makeCode(tape("zeros"))).toMatch(/^\d{8}$/)
    })
})

describe("two devices with the same digits", () => {
    test("agree on a key and on six digits, whatever the eight are", async () => {
        await fc.assert(
            fc.asyncProperty(codes, async (digits) => {
                const agreed = await agree(digits)
                expect(agreed.old.compare).toMatch(/^\d{6}$/)
                expect(agreed.new.compare).toBe(agreed.old.compare)
                const letter = await sealCodeGift(agreed.old.seal, place, gift(), systemRandom)
                expect(letter).toHaveLength(80)
                expect((await openCodeGift(agreed.new.seal, place, letter)).secret.expose()).toEqual(alice.root)
            }),
            { numRuns: 5 },
        )
    })

    test("agree on something else each time, and on a key that cannot be read", async () => {
        const [one, two] = [await agree(code("12345678")), await agree(code("12345678"))]
        expect(one.old.seal.extractable).toBe(false)
        const letter = await sealCodeGift(one.old.seal, place, gift(), systemRandom)
        expect(await letterRefusal(() => openCodeGift(two.new.seal, place, letter))).toBe("not-authentic")
    })

    test("do not agree across mailboxes", async () => {
        const offer = await CodeOffer.make(code("12345678"), place.mailbox)
        const started = await startCode(code("12345678"))
        const { ke2 } = await offer.answer(started.ke1)
        expect(await finishCode(started, ke2, place.account)).toEqual({ kind: "wrong-code" })
    })
})

describe("other digits", () => {
    test("are a wrong code on the new device, and whoever goes on all the same is found out on the old one", async () => {
        await fc.assert(
            fc.asyncProperty(codes, codes, async (right, wrong) => {
                fc.pre(right !== wrong)
                const offer = await CodeOffer.make(right, place.mailbox)
                const started = await startCode(wrong)
                const answered = await offer.answer(started.ke1)
                expect(await finishCode(started, answered.ke2, place.mailbox)).toEqual({ kind: "wrong-code" })
                expect(await checkCode(answered, tape(wrong).bytes(64))).toEqual({ kind: "wrong-code" })
            }),
            { numRuns: 5 },
        )
    })

    test("can be tried once: no offer answers a second KE1, not even after a senseless one", async () => {
        const digits = code("12345678")
        const ke1 = async () => (await startCode(digits)).ke1
        const offer = await CodeOffer.make(digits, place.mailbox)
        await offer.answer(await ke1())
        expect(await letterRefusal(async () => offer.answer(await ke1()))).toBe("out-of-turn")
        const second = await CodeOffer.make(digits, place.mailbox)
        expect(await letterRefusal(() => second.answer(new Uint8Array(95)))).toBe("malformed")
        expect(await letterRefusal(async () => second.answer(await ke1()))).toBe("out-of-turn")
    })

    test("can be tried once, also when two come at the same time", async () => {
        const offer = await CodeOffer.make(code("12345678"), place.mailbox)
        const [first, second] = [await startCode(code("00000000")), await startCode(code("12345678"))]
        const answers = await Promise.allSettled([offer.answer(first.ke1), offer.answer(second.ke1)])
        expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected"])
    })
})

describe("a letter", () => {
    test("of the wrong size, or that is no message at all, is refused", async () => {
        const started = await startCode(code("12345678"))
        const fresh = () => CodeOffer.make(code("12345678"), place.mailbox)
        const answered = await (await fresh()).answer(started.ke1)
        for (const ke1 of [new Uint8Array(0), started.ke1.slice(1), new Uint8Array(96).fill(0xff)])
            expect(await letterRefusal(async () => (await fresh()).answer(ke1))).toBe("malformed")
        for (const ke2 of [answered.ke2.slice(1), new Uint8Array(320).fill(0xff)])
            expect(await letterRefusal(() => finishCode(started, ke2, place.mailbox))).toBe("malformed")
        expect(await letterRefusal(() => checkCode(answered, new Uint8Array(63)))).toBe("malformed")
    })

    test("KE2 or KE3 with a changed byte agrees on nothing", async () => {
        const started = await startCode(code("12345678"))
        const answered = await (await CodeOffer.make(code("12345678"), place.mailbox)).answer(started.ke1)
        const finished = await finishCode(started, answered.ke2, place.mailbox)
        if (finished.kind !== "agreed") return expect.unreachable()
        for (let at = 0; at < 64; at++) {
            const changed = finished.ke3.with(at, (finished.ke3[at] ?? 0) ^ 1)
            expect(await checkCode(answered, changed)).toEqual({ kind: "wrong-code" })
        }
        for (let at = 0; at < 320; at += 7) {
            const changed = answered.ke2.with(at, (answered.ke2[at] ?? 0) ^ 1)
            const outcome = await finishCode(started, changed, place.mailbox).catch(() => ({ kind: "malformed" }))
            expect(["wrong-code", "malformed"]).toContain(outcome.kind)
        }
    })

    test("with the gift is refused with every changed byte, cut off, and for everybody else", async () => {
        const { seal } = await derivePairing(fromHex(vectors.code.sessionKey), place.mailbox)
        const letter = fromBase64url(vectors.code.letter)
        for (let at = 0; at < letter.length; at++) {
            const changed = letter.with(at, (letter[at] ?? 0) ^ 1)
            expect(await letterRefusal(() => openCodeGift(seal, place, changed))).toBe("not-authentic")
            expect(await letterRefusal(() => openCodeGift(seal, place, letter.slice(0, at)))).toBe("malformed")
        }
        const longer = concat(letter, new Uint8Array(1))
        expect(await letterRefusal(() => openCodeGift(seal, place, longer))).toBe("malformed")
        for (const wrong of [
            { ...place, account: place.mailbox },
            { ...place, mailbox: place.account },
        ])
            expect(await letterRefusal(() => openCodeGift(seal, wrong, letter))).toBe("not-authentic")
    })
})

describe("pairing.json", () => {
    test("six digits and the sealed gift follow from the session key", async () => {
        const made = await derivePairing(fromHex(vectors.code.sessionKey), place.mailbox)
        expect(compareDigits(made.compare)).toBe(vectors.code.compare)
        const opened = await openCodeGift(made.seal, place, fromBase64url(vectors.code.letter))
        expect(toHex(opened.secret.expose())).toBe(vectors.gift.root)
    })

    test("small numbers have leading zeros, large ones are cut", () => {
        expect(compareDigits(new Uint8Array([0, 0, 0, 7]))).toBe("000007")
        expect(compareDigits(new Uint8Array([0, 15, 66, 64]))).toBe("000000")
        expect(compareDigits(new Uint8Array([255, 255, 255, 255]))).toBe("967295")
    })
})
