import { describe, expect, test } from "vitest"
import { utf8 } from "../../src/bytes/utf8.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { NetworkError } from "../../src/engine/errors.ts"
import type { Engine, JudgedImport } from "../../src/engine/protocol.ts"
import { asFile, chatExport } from "../support/exports.ts"
import { type AliceAtHome, addExport, aliceAtHome, makeDesk } from "../support/people.ts"
import { makeZip } from "../support/zips.ts"

const zone = "Europe/Berlin"
const newestOnly = { kind: "some", last: 1, months: 0, years: 0 } as const

/** A second passes first: exports that end with the same message are told apart by when they were added. */
async function add({ engine, clock }: Pick<AliceAtHome, "engine" | "clock">, file: File): Promise<string> {
    await clock.sleep(1_000, new AbortController().signal)
    const outcome = await addExport(engine, file)
    if (outcome.kind !== "done") throw new Error(outcome.kind)
    return outcome.importId
}

async function judged(engine: Engine): Promise<readonly JudgedImport[]> {
    const { chats } = await engine.judge(null, zone)
    return chats[0]?.imports ?? []
}

const goers = (imports: readonly JudgedImport[]) =>
    imports.flatMap(({ importId, reasons }) => (reasons.length === 0 ? [importId] : []))

/** Four exports of a chat that grows: all of the older is in the newer. */
async function withGrowingChat() {
    const alice = await aliceAtHome()
    const ids: string[] = []
    for (const [index, to] of [100, 150, 220, 300].entries())
        ids.push(await add(alice, chatExport({ to, photos: { 5: 200_000 }, modified: index })))
    return { ...alice, ids }
}

async function texts(engine: Engine): Promise<readonly string[]> {
    const [chat] = await engine.chats()
    const opened = await engine.openChat(chat?.conversation ?? "", null)
    return (await engine.records(opened.chatId, 0, opened.records)).map(({ text }) => text)
}

describe("the rule", () => {
    test("is to keep all as long as nobody chose", async () => {
        const { engine } = await withGrowingChat()
        const state = await engine.judge(null, zone)
        expect(state.rule).toEqual({ kind: "all" })
        expect(state.chats.map(({ rule }) => rule)).toEqual([null])
        expect(goers(await judged(engine))).toEqual([])
    })

    test("of a chat counts before the one for all, and is seen by another device", async () => {
        const { engine, server, code } = await withGrowingChat()
        const [chat] = await engine.chats()
        const conversation = chat?.conversation ?? ""
        await engine.setRule(null, newestOnly)
        await engine.setRule(conversation, { kind: "some", last: 3, months: 0, years: 0 })
        const phone = createEngine(makeDesk(server).ports)
        await phone.unlock(code, { stay: true })
        expect(goers(await judged(phone))).toHaveLength(1)
        await phone.setRule(conversation, null)
        expect(goers(await judged(engine))).toHaveLength(3)
    })

    test("of a chat goes with the chat", async () => {
        const { engine, server, code } = await withGrowingChat()
        const [chat] = await engine.chats()
        await engine.setRule(chat?.conversation ?? "", newestOnly)
        await engine.deleteChat(chat?.conversation ?? "")
        await expect(engine.setRule(chat?.conversation ?? "", newestOnly)).rejects.toMatchObject({
            code: "unknown-conversation",
        })
        const phone = createEngine(makeDesk(server).ports)
        await phone.unlock(code, { stay: true })
        expect((await phone.judge(null, zone)).chats).toEqual([])
    })
})

