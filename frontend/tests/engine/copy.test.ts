import { beforeAll, describe, expect, test } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { fromBase64url } from "../../src/bytes/base64url.ts"
import type { Bytes } from "../../src/bytes/bytes.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { EngineError } from "../../src/engine/errors.ts"
import type { Destinations, OutputFile } from "../../src/engine/ports.ts"
import type { Engine, SaveProgress } from "../../src/engine/protocol.ts"
import { bringIn, copyOf, entriesOf, options, savedCopy, site } from "../support/copies.ts"
import { chatExport, zipContents } from "../support/exports.ts"
import { HonestVault } from "../support/honest-vault.ts"
import { interposed, lyingStore } from "../support/mishaps.ts"
import { type AliceAtHome, addExport, aliceAtHome, makeDesk, reloaded, saveOriginal } from "../support/people.ts"
import { readVectors } from "../support/read-vectors.ts"

const first = chatExport({ photos: { 5: 300_000, 9: 40_000 } })
const second = chatExport({ from: 100, to: 400, photos: { 9: 40_000, 300: 90_000 }, modified: 1 })
const other = chatExport({ photos: { 7: 20_000 }, name: "WhatsApp Chat mit Carla.zip", modified: 2 })

let alice: AliceAtHome
let copy: File

beforeAll(async () => {
    alice = await aliceAtHome()
    await addExport(alice.engine, first)
    await addExport(alice.engine, second)
    await addExport(alice.engine, other, { conversation: null, title: "Carla" })
    await alice.engine.setRule(null, { kind: "some", last: 2, months: 1, years: 1 })
    copy = await savedCopy(alice.engine)
})

async function originals(engine: Engine): Promise<readonly unknown[]> {
    const files: unknown[] = []
    for (const { imports } of await engine.chats())
        for (const { importId } of imports) files.push(await zipContents(await saveOriginal(engine, importId)))
    return files
}

const nothing = () => undefined

/** Alice's own, but for what becomes of a file that is written there. */
function destinationsThat(change: (file: OutputFile) => OutputFile): Destinations {
    return {
        open: (place) => {
            const destination = alice.ports.destinations.open(place)
            return { ...destination, create: async (path) => change(await destination.create(path)) }
        },
        tidy: async () => undefined,
    }
}

function objectsIn(entries: ReadonlyMap<string, unknown>): readonly string[] {
    return [...entries.keys()].filter((name) => name.startsWith("objects/"))
}

interface CopyVector {
    readonly code: string
    readonly conversation: string
    readonly file: { readonly name: string; readonly content: string }
    readonly entries: Readonly<Record<string, string>>
}

