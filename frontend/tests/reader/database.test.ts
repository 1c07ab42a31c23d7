/** WhatsApp's own backups and databases: opened with the right key alone, and read with what text exports lack. */

import { readFileSync } from "node:fs"
import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { ownDatabases } from "../../src/adapters/databases.ts"
import { openDatabase } from "../../src/adapters/sqlite.ts"
import type { Bytes } from "../../src/bytes/bytes.ts"
import { fromHex } from "../../src/bytes/hex.ts"
import type { PartOfExport } from "../../src/reader/conversation.ts"
import { isCrypt15, openCrypt15, rootOfDigits, rootOfKeyFile } from "../../src/reader/database/crypt15.ts"
import { readDatabases } from "../../src/reader/database/read.ts"
import { contacts, makeDatabase, msgstore } from "../support/databases.ts"

interface Vector {
    readonly root: string
    readonly key_file: string
    readonly plain: string
    readonly backups: Readonly<Record<string, string>>
}

const vector = JSON.parse(
    readFileSync(new URL("../../../tests/vectors/crypt15.json", import.meta.url), "utf8"),
) as Vector
const bytes = (base64: string): Bytes => new Uint8Array(Buffer.from(base64, "base64"))
const root = fromHex(vector.root)
const backup = (name: string): Bytes => bytes(vector.backups[name] ?? "")

describe("an encrypted backup", () => {
    test.each(["one file", "without a flag", "several files"])("of %s opens to the database", async (name) => {
        expect(isCrypt15(backup(name))).toBe(true)
        expect(await openCrypt15(backup(name), root)).toEqual(bytes(vector.plain))
    })

    test("that holds a zip gives the zip", async () => {
        expect((await openCrypt15(backup("a zip"), root)).subarray(0, 2)).toEqual(new Uint8Array([0x50, 0x4b]))
    })

    test("is refused with another key, with any byte changed, and at any length", async () => {
        const whole = backup("one file")
        await expect(openCrypt15(whole, new Uint8Array(32))).rejects.toMatchObject({ code: "wrong-key" })
        await fc.assert(
            fc.asyncProperty(fc.nat(whole.length - 17), fc.integer({ min: 1, max: 255 }), async (at, change) => {
                const changed = whole.slice()
                changed[at] = (changed[at] ?? 0) ^ change
                const opened = await openCrypt15(changed, root).catch((error: { code: string }) => error.code)
                // What stands in the header beside the IV is not sealed, and means nothing.
                if (typeof opened === "string") expect(["wrong-key", "not-encrypted-backup"]).toContain(opened)
                else expect(opened).toEqual(bytes(vector.plain))
            }),
            { numRuns: 150 },
        )
        for (const length of [0, 1, 5, 40, 60, whole.length - 17, whole.length - 33])
            await expect(openCrypt15(whole.slice(0, length), root)).rejects.toThrow()
    })

    test("that opens and cannot be unpacked is damaged", async () => {
        await expect(openCrypt15(backup("cannot be unpacked"), root)).rejects.toMatchObject({ code: "damaged-backup" })
    })

    test("has a key of 64 digits, or a file that the phone wrote", () => {
        const spaced = vector.root.toUpperCase().replace(/(.{4})/g, "$1 ")
        expect(rootOfDigits(spaced)).toEqual(root)
        expect(rootOfKeyFile(bytes(vector.key_file))).toEqual(root)
        for (const wrong of ["", vector.root.slice(1), `${vector.root}0`, "g".repeat(64)])
            expect(rootOfDigits(wrong)).toBeNull()
        expect(rootOfKeyFile(new Uint8Array(31))).toBeNull()
        expect(rootOfKeyFile(new Uint8Array(5000))).toBeNull()
    })

    test("whatever a file begins with, looking at it breaks nothing", () => {
        fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (any) => typeof isCrypt15(any) === "boolean"))
    })
})

