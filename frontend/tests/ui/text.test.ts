/** Every sentence exists in every language, and says something. */

import { expect, test } from "vitest"
import { texts } from "../../src/ui/text.ts"

type Leaf = string | ((...args: readonly unknown[]) => string)

function* leaves(node: unknown, path = ""): Generator<readonly [string, Leaf]> {
    if (typeof node === "string" || typeof node === "function") yield [path, node as Leaf]
    else
        for (const [key, value] of Object.entries(node as Record<string, unknown>))
            yield* leaves(value, path === "" ? key : `${path}.${key}`)
}

/** With numbers for parameters: they are read in every language, and large enough for every branch that counts. */
function spoken(leaf: Leaf): string {
    return typeof leaf === "string" ? leaf : leaf(...Array.from({ length: leaf.length }, (_, index) => index + 202))
}

const paths = (language: "de" | "en") => [...leaves(texts[language])].map(([path]) => path)

test("German and English have the same sentences", () => {
    expect(paths("de")).toEqual(paths("en"))
})

test.each(["de", "en"] as const)("no sentence is empty: %s", (language) => {
    for (const [path, leaf] of leaves(texts[language])) expect(spoken(leaf).trim(), path).not.toBe("")
})

test.each(["de", "en"] as const)("every parameter is spoken: %s", (language) => {
    const unspoken = [...leaves(texts[language])].flatMap(([path, leaf]) =>
        typeof leaf === "string" || path === "size" || spoken(leaf).match(/\d/) ? [] : [path],
    )
    expect(unspoken).toEqual([])
})

test("sentences differ between the languages, but for names", () => {
    const same = [...leaves(texts.en)].flatMap(([path, leaf]) => {
        const german = new Map(leaves(texts.de)).get(path)
        return german !== undefined && spoken(leaf) === spoken(german) && spoken(leaf).length > 12 ? [path] : []
    })
    expect(same).toEqual([])
})

test("one and many have their own words", () => {
    expect(texts.de.library.messages(1)).toBe("1 Nachricht")
    expect(texts.de.library.messages(12345)).toBe("12.345 Nachrichten")
    expect(texts.en.library.exports(1)).toBe("1 export")
    expect(texts.en.chat.deleteWords(1)).toContain("Its one export")
    expect(texts.en.chat.deleteWords(3)).toContain("All 3 exports")
})
