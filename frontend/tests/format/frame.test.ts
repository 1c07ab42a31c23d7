import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fromBase64url } from "../../src/bytes/base64url.ts"
import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { chunkId, nameChunk } from "../../src/format/chunk.ts"
import { type FrameEntry, frameBytes, frameFlags, frameOverhead, openFrame, sealFrame } from "../../src/format/frame.ts"
import { limits } from "../../src/format/limits.ts"
import { compress, decompress, ready } from "../../src/format/zstd.ts"
import { bytes } from "../support/arbitrary.ts"
import { alice, aliceLater, bob } from "../support/cast.ts"
import { type EntryText, readEntry, readVectors } from "../support/read-vectors.ts"
import { refusal } from "../support/refused.ts"
import { tape } from "../support/tape.ts"

const { keys } = alice

interface FrameVector {
    readonly name: string
    readonly entry: EntryText
    readonly chunks: readonly string[]
    readonly sealed: string
}

const vectors = readVectors<FrameVector[]>("frame.json")

async function seal(chunks: readonly Bytes[], compressed = true) {
    const named = await Promise.all(chunks.map((chunk) => nameChunk(keys, chunk)))
    return sealFrame(keys, named, tape("frame"), { compress: compressed })
}

describe("a frame", () => {
    test.each(vectors)("of frame.json opens: $name", async ({ entry, chunks, sealed }) => {
        expect(await openFrame(keys, readEntry(entry), fromBase64url(sealed))).toEqual(chunks.map(fromBase64url))
    })

    test("opens to what was sealed, and is exactly as long as promised", async () => {
        const chunks = fc.array(bytes({ minLength: 1, maxLength: 2_000 }), { minLength: 1, maxLength: 4 })
        await fc.assert(
            fc.asyncProperty(chunks, fc.boolean(), async (given, compressed) => {
                const frame = await seal(given, compressed)
                const sealed = frameBytes(frame)
                const length = given.reduce((sum, chunk) => sum + chunk.length, 0)
                expect(sealed).toHaveLength(frame.sealedLength)
                if ((frame.flags & frameFlags.zstd) === 0) expect(frame.sealedLength).toBe(length + frameOverhead)
                else expect(frame.sealedLength).toBeLessThan(length + frameOverhead)
                expect(await openFrame(keys, frame, sealed)).toEqual(given)
            }),
        )
    })

    test("is compressed only when that makes it shorter", async () => {
        expect((await seal([utf8("a".repeat(1_000))])).flags).toBe(frameFlags.zstd)
        expect((await seal([utf8("a".repeat(1_000))], false)).flags).toBe(0)
        expect((await seal([tape("noise").bytes(1_000)])).flags).toBe(0)
    })

    test("is refused when any byte is changed, or it was cut off anywhere", async () => {
        for (const { entry, sealed } of vectors) {
            const right = fromBase64url(sealed)
            const asked = readEntry(entry)
            for (let index = 0; index < right.length; index++) {
                const changed = right.with(index, (right[index] ?? 0) ^ 0x80)
                const name = ["unknown-version", "unknown-flags"][index] ?? "not-authentic"
                expect(await refusal(() => openFrame(keys, asked, changed))).toBe(name)
                const short = right.subarray(0, index)
                const shortName = index <= frameOverhead ? "truncated" : "wrong-hash"
                expect(await refusal(() => openFrame(keys, asked, short))).toBe(shortName)
                if (index > frameOverhead) {
                    const agreed = { ...asked, sealedLength: index }
                    expect(await refusal(() => openFrame(keys, agreed, short))).toBe("not-authentic")
                }
            }
        }
    })

    test("is refused by another library and in another epoch", async () => {
        const frame = await seal([utf8("hello")])
        for (const other of [bob, aliceLater])
            expect(await refusal(() => openFrame(other.keys, frame, frameBytes(frame)))).toBe("not-authentic")
    })

    test("is refused when another chunk was asked for", async () => {
        const [one, other] = [await seal([utf8("one")]), await seal([utf8("two")])]
        expect(await refusal(() => openFrame(keys, other, frameBytes(one)))).toBe("not-authentic")
    })

    test("above the limit is refused before anything is done with it", async () => {
        const frame = await seal([utf8("a")])
        const long = new Uint8Array(limits.frameContent + frameOverhead + 1)
        expect(await refusal(() => openFrame(keys, { ...frame, sealedLength: long.length }, long))).toBe("too-large")
    })

    test("holds up to 1,048,576 bytes", async () => {
        const chunk = tape("large").bytes(limits.frameContent / 4)
        const frame = await seal([chunk, chunk, chunk, chunk])
        expect(await openFrame(keys, frame, frameBytes(frame))).toHaveLength(4)
        await expect(seal([chunk, chunk, chunk, chunk, chunk])).rejects.toThrow(RangeError)
    })
})

test("chunks are named rightly also when many are named at once", async () => {
    const chunks = Array.from({ length: 40 }, (_, index) => tape(`chunk ${index}`).bytes(50_000 + index))
    const atOnce = await Promise.all(chunks.map((chunk) => chunkId(keys, chunk)))
    const oneByOne: Bytes[] = []
    for (const chunk of chunks) oneByOne.push(await chunkId(keys, chunk))
    expect(atOnce).toEqual(oneByOne)
})

describe("refusals.json", () => {
    const { frames } = readVectors<{
        frames: { name: string; entry: EntryText; sealed: string; expected: string }[]
    }>("refusals.json")

    test.each(frames)("$name: $expected", async ({ entry, sealed, expected }) => {
        const asked: FrameEntry = readEntry(entry)
        expect(await refusal(() => openFrame(keys, asked, fromBase64url(sealed)))).toBe(expected)
    })
})

describe("zstd", () => {
    test("unpacks to what was packed, and refuses everything that was cut off or lengthened", async () => {
        await ready()
        await fc.assert(
            fc.asyncProperty(bytes({ maxLength: 3_000 }), fc.nat(200), async (given, times) => {
                const content = concat(...Array.from({ length: times % 5 }, () => given), given)
                const frame = compress(content)
                expect(decompress(frame, content.length)).toEqual(content)
                expect(await refusal(() => decompress(frame.subarray(0, times % frame.length), 100_000))).toBe(
                    "malformed",
                )
                expect(await refusal(() => decompress(concat(frame, frame), 100_000))).toBe("malformed")
                if (content.length > 0)
                    expect(await refusal(() => decompress(frame, content.length - 1))).toBe("too-large")
            }),
        )
    })

    test("refuses what is no zstd", async () => {
        await fc.assert(
            fc.asyncProperty(bytes({ maxLength: 60 }), async (given) => {
                const frame = concat(new Uint8Array([0x28, 0xb5, 0x2f, 0xfd]), given)
                const name = await refusal(() => {
                    decompress(given, 1_000)
                })
                expect(name).toBe("malformed")
                // With the right beginning it may even be zstd: then it is within the limit, or refused by name.
                try {
                    expect(decompress(frame, 1_000).length).toBeLessThanOrEqual(1_000)
                } catch (error) {
                    expect(String(error)).toMatch(/malformed|too-large/)
                }
            }),
            { numRuns: 300 },
        )
    })
})
