import { describe, expect, test, vi } from "vitest"
import { createEngine } from "../../src/engine/engine.ts"
import { chatExport, zipContents } from "../support/exports.ts"
import { addExport, aliceAtHome, choicesFor, makeDesk, reloaded, saveOriginal } from "../support/people.ts"

describe("the first unlock", () => {
    test("nothing is sent before the library is made", async () => {
        const desk = makeDesk()
        const engine = createEngine(desk.ports)
        expect(await engine.state()).toEqual({ kind: "absent" })
        const one = await engine.prepareLibrary()
        const other = await engine.prepareLibrary()
        expect(one.code).toMatch(/^\d{64}$/)
        expect(other.code).not.toBe(one.code)
        expect(await desk.server.keyring(new AbortController().signal)).toBeNull()
        const state = await engine.createLibrary({ proven: false, stay: false })
        expect(state).toMatchObject({ kind: "unlocked", staysUnlocked: false, recoveryProven: null, sequence: 1 })
        const elsewhere = createEngine(makeDesk(desk.server).ports)
        expect(await elsewhere.unlock(one.code, { stay: false })).toEqual({ kind: "wrong-code" })
        expect(await elsewhere.unlock(other.code, { stay: false })).toMatchObject({ kind: "opened" })
    })

    test("a second library is refused", async () => {
        const alice = await aliceAtHome()
        const engine = createEngine(makeDesk(alice.server).ports)
        await engine.prepareLibrary()
        await expect(engine.createLibrary({ proven: true, stay: true })).rejects.toMatchObject({
            code: "library-exists",
        })
    })

    test("a library that was cut off between keyring and head gets its first head", async () => {
        const desk = makeDesk()
        const engine = createEngine({
            ...desk.ports,
            server: new Proxy(desk.server, {
                get: (server, name) =>
                    name === "commit"
                        ? () => Promise.reject(new Error("closed"))
                        : (Reflect.get(server, name) as () => unknown).bind(server),
            }),
        })
        const { code } = await engine.prepareLibrary()
        await expect(engine.createLibrary({ proven: true, stay: true })).rejects.toThrow()
        const after = createEngine(desk.ports)
        expect(await after.unlock(code, { stay: true })).toMatchObject({ kind: "opened", state: { sequence: 1 } })
    })

    test("the code may be typed back later", async () => {
        const desk = makeDesk()
        const engine = createEngine(desk.ports)
        const { code } = await engine.prepareLibrary()
        await engine.createLibrary({ proven: false, stay: true })
        expect(await engine.proveRecoveryCode("0".repeat(64))).toEqual({ kind: "wrong-code" })
        const spaced = code.match(/.{4}/g)?.join(" ") ?? ""
        expect(await engine.proveRecoveryCode(spaced)).toMatchObject({ kind: "opened" })
        expect(await reloaded(desk).state()).toMatchObject({ recoveryProven: expect.stringMatching(/Z$/), sequence: 2 })
    })
})

describe("staying unlocked", () => {
    test("a device that was told to opens without asking, and no longer after locking", async () => {
        const alice = await aliceAtHome()
        expect(await reloaded(alice).state()).toMatchObject({ kind: "unlocked", staysUnlocked: true })
        const engine = reloaded(alice)
        expect(await engine.lock()).toEqual({ kind: "locked" })
        await expect(engine.chats()).rejects.toMatchObject({ code: "locked" })
        expect(await reloaded(alice).state()).toEqual({ kind: "locked" })
    })

    test("can be switched on and off", async () => {
        const alice = await aliceAtHome()
        await alice.engine.setStayUnlocked(false)
        expect(await reloaded(alice).state()).toEqual({ kind: "locked" })
        await alice.engine.setStayUnlocked(true)
        expect(await reloaded(alice).state()).toMatchObject({ kind: "unlocked" })
    })
})

