import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { digitValue } from "../../src/bytes/digits.ts"
import { fromHex } from "../../src/bytes/hex.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { open, seal } from "../../src/crypto/aead.ts"
import type { WrappingKey } from "../../src/crypto/keys.ts"
import type { Random } from "../../src/crypto/random.ts"
import { systemRandom } from "../../src/crypto/random.ts"
import { dammDigit } from "../../src/keyring/damm.ts"
import { groupFits, makeRecoveryCode, recoveryWrappingKey, showRecoveryCode } from "../../src/keyring/recovery-code.ts"
import { checkRecoveryCode } from "../../src/keyring/typed-code.ts"
import { readVectors } from "../support/read-vectors.ts"
import { tape } from "../support/tape.ts"

interface CodeVectors {
    readonly damm: readonly { readonly digits: string; readonly check: number }[]
    readonly code: string
    readonly right: readonly string[]
    readonly wrong: readonly {
        readonly typed: string
        readonly groups: readonly number[]
        readonly swapped: readonly (readonly [number, number])[]
    }[]
}

const vectors = readVectors<CodeVectors>("recovery-code.json")
const codes = fc.string().map((seed) => makeRecoveryCode(tape(seed)))
const place = fc.integer({ min: 0, max: 15 })

describe("Damm's digit", () => {
    test.each(vectors.damm)("of $digits is $check", ({ digits, check }) => {
        expect(dammDigit(digits)).toBe(check)
    })

    test("leads every row of digits back to 0, and catches each wrong digit and each swap of neighbours", () => {
        for (let number = 0; number < 10_000; number++) {
            const digits = String(number).padStart(4, "0")
            const whole = digits + dammDigit(digits)
            expect(dammDigit(whole)).toBe(0)
            for (let at = 0; at < 4; at++) {
                const [a, b] = [whole.charAt(at), whole.charAt(at + 1)]
                const swapped = whole.slice(0, at) + b + a + whole.slice(at + 2)
                if (a !== b) expect(dammDigit(swapped)).not.toBe(0)
            }
        }
    })
})

describe("a new recovery code", () => {
    test("has 64 digits in which every group is right", () => {
        fc.assert(
            fc.property(codes, (code) => {
                expect(code).toMatch(/^\d{64}$/)
                expect(checkRecoveryCode(code)).toMatchObject({ complete: true, code, swapped: [] })
                expect(showRecoveryCode(code)).toMatch(/^(\d{4} ){15}\d{4}$/)
            }),
        )
    })

    test("has digits that are all as likely: bytes from 250 on are thrown away", () => {
        const bytes = [255, 250, 251, 249, 0, 9]
        let at = 0
        const random: Random = {
            bytes: (count) => Uint8Array.from({ length: count }, () => bytes[at++ % bytes.length] ?? 0),
        }
        const digits = makeRecoveryCode(random).replace(/(\d{3})\d/g, "$1")
        expect(new Set(digits)).toEqual(new Set(["9", "0"]))
    })

    test("is another one every time", () => {
        expect(makeRecoveryCode(systemRandom)).not.toBe(makeRecoveryCode(systemRandom))
    })
})

describe("a typed recovery code", () => {
    test.each(vectors.right)("is read: %j", (typed) => {
        expect(checkRecoveryCode(typed)).toMatchObject({ complete: true, code: vectors.code, unreadable: null })
    })

    test.each(vectors.wrong)("is judged: $typed", ({ typed, groups, swapped }) => {
        const found = checkRecoveryCode(typed)
        const wrong = found.groups.flatMap((state, index) => (state === "wrong" ? [index + 1] : []))
        expect({ wrong, swapped: found.swapped }).toEqual({ wrong: groups, swapped })
        expect(found).toMatchObject({ complete: false, code: null })
    })

    test("with one wrong digit names that group and no other", () => {
        fc.assert(
            fc.property(codes, fc.integer({ min: 0, max: 63 }), fc.integer({ min: 1, max: 9 }), (code, at, more) => {
                const changed = code.slice(0, at) + ((Number(code[at]) + more) % 10) + code.slice(at + 1)
                const { groups, code: read } = checkRecoveryCode(changed)
                expect(groups.map((state) => state === "wrong")).toEqual(
                    groups.map((_, index) => index === Math.floor(at / 4)),
                )
                expect(read).toBeNull()
            }),
        )
    })

    test("with two groups swapped names both, when each is wrong where it stands", () => {
        fc.assert(
            fc.property(codes, place, place, (code, a, b) => {
                const groups: string[] = code.match(/.{4}/g) ?? []
                const [first, second] = [groups[Math.min(a, b)] ?? "", groups[Math.max(a, b)] ?? ""]
                const [low, high] = [Math.min(a, b) + 1, Math.max(a, b) + 1]
                fc.pre(low !== high && !groupFits(low, second) && !groupFits(high, first))
                const typed = groups
                    .with(low - 1, second)
                    .with(high - 1, first)
                    .join(" ")
                expect(checkRecoveryCode(typed).swapped).toEqual([[low, high]])
            }),
        )
    })

    test("says while it is typed what stands there already", () => {
        const { groups, complete } = checkRecoveryCode(vectors.code.slice(0, 10))
        expect(groups.slice(0, 4)).toEqual(["right", "right", "partial", "empty"])
        expect(complete).toBe(false)
    })

    test("with a digit left out spoils that group only, when there are separators", () => {
        const groups = showRecoveryCode(vectors.code).split(" ")
        const typed = groups.with(4, groups[4]?.slice(1) ?? "").join(" ")
        const states = checkRecoveryCode(typed).groups
        expect(states[4]).toBe("partial")
        expect(states.filter((state) => state === "right")).toHaveLength(15)
    })

    test("says when there are too many digits, and what it cannot read", () => {
        expect(checkRecoveryCode(`${vectors.code}1`)).toMatchObject({ tooLong: true, code: null })
        expect(checkRecoveryCode(`${vectors.code}O`)).toMatchObject({ unreadable: "O", code: null })
    })
})

test("digits of every script have their value", () => {
    const rows = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿"]
    for (const row of rows) expect([...row].map(digitValue)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    for (const other of ["a", "²", "½", "Ⅳ", "一", " "]) expect(digitValue(other)).toBeNull()
})

test("every unbroken run of digits in Unicode is made of whole tens", () => {
    let run = 0
    for (let point = 0; point <= 0x1_0000 * 2; point++) {
        if (/^\p{Nd}$/u.test(String.fromCodePoint(point))) run++
        else {
            expect(run % 10).toBe(0)
            run = 0
        }
    }
})

test("the wrapping key is made of the random digits, the library and the slot", async () => {
    const slot = readVectors<{ library: string; code: string; slots: { id: string; wrappingKey: string }[] }>(
        "slot.json",
    )
    const [first] = slot.slots
    const key = await recoveryWrappingKey(slot.code, fromHex(slot.library), fromHex(first?.id ?? ""))
    expect(key.extractable).toBe(false)
    const raw = await crypto.subtle.importKey("raw", fromHex(first?.wrappingKey ?? ""), "AES-GCM", false, ["encrypt"])
    const sealed = await seal(raw as WrappingKey, new Uint8Array(12), utf8("a"), utf8("b"))
    expect(await open(key, new Uint8Array(12), sealed, utf8("b"))).toEqual(utf8("a"))
    await expect(recoveryWrappingKey("1234", fromHex(slot.library), new Uint8Array(16))).rejects.toThrow(RangeError)
})
