import { downloadZip } from "client-zip"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { crc32 } from "../../src/engine/crc32.ts"
import { type UnpackedEntry, unpack, unpackOne } from "../../src/engine/zip.ts"
import { type EntryDamage, readDirectory, type ZipDirectory, zipLimits } from "../../src/engine/zip-directory.ts"
import { type MadeEntry, makeZip, someTime } from "../support/zips.ts"

interface Read {
    readonly name: string
    readonly content: Bytes
    readonly damage: EntryDamage | null
}

async function drain({ entry, content }: UnpackedEntry): Promise<Read> {
    const pieces: Bytes[] = []
    for (;;) {
        const step = await content.next()
        if (step.done === true) return { name: entry.name, content: concat(...pieces), damage: step.value }
        pieces.push(step.value.slice())
    }
}

async function readAll(bytes: Bytes): Promise<readonly Read[]> {
    const file = new Blob([bytes])
    const read: Read[] = []
    for await (const entry of unpack(file, await directoryOf(bytes))) read.push(await drain(entry))
    return read
}

async function directoryOf(bytes: Bytes): Promise<ZipDirectory> {
    const directory = await readDirectory(new Blob([bytes]))
    if (directory === null) throw new Error("no directory")
    return directory
}

const entries = fc.array(
    fc.record({
        name: fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
        content: fc.uint8Array({ maxLength: 3000 }).map((bytes) => new Uint8Array(bytes)),
        deflated: fc.boolean(),
        descriptor: fc.boolean(),
        zip64: fc.boolean(),
        utf8Flag: fc.boolean(),
        time: fc.nat(0xffffffff),
    }),
    { maxLength: 12 },
)

describe("a zip is unpacked", () => {
    test("whatever dialect it was written in", async () => {
        const options = fc.record({
            comment: fc.uint8Array({ maxLength: 100 }).map((bytes) => new Uint8Array(bytes)),
            zip64End: fc.boolean(),
            prefix: fc.uint8Array({ maxLength: 100 }).map((bytes) => new Uint8Array(bytes)),
        })
        await fc.assert(
            fc.asyncProperty(entries, options, async (made: readonly MadeEntry[], how) => {
                const bytes = makeZip(made, how)
                const directory = await directoryOf(bytes)
                expect(directory.comment).toEqual(how.comment)
                expect(directory.whole).toBe(true)
                expect(directory.entries.map((entry) => [entry.name, entry.time])).toEqual(
                    made.map((entry) => [entry.name, entry.time]),
                )
                expect(await readAll(bytes)).toEqual(made.map(({ name, content }) => ({ name, content, damage: null })))
            }),
            { numRuns: 200 },
        )
    })

    test("as client-zip writes it, folders and all", async () => {
        const bytes = new Uint8Array(
            await downloadZip([
                { name: "folder/" },
                { name: "folder/Grüße.txt", input: "hallo", lastModified: new Date(2024, 5, 7, 10, 20, 30) },
            ]).arrayBuffer(),
        )
        const directory = await directoryOf(bytes)
        expect(directory.entries.map((entry) => entry.name)).toEqual(["folder/", "folder/Grüße.txt"])
        expect(directory.entries[1]?.time).toBe(someTime)
        const read = await readAll(bytes)
        expect(read.map(({ content }) => new TextDecoder().decode(content))).toEqual(["", "hallo"])
    })

    test("over the edges of many windows", async () => {
        const large = new Uint8Array(20 * 1024 * 1024).map((_, index) => (index * 31) >> 3)
        const bytes = makeZip([
            { name: "a", content: large, descriptor: true },
            { name: "b", content: large.subarray(0, 9_000_000), deflated: true },
            { name: "c", content: utf8("end") },
        ])
        const read = await readAll(bytes)
        expect(read.map(({ damage }) => damage)).toEqual([null, null, null])
        expect(read[0]?.content.length).toBe(large.length)
        expect(crc32(0, read[0]?.content ?? new Uint8Array(0))).toBe(crc32(0, large))
        expect(crc32(0, read[1]?.content ?? new Uint8Array(0))).toBe(crc32(0, large.subarray(0, 9_000_000)))
    })

    test("in the order of the file, whatever the order of the directory", async () => {
        const bytes = makeZip([
            { name: "a", content: utf8("1") },
            { name: "b", content: utf8("2") },
        ])
        const directory = await directoryOf(bytes)
        const turned = { ...directory, entries: [...directory.entries].reverse() }
        const names: string[] = []
        for await (const { entry } of unpack(new Blob([bytes]), turned)) names.push(entry.name)
        expect(names).toEqual(["a", "b"])
    })

    test("with the same name twice", async () => {
        const twice = makeZip([
            { name: "a", content: utf8("1") },
            { name: "a", content: utf8("2") },
        ])
        expect((await readAll(twice)).map(({ content }) => new TextDecoder().decode(content))).toEqual(["1", "2"])
    })

    test("one entry alone", async () => {
        const bytes = makeZip([
            { name: "a", content: utf8("1") },
            { name: "b", content: utf8("zwei"), deflated: true },
        ])
        const entry = (await directoryOf(bytes)).entries[1]
        if (entry === undefined) throw new Error("no entry")
        const read = await drain({ entry, content: unpackOne(new Blob([bytes]), entry) })
        expect(read).toEqual({ name: "b", content: utf8("zwei"), damage: null })
    })

    test("and names that are not UTF-8 keep their bytes", async () => {
        const name = new Uint8Array([0x47, 0x72, 0x81, 0xe1, 0x65])
        const [entry] = (await directoryOf(makeZip([{ name, content: utf8("x") }]))).entries
        expect(entry?.name).toBe("Grüße")
        expect(entry?.rawName).toEqual(name)
    })
})

