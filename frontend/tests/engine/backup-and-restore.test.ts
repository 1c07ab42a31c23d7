import { describe, expect, test } from "vitest"
import { utf8 } from "../../src/bytes/utf8.ts"
import { createEngine } from "../../src/engine/engine.ts"
import type { ImportProgress } from "../../src/engine/protocol.ts"
import { asFile, chatExport, noise, zipContents } from "../support/exports.ts"
import { addExport, aliceAtHome, makeDesk, saveOriginal } from "../support/people.ts"

describe("an export goes in on one device and is read on another", () => {
    test("with the recovery code alone", async () => {
        const alice = await aliceAtHome()
        const file = chatExport({ photos: { 5: 300_000, 9: 40_000, 11: 700_000 } })
        const outcome = await addExport(alice.engine, file)
        expect(outcome).toMatchObject({ kind: "done", alreadyThere: 0 })

        const elsewhere = createEngine(makeDesk(alice.server).ports)
        expect(await elsewhere.state()).toEqual({ kind: "locked" })
        expect(await elsewhere.unlock(alice.code, { stay: false })).toMatchObject({ kind: "opened" })
        const [chat] = await elsewhere.chats()
        expect(chat).toMatchObject({ name: "Ben", people: ["Anna", "Ben"], messages: 200, media: 3 })

        const opened = await elsewhere.openChat(chat?.conversation ?? "", null)
        expect(opened.records).toBe(200)
        const records = await elsewhere.records(opened.chatId, 4, 7)
        expect(records.map(({ text }) => text.slice(0, 11))).toEqual(["Nachricht 4", "", "Nachricht 6"])
        const photo = records[1]?.attachment?.file
        const picture = await elsewhere.openFile(opened.chatId, photo ?? -1)
        if (picture.kind !== "opened") throw new Error(picture.code)
        expect(picture.blob.type).toBe("image/jpeg")
        expect(picture.blob.size).toBe(300_000)
    })

    test("what was damaged before it came here is told, and the rest is safe", async () => {
        const alice = await aliceAtHome()
        const file = chatExport({ more: [{ name: "broken.jpg", content: noise(5000, 8), crc32: 1 }] })
        expect(await addExport(alice.engine, file)).toMatchObject({ kind: "done", damaged: ["broken.jpg"] })
        expect(await alice.engine.chats()).toMatchObject([{ messages: 200 }])
    })

    test("byte for byte, names, times and folders", async () => {
        const alice = await aliceAtHome()
        const file = chatExport({
            more: [
                { name: "folder/", content: utf8("") },
                { name: "folder/empty", content: utf8(""), time: 0 },
                { name: "Grüße 😀.bin", content: noise(1_000_000, 3), deflated: true, time: 0xffffffff },
                { name: new Uint8Array([0x81, 0xe1]), content: utf8("old name") },
                { name: "twice", content: utf8("1") },
                { name: "twice", content: utf8("2") },
            ],
        })
        await addExport(alice.engine, file)
        const [chat] = await alice.engine.chats()
        const saved = await saveOriginal(alice.engine, chat?.imports[0]?.importId ?? "")
        expect(saved.name).toBe(file.name)
        expect(await zipContents(saved)).toEqual(await zipContents(file))
    })

    test("and a file that is no zip comes back as it was", async () => {
        const alice = await aliceAtHome()
        const bytes = noise(3_000_001, 1)
        const outcome = await addExport(alice.engine, asFile(bytes, { name: "film.mp4" }))
        if (outcome.kind !== "done") throw new Error(outcome.kind)
        const saved = await saveOriginal(alice.engine, outcome.importId)
        expect(Buffer.from(await saved.arrayBuffer()).equals(bytes)).toBe(true)
    })
})

describe("what is kept already is not sent again", () => {
    test("a month later only what is new goes over the wire", async () => {
        const alice = await aliceAtHome()
        const photos = { 5: 300_000, 9: 40_000 }
        const first = await addExport(alice.engine, chatExport({ to: 20_000, photos }))
        const later = chatExport({ from: 400, to: 20_400, photos: { ...photos, 20100: 50_000 }, modified: 1 })
        const { known } = await alice.engine.inspect(later)
        expect(known?.there).toBe(340_000)
        const second = await addExport(alice.engine, later)
        if (first.kind !== "done" || second.kind !== "done") throw new Error("not done")
        expect(first.sent).toBeGreaterThan(450_000)
        expect(second.sent).toBeLessThan(110_000)
        expect(known?.toSend).toBeGreaterThan(50_000)
        expect(second.conversation).toBe(first.conversation)
        const [chat] = await alice.engine.chats()
        expect(chat?.imports.length).toBe(2)
        const saved = await saveOriginal(alice.engine, second.importId)
        expect(await zipContents(saved)).toEqual(await zipContents(later))
    })

    test("the very same export is one import", async () => {
        const alice = await aliceAtHome()
        const first = await addExport(alice.engine, chatExport())
        const second = await addExport(alice.engine, chatExport(), { conversation: null })
        if (first.kind !== "done" || second.kind !== "done") throw new Error("not done")
        expect(second.importId).toBe(first.importId)
        expect(second.sent).toBe(0)
        expect((await alice.engine.chats()).flatMap(({ imports }) => imports)).toHaveLength(1)
    })
})

test("progress is told truthfully", async () => {
    const alice = await aliceAtHome()
    const told: ImportProgress[] = []
    const outcome = await addExport(alice.engine, chatExport(), {}, (progress) => told.push(progress))
    if (outcome.kind !== "done") throw new Error(outcome.kind)
    const phases = told.map(({ phase }) => phase).filter((phase, index, all) => phase !== all[index - 1])
    expect(phases).toEqual(["comparing", "sending", "finishing", "checking"])
    const last = told.at(-1)
    expect(last?.done).toBe(last?.total)
    expect(last?.sent).toBe(outcome.sent)
    expect(outcome.chunksChecked).toBeGreaterThan(0)
    for (const { done, total } of told) expect(done).toBeLessThanOrEqual(total)
})
