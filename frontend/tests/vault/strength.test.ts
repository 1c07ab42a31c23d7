import { describe, expect, expectTypeOf, test } from "vitest"
import type { PasswordStrength as Shown } from "../../src/engine/protocol.ts"
import { judge, type PasswordStrength } from "../../src/vault/strength.ts"

const hints = ["Alice Wonder", "alice.wonder@example.org"]

describe("a password of the lists of common ones", () => {
    test.each(["passwort", "hallo", "schatzi", "password1", "iloveyou", "trustno1", "PASSWORD", " password "])(
        "is refused as common: %s",
        async (typed) => {
            expect(await judge(typed, hints)).toMatchObject({ score: 0, refused: "common" })
        },
    )

    test("is no better in other characters that mean the same", async () => {
        for (const typed of ["１２３４５６７８", "ｐａｓｓｗｏｒｄ", "ᴾassword", "𝐢𝐥𝐨𝐯𝐞𝐲𝐨𝐮"])
            expect(await judge(typed, hints), typed).toMatchObject({ refused: "common" })
    })
})

describe("a weak password", () => {
    test.each([
        ["Schmetterling", "no-common-word"],
        ["Weihnachtsbaum1987", "no-date"],
        ["Müller", "no-name"],
        ["Müller1", "no-name"],
        ["Passwort123", "no-common-word"],
        ["ilovepuppies", "no-common-word"],
        ["qwertzuiopü", "no-keyboard-row"],
        ["qwertyuiop[", "no-keyboard-row"],
        ["12.08.1987", "no-date"],
        ["aaaaaaaaaaaaaaaa", "no-repeat"],
        ["abcdefghijkl", "no-sequence"],
        ["Tr0ub4dor&3", "no-letter-swaps"],
        ["alice.wonder", "no-name"],
        ["AliceWonder", "no-name"],
    ] as const)("%s is refused, with advice: %s", async (typed, advice) => {
        const strength = await judge(typed, hints)
        expect(strength.refused).toBe("weak")
        expect(strength.score).toBeLessThan(3)
        expect(strength.advice).toContain(advice)
        expect(strength.advice[0]).toBe("longer")
        expect(new Set(strength.advice).size).toBe(strength.advice.length)
    })

    test("stays weak in other characters that mean the same", async () => {
        const plain = await judge("sommer2024", hints)
        expect(plain.refused).toBe("weak")
        expect(await judge("ｓｏｍｍｅｒ２０２４", hints)).toEqual(plain)
    })
})

describe("a good password", () => {
    test.each([
        "Fahrrad Nebel Zimt Laterne",
        "korrekt pferd batterie heftklammer",
        "correct horse battery staple",
        "xK9#vQ2$mL7!",
        "lauter Regen über Zirndorf",
    ])("may be set: %s", async (typed) => {
        const strength = await judge(typed, hints)
        expect(strength).toMatchObject({ refused: null, advice: [] })
        expect(strength.score).toBeGreaterThanOrEqual(3)
    })
})

test("nothing and far too much are refused by name", async () => {
    expect(await judge("", hints)).toEqual({ score: 0, refused: "empty", advice: ["longer"] })
    expect(await judge("ä".repeat(513), hints)).toEqual({ score: 0, refused: "too-long", advice: [] })
})

test("hints may be empty or odd", async () => {
    const typed = "Fahrrad Nebel Zimt Laterne"
    for (const odd of [[], [""], ["@"], ["ab"], ["＠＠＠ . "]]) expect((await judge(typed, odd)).refused).toBeNull()
})

// The compiler is what fails here.
test("the page is told in the words of the protocol", () => {
    expectTypeOf<PasswordStrength>().toEqualTypeOf<Shown>()
})
