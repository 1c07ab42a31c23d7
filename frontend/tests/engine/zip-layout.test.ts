import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Bytes } from "../../src/bytes/bytes.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { crc32, crc32Joined } from "../../src/engine/crc32.ts"
import { readDirectory } from "../../src/engine/zip-directory.ts"
import { localHeader, type PlacedMember, ZipLayout, type ZipMember } from "../../src/engine/zip-layout.ts"
import { someTime } from "../support/zips.ts"

const GiB = 2 ** 30
const member = (name: string, size: number): ZipMember => ({
    name: utf8(name),
    utf8: true,
    size,
    time: someTime,
    attributes: 0o100644 * 0x10000,
    madeBy: 0x031e,
})

/** A file of any size of which only some places hold anything: what a zip's table is read from. */
class SparseFile extends Blob {
    readonly #parts: readonly { readonly at: number; readonly bytes: Bytes }[]
    readonly #size: number

    constructor(parts: readonly { readonly at: number; readonly bytes: Bytes }[], size: number) {
        super([])
        this.#parts = parts
        this.#size = size
    }

    override get size(): number {
        return this.#size
    }

    override slice(from = 0, to = this.#size): Blob {
        const bytes = new Uint8Array(to - from)
        for (const part of this.#parts) {
            const begin = Math.max(from, part.at)
            const end = Math.min(to, part.at + part.bytes.length)
            if (begin < end) bytes.set(part.bytes.subarray(begin - part.at, end - part.at), begin - from)
        }
        return new Blob([bytes])
    }
}

function zipOf(members: readonly ZipMember[], comment: Bytes = new Uint8Array(0)) {
    const layout = new ZipLayout(comment)
    const placed = members.map((one) => layout.add(one))
    const sums = new Map<PlacedMember, number>(placed.map((one, index) => [one, index]))
    const headers = placed.map((one, index) => ({ at: one.headerAt, bytes: localHeader(one, index) }))
    return { file: new SparseFile([...headers, ...layout.directory(sums)], layout.size), placed, size: layout.size }
}

describe("a zip that is laid out before it is written", () => {
    test.each<[string, readonly ZipMember[]]>([
        ["nothing", []],
        ["a few files", [member("a.txt", 3), member("Grüße 😀/b", 0), member("c", 70_000)]],
        [
            "files of more than 4 GiB, and files behind them",
            [member("large", 5 * GiB), member("after", 7), member("huge", 9 * GiB)],
        ],
        ["a file of exactly 4 GiB less one byte", [member("edge", 4 * GiB - 1), member("after", 1)]],
    ])("%s", async (_, members) => {
        const { file, placed, size } = zipOf(members, utf8("a comment"))
        const directory = await readDirectory(file)
        expect(directory?.whole).toBe(true)
        expect(directory?.comment).toEqual(utf8("a comment"))
        expect(directory?.entries.map(({ name }) => utf8(name))).toEqual(members.map(({ name }) => name))
        for (const [index, entry] of (directory?.entries ?? []).entries()) {
            const one = placed[index]
            expect(entry).toMatchObject({
                crc32: index,
                size: one?.size,
                packedSize: one?.size,
                headerOffset: one?.headerAt,
            })
            expect(entry).toMatchObject({
                time: one?.time,
                attributes: one?.attributes,
                madeBy: one?.madeBy,
                damage: null,
            })
        }
        expect(file.size).toBe(size)
    })

    test("more entries than 16 bits count", async () => {
        const members = Array.from({ length: 70_000 }, (_, index) => member(`${index}`, 1))
        const directory = await readDirectory(zipOf(members).file)
        expect(directory?.whole).toBe(true)
        expect(directory?.entries).toHaveLength(70_000)
        expect(directory?.entries.at(-1)).toMatchObject({ name: "69999", crc32: 69_999 })
    })

    test("one without a sum is not named, and the others stay where they are", async () => {
        const layout = new ZipLayout(new Uint8Array(0))
        const [one, two] = [layout.add(member("one", 10)), layout.add(member("two", 20))]
        const written = [...layout.directory(new Map([[two, 5]]))]
        const file = new SparseFile(written, layout.size - 46 - 3)
        expect((await readDirectory(file))?.entries).toMatchObject([{ name: "two", headerOffset: two.headerAt }])
        expect(one.contentAt).toBeLessThan(two.headerAt)
    })
})

test("sums of pieces join to the sum of the whole", () => {
    const piece = fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes))
    fc.assert(
        fc.property(fc.array(piece), (pieces) => {
            const whole = pieces.reduce(crc32, 0)
            expect(pieces.reduce((sum, one) => crc32Joined(sum, crc32(0, one), one.length), 0)).toBe(whole)
        }),
    )
    const zeros = new Uint8Array(1_000_000)
    expect(crc32Joined(crc32(0, utf8("a")), crc32(0, zeros), zeros.length)).toBe(crc32(crc32(0, utf8("a")), zeros))
})
