import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { concat } from "../../src/bytes/bytes.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { type Contents, divide, hintsHold, hintsOf, type NamedCatalog } from "../../src/engine/division.ts"
import { type CatalogPack, writeCatalog } from "../../src/format/catalog.ts"
import type { SnapshotFile } from "../../src/format/file-list.ts"
import { limits } from "../../src/format/limits.ts"

const chunkCount = 900
const listChunks = [chunkCount + 1, chunkCount + 2]

function idOf(number: number): Uint8Array<ArrayBuffer> {
    const id = new Uint8Array(16)
    new DataView(id.buffer).setUint32(0, number)
    return id
}

const joined = (numbers: readonly number[]) => concat(...numbers.map(idOf))

function fileOf(chunks: readonly number[]): SnapshotFile {
    return {
        name: "a",
        size: chunks.length,
        modified: null,
        type: "",
        cut: "fixed",
        chunks: joined(chunks),
        entry: null,
    }
}

function packOf(...chunks: readonly number[]): CatalogPack {
    const id = `${"f".repeat(24)}${(chunks[0] ?? 0).toString(16).padStart(8, "0")}`
    const frames = chunks.map((chunk) => {
        const entry = { id: idOf(chunk), length: 1 }
        return { id: entry.id, flags: 0, sealedLength: 31, chunks: [entry] }
    })
    return { id, sha256: "0".repeat(64), size: limits.packSize, frames }
}

/** Every chunk in a pack of its own, but for the list's, which share one with the first. */
const allPacks = Array.from({ length: chunkCount }, (_, at) => (at === 0 ? packOf(1, ...listChunks) : packOf(at + 1)))

/** Files of up to three chunks. Some of the chunks lie in packs of this import, the others elsewhere. */
const imports = fc
    .record({
        files: fc.array(fc.array(fc.integer({ min: 1, max: chunkCount }), { maxLength: 3 }), {
            minLength: 1,
            maxLength: 60,
        }),
        packs: fc.shuffledSubarray(allPacks),
        text: fc.option(fc.nat(59)),
    })
    .map(({ files, packs, text }): { packs: readonly CatalogPack[]; contents: Contents } => ({
        packs,
        contents: {
            files: files.map(fileOf),
            list: { count: files.length, size: 1, chunks: joined(listChunks) },
            text: text !== null && text < files.length ? text : null,
        },
    }))

describe("packs are divided among catalogs", () => {
    test("each stands in one, and none is long", () => {
        fc.assert(
            fc.property(imports, ({ packs, contents }) => {
                const divided = divide(packs, contents)
                expect(divided.flat().toSorted(byId)).toEqual(packs.toSorted(byId))
                for (const group of divided) {
                    expect(group.length).toBeGreaterThan(0)
                    expect(group.length).toBeLessThanOrEqual(limits.catalogPacks)
                    expect(writeCatalog({ packs: group }).length).toBeLessThanOrEqual(512 * 1024)
                }
            }),
            { numRuns: 30 },
        )
    })

    test("the first ones have the list and the chat's text", () => {
        fc.assert(
            fc.property(imports, ({ packs, contents }) => {
                const text = contents.files[contents.text ?? -1]?.chunks ?? new Uint8Array(0)
                const wanted = new Set<string>()
                for (const ids of [contents.list.chunks, text])
                    for (let at = 0; at < ids.length; at += 16) wanted.add(toHex(ids.subarray(at, at + 16)))
                const holds = divide(packs, contents).map((group) =>
                    group.some(({ frames }) => frames.some(({ id }) => wanted.has(toHex(id)))),
                )
                expect(holds).toEqual(holds.toSorted((one, other) => Number(other) - Number(one)))
            }),
            { numRuns: 30 },
        )
    })

    test("many small photos make catalogs of fewer packs", () => {
        const numbers = Array.from({ length: 40_000 }, (_, at) => at + 1)
        const packs = Array.from({ length: 40 }, (_, at) => packOf(...numbers.slice(1_000 * at, 1_000 * (at + 1))))
        const contents = { files: numbers.map((one) => fileOf([one])), list: emptyList, text: null }
        const divided = divide(packs, contents)
        expect(divided.length).toBeGreaterThan(1)
        for (const group of divided) expect(writeCatalog({ packs: group }).length).toBeLessThanOrEqual(512 * 1024)
        const hints = hintsOf(named(divided), contents)
        for (const [at, hint] of hints.entries()) expect(hint.from).toBe(hints[at - 1]?.to ?? 0)
    })

    test("few packs share one", () => {
        const contents = { files: [fileOf([1]), fileOf([2])], list: emptyList, text: 0 }
        expect(divide([packOf(1), packOf(2), packOf(3)], contents)).toHaveLength(1)
        expect(divide([], contents)).toEqual([])
    })
})

describe("hints", () => {
    test("lead to every chunk, and narrower ones do not", () => {
        fc.assert(
            fc.property(imports, ({ packs, contents }) => {
                const catalogs = named([...divide(packs, contents), allPacks])
                const hints = hintsOf(catalogs, contents)
                expect(hints.map(({ id }) => id)).toEqual(catalogs.map(({ id }) => id))
                expect(hintsHold(hints, catalogs, contents)).toBe(true)
                for (const [at, hint] of hints.entries()) {
                    const { list, from, to } = hint
                    const narrower = [
                        ...(list ? [{ ...hint, list: false }] : []),
                        ...(to > 0
                            ? [
                                  { ...hint, from: from + 1 },
                                  { ...hint, to: to - 1 },
                              ]
                            : []),
                    ]
                    for (const one of narrower) expect(hintsHold(hints.with(at, one), catalogs, contents)).toBe(false)
                }
            }),
            { numRuns: 30 },
        )
    })
})

const emptyList = { count: 0, size: 0, chunks: new Uint8Array(0) }

function named(groups: readonly (readonly CatalogPack[])[]): readonly NamedCatalog[] {
    return groups.map((packs, at) => ({ id: at.toString(16).padStart(32, "0"), packs }))
}

function byId(one: CatalogPack, other: CatalogPack): number {
    return one.id < other.id ? -1 : 1
}