describe("a proposal", () => {
    test("names older exports whose messages and files all stand in the newest", async () => {
        const { engine, ids } = await withGrowingChat()
        await engine.setRule(null, newestOnly)
        const imports = await judged(engine)
        expect(imports.map(({ importId }) => importId)).toEqual(ids.toReversed())
        expect(goers(imports)).toEqual(ids.slice(0, 3).toReversed())
        const { freed, lost } = await engine.weigh(goers(imports))
        expect(lost).toEqual({ messages: 0, notices: 0, files: 0 })
        expect(freed).toBeGreaterThan(0)
    })

    test("does not count what staying exports share as room that comes back", async () => {
        const { engine, ids } = await withGrowingChat()
        await engine.setRule(null, newestOnly)
        // The photo lies in a pack of the first export, and the last one needs it.
        expect((await engine.weigh(ids.slice(0, 3))).freed).toBeLessThan(200_000)
        expect((await engine.weigh(ids)).freed).toBeGreaterThan(200_000)
    })

    test("keeps an export that alone holds old messages, and says how many", async () => {
        const alice = await aliceAtHome()
        const { engine } = alice
        const whole = await add(alice, chatExport({ from: 0, to: 100, photos: {} }))
        const capped = await add(alice, chatExport({ from: 40, to: 140, photos: {}, modified: 1 }))
        await engine.setRule(null, newestOnly)
        const imports = await judged(engine)
        expect(imports.map(({ importId }) => importId)).toEqual([capped, whole])
        expect(imports[1]?.reasons).toEqual([{ kind: "only-here", messages: 40, notices: 0, files: 0 }])
        expect((await engine.weigh([whole])).lost).toEqual({ messages: 40, notices: 0, files: 0 })
    })

    test("keeps an export with a photo that the newer ones were made without", async () => {
        const alice = await aliceAtHome()
        const { engine } = alice
        await add(alice, chatExport({ to: 100, photos: { 5: 60_000, 9: 50_000 } }))
        const newest = chatExport({ to: 120, photos: { 9: 50_000 }, modified: 1 })
        await add(alice, newest)
        await engine.setRule(null, newestOnly)
        const [, older] = await judged(engine)
        // Its message reads otherwise too: the newer export has a sentence there.
        expect(older?.reasons).toEqual([{ kind: "only-here", messages: 1, notices: 0, files: 1 }])
    })

    test("takes a renumbered or left out attachment for the same message", async () => {
        const alice = await aliceAtHome()
        const { engine } = alice
        const lines = (photo: string) =>
            utf8(`01.01.24, 08:00 - Anna: Hallo\n01.01.24, 08:01 - Ben: ${photo}\n01.01.24, 08:02 - Anna: Schön!\n`)
        const photo = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])
        const zip = (text: Uint8Array<ArrayBuffer>, name: string | null, modified: number) =>
            asFile(
                makeZip([
                    { name: "WhatsApp Chat mit Ben.txt", content: text },
                    ...(name === null ? [] : [{ name, content: photo }]),
                ]),
                { modified },
            )
        const attached = (name: string) => lines(`${name} (Datei angehängt)`)
        const first = zip(attached("IMG-20240101-WA0001.jpg"), "IMG-20240101-WA0001.jpg", 1)
        const renumbered = zip(attached("IMG-20240101-WA0007.jpg"), "IMG-20240101-WA0007.jpg", 2)
        await add(alice, first)
        await add(alice, renumbered)
        await engine.setRule(null, newestOnly)
        expect(goers(await judged(engine))).toHaveLength(1)
        await add(alice, zip(lines("<Medien ausgeschlossen>"), null, 3))
        const [, one, other] = await judged(engine)
        expect(one?.reasons).toEqual([{ kind: "only-here", messages: 0, notices: 0, files: 1 }])
        expect(other?.reasons).toEqual([])
    })

    test("counts the same words said twice in a minute twice", async () => {
        const alice = await aliceAtHome()
        const { engine } = alice
        const say = (times: number, modified: number) =>
            asFile(
                makeZip([
                    {
                        name: "WhatsApp Chat mit Ben.txt",
                        content: utf8(`${"01.01.24, 08:00 - Anna: ja\n".repeat(times)}01.01.24, 08:02 - Ben: gut\n`),
                    },
                ]),
                { modified },
            )
        await add(alice, say(3, 1))
        await add(alice, say(2, 2))
        await engine.setRule(null, newestOnly)
        const [, older] = await judged(engine)
        expect(older?.reasons).toEqual([{ kind: "only-here", messages: 1, notices: 0, files: 0 }])
    })

    test("compares files that are no chat as a whole", async () => {
        const alice = await aliceAtHome()
        const { engine } = alice
        const file = (text: string, modified: number) => asFile(utf8(text), { name: "notes.bin", modified })
        await add(alice, file("one", 1))
        await add(alice, file("two", 2))
        await engine.setRule(null, newestOnly)
        const [, older] = await judged(engine)
        expect(older?.reasons).toEqual([{ kind: "only-here", messages: 0, notices: 0, files: 1 }])
    })
})

describe("deleting what was proposed", () => {
    test("is one commit, and the chat still reads the same on every device", async () => {
        const { engine, server, code, ids } = await withGrowingChat()
        await engine.setRule(null, newestOnly)
        const before = await texts(engine)
        const state = await engine.state()
        await engine.deleteImports(ids.slice(0, 3), ids.slice(3))
        const after = await engine.state()
        expect([state, after].map((one) => (one.kind === "unlocked" ? one.sequence : 0))).toEqual([6, 7])
        const phone = createEngine(makeDesk(server).ports)
        await phone.unlock(code, { stay: true })
        expect((await phone.chats())[0]?.imports.map(({ importId }) => importId)).toEqual(ids.slice(3))
        expect(await texts(phone)).toEqual(before)
        expect(before).toHaveLength(300)
    })

    test("does nothing when an export that was to stay is gone", async () => {
        const { engine, server, code, ids } = await withGrowingChat()
        const phone = createEngine(makeDesk(server).ports)
        await phone.unlock(code, { stay: true })
        await phone.deleteImport(ids[3] ?? "")
        await expect(engine.deleteImports(ids.slice(0, 3), ids.slice(3))).rejects.toMatchObject({
            code: "library-changed",
        })
        expect((await engine.chats())[0]?.imports).toHaveLength(3)
    })

    test("does nothing when the other device deletes at the very same moment", async () => {
        const { engine, server, code, ids } = await withGrowingChat()
        const phone = createEngine(makeDesk(server).ports)
        await phone.unlock(code, { stay: true })
        const [first, second, ...others] = ids
        await phone.deleteImports(others, [first ?? "", second ?? ""])
        const both = await Promise.allSettled([
            engine.deleteImports([first ?? ""], [second ?? ""]),
            phone.deleteImports([second ?? ""], [first ?? ""]),
        ])
        expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"])
        expect((await engine.chats())[0]?.imports).toHaveLength(1)
    })

    test("without a network leaves everything as it is", async () => {
        const alice = await withGrowingChat()
        let away = false
        const server = new Proxy(alice.server, {
            get: (real, name) =>
                name === "commit" && away
                    ? () => Promise.reject(new NetworkError())
                    : (Reflect.get(real, name) as () => unknown).bind(real),
        })
        const phone = createEngine({ ...makeDesk(alice.server).ports, server })
        await phone.unlock(alice.code, { stay: true })
        away = true
        await expect(phone.deleteImports(alice.ids.slice(0, 3), alice.ids.slice(3))).rejects.toMatchObject({
            code: "network",
        })
        expect((await alice.engine.chats())[0]?.imports).toHaveLength(4)
        expect((await phone.chats())[0]?.imports).toHaveLength(4)
    })
})
