import { beforeAll, describe, expect, test } from "vitest"
import type { Bytes } from "../../src/bytes/bytes.ts"
import { createEngine } from "../../src/engine/engine.ts"
import type { ObjectStore, Ports, SealedHead } from "../../src/engine/ports.ts"
import { chatExport } from "../support/exports.ts"
import { interposed, lyingStore } from "../support/mishaps.ts"
import { type AliceAtHome, addExport, aliceAtHome, makeDesk, quickClock } from "../support/people.ts"

const file = chatExport({ photos: { 5: 300_000, 9: 40_000 } })

let alice: AliceAtHome
let conversation = ""
let importId = ""
let heads: SealedHead[] = []

beforeAll(async () => {
    alice = await aliceAtHome()
    const outcome = await addExport(alice.engine, file)
    if (outcome.kind !== "done") throw new Error(outcome.kind)
    conversation = outcome.conversation
    importId = outcome.importId
    await addExport(alice.engine, chatExport({ photos: { 5: 300_001, 9: 40_001 }, modified: 1 }), {
        conversation: null,
    })
    const signal = new AbortController().signal
    heads = await Promise.all([1, 2, 3].map((sequence) => alice.server.headAt(sequence, signal)))
})

/** A new device, on which nothing is cached and nothing remembered, in front of a store that lies. */
async function stranger(change: Partial<Ports>) {
    const engine = createEngine(makeDesk(alice.server, undefined, change).ports)
    await engine.unlock(alice.code, { stay: true })
    return engine
}

const flip = (at: number) => (bytes: Bytes) => {
    const place = at < 0 ? bytes.length + at : at
    bytes[place] = (bytes[place] ?? 0) ^ 1
    return bytes
}

function lyingAbout(lie: (bytes: Bytes) => Bytes): ObjectStore {
    return lyingStore(alice.ports.store, async (_id, _from, _to, bytes) => lie(bytes))
}

describe("a store that gives other objects is refused by name, and nothing of them is shown", () => {
    test.each<[string, (bytes: Bytes) => Bytes]>([
        ["a changed bit at the start", flip(0)],
        ["a changed bit in the middle", flip(2000)],
        ["a changed bit at the end", flip(-1)],
        ["a byte too few", (bytes) => bytes.slice(0, -1)],
        ["a byte too many", (bytes) => new Uint8Array([...bytes, 0])],
        ["nothing at all", () => new Uint8Array(0)],
    ])("%s", async (_, lie) => {
        const engine = await stranger({ store: lyingAbout(lie) })
        await expect(engine.chats()).rejects.toMatchObject({ code: "wrong-hash" })
        await expect(engine.openChat(conversation, null)).rejects.toMatchObject({ code: "wrong-hash" })
    })

    test("one snapshot in the place of another", async () => {
        const store = lyingStore(alice.ports.store, async (id, from, to, bytes) => {
            const snapshots = (await alice.engine.chats()).flatMap(({ imports }) => imports.map((one) => one.importId))
            const other = snapshots.find((one) => one !== id)
            if (!snapshots.includes(id) || other === undefined) return bytes
            return await alice.ports.store.get(other, from, to, new AbortController().signal).catch(() => bytes)
        })
        const engine = await stranger({ store })
        await expect(engine.chats()).rejects.toMatchObject({ code: "wrong-hash" })
    })

    test("an object that is gone", async () => {
        const store = interposed(alice.ports.store, async (name, call) => {
            if (name !== "get") return await call()
            return await alice.ports.store.get("0".repeat(32), 0, 1, new AbortController().signal)
        })
        const engine = await stranger({ store })
        await expect(engine.chats()).rejects.toMatchObject({ code: "missing" })
    })
})

describe("a store that gives other bytes of packs", () => {
    /** Snapshots and catalogs come as they are, ranges of packs do not. */
    async function opening(lie: (bytes: Bytes) => Bytes) {
        const honest = await stranger({})
        const chat = await honest.openChat(conversation, importId)
        const photo = chat.files.find(({ size }) => size === 300_000)?.index ?? -1
        let lying = false
        const store = lyingStore(alice.ports.store, async (_id, _from, _to, bytes) => (lying ? lie(bytes) : bytes))
        const engine = await stranger({ store })
        const opened = await engine.openChat(conversation, importId)
        lying = true
        return { photo: () => engine.openFile(opened.chatId, photo) }
    }

    test.each<[string, (bytes: Bytes) => Bytes, string]>([
        ["changes the version", flip(0), "unknown-version"],
        ["changes the flags", flip(1), "unknown-flags"],
        ["changes the nonce", flip(2), "not-authentic"],
        ["changes the content", flip(1000), "not-authentic"],
        ["changes the tag", flip(-1), "not-authentic"],
        ["cuts it off", (bytes) => bytes.slice(0, -1), "wrong-hash"],
        ["gives nothing", () => new Uint8Array(0), "truncated"],
    ])("%s", async (_, lie, code) => {
        const { photo } = await opening(lie)
        expect(await photo()).toEqual({ kind: "refused", code })
    })

    test("swaps two frames", async () => {
        const { photo } = await opening((bytes) => {
            const half = Math.floor(bytes.length / 2)
            return new Uint8Array([...bytes.slice(half), ...bytes.slice(0, half)])
        })
        expect(await photo()).toMatchObject({ kind: "refused" })
    })
})

