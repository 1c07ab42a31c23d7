/** Several exports of one chat are one history: opened, searched, marked, split and joined again, on any device. */

import { describe, expect, test } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { createEngine } from "../../src/engine/engine.ts"
import type { Engine, FoundInChat, OpenChat } from "../../src/engine/protocol.ts"
import type { ChatRecord } from "../../src/reader/conversation.ts"
import { asFile, chatExport } from "../support/exports.ts"
import { addExport, aliceAtHome, makeDesk } from "../support/people.ts"
import { makeZip } from "../support/zips.ts"

const earlier = () => chatExport({ to: 120, photos: { 5: 3000, 70: 2000 }, name: "WhatsApp Chat mit Ben.zip" })
const later = () => chatExport({ from: 60, to: 200, photos: { 70: 2000, 150: 4000 }, modified: 2 })
const anything = { person: null, kind: null, from: null, to: null } as const

async function opened(engine: Engine, number = 0): Promise<OpenChat> {
    const chat = await engine.openChat((await engine.chats())[number]?.conversation ?? "", null)
    return chat.whole ? chat : await engine.wholeChat(chat.chatId)
}

const all = (engine: Engine, { chatId, records }: OpenChat): Promise<readonly ChatRecord[]> =>
    engine.records(chatId, 0, records)

describe("two exports that overlap", () => {
    test("are one chat, every message once and every picture there, on another device too", async () => {
        const alice = await aliceAtHome(new MemoryServer())
        for (const file of [later(), earlier()]) expect((await addExport(alice.engine, file)).kind).toBe("done")
        const elsewhere = createEngine(makeDesk(alice.server).ports)
        await elsewhere.unlock(alice.code, { stay: false })
        for (const engine of [alice.engine, elsewhere]) {
            const chat = await opened(engine)
            const records = await all(engine, chat)
            expect(records).toHaveLength(200)
            expect(records.map(({ index }) => index)).toEqual(records.map((_, index) => index))
            for (const at of [5, 70, 150]) {
                const { file = null } = records[at]?.attachment ?? {}
                const content = await engine.openFile(chat.chatId, file ?? -1)
                expect(content.kind === "opened" && content.blob.size).toBe({ 5: 3000, 70: 2000, 150: 4000 }[at])
                expect(chat.files.find(({ index }) => index === file)?.name).toBe(records[at]?.attachment?.name)
            }
        }
    })

    test("each record leads back to the text of the export it was read from", async () => {
        const { engine } = await aliceAtHome()
        for (const file of [earlier(), later()]) await addExport(engine, file)
        const chat = await opened(engine)
        const records = await all(engine, chat)
        for (const at of [0, 59, 60, 119, 120, 199]) {
            const raw = await engine.rawRecord(chat.chatId, at)
            expect(raw).toContain(records[at]?.text || records[at]?.attachment?.name)
        }
        expect(await engine.rawRecord(chat.chatId, 3)).toMatch(/^01\.01\.24, 08:03 - Anna: Nachricht 3/)
    })

    test("one export alone can still be looked at", async () => {
        const { engine } = await aliceAtHome()
        for (const file of [earlier(), later()]) await addExport(engine, file)
        const [chat] = await engine.chats()
        const lengths = await Promise.all(
            (chat?.imports ?? []).map(async ({ importId }) => {
                const { records } = await engine.openChat(chat?.conversation ?? "", importId)
                return records
            }),
        )
        expect(lengths).toEqual([140, 120])
    })

    test("split and joined again: two chats, and the same one as before", async () => {
        const { engine } = await aliceAtHome()
        for (const file of [earlier(), later()]) await addExport(engine, file)
        const before = await all(engine, await opened(engine))
        const importId = (await engine.chats())[0]?.imports[1]?.importId ?? ""
        const own = await engine.splitImport(importId, "Ben früher")
        const [first, second] = await engine.chats()
        expect([first?.name, first?.messages, second?.name, second?.messages]).toEqual(["Ben", 140, "Ben früher", 120])
        expect(second?.conversation).toBe(own)
        await expect(engine.splitImport(importId, "noch einmal")).rejects.toMatchObject({ code: "library-changed" })
        await engine.joinChats(own, first?.conversation ?? "")
        expect(await engine.chats()).toHaveLength(1)
        expect(await all(engine, await opened(engine))).toEqual(before)
        await expect(engine.joinChats(own, first?.conversation ?? "")).rejects.toMatchObject({
            code: "unknown-conversation",
        })
    })

    test("what is of the same people is proposed, whatever it is called", async () => {
        const { engine } = await aliceAtHome()
        await addExport(engine, earlier())
        const other = await engine.inspect(chatExport({ from: 60, name: "WhatsApp Chat mit B.zip" }))
        expect(other.same.map(({ name, why }) => [name, why])).toEqual([["Ben", "title"]])
        const text = "[01.01.24, 10:00:00] Anna: Hallo\r\n[01.01.24, 10:01:00] Ben: Hallo\r\n"
        const renamed = await engine.inspect(
            asFile(new TextEncoder().encode(text), { name: "WhatsApp Chat - Benno.txt" }),
        )
        expect(renamed.same.map(({ name, why }) => [name, why])).toEqual([["Ben", "people"]])
        const stranger = "[01.01.24, 10:00:00] Cleo: Hallo\r\n[01.01.24, 10:01:00] Dora: Hallo\r\n"
        const foreign = await engine.inspect(
            asFile(new TextEncoder().encode(stranger), { name: "WhatsApp Chat - X.txt" }),
        )
        expect(foreign.same.map(({ why }) => why)).toEqual(["none"])
        expect(foreign.known).toBeNull()
    })

    test("an export from another time zone is asked about, and the answer stays", async () => {
        const { engine } = await aliceAtHome()
        const lines = (hours: number, from: number, to: number): string =>
            Array.from({ length: to - from }, (_, step) => {
                const at = from + step
                const time = new Date(Date.UTC(2024, 4, 1, 8 + hours, at * 3)).toISOString()
                const day = `${time.slice(8, 10)}.${time.slice(5, 7)}.24, ${time.slice(11, 16)}`
                return `${day} - ${at % 2 ? "Anna" : "Ben"}: eine Nachricht mit der Nummer ${at}\n`
            }).join("")
        const file = (text: string, modified: number): File =>
            asFile(new TextEncoder().encode(text), { name: "WhatsApp Chat mit Ben.txt", modified })
        await addExport(engine, file(lines(2, 0, 40), 1))
        await addExport(engine, file(lines(0, 20, 100), 2))
        const chat = await opened(engine)
        expect(chat.records).toBe(100)
        expect(chat.imports.map(({ ahead, asked }) => [ahead, asked])).toEqual([
            [0, true],
            [120, true],
        ])
        expect((await all(engine, chat))[0]?.time).toBe("2024-05-01T08:00:00")
        await engine.setClocks(Object.fromEntries(chat.imports.map(({ importId }) => [importId, 0])))
        const apart = await opened(engine)
        expect([apart.records, apart.imports.some(({ asked }) => asked)]).toEqual([120, false])
        await engine.setClocks(Object.fromEntries(chat.imports.map(({ importId, ahead }) => [importId, ahead])))
        expect((await opened(engine)).records).toBe(100)
    })
})