describe("saving", () => {
    test("a copy holds what the head needs, once, and nothing in clear", async () => {
        const entries = await entriesOf(copy)
        expect([...entries.keys()].slice(0, 3)).toEqual(["README.txt", "copy.json", "head"])
        expect(entries.get("README.txt")).toEqual(utf8(options.readme))
        // A snapshot, a catalog and a pack of each import at least.
        expect(objectsIn(entries).length).toBeGreaterThanOrEqual(9)
        const text = Buffer.from(await copy.arrayBuffer()).toString("latin1")
        for (const secret of ["Ben", "Carla", "Nachricht", "WhatsApp", alice.code]) expect(text).not.toContain(secret)
    })

    test("what was deleted is not in it", async () => {
        const bob = await aliceAtHome()
        await addExport(bob.engine, first)
        const gone = await addExport(bob.engine, other, { conversation: null, title: "Carla" })
        if (gone.kind !== "done") throw new Error(gone.kind)
        const before = objectsIn(await entriesOf(await savedCopy(bob.engine)))
        await bob.engine.deleteImport(gone.importId)
        const after = objectsIn(await entriesOf(await savedCopy(bob.engine)))
        expect(before.length - after.length).toBeGreaterThanOrEqual(3)
        expect(before).toEqual(expect.arrayContaining([...after]))
        expect(after).not.toContain(`objects/${gone.importId}`)
    })

    test("progress ends where it said it would", async () => {
        const told: SaveProgress[] = []
        await alice.engine.saveCopy(options, (progress) => told.push(progress))
        expect(told.at(0)?.done).toBe(0)
        expect(told.at(-1)?.done).toBe(told.at(-1)?.total)
    })

    test("nothing wrong gets into it: what the store changed is refused, and no file is left", async () => {
        let left = 0
        const destinations = destinationsThat((file) => {
            left += 1
            const abort = async () => {
                left -= 1
                await file.abort()
            }
            return { ...file, abort }
        })
        const honest = reloaded(alice)
        await honest.chats()
        const store = lyingStore(alice.ports.store, async (_id, _from, _to, bytes) => {
            bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
            return bytes
        })
        const engine = reloaded(alice, { store, destinations })
        expect(await engine.saveCopy(options, nothing)).toEqual({ kind: "failed", code: "wrong-hash" })
        expect(left).toBe(0)
    })

    test("it can be stopped", async () => {
        const engine = reloaded(alice)
        const saving = engine.saveCopy(options, ({ done }) => {
            if (done > 0) void engine.stopCopy()
        })
        expect(await saving).toEqual({ kind: "stopped" })
    })

    test("a disk that lost a byte is noticed before anybody relies on it", async () => {
        const destinations = destinationsThat((file) => {
            let pieces = 0
            const write = async (at: number, bytes: Bytes) => {
                pieces += 1
                const written = bytes.slice()
                if (pieces > 20 && written.length > 4_000) written[2_000] = (written[2_000] ?? 0) ^ 1
                await file.write(at, written)
            }
            return { ...file, write }
        })
        expect(await reloaded(alice, { destinations }).saveCopy(options, nothing)).toEqual({
            kind: "failed",
            code: "wrong-hash",
        })
    })
})

describe("opening it in an account that has no library", () => {
    test("the recovery code makes it this account's library, byte for byte", async () => {
        const engine = createEngine(makeDesk().ports)
        expect(await engine.state()).toEqual({ kind: "absent" })
        expect(await engine.examineCopy(copy)).toEqual({ kind: "locked", site })
        expect(await engine.unlockCopy((await aliceAtHome()).code)).toEqual({ kind: "wrong-code" })
        expect(await engine.unlockCopy(alice.code)).toMatchObject({
            kind: "opened",
            copy: {
                into: "new",
                missing: 3,
                chats: [
                    { name: "Ben", imports: 2 },
                    { name: "Carla", imports: 1 },
                ],
            },
        })
        expect(await bringIn(engine)).toMatchObject({ kind: "done", imports: 3 })
        expect(await engine.state()).toMatchObject({ kind: "unlocked" })
        expect(await originals(engine)).toEqual(await originals(alice.engine))
        // The rule for all chats came along; the code that was typed is proven.
        expect((await engine.judge(null, "UTC")).rule).toEqual({ kind: "some", last: 2, months: 1, years: 1 })
        expect(await engine.state()).toMatchObject({ recoveryProven: expect.stringMatching(/Z$/) })
    })

    test("the same code opens it there from now on, and the next copy is this library's own", async () => {
        const desk = makeDesk()
        const engine = createEngine(desk.ports)
        await engine.examineCopy(copy)
        await engine.unlockCopy(alice.code)
        await bringIn(engine)
        const elsewhere = createEngine(makeDesk(desk.server).ports)
        expect(await elsewhere.unlock(alice.code, { stay: false })).toMatchObject({ kind: "opened" })
        expect(await elsewhere.examineCopy(copy)).toMatchObject({
            kind: "opened",
            copy: { into: "same", missing: 0, size: 0 },
        })
    })

    test("passkeys come along to the same site only", async () => {
        const { passkeySource } = await import("../../src/keyring/passkey.ts")
        const bob = await aliceAtHome()
        const touch = async () => ({ credential: "AAAA", key: await passkeySource(new Uint8Array(32).fill(7)) })
        await bob.engine.addPasskey(await touch(), "phone")
        await bob.engine.provePasskey(await touch())
        const file = await savedCopy(bob.engine)
        for (const [at, slots] of [
            [site, 1],
            ["https://elsewhere.example", 0],
        ] as const) {
            const engine = createEngine(makeDesk().ports)
            await engine.examineCopy(file)
            await engine.unlockCopy(bob.code)
            expect(await bringIn(engine, at)).toMatchObject({ kind: "done" })
            expect((await engine.ways()).passkeys).toHaveLength(slots)
        }
    })
})

