import fc from "fast-check"
import { expect, test } from "vitest"
import { Shares } from "../../src/engine/shares.ts"
import type { ExportSource, SourceFile } from "../../src/engine/source.ts"

function sourceOf(
    sizes: readonly number[],
    portable: File | null = new File([], "export.zip"),
): Pick<ExportSource, "files" | "size" | "portable"> {
    const files = sizes.map((size, index): SourceFile => {
        return { index, name: `${index}`, size, folder: false, entry: null }
    })
    return { files, size: sizes.reduce((sum, size) => sum + size, 0), portable: portable ? new File([], "") : null }
}

function all(shares: Shares): (readonly number[])[] {
    const dealt: (readonly number[])[] = []
    for (let share = shares.next(); share !== null; share = shares.next()) dealt.push(share)
    return dealt
}

const sizes = fc.array(fc.oneof(fc.nat(400_000), fc.nat(2 ** 32)), { maxLength: 300 })

test("every file is dealt out once, neighbours together, and no share is empty", () => {
    fc.assert(
        fc.property(sizes, (some) => {
            const dealt = all(new Shares(sourceOf(some)))
            expect(dealt.flat()).toEqual([...some.keys()])
            expect(dealt.every((share) => share.length > 0)).toBe(true)
        }),
    )
})

test("no share is much larger than the eighth of what is left, or than its largest file", () => {
    fc.assert(
        fc.property(sizes, (some) => {
            let rest = some.reduce((sum, size) => sum + size, 0)
            for (const share of all(new Shares(sourceOf(some)))) {
                const held = share.map((index) => some[index] ?? 0)
                const size = held.reduce((sum, one) => sum + one, 0)
                expect(size).toBeLessThanOrEqual(Math.max(rest / 8, 4 * 2 ** 20) + Math.max(...held))
                rest -= size
            }
        }),
    )
})

test("what only one thread can read is dealt out in one piece", () => {
    expect(all(new Shares(sourceOf([2 ** 30, 5, 2 ** 30], null)))).toEqual([[0, 1, 2]])
})