describe("finding", () => {
    test("in one chat, and in all of them, the newest hits first", async () => {
        const { engine } = await aliceAtHome()
        await addExport(engine, earlier())
        await addExport(engine, chatExport({ from: 150, to: 190, photos: {}, name: "x.zip" }), {
            conversation: null,
            title: "Cleo",
        })
        const chat = await opened(engine, 1)
        const hits = await engine.search(chat.chatId, { ...anything, text: "nachricht 11" })
        expect(Array.from(hits)).toEqual([11, ...Array.from({ length: 10 }, (_, at) => 110 + at)])
        const found: FoundInChat[] = []
        await engine.searchAll({ ...anything, text: "nachricht kuchen" }, (one) => found.push(one))
        expect(found.map(({ title }) => title)).toEqual(["Cleo", "Ben"])
        expect(found.every(({ records }) => records.length === 5)).toBe(true)
        expect(found[0]?.records[0]?.index).toBeGreaterThan(found[0]?.records[1]?.index ?? 0)
    })

    test("days and media of all exports together", async () => {
        const { engine } = await aliceAtHome()
        for (const file of [earlier(), later()]) await addExport(engine, file)
        const { chatId } = await opened(engine)
        expect(await engine.daysOf(chatId)).toEqual([{ day: "2024-01-01", first: 0, messages: 200 }])
        expect((await engine.mediaOf(chatId)).map(({ record }) => record)).toEqual([150, 70, 5])
    })
})

