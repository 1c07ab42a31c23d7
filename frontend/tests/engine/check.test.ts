import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import type { Bytes } from "../../src/bytes/bytes.ts"
import { EngineError } from "../../src/engine/errors.ts"
import { lastCheck, writtenCheck } from "../../src/engine/last-check.ts"
import type { Ports } from "../../src/engine/ports.ts"
import type { CheckProgress, CheckRequest, Engine } from "../../src/engine/protocol.ts"
import { sampleSize } from "../../src/engine/sample.ts"
import { limits } from "../../src/format/limits.ts"
import { chatExport, noise } from "../support/exports.ts"
import { interposed, lyingStore } from "../support/mishaps.ts"
import { type AliceAtHome, addExport, aliceAtHome, reloaded } from "../support/people.ts"

const everything: CheckRequest = { conversation: null, everything: true, secondOpinion: false, from: null }
const sample: CheckRequest = { ...everything, everything: false }

/** What was asked of the store, part by part. */
interface Range {
    readonly id: string
    readonly from: number
    readonly to: number
}

let alice: AliceAtHome
let ben = ""
let film = ""

beforeAll(async () => {
    alice = await aliceAtHome()
    const chat = await addExport(alice.engine, chatExport({ to: 4_000, photos: { 5: 300_000, 9: 40_000 } }))
    const kept = await addExport(alice.engine, new File([noise(9_000_000, 3)], "film.mp4"), { conversation: null })
    if (chat.kind !== "done" || kept.kind !== "done") throw new Error("not done")
    ben = chat.conversation
    film = kept.conversation
})

const check = (engine: Engine, request: CheckRequest, tell: (progress: CheckProgress) => void = () => undefined) =>
    engine.checkBackup(request, tell)

/** Alice's device in front of something that is not as it was. */
const facing = (change: Partial<Ports>): Engine => reloaded(alice, change)

const lying = (lie: (id: string, from: number, to: number, bytes: Bytes) => Promise<Bytes>): Engine =>
    facing({ store: lyingStore(alice.ports.store, lie) })

/** A pack that was filled holds no list of files: that goes into the last one of an import. */
const isFull = ({ from, to }: Range): boolean => from === 0 && to === limits.packSize

async function ranges(request: CheckRequest): Promise<readonly Range[]> {
    const read: Range[] = []
    await check(
        lying(async (id, from, to, bytes) => {
            read.push({ id, from, to })
            return bytes
        }),
        request,
    )
    return read
}

describe("nothing is wrong", () => {
    test("everything is read back, and all of it opens", async () => {
        const report = await check(facing({}), everything)
        expect(report).toMatchObject({ conversation: null, everything: true, imports: 2, damage: [] })
        expect(report.opened).toBe(report.pieces)
        expect(report.pieces).toBeGreaterThan(35)
        expect(report.bytes).toBeGreaterThan(9_300_000)
    })

    test("one chat alone", async () => {
        const report = await check(facing({}), { ...everything, conversation: film })
        expect(report).toMatchObject({ conversation: film, imports: 1, pieces: 36, opened: 36, damage: [] })
    })

    test("nothing comes from what this device has laid aside", async () => {
        const read = await ranges(everything)
        const { head } = { head: await alice.engine.chats() }
        for (const { importId } of head.flatMap(({ imports }) => imports))
            expect(read.map(({ id }) => id)).toContain(importId)
    })

    test("it is remembered for all devices, with how much was read", async () => {
        const engine = facing({})
        const report = await check(engine, everything)
        const state = await reloaded(alice).state()
        expect(state).toMatchObject({
            kind: "unlocked",
            checked: { at: report.at, opened: report.pieces, pieces: report.pieces },
        })
    })

    test("of one chat alone it is not remembered: it says nothing of the others", async () => {
        const known = await remembered()
        await check(facing({}), { ...everything, conversation: ben })
        expect(await remembered()).toEqual(known)
    })

    test("progress is told truthfully", async () => {
        const told: CheckProgress[] = []
        await check(facing({}), everything, (progress) => told.push(progress))
        const phases = told.map(({ phase }) => phase).filter((phase, index, all) => phase !== all[index - 1])
        expect(phases).toEqual(["listing", "asking", "reading"])
        expect(told.at(-1)).toMatchObject({ damaged: 0, done: told.at(-1)?.total })
    })
})

