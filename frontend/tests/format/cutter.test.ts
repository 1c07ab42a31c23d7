import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type Bytes, concat, equal } from "../../src/bytes/bytes.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { createLinePrf } from "../../src/crypto/prf.ts"
import { chunkId } from "../../src/format/chunk.ts"
import { ChunkMemory } from "../../src/format/chunk-memory.ts"
import { type Cut, chooseCut, cuts } from "../../src/format/cut.ts"
import { createCutter } from "../../src/format/cutter.ts"
import { limits } from "../../src/format/limits.ts"
import { alice, bob } from "../support/cast.ts"
import { generate, type Input } from "../support/generated.ts"
import { readVectors } from "../support/read-vectors.ts"

const prf = await createLinePrf(alice.keys.cut)

interface CutVector {
    readonly name: string
    readonly input: Input
    readonly cut: Cut
    readonly lengths: readonly number[]
    readonly ids: readonly string[]
}

/** Cuts a file that comes in pieces of these sizes, again and again. */
function cutUp(cut: Cut, file: Bytes, sizes: readonly number[] = [file.length], by = prf): Bytes[] {
    const cutter = createCutter(cut, by)
    const chunks: Bytes[] = []
    for (let offset = 0, turn = 0; offset < file.length; turn++) {
        const end = offset + Math.max(1, sizes[turn % sizes.length] ?? 1)
        chunks.push(...cutter.push(file.slice(offset, end)))
        offset = end
    }
    return [...chunks, ...cutter.end()]
}

/** The rules of docs/format.md §4 once more, word by word and without a thought for speed. */
function cutByTheBook(file: Bytes): number[] {
    const lengths: number[] = []
    let n = 0
    for (let start = 0; start < file.length; ) {
        const feed = file.indexOf(0x0a, start)
        const end = feed < 0 ? file.length : feed + 1
        const l = end - start
        if (n > 0 && n + l > 262_112) {
            lengths.push(n)
            n = 0
        }
        if (l > 262_112) {
            n = l
            for (; n > 262_112; n -= 262_112) lengths.push(262_112)
        } else {
            n += l
            if (n >= 8_192 && prf(file.subarray(start, end)) * 24_576 < l * 2 ** 32) {
                lengths.push(n)
                n = 0
            }
        }
        start = end
    }
    return n > 0 ? [...lengths, n] : lengths
}

const file: fc.Arbitrary<Input> = fc.record({
    kind: fc.constant("lines"),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
    size: fc.integer({ min: 0, max: 900_000 }),
    longest: fc.constantFrom(10, 200, 5_000, 60_000, 262_112, 600_000),
})
const pieceSizes = fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 5 })
const someRuns = { numRuns: 25 }

describe("cut.json", () => {
    test.each(readVectors<CutVector[]>("cut.json"))("$name", async ({ input, cut, lengths, ids }) => {
        const bytes = generate(input)
        expect(chooseCut(bytes)).toBe(cut)
        const chunks = cutUp(cut, bytes)
        expect(chunks.map((chunk) => chunk.length)).toEqual(lengths)
        expect(await Promise.all(chunks.map(async (chunk) => toHex(await chunkId(alice.keys, chunk))))).toEqual(ids)
    })
})

