import fc from "fast-check"
import { expect, test } from "vitest"
import {
    leastStretching,
    mostStretching,
    readStretching,
    stretchingLength,
    writeStretching,
} from "../../src/crypto/stretching.ts"
import { bytes } from "../support/arbitrary.ts"

const between = (least: number, most: number) => fc.integer({ min: least, max: most })
const allowed = fc.record({
    memory: between(leastStretching.memory, mostStretching.memory),
    passes: between(leastStretching.passes, mostStretching.passes),
    lanes: between(leastStretching.lanes, mostStretching.lanes),
})

test("parameters between floor and ceiling are read as they were written, in seven bytes", () => {
    fc.assert(
        fc.property(allowed, (stretching) => {
            const written = writeStretching(stretching)
            expect(written).toHaveLength(stretchingLength)
            expect(readStretching(written)).toEqual({ kind: "read", stretching })
        }),
    )
})

test("the floor is 64 MiB, three passes, four lanes, in these bytes", () => {
    expect([...writeStretching(leastStretching)]).toEqual([1, 0, 1, 0, 0, 3, 4])
})

test("whatever else the bytes are, either limit is kept or they are refused", () => {
    fc.assert(
        fc.property(bytes({ minLength: 7, maxLength: 7 }), (written) => {
            const read = readStretching(written)
            if (read.kind === "refused") return
            expect(read.stretching.memory).toBeGreaterThanOrEqual(65_536)
            expect(read.stretching.memory).toBeLessThanOrEqual(1_048_576)
            expect(written[0]).toBe(1)
        }),
        { examples: [[new Uint8Array([1, 0, 1, 0, 0, 3, 4])], [new Uint8Array([1, 0, 16, 0, 0, 16, 16])]] },
    )
})

test.each([
    ["one KiB less", { ...leastStretching, memory: 65_535 }, "too-weak"],
    ["one pass less", { ...leastStretching, passes: 2 }, "too-weak"],
    ["one lane less", { ...leastStretching, lanes: 3 }, "too-weak"],
    ["weak in one and heavy in another", { ...mostStretching, memory: 65_535, lanes: 17 }, "too-weak"],
    ["one KiB more", { ...mostStretching, memory: 1_048_577 }, "too-heavy"],
    ["one pass more", { ...mostStretching, passes: 17 }, "too-heavy"],
    ["one lane more", { ...mostStretching, lanes: 17 }, "too-heavy"],
] as const)("%s is refused", (_, stretching, why) => {
    expect(readStretching(writeStretching(stretching))).toEqual({ kind: "refused", why })
})

test("every other length and every other scheme is refused", () => {
    const written = writeStretching(leastStretching)
    for (const length of [0, 1, 2, 3, 4, 5, 6])
        expect(readStretching(written.slice(0, length))).toEqual({ kind: "refused", why: "malformed" })
    expect(readStretching(new Uint8Array([...written, 0]))).toEqual({ kind: "refused", why: "malformed" })
    for (let scheme = 0; scheme < 256; scheme++)
        if (scheme !== 1)
            expect(readStretching(written.with(0, scheme))).toEqual({ kind: "refused", why: "unknown-scheme" })
})