describe("another device", () => {
    test("has added and deleted exports since: what is there now is checked", async () => {
        const home = await aliceAtHome()
        const first = await addExport(home.engine, chatExport({ to: 400 }))
        const phone = reloaded(home)
        await phone.chats()
        await addExport(home.engine, new File([noise(900_000, 3)], "film.mp4"), { conversation: null })
        expect(await check(phone, everything)).toMatchObject({ imports: 2, damage: [] })
        if (first.kind !== "done") throw new Error("not done")
        await home.engine.deleteImport(first.importId)
        expect(await check(phone, everything)).toMatchObject({ imports: 1, damage: [] })
    })
})

describe("a sample", () => {
    test("of many pieces is as large as it has to be, and others each time", async () => {
        const many = await aliceAtHome()
        const photos = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [at, 20 + at]))
        await addExport(many.engine, chatExport({ photos }))
        const read: string[][] = []
        // Neighbouring pieces are fetched together: two samples may be fetched alike.
        for (let round = 0; round < 6; round++) {
            const ranges: string[] = []
            const store = lyingStore(many.ports.store, async (id, from, to, bytes) => {
                ranges.push(`${id} ${from} ${to}`)
                return bytes
            })
            const report = await check(reloaded(many, { store }), sample)
            expect(report).toMatchObject({ everything: false, opened: sampleSize(report.pieces), damage: [] })
            expect(report.opened).toBeLessThan(report.pieces)
            read.push(ranges)
        }
        expect(new Set(read.map(String)).size).toBeGreaterThan(1)
        const state = await reloaded(many).state()
        expect(state.kind === "unlocked" && state.checked?.opened).toBeLessThan(400)
    })

    test("is the same as everything where there are few pieces", async () => {
        expect(await check(facing({}), sample)).toMatchObject({ everything: true, damage: [] })
    })
})

describe("damage", () => {
    test("any changed byte of anything that is stored is found when everything is checked", async () => {
        const read = await ranges(everything)
        await fc.assert(
            fc.asyncProperty(fc.nat(read.length - 1), fc.nat(), fc.integer({ min: 1, max: 255 }), async (n, at, by) => {
                const damaged = read[n]
                if (damaged === undefined) throw new Error("no range")
                const engine = lying(async (id, from, _to, bytes) => {
                    if (id !== damaged.id) return bytes
                    const place = damaged.from + (at % (damaged.to - damaged.from)) - from
                    if (place >= 0 && place < bytes.length) bytes[place] = (bytes[place] ?? 0) ^ by
                    return bytes
                })
                const report = await check(engine, everything)
                expect(report.damage.length).toBeGreaterThan(0)
                expect(report.damage.flatMap(({ objects }) => objects)).toContain(damaged.id)
            }),
            { numRuns: 40 },
        )
    })

    /** The first bytes of each pack are another's. */
    const headless = (packs: readonly string[]) =>
        lying(async (id, from, _to, bytes) => {
            if (packs.includes(id) && from < 100) bytes.fill(0, 50, 60)
            return bytes
        })

    test("is told by chat, export and file, all of it at once, and is not remembered as a check", async () => {
        const known = await remembered()
        const read = await ranges(everything)
        const packs = read.filter(({ from, to }) => from === 0 && to > 300_000).map(({ id }) => id)
        expect(packs.length).toBe(3)
        const report = await check(headless(packs), everything)
        expect(report.damage.map(({ extent, codes, export: name }) => [name, extent, codes.toSorted()])).toEqual([
            [expect.stringMatching(/\.zip$/), "files", ["not-authentic", "wrong-hash"]],
            ["film.mp4", "files", ["not-authentic", "wrong-hash"]],
        ])
        const [chat, kept] = report.damage
        expect(kept?.files).toEqual(["film.mp4"])
        expect(chat?.chat).not.toBe("")
        expect(chat?.files.length).toBeGreaterThan(0)
        expect(report.opened).toBe(report.pieces - 3)
        expect(await remembered()).toEqual(known)
    })

    test("between the pieces is damage too, though all of it opens", async () => {
        const read = await ranges({ ...everything, conversation: film })
        const last = read.find(isFull)
        const engine = lying(async (id, _from, _to, bytes) => {
            if (id === last?.id) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
            return bytes
        })
        const report = await check(engine, { ...everything, conversation: film })
        expect(report.opened).toBe(report.pieces)
        expect(report.damage).toMatchObject([{ codes: ["wrong-hash"], extent: "none", files: [] }])
    })

    test("a snapshot that does not open is a whole export, and the others are checked", async () => {
        const [chat] = (await alice.engine.chats()).filter(({ conversation }) => conversation === ben)
        const broken = chat?.imports[0]?.importId
        const engine = lying(async (id, _from, _to, bytes) => (id === broken ? bytes.fill(1) : bytes))
        // Fresh, and without what this device has laid aside, nothing else of it can be said.
        const report = await check(engine, everything)
        expect(report.damage).toMatchObject([
            { importId: broken, extent: "whole", export: null, codes: ["wrong-hash"], objects: [broken] },
        ])
        expect(report.opened).toBe(36)
    })

    test("a pack that is gone is told by the store itself, and by every file in it", async () => {
        const read = await ranges({ ...everything, conversation: film })
        const gone = read.find(isFull)?.id
        const store = interposed(alice.ports.store, async (name, call, args) => {
            if (name === "get" && args[0] === gone) return await alice.ports.store.get("0".repeat(32), 0, 1, signal())
            const answer = await call()
            if (name !== "finish") return answer
            return (answer as readonly { readonly id: string }[]).filter(({ id }) => id !== gone)
        })
        const report = await check(facing({ store }), sample)
        expect(report.damage).toMatchObject([
            { extent: "files", codes: ["missing"], files: ["film.mp4"], objects: [gone] },
        ])
    })

    test("a head that is refused ends it by name", async () => {
        const server = interposed(alice.ports.server, async (name, call) =>
            name === "head" ? await alice.server.headAt(1, signal()) : await call(),
        )
        await expect(check(facing({ server }), everything)).rejects.toMatchObject({ code: "older-head" })
    })
})

