/** Exports of other messengers are chats like any other: told by their content, read, merged and searched. */

import { expect, test } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { createEngine } from "../../src/engine/engine.ts"
import type { FoundInChat } from "../../src/engine/protocol.ts"
import { asFile } from "../support/exports.ts"
import { addExport, aliceAtHome, makeDesk } from "../support/people.ts"
import { makeZip } from "../support/zips.ts"

const encode = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value))

function message(id: number, from: string, text: string, more: object = {}): object {
    const date = new Date(Date.UTC(2026, 8, 19, 9, id)).toISOString().slice(0, 19)
    return { id, type: "message", date, date_unixtime: "0", from, from_id: `user${from.length}`, text, ...more }
}

const chat = (id: number, name: string, messages: readonly object[]): object => ({
    id,
    name,
    type: "personal_chat",
    messages,
})

function account(from: number, to: number): File {
    const ben = Array.from({ length: to - from }, (_, at) =>
        message(from + at, at % 2 ? "Anna" : "Ben B", `Nr ${from + at}`),
    )
    const cleo = [message(1, "Cleo Probe", "Hallo"), message(2, "Anna", "Na?", { reply_to_message_id: 1 })]
    const content = encode({
        about: "Here is the data you requested.",
        chats: { list: [chat(7, "Ben B", ben), chat(8, "Cleo Probe", cleo)] },
    })
    const entries = [{ name: "ChatExport/result.json", content, deflated: true }]
    return asFile(makeZip(entries), { name: `telegram-${from}.zip`, modified: from + 1 })
}

test("a whole account is one entry of the list, and each of its chats can be read", async () => {
    const { engine } = await aliceAtHome()
    const preview = await engine.inspect(account(0, 30))
    expect(preview).toMatchObject({ reader: "telegram", chats: 2, messages: 32, title: "Telegram" })
    expect(preview.people).toEqual(["Ben B", "Anna", "Cleo Probe"])
    await addExport(engine, account(0, 30))
    const [listed] = await engine.chats()
    const opened = await engine.openChat(listed?.conversation ?? "", null)
    expect(opened.parts.map(({ title, messages }) => [title, messages])).toEqual([
        ["Ben B", 30],
        ["Cleo Probe", 2],
    ])
    expect([opened.title, opened.records]).toEqual(["Ben B", 30])
    const other = await engine.openPart(opened.chatId, opened.parts[1]?.part ?? "")
    const records = await engine.records(other.chatId, 0, 9)
    expect(records.map(({ text }) => text)).toEqual(["Hallo", "Na?"])
    expect(records[1]?.quote?.text).toBe("Hallo")
    expect(await engine.placeOf(other.chatId, records[1]?.quote?.id ?? "")).toBe(0)
    expect(JSON.parse((await engine.rawRecord(other.chatId, 0)) ?? "")).toMatchObject({ id: 1, text: "Hallo" })
})

test("two exports of an account are merged chat by chat, on another device too, and searched", async () => {
    const alice = await aliceAtHome(new MemoryServer())
    await addExport(alice.engine, account(0, 30))
    const again = await alice.engine.inspect(account(20, 50))
    expect(again.same.map(({ why }) => why)).toEqual(["title"])
    await addExport(alice.engine, account(20, 50))
    const engine = createEngine(makeDesk(alice.server).ports)
    await engine.unlock(alice.code, { stay: false })
    const [listed] = await engine.chats()
    const opened = await engine.openChat(listed?.conversation ?? "", null)
    expect(opened.parts.map(({ messages }) => messages)).toEqual([50, 2])
    const found: FoundInChat[] = []
    const query = { text: "hallo", person: null, kind: null, from: null, to: null }
    await engine.searchAll(query, (one) => found.push(one))
    expect(found.map(({ title, total }) => [title, total])).toEqual([["Cleo Probe", 1]])
})

test("what only looks like an export is kept as a file", async () => {
    const { engine } = await aliceAtHome()
    for (const content of [{ messages: 7 }, [1, 2], { chats: { list: [] } }, "messages"]) {
        const preview = await engine.inspect(asFile(encode(content), { name: "result.json" }))
        expect([preview.reader, preview.chats]).toEqual(["files", 0])
    }
})