describe("opening it in the account it came from", () => {
    async function again() {
        const bob = await aliceAtHome()
        const outcomes = [
            await addExport(bob.engine, first),
            await addExport(bob.engine, other, { conversation: null, title: "Carla" }),
        ]
        const [one, two] = outcomes.map((outcome) => (outcome.kind === "done" ? outcome.importId : ""))
        return { bob, one: one ?? "", two: two ?? "", file: await savedCopy(bob.engine) }
    }

    test("what was deleted comes back, what changed since stays", async () => {
        const { bob, one, two, file } = await again()
        const [chat] = await bob.engine.chats()
        await bob.engine.deleteImport(two)
        bob.server.collect()
        await bob.engine.renameChat((await bob.engine.chats())[0]?.conversation ?? "", "Benjamin")
        await addExport(bob.engine, second, { conversation: chat?.conversation ?? null })
        const { sequence } = (await bob.engine.state()) as { sequence: number }
        expect(await bob.engine.examineCopy(file)).toMatchObject({ kind: "opened", copy: { into: "same", missing: 1 } })
        expect(await bringIn(bob.engine)).toMatchObject({ kind: "done", imports: 1 })
        const chats = await bob.engine.chats()
        expect(chats.map(({ name }) => name).toSorted()).toEqual(["Benjamin", "Carla"])
        expect(chats.flatMap(({ imports }) => imports.map(({ importId }) => importId))).toContain(one)
        expect(chats.flatMap(({ imports }) => imports)).toHaveLength(3)
        expect((await bob.engine.state()) as object).toMatchObject({ sequence: sequence + 1 })
    })

    test("nothing is sent that is there, and nothing is committed when nothing is missing", async () => {
        const { bob, file } = await again()
        const calls: string[] = []
        const store = interposed(bob.ports.store, async (name, call) => {
            calls.push(name)
            return await call()
        })
        const engine = reloaded(bob, { store })
        const before = await engine.state()
        await engine.examineCopy(file)
        expect(await bringIn(engine)).toEqual({ kind: "done", imports: 0, chunksChecked: 0 })
        expect(calls).not.toContain("put")
        expect(await engine.state()).toEqual(before)
    })

    test("a copy that is newer than what the server shows fills it up, too", async () => {
        const bob = await aliceAtHome()
        const early = await savedCopy(bob.engine)
        await addExport(bob.engine, first)
        const late = await savedCopy(bob.engine)
        const engine = createEngine(makeDesk().ports)
        await engine.examineCopy(early)
        await engine.unlockCopy(bob.code)
        expect(await bringIn(engine)).toMatchObject({ kind: "done", imports: 0 })
        expect(await engine.examineCopy(late)).toMatchObject({ kind: "opened", copy: { into: "same", missing: 1 } })
        expect(await bringIn(engine)).toMatchObject({ kind: "done", imports: 1 })
        expect(await originals(engine)).toEqual(await originals(bob.engine))
    })
})

