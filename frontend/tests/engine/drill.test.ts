import { beforeEach, describe, expect, test, vi } from "vitest"
import {
    type AskedDrill,
    type Drill,
    drillNumber,
    drillStage,
    readDrill,
    withAsked,
    withDone,
    withoutAsked,
} from "../../src/engine/drill.ts"
import { createEngine } from "../../src/engine/engine.ts"
import type { Engine } from "../../src/engine/protocol.ts"
import { chatExport } from "../support/exports.ts"
import { lyingStore } from "../support/mishaps.ts"
import { type AliceAtHome, addExport, aliceAtHome, makeDesk } from "../support/people.ts"

const asked: AskedDrill = {
    id: "a".repeat(32),
    at: "2026-12-01T05:00:00Z",
    importId: "b".repeat(32),
    fingerprint: "c".repeat(64),
}
const done = { id: asked.id, at: "2026-12-01T05:09:00Z", by: "recovery-code" } as const
const now = Date.parse("2026-12-01T05:10:00Z")
const day = 86_400_000

describe("what the head says", () => {
    test("comes back as it was written, beside what others wrote", () => {
        const waiting = withAsked({ keep: "all" }, asked)
        expect(readDrill(waiting)).toEqual({ asked, done: null })
        const over = withDone(waiting, done)
        expect(readDrill(over)).toEqual({ asked: null, done })
        expect(readDrill(withAsked(over, { ...asked, id: "d".repeat(32) })).done).toEqual(done)
        expect(withoutAsked(waiting)).toEqual({ keep: "all" })
        expect(over).toHaveProperty("keep", "all")
    })

    test.each([
        "",
        "now",
        `${asked.at} ${asked.id}`,
        `${asked.at} ${asked.id} ${asked.importId} ${asked.fingerprint} `,
    ])("and %j was never said", (text) => {
        const never: Drill = { asked: null, done: null }
        expect(readDrill({ "drill-asked": text, "drill-done": text })).toEqual(never)
    })
})

describe("where a drill stands", () => {
    const someoneElses = "e".repeat(32)

    test.each([
        ["nobody has asked", { asked: null, done: null }, null, { kind: "idle", last: null }],
        ["nobody has asked since the last one", { asked: null, done }, null, { kind: "idle", last: done }],
        ["this device asked", { asked, done: null }, asked.id, { kind: "waiting", asked }],
        ["another device asked", { asked, done: null }, null, { kind: "invited", asked }],
        ["another one asked after this one", { asked, done: null }, someoneElses, { kind: "invited", asked }],
        ["what this device asked for was done", { asked: null, done }, asked.id, { kind: "works", done }],
        [
            "what this device asked for was called off",
            { asked: null, done },
            someoneElses,
            { kind: "idle", last: done },
        ],
    ] as const)("%s", (_, drill, mine, stage) => {
        expect(drillStage(drill, mine, now)).toEqual(stage)
    })

    test("nobody waits for longer than a week", () => {
        const drill = { asked, done: null }
        expect(drillStage(drill, null, now + 6 * day).kind).toBe("invited")
        expect(drillStage(drill, null, now + 7 * day)).toEqual({ kind: "idle", last: null })
        expect(drillStage(drill, asked.id, now + 7 * day).kind).toBe("idle")
    })
})

test("the number for two people's eyes has eight digits", () => {
    expect(drillNumber("0".repeat(64))).toBe("0000 0000")
    expect(drillNumber("f".repeat(64))).toMatch(/^\d{4} \d{4}$/)
    expect(drillNumber("1".repeat(64))).not.toBe(drillNumber("2".repeat(64)))
})

describe("between two devices", () => {
    let alice: AliceAtHome
    let phone: Engine
    let conversation = ""

    beforeEach(async () => {
        alice = await aliceAtHome()
        const outcome = await addExport(alice.engine, chatExport({ photos: { 5: 3_000, 9: 4_000 } }))
        if (outcome.kind !== "done") throw new Error(outcome.kind)
        conversation = outcome.conversation
        phone = createEngine(makeDesk(alice.server).ports)
        await phone.unlock(alice.code, { stay: true })
    })

    const drillOf = async (engine: Engine): Promise<Drill> => {
        await engine.chats()
        const state = await engine.state()
        if (state.kind !== "unlocked") throw new Error(state.kind)
        return state.drill
    }

    test("the second one opens the same, says so, and the first one hears it", async () => {
        const heard = vi.fn()
        await alice.engine.onChange(heard)
        const mine = await alice.engine.askDrill(conversation)
        expect(drillStage(await drillOf(phone), null, Date.parse(mine.at)).kind).toBe("invited")
        heard.mockClear()

        expect(await phone.takeDrill()).toEqual({ asked: mine, by: "recovery-code" })
        await vi.waitFor(() => expect(heard).toHaveBeenCalledWith({ kind: "head" }))
        expect(drillStage(await drillOf(alice.engine), mine.id, Date.parse(mine.at))).toMatchObject({
            kind: "works",
            done: { id: mine.id, by: "recovery-code" },
        })
        expect((await drillOf(phone)).asked).toBeNull()
    })

    test("a device that was not opened by the recovery code says so", async () => {
        await alice.engine.askDrill(conversation)
        const stays = createEngine(alice.ports)
        await stays.takeDrill()
        expect((await drillOf(alice.engine)).done?.by).toBe("other")
    })

    test("what the second one fetches is opened there, and damage is no success", async () => {
        const desk = makeDesk(alice.server)
        const store = lyingStore(desk.ports.store, async (_id, from, _to, bytes) => {
            if (from === 0 && bytes.length < 4_096) bytes.fill(0, 100, 110)
            return bytes
        })
        const broken = createEngine({ ...desk.ports, store })
        await alice.engine.askDrill(conversation)
        await broken.unlock(alice.code, { stay: false })
        await expect(broken.takeDrill()).rejects.toMatchObject({ code: "not-authentic" })
        expect((await drillOf(alice.engine)).done).toBeNull()
    })

    test("what was called off is taken by nobody", async () => {
        await alice.engine.askDrill(conversation)
        await alice.engine.callOffDrill()
        await expect(phone.takeDrill()).rejects.toMatchObject({ code: "library-changed" })
        const { sequence } = (await alice.server.head(new AbortController().signal)) ?? { sequence: 0 }
        await alice.engine.callOffDrill()
        expect((await alice.server.head(new AbortController().signal))?.sequence).toBe(sequence)
    })

    test("an export that was deleted meanwhile cannot be read", async () => {
        await alice.engine.askDrill(conversation)
        await alice.engine.deleteChat(conversation)
        await expect(phone.takeDrill()).rejects.toMatchObject({ code: "unknown-import" })
    })
})
