/** Android's database, read by SQLite itself: what stands in it, and what becomes of versions that lack something. */

import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { readWithSqlite } from "../../../src/adapters/database-doors.ts"
import type { Bytes } from "../../../src/bytes/bytes.ts"
import type { PartOfExport } from "../../../src/reader/conversation.ts"
import { makeDatabase, rowsOf, sqliteForTests } from "../../support/databases.ts"

const fileNames = [
    "Backup/Databases/msgstore.db",
    "Backup/Databases/wa.db",
    "Backup/Media/WhatsApp Images/IMG-20230601-WA0001.jpg",
    "Backup/flach/PTT-20230601-WA0002.opus",
    "Backup/Media/WhatsApp Documents/Private/Karte.pdf",
    "Backup/Media/WhatsApp Documents/Alt/Karte.pdf",
]

async function read(files: readonly (readonly [string, Bytes])[]): Promise<readonly PartOfExport[]> {
    const pairs = files.map(([name, bytes]) => ({ name, content: new Blob([bytes]), log: null }))
    const found = await readWithSqlite(await sqliteForTests(), pairs, fileNames, "Europe/Berlin")
    if (found.kind !== "read") throw new Error(found.kind)
    return found.parts
}

const none: PartOfExport = { part: "", title: "", people: [], records: [], self: null }
let ben = none
let group = none
let all: readonly PartOfExport[] = []

beforeAll(async () => {
    const messages = await makeDatabase("msgstore")
    all = await read([
        ["Backup/Databases/wa.db", await makeDatabase("wa")],
        ["Backup/Databases/msgstore.db", messages],
    ])
    ;[ben = none, group = none] = all
})

describe("a chat of two", () => {
    test("is called by its address and shown by the contact's name", () => {
        expect(ben).toMatchObject({ part: "447700900101@s.whatsapp.net", title: "Ben Muster", self: "You" })
        expect(ben.people).toEqual(["Ben Muster", "You"])
    })

    test("has everything in the app's order, with what a text export lacks", () => {
        const photo = { name: "IMG-20230601-WA0001.jpg", kind: "photo", file: 2 }
        expect(rowsOf(ben)).toEqual([
            ["system", null, "2023-06-01T11:58:20", "Messages are end-to-end encrypted", {}],
            [
                "message",
                "Ben Muster",
                "2023-06-01T12:00:00",
                "Kommst du mit?",
                { id: "AC01", reactions: [["👍", "You"]] },
            ],
            [
                "message",
                "You",
                "2023-06-01T12:01:00",
                "Ja, gern!\nUm drei? <br> 😀",
                {
                    id: "AC02",
                    edited: true,
                    quote: { id: "AC01", sender: "Ben Muster", text: "Kommst du mit?" },
                    reactions: [["❤️", "Ben Muster"]],
                },
            ],
            ["call", "You", "2023-06-01T12:01:30", "Voice call, 1 min", { id: "call:C1" }],
            [
                "message",
                "Ben Muster",
                "2023-06-01T12:02:00",
                "Der Weg",
                { id: "AC03", forwarded: true, attachment: photo },
            ],
            [
                "message",
                "You",
                "2023-06-01T12:03:00",
                "",
                { id: "AC04", attachment: { name: "PTT-20230601-WA0002.opus", kind: "voice", file: 3 } },
            ],
            ["deleted", "Ben Muster", "2023-06-01T12:04:00", "", { id: "AC05" }],
            [
                "location",
                "Ben Muster",
                "2023-06-01T12:05:00",
                "Marienplatz, München: https://maps.google.com/?q=48.137,11.575",
                { id: "AC06" },
            ],
            [
                "message",
                "You",
                "2023-06-01T12:06:00",
                "",
                { id: "AC07", attachment: { name: "Dora Muster.vcf", kind: "contact", file: null } },
            ],
            [
                "message",
                "You",
                "2023-06-01T12:06:00",
                "",
                { id: "AC07/2", attachment: { name: "Emil.vcf", kind: "contact", file: null } },
            ],
            ["call", "Ben Muster", "2023-06-01T12:06:59", "Missed video call", { id: "call:C2" }],
            [
                "message",
                "You",
                "2023-06-01T12:08:00",
                "",
                { id: "AC09", attachment: { name: "Karte.pdf", kind: "document", file: null } },
            ],
            ["view-once", "Ben Muster", "2023-06-01T12:09:00", "", { id: "AC10" }],
            ["omitted", "Ben Muster", "2023-06-01T12:10:00", "", { id: "AC11", omitted: "video" }],
            ["omitted", "Ben Muster", "2023-06-01T12:11:00", "", { id: "AC12", omitted: null }],
        ])
    })
})

