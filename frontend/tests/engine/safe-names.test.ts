import { readFileSync } from "node:fs"
import fc from "fast-check"
import { expect, test } from "vitest"
import { utf8 } from "../../src/bytes/utf8.ts"
import { SafeNames } from "../../src/engine/safe-names.ts"

interface Vector {
    readonly files: readonly { readonly name: string; readonly path: string }[]
}

test("names are those of the command line", () => {
    const file = new URL("../../../tests/vectors/safe-names.json", import.meta.url)
    const names = new SafeNames()
    for (const { name, path } of (JSON.parse(readFileSync(file, "utf8")) as Vector).files)
        expect(names.file(name).join("/")).toBe(path)
})

test("hostile names stay inside, and none comes twice", () => {
    const name = fc.string({
        unit: fc.constantFrom("a", "A", ".", "/", "\\", " ", "\u202e", "ß", "\ud800", "c", "on"),
        maxLength: 12,
    })
    fc.assert(
        fc.property(fc.array(name, { maxLength: 12 }), (all) => {
            const names = new SafeNames()
            const paths = all.map((one) => names.file(one, ["place"]))
            for (const path of paths) {
                expect(path.length).toBeGreaterThan(1)
                expect(path[0]).toBe("place")
                for (const part of path) {
                    expect(part).not.toMatch(/^$|^\.{1,2}$|[. ]$|[/\\\u202e]|\p{Surrogate}|^con(?:\.|$)/iu)
                    expect(utf8(part).length).toBeLessThan(256)
                }
            }
            const folded = paths.map((path) => path.join("/").toUpperCase().toLowerCase())
            expect(new Set(folded).size).toBe(folded.length)
            for (const one of folded) for (const other of folded) expect(other.startsWith(`${one}/`)).toBe(false)
        }),
    )
})