describe("what is damaged is told", () => {
    const fine: MadeEntry = { name: "fine", content: utf8("fine") }

    test.each<[string, MadeEntry, EntryDamage]>([
        ["encrypted entries", { name: "x", content: utf8("x"), flags: 1 }, "encrypted"],
        ["other methods", { name: "x", content: utf8("x"), method: 14 }, "unsupported"],
        ["a wrong checksum", { name: "x", content: utf8("x"), crc32: 1 }, "wrong-checksum"],
        ["bytes that are no deflate", { name: "x", content: utf8("x"), deflated: true, packed: utf8("no") }, "broken"],
        ["more than was promised", { name: "x", content: utf8("xxxx"), deflated: true, size: 2 }, "broken"],
        ["less than was promised", { name: "x", content: utf8("xxxx"), deflated: true, size: 9 }, "broken"],
        ["impossible ratios", { name: "x", content: utf8("x"), deflated: true, size: 1e9 }, "broken"],
    ])("%s, and the rest is read", async (_, entry, damage) => {
        const read = await readAll(makeZip([entry, fine]))
        expect(read[0]?.damage).toBe(damage)
        expect(read[1]).toEqual({ name: "fine", content: utf8("fine"), damage: null })
    })

    test("a directory that points at the same bytes twice is not followed twice", async () => {
        const bytes = makeZip([fine])
        const directory = await directoryOf(bytes)
        const twice = { ...directory, entries: [...directory.entries, ...directory.entries] }
        const damages: (EntryDamage | null)[] = []
        for await (const entry of unpack(new Blob([bytes]), twice)) damages.push((await drain(entry)).damage)
        expect(damages).toEqual([null, "overlapping"])
    })

    test("a directory that breaks off lists what it named until there", async () => {
        const bytes = makeZip([fine, { ...fine, name: "second" }])
        const at = bytes.length - 22 - 46 - "second".length
        bytes[at] = 0
        const directory = await directoryOf(bytes)
        expect(directory.whole).toBe(false)
        expect(directory.entries.map((entry) => entry.name)).toEqual(["fine"])
    })

    test("anything else is no zip", async () => {
        expect(await readDirectory(new Blob([utf8("hello")]))).toBeNull()
        expect(await readDirectory(new Blob([]))).toBeNull()
        expect(await readDirectory(new Blob([makeZip([fine]).subarray(0, 30)]))).toBeNull()
    })

    test("no changed byte makes the reader fail in another way", async () => {
        const bytes = makeZip([fine, { name: "b", content: utf8("bbbbbbbbbbbb"), deflated: true }], { zip64End: true })
        for (let at = 0; at < bytes.length; at++) {
            const changed = bytes.slice()
            changed[at] = (changed[at] ?? 0) ^ 0x55
            const file = new Blob([changed])
            const directory = await readDirectory(file).catch((error: unknown) => {
                expect(error).toMatchObject({ code: expect.stringMatching(/^too-/) })
                return null
            })
            if (directory === null) continue
            for await (const entry of unpack(file, directory)) await drain(entry)
        }
    })

    test("too many entries are refused before any work", async () => {
        const end = new Uint8Array(makeZip([], { zip64End: true }))
        new DataView(end.buffer).setBigUint64(32, BigInt(zipLimits.entries + 1), true)
        await expect(readDirectory(new Blob([end]))).rejects.toMatchObject({ code: "too-many-entries" })
    })
})

test("the checksum is the one that zips use", () => {
    expect(crc32(0, utf8("123456789"))).toBe(0xcbf43926)
    const digits = utf8("123456789".repeat(20))
    for (let cut = 0; cut <= digits.length; cut++)
        expect(crc32(crc32(0, digits.subarray(0, cut)), digits.subarray(cut))).toBe(crc32(0, digits))
})
