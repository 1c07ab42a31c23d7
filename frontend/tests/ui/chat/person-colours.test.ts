import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { describe, expect, test } from "vitest"
import { coloursOf, personColours } from "../../../src/ui/chat/person-colours.ts"

const tokens = readFileSync(resolve(import.meta.dirname, "../../../src/ui/styles/tokens.css"), "utf8")

/** The two values of a token: of the light theme and of the dark one. */
function token(name: string): readonly [string, string] {
    const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(tokens)
    return [found?.[1] ?? "", found?.[2] ?? ""]
}

function luminance(colour: string): number {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
        const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
    const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
}

describe("every name can be read", () => {
    const [light, dark] = token("bubble")
    const [lightPaper, darkPaper] = token("paper")

    test.each(personColours)("$light on light, $dark on dark", (colour) => {
        // Names stand on bubbles, and above stickers on the paper.
        for (const ground of [light, lightPaper]) expect(contrast(colour.light, ground)).toBeGreaterThanOrEqual(4.5)
        for (const ground of [dark, darkPaper]) expect(contrast(colour.dark, ground)).toBeGreaterThanOrEqual(4.5)
    })

    test("so can the quiet words on either kind of bubble", () => {
        const [softLight, softDark] = token("ink-soft")
        const [ownLight, ownDark] = token("bubble-own")
        expect(Math.min(contrast(softLight, light), contrast(softLight, ownLight))).toBeGreaterThanOrEqual(4.5)
        expect(Math.min(contrast(softDark, dark), contrast(softDark, ownDark))).toBeGreaterThanOrEqual(4.5)
    })
})

test("colours differ while there are few people, and stay with the name", () => {
    const people = Array.from({ length: 10 }, (_, n) => `Person ${n}`)
    expect(new Set(coloursOf(people)).size).toBe(10)
    expect(coloursOf(["Anna"])).toEqual(coloursOf(["Anna"]))
    expect(coloursOf([...people, "One more"])).toHaveLength(11)
})