describe("opening it in an account with another library", () => {
    test("everything is sealed anew, under that library's key", async () => {
        const bob = await aliceAtHome()
        expect(await bob.engine.examineCopy(copy)).toMatchObject({ kind: "locked" })
        expect(await bob.engine.unlockCopy(alice.code)).toMatchObject({ kind: "opened", copy: { into: "other" } })
        expect(await bringIn(bob.engine)).toMatchObject({ kind: "done", imports: 3 })
        expect(await originals(bob.engine)).toEqual(await originals(alice.engine))
        const elsewhere = createEngine(makeDesk(bob.server).ports)
        expect(await elsewhere.unlock(alice.code, { stay: false })).toEqual({ kind: "wrong-code" })
        expect(await elsewhere.unlock(bob.code, { stay: false })).toMatchObject({ kind: "opened" })
        expect(await originals(elsewhere)).toEqual(await originals(alice.engine))
        expect(await bob.engine.pendingImports()).toEqual([])
    })

    test("a second time nothing is added", async () => {
        const bob = await aliceAtHome()
        await addExport(bob.engine, first)
        for (const _ of [1, 2]) {
            await bob.engine.examineCopy(copy)
            await bob.engine.unlockCopy(alice.code)
            expect(await bringIn(bob.engine)).toMatchObject({ kind: "done" })
        }
        expect((await bob.engine.chats()).flatMap(({ imports }) => imports)).toHaveLength(3)
    })
})

describe("when the key was changed", () => {
    async function changed() {
        const server = new MemoryServer()
        const bob = await aliceAtHome(server, { vault: new HonestVault() })
        await addExport(bob.engine, first)
        await addExport(bob.engine, other, { conversation: null, title: "Carla" })
        const before = await savedCopy(bob.engine)
        const { code } = await bob.engine.prepareKeyChange()
        await bob.engine.changeKey()
        return { bob, before, code }
    }
    const listed = async (engine: Engine) => (await engine.chats()).flatMap(({ imports }) => imports)

    test("and not everything is sealed anew yet, a copy holds both, and a new account seals what is old anew", async () => {
        const { bob, code } = await changed()
        await addExport(bob.engine, second)
        const middle = await savedCopy(bob.engine)
        const engine = createEngine(makeDesk().ports)
        expect(await engine.examineCopy(middle)).toMatchObject({ kind: "locked" })
        expect(await engine.unlockCopy(code)).toMatchObject({ kind: "opened" })
        expect(await bringIn(engine)).toMatchObject({ kind: "done", imports: 3 })
        expect(await engine.state()).toMatchObject({ kind: "unlocked", resealing: 0 })
        expect(await originals(engine)).toEqual(await originals(bob.engine))
    })

    test("and a copy from the middle comes back later, it brings in what was deleted, and nothing twice", async () => {
        const { bob } = await changed()
        const middle = await savedCopy(bob.engine)
        await bob.engine.reseal(nothing)
        const [gone] = await listed(bob.engine)
        await bob.engine.deleteImport(gone?.importId ?? "")
        expect(await bob.engine.examineCopy(middle)).toMatchObject({ kind: "opened", copy: { into: "same" } })
        for (const _ of [1, 2]) {
            expect(await bringIn(bob.engine)).toMatchObject({ kind: "done" })
            expect(await listed(bob.engine)).toHaveLength(2)
        }
        expect(await bob.engine.state()).toMatchObject({ resealing: 0 })
    })

    test("a copy from before opens with the code that it was made under, and brings nothing in twice", async () => {
        const { bob, before } = await changed()
        await bob.engine.reseal(nothing)
        const [gone] = await listed(bob.engine)
        await bob.engine.deleteImport(gone?.importId ?? "")
        expect(await bob.engine.examineCopy(before)).toMatchObject({ kind: "locked" })
        expect(await bob.engine.unlockCopy(bob.code)).toMatchObject({ kind: "opened", copy: { into: "other" } })
        for (const _ of [1, 2]) {
            expect(await bringIn(bob.engine)).toMatchObject({ kind: "done" })
            expect(await listed(bob.engine)).toHaveLength(2)
        }
        expect(await bob.engine.state()).toMatchObject({ resealing: 0 })
    })
})