describe("bookmarks", () => {
    test("are on every device, survive another export, and go with the chat", async () => {
        const alice = await aliceAtHome(new MemoryServer())
        await addExport(alice.engine, earlier())
        const chat = await opened(alice.engine)
        const id = await alice.engine.keepBookmark(chat.chatId, { id: null, record: 100, note: "hier" })
        await alice.engine.keepBookmark(chat.chatId, { id: null, record: 70, note: "" })
        await alice.engine.keepBookmark(chat.chatId, { id, record: 100, note: "hier war es" })
        await addExport(alice.engine, later())

        const elsewhere = createEngine(makeDesk(alice.server).ports)
        await elsewhere.unlock(alice.code, { stay: false })
        const merged = await opened(elsewhere)
        const marks = await elsewhere.bookmarks(merged.chatId)
        expect(marks.map(({ record, note, sender }) => [record, note, sender])).toEqual([
            [70, "", "Ben"],
            [100, "hier war es", "Ben"],
        ])
        await elsewhere.removeBookmark(merged.chatId, id)
        expect(await elsewhere.bookmarks(merged.chatId)).toHaveLength(1)

        const importId = (await elsewhere.chats())[0]?.imports[1]?.importId ?? ""
        await elsewhere.deleteImport(importId)
        expect((await elsewhere.bookmarks((await opened(elsewhere)).chatId)).map(({ record }) => record)).toEqual([10])
        await elsewhere.deleteChat(merged.conversation)
        await addExport(elsewhere, earlier())
        expect(await elsewhere.bookmarks((await opened(elsewhere)).chatId)).toEqual([])
    })

    test("go along when chats are joined", async () => {
        const { engine } = await aliceAtHome()
        await addExport(engine, earlier())
        await addExport(engine, later(), { conversation: null, title: "Ben neu" })
        const chat = await opened(engine, 1)
        await engine.keepBookmark(chat.chatId, { id: null, record: 3, note: "alt" })
        const [newer, older] = await engine.chats()
        await engine.joinChats(older?.conversation ?? "", newer?.conversation ?? "")
        expect((await engine.bookmarks((await opened(engine)).chatId)).map(({ note }) => note)).toEqual(["alt"])
    })
})

describe("what voice notes say", () => {
    const voice = (at: number): string =>
        `01.01.24, 08:${String(at).padStart(2, "0")} - Ben: PTT-20240101-WA000${at}.opus (Datei angehängt)\n`
    const note = (at: number) => ({
        name: `PTT-20240101-WA000${at}.opus`,
        content: new TextEncoder().encode(`OggS${at}${"x".repeat(at)}`),
    })
    const spoken = (from: number, to: number, modified: number): File => {
        const numbers = Array.from({ length: to - from }, (_, step) => from + step)
        const text = new TextEncoder().encode(numbers.map(voice).join(""))
        const entries = [{ name: "WhatsApp Chat mit Ben.txt", content: text }, ...numbers.map(note)]
        return asFile(makeZip(entries), { modified })
    }
    const said = (text: string) => ({ file: "", text, language: "de", model: "tiny", made: "2026-12-01T12:00:00Z" })

    test("is sealed with the chat, found by search, and there whichever export the note comes from", async () => {
        const alice = await aliceAtHome(new MemoryServer())
        await addExport(alice.engine, spoken(1, 6, 1))
        const chat = await opened(alice.engine)
        const [, second] = await all(alice.engine, chat)
        expect(Array.from(await alice.engine.search(chat.chatId, { ...anything, text: "bahnhof" }))).toEqual([])
        await alice.engine.keepTranscript(chat.chatId, second?.attachment?.file ?? -1, said("Bis gleich am Bahnhof"))
        expect(Array.from(await alice.engine.search(chat.chatId, { ...anything, text: "bahnhof" }))).toEqual([1])

        await addExport(alice.engine, spoken(2, 9, 2))
        const engine = createEngine(makeDesk(alice.server).ports)
        await engine.unlock(alice.code, { stay: false })
        const merged = await opened(engine)
        const records = await all(engine, merged)
        expect(records).toHaveLength(8)
        const listed = await engine.transcripts(merged.chatId)
        const meant = listed.find(({ file }) => file === records[1]?.attachment?.file)
        expect(meant?.transcript.text).toBe("Bis gleich am Bahnhof")
        const found: FoundInChat[] = []
        await engine.searchAll({ ...anything, text: "bahnhof" }, (one) => found.push(one))
        expect(found.map(({ total }) => total)).toEqual([1])
        await engine.deleteChat(merged.conversation)
        await addExport(engine, spoken(1, 6, 3))
        expect(await engine.transcripts((await opened(engine)).chatId)).toEqual([])
    })
})