describe("two devices at once", () => {
    test("both imports land", async () => {
        const alice = await aliceAtHome()
        const phone = createEngine(makeDesk(alice.server).ports)
        await phone.unlock(alice.code, { stay: true })
        const one = chatExport({ photos: { 5: 100_000 } })
        const other = chatExport({ photos: { 5: 100_000, 7: 50_000 }, name: "WhatsApp Chat mit Ida.zip" })
        const outcomes = await Promise.all([
            addExport(alice.engine, one),
            addExport(phone, other, { title: "Ida", conversation: null }),
        ])
        expect(outcomes.map(({ kind }) => kind)).toEqual(["done", "done"])
        const chats = await alice.engine.chats()
        expect(chats.map(({ name }) => name).toSorted()).toEqual(["Ben", "Ida"])
        expect(await phone.chats()).toHaveLength(2) // it may have been the first to land: now it has heard of both
        for (const [index, file] of [one, other].entries()) {
            const outcome = outcomes[index]
            const importId = outcome?.kind === "done" ? outcome.importId : ""
            expect(await zipContents(await saveOriginal(phone, importId))).toEqual(await zipContents(file))
        }
    })

    test("the very same export from both is one import", async () => {
        const alice = await aliceAtHome()
        const phone = createEngine(makeDesk(alice.server).ports)
        await phone.unlock(alice.code, { stay: true })
        const outcomes = await Promise.all([addExport(alice.engine, chatExport()), addExport(phone, chatExport())])
        const ids = new Set(outcomes.map((outcome) => (outcome.kind === "done" ? outcome.importId : outcome.kind)))
        expect(ids.size).toBe(1)
    })

    test("what is deleted on one while the other builds on it is sent anew", async () => {
        const alice = await aliceAtHome()
        const first = await addExport(alice.engine, chatExport({ photos: { 5: 500_000 } }))
        const phone = createEngine(makeDesk(alice.server).ports)
        await phone.unlock(alice.code, { stay: true })
        const later = chatExport({ photos: { 5: 500_000, 7: 100_000 }, modified: 1 })
        const preview = await phone.inspect(later)
        let deleting: Promise<void> | null = null
        const outcome = await phone.startImport(choicesFor(preview), ({ phase }) => {
            if (phase === "sending")
                deleting ??= alice.engine
                    .deleteImport(first.kind === "done" ? first.importId : "")
                    .then(() => alice.server.collect())
        })
        await deleting
        expect(outcome.kind).toBe("done")
        const saved = await saveOriginal(phone, outcome.kind === "done" ? outcome.importId : "")
        expect(await zipContents(saved)).toEqual(await zipContents(later))
    })

    test("a new head is told to the others", async () => {
        const alice = await aliceAtHome()
        const phone = createEngine(makeDesk(alice.server).ports)
        await phone.unlock(alice.code, { stay: true })
        const told = vi.fn()
        await phone.onChange(told)
        await addExport(alice.engine, chatExport())
        await vi.waitFor(() => expect(told).toHaveBeenCalled())
        expect(await phone.chats()).toHaveLength(1)
    })
})

describe("deleting", () => {
    test("an import takes nothing from the others, also after collection", async () => {
        const alice = await aliceAtHome()
        const photos = { 5: 600_000, 9: 200_000 }
        const first = await addExport(alice.engine, chatExport({ photos }))
        const later = chatExport({ photos: { ...photos, 11: 100_000 }, modified: 1 })
        const second = await addExport(alice.engine, later)
        if (first.kind !== "done" || second.kind !== "done") throw new Error("not done")
        await alice.engine.deleteImport(first.importId)
        alice.server.collect()
        const saved = await saveOriginal(alice.engine, second.importId)
        expect(await zipContents(saved)).toEqual(await zipContents(later))
        await expect(saveOriginal(alice.engine, first.importId)).rejects.toMatchObject({
            code: "unknown-import",
        })
    })

    test("the last import takes the chat with it, and all room comes back", async () => {
        const alice = await aliceAtHome()
        const outcome = await addExport(alice.engine, chatExport())
        if (outcome.kind !== "done") throw new Error(outcome.kind)
        await alice.engine.deleteChat(outcome.conversation)
        expect(await alice.engine.chats()).toEqual([])
        alice.server.collect()
        expect(await alice.engine.quota()).toMatchObject({ used: 0, reserved: 0 })
        await expect(alice.engine.deleteChat(outcome.conversation)).rejects.toMatchObject({ code: "unknown-import" })
    })

    test("an export may be added again afterwards", async () => {
        const alice = await aliceAtHome()
        const first = await addExport(alice.engine, chatExport())
        await alice.engine.deleteImport(first.kind === "done" ? first.importId : "")
        alice.server.collect()
        const again = await addExport(alice.engine, chatExport())
        expect(again).toMatchObject({ kind: "done", alreadyThere: 0 })
    })
})

describe("names", () => {
    test("of a chat and of oneself can be set, on every device", async () => {
        const alice = await aliceAtHome()
        const outcome = await addExport(alice.engine, chatExport(), { title: "Ben, privat", self: "Anna" })
        if (outcome.kind !== "done") throw new Error(outcome.kind)
        const { conversation } = outcome
        expect(await alice.engine.chats()).toMatchObject([{ name: "Ben, privat", self: "Anna" }])
        await alice.engine.renameChat(conversation, "Benjamin")
        await alice.engine.setSelf(conversation, "Ben")
        const phone = createEngine(makeDesk(alice.server).ports)
        await phone.unlock(alice.code, { stay: false })
        expect(await phone.chats()).toMatchObject([{ name: "Benjamin", self: "Ben" }])
        const chat = await phone.openChat(conversation, null)
        expect(chat).toMatchObject({ title: "Benjamin", self: "Ben" })
        await phone.closeChat(chat.chatId)
        await expect(phone.records(chat.chatId, 0, 1)).rejects.toMatchObject({ code: "unknown-chat" })
    })
})
