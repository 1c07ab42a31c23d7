import { describe, expect, test } from "vitest"
import { utf8 } from "../../src/bytes/utf8.ts"
import { createEngine } from "../../src/engine/engine.ts"
import type { Engine, OpenChat } from "../../src/engine/protocol.ts"
import type { ChatRecord } from "../../src/reader/conversation.ts"
import { asFile, chatExport } from "../support/exports.ts"
import { interposed } from "../support/mishaps.ts"
import { type AliceAtHome, addExport, aliceAtHome, makeDesk, makeDevice } from "../support/people.ts"

type Range = readonly [from: number, to: number]

/** Another device of hers, and the ranges that it fetches. `broken` ones come with a changed byte. */
async function elsewhere(alice: AliceAtHome, broken: (range: Range) => boolean = () => false) {
    const ranges: Range[] = []
    const store = interposed(alice.server, async (name, call, args) => {
        const answer = await call()
        if (name !== "get") return answer
        const range = [Number(args[1]), Number(args[2])] as const
        ranges.push(range)
        if (!broken(range)) return answer
        const changed = (answer as Uint8Array).slice()
        changed[100] = (changed[100] ?? 0) ^ 1
        return changed
    })
    const engine = createEngine(makeDesk(alice.server, makeDevice(), { store }).ports)
    await engine.unlock(alice.code, { stay: false })
    const [chat] = await engine.chats()
    return { engine, ranges, conversation: chat?.conversation ?? "" }
}

/** Without their places, which are counted from where the records begin. */
async function recordsOf(engine: Engine, { chatId, records, people }: OpenChat) {
    const all = await engine.records(chatId, 0, records)
    return all.map(({ index: _index, raw: _raw, sender, ...record }: ChatRecord) => ({
        ...record,
        sender: sender === null ? null : people[sender],
    }))
}

const sum = (ranges: readonly Range[]) => ranges.reduce((all, [from, to]) => all + to - from, 0)

describe("a long chat is opened from its end", () => {
    test("and the rest joins it: the same records, people and files", async () => {
        const alice = await aliceAtHome()
        await addExport(alice.engine, chatExport({ to: 40_000, photos: { 20: 50_000, 39990: 60_000 } }))
        const { engine, ranges, conversation } = await elsewhere(alice)
        ranges.length = 0
        const end = await engine.openChat(conversation, null)
        const fetched = sum(ranges)
        const whole = await engine.wholeChat(end.chatId)
        expect([end.whole, whole.whole, whole.records]).toEqual([false, true, 40_000])
        expect(fetched).toBeLessThan(sum(ranges) / 2)
        expect(end.records).toBeGreaterThan(3_000)
        expect(end.records).toBeLessThan(20_000)
        expect(end.people).toEqual(whole.people)
        expect(await recordsOf(engine, end)).toEqual((await recordsOf(engine, whole)).slice(-end.records))
        const [first] = await engine.records(end.chatId, 0, 1)
        expect(first?.index).toBe(0)
    })

    test("with its pictures, one range each", async () => {
        const alice = await aliceAtHome()
        await addExport(alice.engine, chatExport({ to: 40_000, photos: { 20: 50_000, 39990: 60_000 } }))
        const { engine, ranges, conversation } = await elsewhere(alice)
        const end = await engine.openChat(conversation, null)
        await engine.wholeChat(end.chatId)
        const records = await engine.records(end.chatId, 0, end.records)
        const photo = records.find(({ attachment }) => attachment !== null)?.attachment?.file ?? -1
        ranges.length = 0
        const opened = await engine.openFile(end.chatId, photo)
        expect(opened.kind === "opened" && opened.blob.size).toBe(60_000)
        expect(ranges).toHaveLength(1)
    })

    test("where its end alone would be read otherwise: months before days", async () => {
        const alice = await aliceAtHome()
        const lines = Array.from({ length: 30_000 }, (_, at) => {
            const time = new Date(Date.UTC(2024, 0, 15, 8, 0) + at * 60_000).toISOString()
            const [month, day] = [Number(time.slice(5, 7)), Number(time.slice(8, 10))]
            return `${month}/${day}/24, ${time.slice(11, 16)} - Ann: message ${at} ${"word ".repeat(at % 9)}\n`
        })
        const name = "WhatsApp Chat with Ann.txt"
        await addExport(alice.engine, asFile(utf8(lines.join("")), { name }))
        const { engine, conversation } = await elsewhere(alice)
        const end = await engine.openChat(conversation, null)
        expect(end.whole).toBe(false)
        const [last] = await engine.records(end.chatId, end.records - 1, end.records)
        expect(last?.time).toBe("2024-02-05T03:59:00")
        const whole = await engine.wholeChat(end.chatId)
        expect(await recordsOf(engine, end)).toEqual((await recordsOf(engine, whole)).slice(-end.records))
    })

    test("and stays open when the rest is refused, until that can be read", async () => {
        const alice = await aliceAtHome()
        await addExport(alice.engine, chatExport({ to: 40_000, photos: {} }))
        let lies = true
        // The first frame of the text's pack.
        const { engine, conversation } = await elsewhere(alice, ([from, to]) => lies && from === 0 && to > 8_192)
        const end = await engine.openChat(conversation, null)
        await expect(engine.wholeChat(end.chatId)).rejects.toMatchObject({ code: "not-authentic" })
        expect(await engine.records(end.chatId, 0, 5)).toHaveLength(5)
        lies = false
        expect((await engine.wholeChat(end.chatId)).records).toBe(40_000)
    })

    test("and nothing more is fetched for one that was closed", async () => {
        const alice = await aliceAtHome()
        await addExport(alice.engine, chatExport({ to: 40_000, photos: {} }))
        const { engine, conversation } = await elsewhere(alice)
        const end = await engine.openChat(conversation, null)
        const whole = engine.wholeChat(end.chatId)
        await engine.closeChat(end.chatId)
        await whole.catch(() => undefined)
        await expect(engine.records(end.chatId, 0, 1)).rejects.toMatchObject({ code: "unknown-chat" })
    })
})

test("a short chat is whole at once", async () => {
    const alice = await aliceAtHome()
    await addExport(alice.engine, chatExport())
    const { engine, conversation } = await elsewhere(alice)
    const chat = await engine.openChat(conversation, null)
    expect(chat.whole).toBe(true)
    expect(await engine.wholeChat(chat.chatId)).toEqual(chat)
})
