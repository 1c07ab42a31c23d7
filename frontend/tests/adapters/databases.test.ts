/** Who reads which database: SQLite in WebAssembly, or Python with a library of others. Both run in Node too. */

import { loadPyodide, type PyodideInterface } from "pyodide"
import { beforeAll, describe, expect, test } from "vitest"
import { deepImportWheel, fetchedWheels } from "../../python-files.ts"
import { readWithPython, readWithSqlite } from "../../src/adapters/database-doors.ts"
import type { DatabasePair } from "../../src/adapters/databases.ts"
import { type DeepReader, deepReader } from "../../src/adapters/deep-reader.ts"
import type { PartOfExport } from "../../src/reader/conversation.ts"
import { databaseOf, makeDatabase, rowsOf, sqliteForTests } from "../support/databases.ts"

let python: PyodideInterface
let reader: DeepReader

beforeAll(async () => {
    python = await loadPyodide({ stdout: () => undefined, stderr: () => undefined })
    for (const { bytes } of [await deepImportWheel(), ...(await fetchedWheels())]) python.unpackArchive(bytes, "wheel")
    reader = deepReader(python)
}, 60_000)

const pair = async (name: string, made: string, more = ""): Promise<DatabasePair> => ({
    name,
    content: new Blob([await makeDatabase(made, more)]),
    log: null,
})

async function read(
    pairs: readonly DatabasePair[],
    fileNames: readonly string[] = [],
): Promise<readonly PartOfExport[]> {
    const seen = await readWithSqlite(await sqliteForTests(), pairs, fileNames)
    expect(seen).toEqual({ kind: "other" })
    const found = await readWithPython(reader, pairs, fileNames, "Europe/Berlin")
    if (found.kind !== "read") throw new Error(found.kind)
    return found.parts
}

describe("iOS", () => {
    const folder = "AppDomainGroup-group.net.whatsapp.WhatsApp.shared"
    const media = `${folder}/Message/Media/447700900101@s.whatsapp.net`
    const fileNames = [`${folder}/ChatStorage.sqlite`, `${media}/a/b/4a6f.jpg`, `${media}/c/d/77aa.opus`]

    test("a chat of two, with answers, media, calls and whole ids", async () => {
        const parts = await read(
            [await pair("CallHistory.sqlite", "CallHistory"), await pair(fileNames[0] ?? "", "ChatStorage")],
            fileNames,
        )
        const ben = parts.find(({ part }) => part === "447700900101@s.whatsapp.net")
        expect(ben).toMatchObject({ title: "Ben Muster", self: "You" })
        expect(ben === undefined ? [] : rowsOf(ben)).toEqual([
            ["message", "Ben Muster", "2023-06-01T12:00:00", "Kommst du mit?", { id: "3A0123456789ABCDEF01" }],
            [
                "message",
                "You",
                "2023-06-01T12:01:00",
                "Ja, gern!\nUm drei? <br> 😀",
                {
                    id: "3A0123456789ABCDEF02",
                    quote: { id: "3A0123456789ABCDEF01", sender: "Ben Muster", text: "Kommst du mit?" },
                },
            ],
            [
                "call",
                "You",
                "2023-06-01T12:01:30",
                "A voice call to Ben Muster was initiated and lasted for 1 minute 15 seconds with 1.07 KB data transferred.",
                { id: "C1" },
            ],
            [
                "message",
                "Ben Muster",
                "2023-06-01T12:02:00",
                "Der Weg",
                { id: "3A0123456789ABCDEF03", attachment: { name: "4a6f.jpg", kind: "photo", file: 1 } },
            ],
            [
                "message",
                "You",
                "2023-06-01T12:03:00",
                "",
                { id: "3A0123456789ABCDEF04", attachment: { name: "77aa.opus", kind: "voice", file: 2 } },
            ],
            ["deleted", "Ben Muster", "2023-06-01T12:04:00", "", { id: "3A0123456789ABCDEF05" }],
            [
                "location",
                "Ben Muster",
                "2023-06-01T12:05:00",
                "Marienplatz: https://maps.google.com/?q=48.137,11.575",
                { id: "3A0123456789ABCDEF06" },
            ],
            [
                "message",
                "You",
                "2023-06-01T12:06:00",
                "",
                { id: "3A0123456789ABCDEF07", attachment: { name: "Dora Muster.vcf", kind: "contact", file: null } },
            ],
            [
                "message",
                "You",
                "2023-06-01T12:07:00",
                "Karte.pdf",
                { id: "3A0123456789ABCDEF08", attachment: { name: "91bc.pdf", kind: "document", file: null } },
            ],
        ])
        expect(parts.map(({ part, title }) => [part, title])).toEqual([
            ["120363000000000001@g.us", "Wandergruppe"],
            ["447700900101@s.whatsapp.net", "Ben Muster"],
            ["447700900104@s.whatsapp.net", "+447700900104"],
        ])
    })

    test("a group, whose people are called as the phone or they themselves do", async () => {
        const [group] = await read([await pair("ChatStorage.sqlite", "ChatStorage")])
        expect(group === undefined ? [] : rowsOf(group)).toEqual([
            ["system", null, "2023-06-02T12:00:00", "The group name changed to Wandergruppe", { id: "G0" }],
            ["message", "Cleo", "2023-06-02T12:01:00", "Hallo zusammen", { id: "3EB0AAAAAAAAAAAAAA" }],
            ["message", "Ben Muster", "2023-06-02T12:02:00", "Hi", { id: "3EB0BBBBBBBBBBBBBB" }],
            ["message", "You", "2023-06-02T12:03:00", "Bis dann", { id: "3EB0CCCCCCCCCCCCCC" }],
        ])
    })
})