describe("a group", () => {
    test("knows those who hide their numbers, where the database does", () => {
        expect(group).toMatchObject({ part: "120363000000000001@g.us", title: "Wandergruppe", self: "You" })
        expect(group.people).toEqual(["Cleo", "900000000000009", "You", "Ben Muster"])
    })

    test("has its notices, polls, and answers to what is gone", () => {
        expect(rowsOf(group)).toEqual([
            ["system", null, "2023-06-02T12:00:00", "Ben Muster made the group “Wandergruppe”", { id: "G0" }],
            ["message", "Cleo", "2023-06-02T12:01:00", "Hallo zusammen", { id: "G1" }],
            ["message", "900000000000009", "2023-06-02T12:02:00", "Hi", { id: "G2", reactions: [["🙏", "Cleo"]] }],
            [
                "poll",
                "You",
                "2023-06-02T12:03:00",
                "Wann?",
                {
                    id: "G3",
                    poll: {
                        question: "Wann?",
                        options: [
                            { text: "Samstag", votes: 2 },
                            { text: "Sonntag", votes: 0 },
                        ],
                    },
                },
            ],
            ["system", null, "2023-06-02T12:04:00", "Ben Muster added Cleo, +447700900102", { id: "G4" }],
            [
                "message",
                "Ben Muster",
                "2023-06-02T12:05:00",
                "Bis dann",
                { id: "G5", quote: { id: "GONE", sender: "Cleo", text: "Steht in keiner Zeile" } },
            ],
            ["system", null, "2023-06-02T12:06:00", "WhatsApp noted something here (99)", { id: "G6" }],
        ])
    })
})

test("a chat that holds nothing but a call is one", () => {
    expect(all.slice(2).map((part) => [part.part, rowsOf(part)])).toEqual([
        [
            "447700900102@s.whatsapp.net",
            [["call", "+447700900102", "2023-06-01T13:46:40", "Missed voice call", { id: "call:C3" }]],
        ],
    ])
})

test("without contacts, people are called by their numbers", async () => {
    const [alone] = await read([["Backup/Databases/msgstore.db", await makeDatabase("msgstore")]])
    expect(alone).toMatchObject({ title: "+447700900101", people: ["+447700900101", "You"] })
})

describe("a version that lacks", () => {
    const optional = [
        "message_media",
        "message_quoted",
        "message_add_on",
        "message_add_on_reaction",
        "message_location",
        "message_vcard",
        "message_poll_option",
        "message_forwarded",
        "message_edit_info",
        "message_system",
        "message_system_chat_participant",
        "missed_call_logs",
        "call_log",
        "jid_map",
        "messages",
    ]

    test.each(optional)("the table %s is read all the same", async (table) => {
        const [without] = await read([["msgstore.db", await makeDatabase("msgstore", `drop table ${table};`)]])
        expect(without?.records.some(({ text }) => text === "Kommst du mit?")).toBe(true)
    })

    test.each(["origin", "text_data", "message_type", "sort_id"])("the column %s, too", async (column) => {
        const parts = await read([
            ["msgstore.db", await makeDatabase("msgstore", `alter table message drop column ${column};`)],
        ])
        expect(parts.map(({ part }) => part).slice(0, 2)).toEqual([ben.part, group.part])
    })
})

test("media that have lost their folders are found by name, unless two have it", () => {
    const files = all.flatMap(({ records }) => records.flatMap(({ attachment }) => attachment ?? []))
    const found = files.filter(({ file }) => file !== null).map(({ name, file }) => [name, file])
    expect(found).toEqual([
        ["IMG-20230601-WA0001.jpg", 2],
        ["PTT-20230601-WA0002.opus", 3],
    ])
})

test("a database that was changed anywhere is read or refused, and keeps nobody waiting", async () => {
    const whole = await makeDatabase("msgstore")
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 })
    const cut = fc.option(fc.integer({ min: 100, max: whole.length }), { nil: whole.length })
    await fc.assert(
        fc.asyncProperty(changes, cut, async (changed, length) => {
            const bytes = whole.slice(0, length)
            // What it is called stays, else it would not be opened.
            for (const [at, value] of changed) if (at >= 16 && at < length) bytes[at] = value
            const pairs = [{ name: "msgstore.db", content: new Blob([bytes]), log: null }]
            const found = await readWithSqlite(await sqliteForTests(), pairs, fileNames).catch(() => null)
            const records = found?.kind === "read" ? found.parts.flatMap((part) => part.records) : []
            expect(records.every(({ text }) => typeof text === "string")).toBe(true)
        }),
        { numRuns: 60 },
    )
})