describe("a cutter", () => {
    test("loses nothing and adds nothing: all chunks joined are the file", () => {
        fc.assert(
            fc.property(file, pieceSizes, fc.constantFrom(...cuts), (input, sizes, cut) => {
                const bytes = generate(input)
                const chunks = cutUp(cut, bytes, sizes)
                expect(Buffer.compare(concat(...chunks), bytes)).toBe(0)
                for (const chunk of chunks) expect(chunk.length).toBeGreaterThan(0)
            }),
            someRuns,
        )
    })

    test("does not care in which pieces a file comes", () => {
        fc.assert(
            fc.property(file, pieceSizes, fc.constantFrom(...cuts), (input, sizes, cut) => {
                const bytes = generate(input)
                expect(lengthsOf(cutUp(cut, bytes, sizes))).toEqual(lengthsOf(cutUp(cut, bytes)))
            }),
            someRuns,
        )
    })

    test("takes a file byte by byte as well", () => {
        const bytes = generate({ kind: "lines", seed: 3, size: 300_000, longest: 200_000 })
        for (const cut of cuts) expect(lengthsOf(cutUp(cut, bytes, [1]))).toEqual(lengthsOf(cutUp(cut, bytes)))
    })

    test("of text follows the document to the letter", () => {
        fc.assert(
            fc.property(file, (input) => {
                const bytes = generate(input)
                expect(lengthsOf(cutUp("text", bytes))).toEqual(cutByTheBook(bytes))
            }),
            someRuns,
        )
    })

    test.each([262_111, 262_112, 262_113, 524_223, 524_224, 524_225])(
        "of text keeps its limits at a line of %i bytes",
        (length) => {
            const line = new Uint8Array(length).fill(0x61).with(length - 1, 0x0a)
            for (const bytes of [line, concat(utf8("a\n"), line, utf8("b\n")), line.with(length - 1, 0x62)]) {
                const lengths = lengthsOf(cutUp("text", bytes, [100_000]))
                expect(lengths).toEqual(cutByTheBook(bytes))
                expect(Math.max(...lengths)).toBeLessThanOrEqual(limits.chunk)
            }
        },
    )

    test("of text makes chunks of about 32 KiB from chat lines", () => {
        const lengths = lengthsOf(cutUp("text", generate({ kind: "lines", seed: 5, size: 8_000_000, longest: 150 })))
        const mean = 8_000_000 / lengths.length
        expect(mean).toBeGreaterThan(25_000)
        expect(mean).toBeLessThan(40_000)
    })

    test("of text finds its old cuts again when lines come in front or are added", () => {
        const chat = generate({ kind: "lines", seed: 5, size: 4_000_000, longest: 150 })
        const more = generate({ kind: "lines", seed: 9, size: 100_000, longest: 150 })
        const known = new Set(cutUp("text", chat).map((chunk) => Buffer.from(chunk).toString("latin1")))
        for (const grown of [concat(more, utf8("\n"), chat), concat(chat, utf8("\n"), more), chat.slice(200_000)]) {
            const chunks = cutUp("text", grown)
            const again = chunks.filter((chunk) => known.has(Buffer.from(chunk).toString("latin1")))
            // What is new, and one chunk at each end of it.
            expect(chunks.length - again.length).toBeLessThan(8)
            expect(again.length).toBeGreaterThan(known.size - 12)
        }
    })

    test("of text cuts elsewhere in another library", async () => {
        const chat = generate({ kind: "lines", seed: 5, size: 2_000_000, longest: 150 })
        const other = cutUp("text", chat, [chat.length], await createLinePrf(bob.keys.cut))
        expect(lengthsOf(other)).not.toEqual(lengthsOf(cutUp("text", chat)))
    })

    test.each(cuts)("%s leaves a piece to whoever pushed it, and uses memory again that was given back", (cut) => {
        const content = generate({ kind: "lines", seed: 5, size: 2_000_000, longest: 150 })
        const memory = new ChunkMemory()
        const cutter = createCutter(cut, prf, memory)
        const pieces: Bytes[] = []
        const piece = new Uint8Array(700_000)
        const keep = (chunks: readonly Bytes[]): void => {
            for (const chunk of chunks) {
                pieces.push(chunk.slice())
                memory.give(chunk)
            }
        }
        for (let at = 0; at < content.length; at += piece.length) {
            const part = content.subarray(at, at + piece.length)
            piece.set(part)
            keep(cutter.push(piece.subarray(0, part.length)))
            piece.fill(0)
        }
        keep(cutter.end())
        expect(equal(concat(...pieces), content)).toBe(true)
    })
})

describe("the choice of a cut", () => {
    const filler = "a".repeat(limits.cutHead - 1)

    test.each([
        ["", "fixed"],
        ["hello", "text"],
        ["\ufeffhello", "text"],
        ["SQLite format 3\0…", "sqlite"],
        ["SQLite format 3", "text"],
        ["a\0b", "fixed"],
        [`${filler}ä`, "text"],
        [`${filler}a\0`, "text"],
        [`${filler.slice(1)}\0`, "fixed"],
    ])("%j is cut as %s", (text, cut) => {
        expect(chooseCut(utf8(text))).toBe(cut)
    })

    test("a character cut off by the window is text, one cut off by the end of the file is not", () => {
        for (const character of ["ä", "€", "🎈"]) {
            const bytes = utf8(character)
            for (let kept = 1; kept < bytes.length; kept++) {
                const part = bytes.subarray(0, kept)
                const window = concat(utf8("a".repeat(limits.cutHead - kept)), part)
                expect(chooseCut(window)).toBe("text")
                expect(chooseCut(concat(window, utf8("more")))).toBe("text")
                expect(chooseCut(window.subarray(1))).toBe("fixed")
            }
        }
    })

    test.each([[[0xe0, 0x80]], [[0xed, 0xa0]], [[0xf4, 0x90]], [[0xc0]], [[0xf8]], [[0x80]]])(
        "what can begin no character (%j) is not text, not even at the end of the window",
        (part) => {
            const window = concat(utf8("a".repeat(limits.cutHead - part.length)), new Uint8Array(part))
            expect(chooseCut(window)).toBe("fixed")
        },
    )
})

function lengthsOf(chunks: readonly Bytes[]): number[] {
    return chunks.map((chunk) => chunk.length)
}
