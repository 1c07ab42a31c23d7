import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { chanceToMiss, choose, lossOf, sampleHash, sampleSize } from "../../src/engine/sample.ts"
import { tape } from "../support/tape.ts"

describe("how much is read back", () => {
    test.each([
        [0, 0],
        [1, 1],
        [16, 16],
        [100, 99],
        [1_000, 368],
        [10_000, 448],
        [80_000, 457],
        [1_000_000, 459],
    ])("of %i pieces, %i", (pieces, size) => {
        expect(sampleSize(pieces)).toBe(size)
    })

    test("it is the smallest sample that notices a loss of one in a hundred in 99 of 100 cases", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 100_000 }), (pieces) => {
                const size = sampleSize(pieces)
                expect(chanceToMiss(pieces, size, lossOf(pieces))).toBeLessThanOrEqual(0.01)
                expect(chanceToMiss(pieces, size - 1, lossOf(pieces))).toBeGreaterThan(0.01)
            }),
        )
    })

    test("the chance is what counting every sample gives", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(9), fc.nat(9), (pieces, some, others) => {
                const [read, lost] = [some % (pieces + 1), others % (pieces + 1)]
                const samples = Array.from({ length: 2 ** pieces }, (_, bits) => bits).filter(
                    (bits) => ones(bits) === read,
                )
                const missing = samples.filter((bits) => (bits & (2 ** lost - 1)) === 0)
                expect(chanceToMiss(pieces, read, lost)).toBeCloseTo(missing.length / samples.length, 12)
            }),
        )
    })

    test("only who read so much that nothing can be missed is certain", () => {
        expect(chanceToMiss(100, 100, 1)).toBe(0)
        expect(chanceToMiss(100, 99, 2)).toBe(0)
        expect(chanceToMiss(100, 99, 1)).toBe(0.01)
    })
})

describe("the choice", () => {
    const items = Array.from({ length: 40 }, (_, index) => index)

    test("has as many as were asked for, each once, in their order", () => {
        fc.assert(
            fc.property(fc.nat(60), fc.string(), (count, seed) => {
                const chosen = choose(items, count, tape(seed))
                expect(chosen.length).toBe(Math.min(count, items.length))
                expect(chosen).toEqual([...new Set(chosen)].toSorted((one, other) => one - other))
            }),
        )
    })

    test("takes each as often as any other", () => {
        const random = tape("fair")
        const times = items.map(() => 0)
        for (let round = 0; round < 4_000; round++)
            for (const item of choose(items, 10, random)) times[item] = (times[item] ?? 0) + 1
        // A thousand each; 27 is the standard deviation.
        for (const often of times) expect(Math.abs(often - 1_000)).toBeLessThan(140)
    })
})

test("the hash over a sample does not depend on the order in which it was read, and on everything else", async () => {
    const piece = { packId: "0a".repeat(16), offset: 7, sha256: "0b".repeat(32) }
    const other = { packId: "0a".repeat(16), offset: 100, sha256: "0c".repeat(32) }
    const hash = async (...pieces: readonly (typeof piece)[]) => Buffer.from(await sampleHash(pieces)).toString("hex")
    expect(await hash(other, piece)).toBe(await hash(piece, other))
    const different = [
        [piece],
        [piece, { ...other, offset: 101 }],
        [piece, { ...other, packId: "0b".repeat(16) }],
        [piece, { ...other, sha256: "0d".repeat(32) }],
        [],
    ]
    const hashes = await Promise.all(different.map((pieces) => hash(...pieces)))
    expect(new Set([...hashes, await hash(piece, other)]).size).toBe(different.length + 1)
})

function ones(bits: number): number {
    return bits.toString(2).replaceAll("0", "").length
}