describe("an import is not called done", () => {
    test.each<[string, (bytes: Bytes) => Bytes]>([
        ["when what comes back differs", flip(3000)],
        ["when nothing comes back", () => new Uint8Array(0)],
    ])("%s", async (_, lie) => {
        const bob = await aliceAtHome()
        const engine = createEngine({
            ...bob.ports,
            store: lyingStore(bob.ports.store, async (_id, _from, _to, bytes) => lie(bytes)),
        })
        const outcome = await addExport(engine, file)
        expect(outcome).toEqual({ kind: "failed", code: "wrong-hash" })
    })

    test("when a pack was dropped in silence; and the next try sends it again", async () => {
        const bob = await aliceAtHome()
        let dropping = true
        const put: string[] = []
        const store = interposed(bob.ports.store, async (name, call, args) => {
            if (name === "put") put.push((args[0] as { readonly id: string }).id)
            if (name !== "finish" || !dropping) return await call()
            const ids = args[0] as readonly string[]
            // Says *stored* to who sends, and cannot say it any more to who checks.
            return ids.length > 1 ? [] : await call()
        })
        const engine = createEngine({ ...bob.ports, store, clock: quickClock() })
        expect(await addExport(engine, file)).toEqual({ kind: "failed", code: "not-stored" })
        dropping = false
        bob.server.collect()
        expect((await addExport(engine, file)).kind).toBe("done")
    })

    test("when the store says stored and means other bytes", async () => {
        const bob = await aliceAtHome()
        const store = interposed(bob.ports.store, async (name, call) => {
            const answer = await call()
            if (name !== "finish") return answer
            return (answer as readonly object[]).map((object) => ({ ...object, sha256: "0".repeat(64) }))
        })
        const engine = createEngine({ ...bob.ports, store })
        expect(await addExport(engine, file)).toEqual({ kind: "failed", code: "not-stored" })
    })
})

describe("no way back", () => {
    function showing(head: SealedHead | null, older: readonly SealedHead[] = heads): Ports["server"] {
        return interposed(alice.ports.server, async (name, call, args) => {
            if (name === "head") return head
            if (name === "headAt") return older[(args[0] as number) - 1]
            return await call()
        })
    }
    const [first, second, third] = [() => heads[0] ?? null, () => heads[1] ?? null, () => heads[2] ?? null]

    test("a device that has seen a head refuses every older one", async () => {
        for (const older of [null, first(), second()]) {
            const engine = createEngine({ ...alice.ports, server: showing(older) })
            await expect(engine.state()).rejects.toMatchObject({ code: "older-head" })
            await expect(engine.chats()).rejects.toMatchObject({ code: "older-head" })
        }
        expect(third()).not.toBeNull()
    })

    test("an engine that runs refuses it too, and what it says stays the same", async () => {
        let shown = third()
        const server = interposed(alice.ports.server, async (name, call) => (name === "head" ? shown : await call()))
        const engine = createEngine({ ...alice.ports, server })
        expect((await engine.chats()).length).toBe(2)
        shown = second()
        await expect(engine.chats()).rejects.toMatchObject({ code: "older-head" })
        await expect(engine.inspect(file)).rejects.toMatchObject({ code: "older-head" })
    })

    test("a keyring that vanishes, or is another's, is not believed", async () => {
        const gone = interposed(alice.ports.server, async (name, call) => (name === "keyring" ? null : await call()))
        await expect(createEngine({ ...alice.ports, server: gone }).state()).rejects.toMatchObject({
            code: "older-head",
        })
        const bob = await aliceAtHome()
        const others = interposed(alice.ports.server, async (name, call) =>
            name === "keyring" ? await bob.server.keyring(new AbortController().signal) : await call(),
        )
        await expect(createEngine({ ...alice.ports, server: others }).state()).rejects.toMatchObject({
            code: "wrong-library",
        })
    })

    test("a head of another past is a fork", async () => {
        // Two devices of Alice write on top of the same head; the server shows each its own.
        const shared = await aliceAtHome()
        const signal = new AbortController().signal
        const base = await shared.server.head(signal)
        await addExport(shared.engine, file)
        const one = await shared.server.head(signal)
        const elsewhere = makeDesk(shared.server)
        let forked: SealedHead | null = null
        const server = interposed(shared.ports.server, async (name, call, args) => {
            if (name === "head") return forked ?? base
            if (name !== "commit") return await call()
            forked = args[0] as SealedHead
            return undefined
        })
        const other = createEngine({ ...elsewhere.ports, server })
        await other.unlock(shared.code, { stay: false })
        await other.proveRecoveryCode(shared.code)
        expect(forked).not.toBeNull()
        expect(one).not.toEqual(forked)
        const showsFork = interposed(shared.ports.server, async (name, call) =>
            name === "head" ? forked : await call(),
        )
        const engine = createEngine({ ...shared.ports, server: showsFork })
        await expect(engine.state()).rejects.toMatchObject({ code: "forked-head" })
    })
})

test("another code opens nothing, and says so", async () => {
    const engine = createEngine(makeDesk(alice.server).ports)
    const bob = await aliceAtHome()
    expect(await engine.unlock(bob.code, { stay: true })).toEqual({ kind: "wrong-code" })
    expect(await engine.unlock("1234", { stay: true })).toEqual({ kind: "wrong-code" })
    expect(await engine.state()).toEqual({ kind: "locked" })
    await expect(engine.chats()).rejects.toMatchObject({ code: "locked" })
})