describe("stopping", () => {
    test("ends it, and a new one goes on from the last pack that was right", async () => {
        const last = (await ranges(everything)).at(-1)?.id
        const store = interposed(alice.ports.store, async (name, call, args) => {
            const [id, from, to, signal] = args as [string, number, number, AbortSignal]
            // The lists were read before: this is the whole pack.
            if (name === "get" && id === last && to - from >= 4_096) await stoppedBy(signal)
            return await call()
        })
        const engine = facing({ store })
        let [from, left]: [string | null, number] = [null, 0]
        const stopped = check(engine, everything, (progress) => {
            from = progress.from
            left = progress.total - progress.done
            if (from !== null) void engine.stopCheck()
        })
        await expect(stopped).rejects.toMatchObject({ code: "stopped" })
        expect(from).not.toBeNull()

        let total = 0
        const report = await check(facing({}), { ...everything, from }, (progress) => {
            total = progress.total
        })
        expect(total).toBe(left)
        expect(report.opened).toBe(report.pieces)
    })

    test("from another library's place, it begins anew", async () => {
        let total = 0
        const from = `${"0".repeat(16)}.${"f".repeat(32)}`
        const report = await check(facing({}), { ...everything, from }, (progress) => {
            total = progress.total
        })
        expect(total).toBeGreaterThan(9_000_000)
        expect(report.opened).toBe(report.pieces)
    })

    test("locking ends it", async () => {
        const mine = await aliceAtHome()
        await addExport(mine.engine, chatExport())
        const running = check(mine.engine, everything, () => void mine.engine.lock())
        await expect(running).rejects.toMatchObject({ code: "stopped" })
    })
})

describe("what is remembered", () => {
    test("comes back as it was written", () => {
        const written = { at: "2026-12-01T05:00:00Z", opened: 459, pieces: 80_000 }
        expect(lastCheck({ checked: writtenCheck(written) })).toEqual(written)
    })

    test.each([
        "",
        "2026-12-01T05:00:00Z",
        "2026-12-01 5/6",
        "2026-12-01T05:00:00Z 7/6",
        "2026-12-01T05:00:00Z 0/0",
        "2026-12-01T05:00:00Z 05/6",
        "2026-12-01T05:00:00Z 5/6 ",
    ])("and %j was never said", (checked) => {
        expect(lastCheck({ checked })).toBeNull()
    })
})

async function remembered(): Promise<unknown> {
    const state = await facing({}).state()
    return state.kind === "unlocked" ? state.checked : state
}

function stoppedBy(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new EngineError("stopped"))))
}

function signal(): AbortSignal {
    return new AbortController().signal
}