describe("Android before 2021", () => {
    test("has no list of addresses, and is read all the same", async () => {
        const image = "Media/WhatsApp Images/IMG-20170101-WA0001.jpg"
        const parts = await read(
            [await pair("msgstore.db", "msgstore-2017"), await pair("wa.db", "wa")],
            ["msgstore.db", "wa.db", image],
        )
        const [ben, group] = parts
        expect(parts.map(({ part, title }) => [part, title])).toEqual([
            ["447700900101@s.whatsapp.net", "Ben Muster"],
            ["447700900101-1400000000@g.us", "Kegeln"],
        ])
        expect(ben === undefined ? [] : rowsOf(ben)).toEqual([
            ["message", "Ben Muster", "2017-01-01T11:00:00", "Hallo\n<br> Du", { id: "OLD1" }],
            [
                "message",
                "You",
                "2017-01-01T11:01:00",
                "Selber hallo",
                { id: "OLD2", quote: { id: "OLD1", sender: "Ben Muster", text: "Hallo" } },
            ],
            [
                "message",
                "Ben Muster",
                "2017-01-01T11:02:00",
                "Schnee",
                { id: "OLD3", attachment: { name: "IMG-20170101-WA0001.jpg", kind: "photo", file: 2 } },
            ],
            ["location", "You", "2017-01-01T11:03:00", "Hütte: https://maps.google.com/?q=47.5,11.25", { id: "OLD4" }],
            ["deleted", "Ben Muster", "2017-01-01T11:04:00", "", { id: "OLD5" }],
        ])
        expect(group === undefined ? [] : rowsOf(group)).toEqual([
            // What the number beside it meant, no table of that year says.
            ["system", null, "2017-01-01T20:46:40", "Kegeln", { id: "OLD6" }],
            ["message", "+447700900102", "2017-01-01T20:47:40", "Wer kommt?", { id: "OLD7" }],
            ["message", "You", "2017-01-01T20:48:40", "Ich & du", { id: "OLD8" }],
        ])
    })

    test("has notices and calls where its tables are there", async () => {
        const more = `
            create table jid (_id integer primary key, raw_string text, type integer);
            insert into jid values (7, '447700900101@s.whatsapp.net', 0), (8, '447700900101-1400000000@g.us', 1);
            create table message_system (message_row_id integer, action_type integer);
            insert into message_system values (20, 11);
            create table call_log (_id integer, jid_row_id integer, from_me integer, call_id text, timestamp integer,
                video_call integer, duration integer, call_result integer, bytes_transferred integer);
            insert into call_log values (1, 7, 0, 'C1', 1483265100000, 0, 0, 2, null), (2, 99, 0, 'C2', 1483265200000, 0, 0, 2, 0);`
        const [ben, group] = await read([await pair("msgstore.db", "msgstore-2017", more), await pair("wa.db", "wa")])
        expect(ben?.records.at(-1)).toMatchObject({ kind: "call", text: "A voice call from Ben Muster was missed." })
        expect(group?.records[0]).toMatchObject({
            kind: "system",
            text: '447700900101 created a group with name: "Kegeln"',
        })
    })
})