describe("room", () => {
    test("what does not fit is refused before a byte is sent, with what is missing", async () => {
        const server = new MemoryServer(100_000)
        const engine = createEngine(makeDesk(server).ports)
        await engine.examineCopy(copy)
        await engine.unlockCopy(alice.code)
        const outcome = await bringIn(engine)
        const sealed = [...(await entriesOf(copy))].filter(([name]) => name.startsWith("objects/"))
        const needed = sealed.reduce((sum, [, { length }]) => sum + length, 0)
        expect(outcome).toEqual({ kind: "over-quota", missing: needed - 100_000 })
        const { quota } = await server.account(new AbortController().signal)
        expect(quota).toMatchObject({ used: 0, reserved: 0 })
        // The account is as it was: it may still make a key of its own.
        expect(await engine.state()).toEqual({ kind: "absent" })
        expect(await server.keyring(new AbortController().signal)).toBeNull()
    })

    test("another library's, too", async () => {
        const bob = await aliceAtHome(new MemoryServer(100_000))
        await bob.engine.examineCopy(copy)
        await bob.engine.unlockCopy(alice.code)
        expect(await bringIn(bob.engine)).toMatchObject({ kind: "over-quota" })
        expect((await bob.engine.quota()).used).toBe(0)
    })
})

describe("cut off", () => {
    test.each([1, 2, 4, 7, 8])("after %i objects: the next try sends the rest, and nothing twice", async (most) => {
        const desk = makeDesk()
        let put = 0
        const counted = (limit: number) =>
            interposed(desk.ports.store, async (name, call) => {
                if (name !== "put") return await call()
                if (put >= limit) throw new EngineError("server-failed")
                put += 1
                return await call()
            })
        const broken = createEngine({ ...desk.ports, store: counted(most) })
        await broken.examineCopy(copy)
        await broken.unlockCopy(alice.code)
        expect(await bringIn(broken)).toEqual({ kind: "failed", code: "server-failed" })
        const engine = createEngine({ ...desk.ports, store: counted(Number.POSITIVE_INFINITY) })
        await engine.unlock(alice.code, { stay: false })
        await engine.examineCopy(copy)
        expect(await bringIn(engine)).toMatchObject({ kind: "done" })
        expect(put).toBe(objectsIn(await entriesOf(copy)).length)
        expect(await originals(engine)).toEqual(await originals(alice.engine))
    })

    test("stopped by the person", async () => {
        const engine = createEngine(makeDesk().ports)
        await engine.examineCopy(copy)
        await engine.unlockCopy(alice.code)
        const outcome = engine.bringInCopy({ site, stay: false }, ({ done }) => {
            if (done > 0) void engine.stopCopy()
        })
        expect(await outcome).toEqual({ kind: "stopped" })
        expect(await bringIn(engine)).toMatchObject({ kind: "done" })
    })
})

test("the copy of the shared vectors opens, and holds the file that they name", async () => {
    const { code, conversation, file, entries } = readVectors<CopyVector>("copy.json")
    const engine = createEngine(makeDesk().ports)
    await engine.examineCopy(
        copyOf(Object.entries(entries).map(([name, text]) => [name, fromBase64url(text)] as const)),
    )
    await engine.unlockCopy(code)
    expect(await bringIn(engine)).toMatchObject({ kind: "done", imports: 1 })
    const [chat] = await engine.chats()
    expect(chat?.name).toBe(conversation)
    const saved = await saveOriginal(engine, chat?.imports[0]?.importId ?? "")
    expect(saved.name).toBe(file.name)
    expect(new Uint8Array(await saved.arrayBuffer())).toEqual(fromBase64url(file.content))
})

test("a copy that is dropped where exports go is recognised", async () => {
    await expect(alice.engine.inspect(copy)).rejects.toMatchObject({ code: "is-a-copy" })
    const innocent = copyOf([
        ["copy.json", utf8("{}")],
        ["head.txt", utf8("head")],
    ])
    expect(await alice.engine.inspect(innocent)).toMatchObject({ reader: "files" })
})