describe("msgstore.db", () => {
    const names = ["msgstore.db", "wa.db", "Media/IMG-20260919-WA0001.jpg"]
    let ben: PartOfExport | undefined
    let group: PartOfExport | undefined

    beforeAll(async () => {
        const databases = [await openDatabase(await msgstore()), await openDatabase(await contacts())]
        const read = readDatabases(databases, names, "Europe/Berlin") ?? []
        ben = read.find(({ title }) => title === "Ben Muster")
        group = read.find(({ title }) => title === "Berge")
        expect(read).toHaveLength(2)
    })

    const at = (id: string) => ben?.records.find((record) => record.id === id)

    test("names people as the address book does, through hidden addresses too", () => {
        expect(ben?.people).toEqual(["Ben Muster", "Anna"])
        expect([ben?.self, ben?.part]).toEqual(["Anna", "491760406901@s.whatsapp.net"])
        expect(group?.people).toEqual(["Cleo"])
    })

    test("has ids, replies, reactions, forwarded and edited marks", () => {
        expect(at("A2")).toMatchObject({ text: "Hallo Anna", forwarded: true, time: "2026-09-19T10:01:00" })
        expect(at("A2")?.reactions).toEqual([{ emoji: "❤️", person: 1 }])
        expect(at("A3")).toMatchObject({ edited: true, quote: { id: "A2", sender: 0, text: "Hallo Anna" } })
    })

    test("has media with their captions, and the file where the export holds it", () => {
        expect(at("A4")).toMatchObject({ text: "Am Gipfel", attachment: { kind: "photo", file: 2 } })
        expect(at("A5")?.attachment).toEqual({ name: "PTT-20260919-WA0002.opus", kind: "voice", file: null })
    })

    test("has places, polls, deletions, and what could be viewed once", () => {
        expect(at("A6")).toMatchObject({ kind: "location", text: "Hütte: https://maps.google.com/?q=47.421,10.985" })
        expect(at("A8")?.poll).toEqual({
            question: "Wann?",
            options: [
                { text: "Samstag", votes: 2 },
                { text: "Sonntag", votes: 0 },
            ],
        })
        expect([at("A7")?.kind, at("A9")?.kind, at("A1")?.kind]).toEqual(["deleted", "view-once", "system"])
        expect(at("A10")).toBeUndefined()
    })

    test("has calls, between the messages where they were", () => {
        expect(ben?.records.map(({ id }) => id)).toEqual([
            "A1",
            "A2",
            "A3",
            "A4",
            "A5",
            "A6",
            "A7",
            "C1",
            "C2",
            "A8",
            "A9",
        ])
        expect(ben?.records.map(({ index }) => index)).toEqual(ben?.records.map((_, index) => index))
        expect(at("C1")).toMatchObject({ kind: "call", text: "📹 2:05", sender: 0 })
        expect(at("C2")).toMatchObject({ kind: "call", text: "📞", sender: 1 })
    })

    test("of an older version lacks what it lacks, and nothing else", async () => {
        const database = await makeDatabase(
            `create table jid (_id integer primary key, raw_string text);
             create table chat (_id integer primary key, jid_row_id integer);
             create table message (_id integer primary key, chat_row_id integer, from_me integer, key_id text,
                sender_jid_row_id integer, timestamp integer, text_data text);
             insert into jid values (1, '4912345678@s.whatsapp.net'); insert into chat values (1, 1);
             insert into message values (1, 1, 1, 'X', 0, 1789804330000, 'Hallo')`,
        )
        const read = readDatabases([await openDatabase(database)], ["msgstore.db"], "UTC")
        expect(read?.[0]).toMatchObject({ title: "+4912345678", records: [{ text: "Hallo", id: "X" }] })
    })

    test("any other database is none, and a broken one is refused", async () => {
        const other = await makeDatabase("create table notes (text text)")
        const signal = new AbortController().signal
        expect(await ownDatabases.read([new Blob([other])], ["notes.db"], signal)).toBeNull()
        const broken = (await msgstore()).slice(0, 9000)
        await expect(ownDatabases.read([new Blob([broken])], ["msgstore.db"], signal)).rejects.toThrow()
    })
})