test("what was written last lies beside the database, and is read with it", async () => {
    // Made elsewhere: a database whose second message is in the log alone.
    python.runPython(`
import shutil, sqlite3
made = sqlite3.connect("/made.db")
made.execute("PRAGMA journal_mode = wal")
made.execute("CREATE TABLE messages (_id INTEGER, key_remote_jid TEXT, key_from_me INTEGER, key_id TEXT, data TEXT, timestamp INTEGER)")
made.execute("INSERT INTO messages VALUES (1, '447700900101@s.whatsapp.net', 0, 'A', 'one', 1483264800000)")
made.commit()
made.execute("PRAGMA wal_checkpoint(truncate)")
made.execute("INSERT INTO messages VALUES (2, '447700900101@s.whatsapp.net', 0, 'B', 'two', 1483264900000)")
made.commit()
`)
    const bytesOf = (path: string) => new Uint8Array(python.FS.readFile(path) as Uint8Array<ArrayBuffer>)
    const [content, log] = [bytesOf("/made.db"), bytesOf("/made.db-wal")].map((bytes) => new Blob([bytes]))
    if (content === undefined || log === undefined) throw new Error("not made")
    const [with2] = await read([{ name: "a", content, log }])
    const [with1] = await read([{ name: "a", content, log: null }])
    expect(with2?.records.map(({ text }) => text)).toEqual(["one", "two"])
    expect(with1?.records.map(({ text }) => text)).toEqual(["one"])
})

test("a database of somebody else is known to nobody", async () => {
    const pairs = [{ name: "a", content: new Blob([await databaseOf("create table t (x)")]), log: null }]
    expect(await readWithSqlite(await sqliteForTests(), pairs, [])).toEqual({ kind: "unknown" })
    expect(await readWithPython(reader, pairs, [])).toEqual({ kind: "unknown" })
})

test("the library's own reading of a new database agrees with ours", async () => {
    const bytes = await makeDatabase("msgstore", "drop table messages;")
    python.FS.writeFile("/new.db", bytes)
    const theirs = JSON.parse(
        python.runPython(`
import json, sqlite3
from Whatsapp_Chat_Exporter import android_handler
from Whatsapp_Chat_Exporter.data_model import ChatCollection, Timing
database = sqlite3.connect("/new.db")
database.row_factory = sqlite3.Row
data = ChatCollection()
data.set_system("jid_map_exists", True)
data.set_system("transcription_selection", "NULL AS transcription_text")
android_handler.messages(database, data, "", Timing(0), None, (None, None), False, False)
json.dumps([
    [jid, message.key_id, message.timestamp, message.data, message.reply, sorted(message.reactions.values())]
    for jid, chat in data.items() for message in chat.values() if message.key_id and not message.meta and message.data
])`) as string,
    ) as readonly (readonly [string, string, number, string, string | null, readonly string[]])[]
    const pairs = [{ name: "msgstore.db", content: new Blob([bytes]), log: null }]
    const found = await readWithSqlite(await sqliteForTests(), pairs, [], "UTC")
    if (found.kind !== "read") throw new Error(found.kind)
    expect(theirs.length).toBeGreaterThan(5)
    for (const [jid, id, at, text, reply, reactions] of theirs) {
        const record = found.parts.find(({ part }) => part === jid)?.records.find((each) => each.id === id)
        // The library writes line breaks as a web page does.
        const shown = record?.poll?.question ?? record?.text.replaceAll("\n", " <br>")
        expect([id, record?.time, shown, record?.quote?.id ?? null]).toEqual([
            id,
            new Date(at * 1000).toISOString().slice(0, 19),
            text,
            reply,
        ])
        expect((record?.reactions ?? []).map(({ emoji }) => emoji).sort()).toEqual(reactions.filter(Boolean))
    }
})
