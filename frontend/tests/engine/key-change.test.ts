/** A new root key: the old ways are gone at once, everything is sealed anew in its time, and nothing is lost on the way. */

import { beforeAll, describe, expect, test } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { sha256 } from "../../src/crypto/hash.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { NetworkError } from "../../src/engine/errors.ts"
import type { KeyringRecord } from "../../src/engine/ports.ts"
import type { Engine, PasskeyTouch, ResealProgress } from "../../src/engine/protocol.ts"
import { passkeySource } from "../../src/keyring/passkey.ts"
import { chatExport, zipContents } from "../support/exports.ts"
import { HonestVault } from "../support/honest-vault.ts"
import { framesKnownTo, keysBehind, notingObjects, openedBy } from "../support/key-holder.ts"
import { closingAt, interposed } from "../support/mishaps.ts"
import {
    type AliceAtHome,
    addExport,
    aliceAtHome,
    choicesFor,
    makeDesk,
    quickClock,
    reloaded,
    saveOriginal,
} from "../support/people.ts"

const nothing = (): void => undefined
const stay = { stay: true }
const signal = new AbortController().signal

const first = chatExport({ to: 60, photos: { 5: 30_000 } })
const second = chatExport({ to: 90, photos: { 5: 30_000, 25: 10_000 }, modified: 1 })
const other = chatExport({ to: 60, photos: { 7: 20_000 }, name: "WhatsApp Chat mit Ida.zip" })

interface Home extends AliceAtHome {
    readonly vault: HonestVault
}

async function home(server = new MemoryServer(), files: readonly File[] = [first, second, other]): Promise<Home> {
    const vault = new HonestVault()
    const alice = await aliceAtHome(server, { vault })
    for (const file of files) expect(await addExport(alice.engine, file)).toMatchObject({ kind: "done" })
    return { ...alice, vault }
}

async function changed(engine: Engine): Promise<string> {
    const { code } = await engine.prepareKeyChange()
    expect(await engine.changeKey()).toMatchObject({ kind: "unlocked" })
    return code
}

async function contents(engine: Engine): Promise<readonly string[]> {
    const imports = (await engine.chats()).flatMap((chat) => chat.imports)
    const saved = []
    for (const { importId } of imports) saved.push(await marked(await saveOriginal(engine, importId)))
    return saved.toSorted()
}

/** All that an export holds, as one hash. */
async function marked(file: File): Promise<string> {
    return toHex(await sha256(utf8(JSON.stringify(await zipContents(file)))))
}

const touch = async (credential: string, secret: number): Promise<PasskeyTouch> => ({
    credential,
    key: await passkeySource(new Uint8Array(32).fill(secret)),
})

/** Another browser of hers, that remembers nothing. */
const elsewhere = ({ server, vault }: Home): Engine => createEngine(makeDesk(server, undefined, { vault }).ports)

let wanted: readonly string[]
beforeAll(async () => {
    wanted = (await Promise.all([first, second, other].map(marked))).toSorted()
})

describe("when the key was changed", () => {
    test("the old code opens nothing any more, and the new one everything", async () => {
        const alice = await home()
        const code = await changed(alice.engine)
        expect(await alice.engine.state()).toMatchObject({ kind: "unlocked", staysUnlocked: true, resealing: 3 })
        expect(await contents(alice.engine)).toEqual(wanted)

        const phone = elsewhere(alice)
        expect(await phone.unlock(alice.code, stay)).toEqual({ kind: "wrong-code" })
        expect(await phone.unlock(code, stay)).toMatchObject({ kind: "opened", state: { resealing: 3 } })
        expect(await contents(phone)).toEqual(wanted)
    })

    test("a check reads what lies under either key", async () => {
        const alice = await home(undefined, [first, other])
        await changed(alice.engine)
        expect(await addExport(alice.engine, second)).toMatchObject({ kind: "done" })
        const asked = { conversation: null, everything: true, secondOpinion: false, from: null }
        const report = await reloaded(alice).checkBackup(asked, nothing)
        expect(report).toMatchObject({ imports: 3, damage: [], opened: report.pieces })
    })

    test("this device opens it without asking, if it did so before", async () => {
        const alice = await home()
        await changed(alice.engine)
        const again = reloaded(alice)
        expect(await again.state()).toMatchObject({ kind: "unlocked", staysUnlocked: true })
        expect(await contents(again)).toEqual(wanted)
    })

    test("the code counts as checked, the password is gone and may be set anew", async () => {
        const alice = await home(undefined, [])
        await alice.engine.setPassword("Zwölf Störche über Jütland", [])
        await changed(alice.engine)
        expect(alice.vault.record).toBeNull()
        expect(await alice.engine.ways()).toMatchObject({
            recoveryCode: { proven: expect.stringMatching(/Z$/) },
            password: { kind: "none" },
        })
        expect(await alice.engine.setPassword("Zwölf Störche über Jütland", [])).toMatchObject({ kind: "done" })
    })

    test("a passkey that was taken along opens it, any other is gone", async () => {
        const alice = await home(undefined, [])
        await alice.engine.addPasskey(await touch("cGhvbmU", 1), "Phone")
        await alice.engine.addPasskey(await touch("a2V5", 2), "Key")
        await alice.engine.prepareKeyChange()
        expect(await alice.engine.takePasskeyAlong(await touch("cGhvbmU", 3))).toEqual({ kind: "not-this-one" })
        expect(await alice.engine.takePasskeyAlong(await touch("cGhvbmU", 1))).toMatchObject({ kind: "opened" })
        expect(await alice.engine.takePasskeyAlong(await touch("cGhvbmU", 1))).toMatchObject({ kind: "opened" })
        await alice.engine.changeKey()
        expect((await alice.engine.ways()).passkeys).toMatchObject([{ credential: "cGhvbmU", label: "Phone" }])
        const phone = elsewhere(alice)
        expect(await phone.unlockWithPasskey(await touch("a2V5", 2), stay)).toEqual({ kind: "not-this-one" })
        expect(await phone.unlockWithPasskey(await touch("cGhvbmU", 1), stay)).toMatchObject({ kind: "opened" })
    })

    test("an import that was not finished is given up, and its room comes back", async () => {
        const alice = await home(undefined, [first])
        const before = await alice.engine.quota()
        const preview = await alice.engine.inspect(chatExport({ photos: { 5: 9_000_000 }, modified: 3 }))
        await alice.engine.startImport(choicesFor(preview), ({ sent }) => {
            if (sent > 0) void alice.engine.stopImport()
        })
        expect(await alice.engine.pendingImports()).toHaveLength(1)
        await changed(alice.engine)
        expect(await alice.engine.pendingImports()).toEqual([])
        expect(await alice.engine.quota()).toMatchObject({ used: before.used, reserved: 0 })
    })

    test("an empty library has nothing to be sealed anew", async () => {
        const alice = await home(undefined, [])
        await changed(alice.engine)
        expect(await alice.engine.state()).toMatchObject({ resealing: 0 })
        expect(await alice.engine.reseal(nothing)).toEqual({ kind: "done" })
    })

    test("what is named, ruled and chosen stays", async () => {
        const alice = await home(undefined, [first])
        const [chat] = await alice.engine.chats()
        await alice.engine.renameChat(chat?.conversation ?? "", "Ida und ich")
        await alice.engine.setRule(chat?.conversation ?? "", { kind: "some", last: 2, months: 3, years: 4 })
        const before = await alice.engine.judge(null, "Europe/Berlin")
        await changed(alice.engine)
        await alice.engine.reseal(nothing)
        const after = await alice.engine.judge(null, "Europe/Berlin")
        const without = (state: typeof before) =>
            state.chats.map(({ imports, ...one }) => ({
                ...one,
                imports: imports.map(({ importId: _, ...rest }) => rest),
            }))
        expect(without(after)).toEqual(without(before))
    })
})

describe("sealing anew", () => {
    test("gives everything back as it was, and takes the old key out of the head", async () => {
        const alice = await home()
        const code = await changed(alice.engine)
        const told: ResealProgress[] = []
        expect(await alice.engine.reseal((progress) => told.push(progress))).toEqual({ kind: "done" })
        expect(await alice.engine.state()).toMatchObject({ resealing: 0 })
        expect(told.at(-1)).toMatchObject({ left: 0, network: "fine" })
        expect(told.at(-1)?.done).toBe(told.at(-1)?.total)
        expect(told.every(({ done }, index) => done >= (told[index - 1]?.done ?? 0))).toBe(true)
        expect(await contents(alice.engine)).toEqual(wanted)
        expect(await alice.engine.pendingImports()).toEqual([])
        const phone = elsewhere(alice)
        await phone.unlock(code, stay)
        expect(await contents(phone)).toEqual(wanted)
    })

    test("afterwards the old key opens nothing of what is stored; before, it did", async () => {
        const vault = new HonestVault()
        const { server } = makeDesk()
        const noting = notingObjects(makeDesk(server).ports)
        const alice = await aliceAtHome(server, { vault, store: noting.ports.store })
        for (const file of [first, second, other]) await addExport(alice.engine, file)
        const keyring = (await server.keyring(signal)) as KeyringRecord
        const old = await keysBehind(keyring, alice.code)
        const frames = await framesKnownTo(old, alice.ports, noting.announced)
        expect(frames.length).toBeGreaterThan(5)
        const before = await openedBy(old, alice.ports, noting.announced, frames)
        expect(before.filter((one) => one.startsWith("frame"))).toHaveLength(frames.length)
        expect(before.filter((one) => one.startsWith("head")).length).toBeGreaterThan(3)
        expect(before.filter((one) => one.startsWith("snapshot"))).toHaveLength(3)

        await changed(alice.engine)
        const between = await openedBy(old, alice.ports, noting.announced, frames)
        expect(between.filter((one) => one.startsWith("head"))).toEqual([])
        expect(between.filter((one) => one.startsWith("frame"))).toHaveLength(frames.length)

        await alice.engine.reseal(nothing)
        expect(await openedBy(old, alice.ports, noting.announced, frames)).toEqual([])
        await expect(keysBehind((await server.keyring(signal)) as KeyringRecord, alice.code)).rejects.toThrow()
        // What holds the old key by itself is gone, too: no object of it was left for the collector.
        const kept = (await server.account(signal)).quota.used
        server.collect()
        expect((await server.account(signal)).quota.used).toBe(kept)
    })

    test("sends once what several exports share", async () => {
        const alice = await home()
        const before = (await alice.engine.quota()).used
        await changed(alice.engine)
        await alice.engine.reseal(nothing)
        const after = await alice.engine.quota()
        expect(after.used).toBeLessThan(1.1 * before)
        expect(after.reserved).toBe(0)
    })

    test("needs room for one import at a time, and says how much is missing", async () => {
        const files = [1, 2, 3, 4].map((photo) =>
            chatExport({ to: 10, photos: { [photo]: 400_000 }, name: `WhatsApp Chat mit ${photo}.zip` }),
        )
        const roomy = await home(undefined, files)
        const { used } = await roomy.engine.quota()
        const alice = await home(new MemoryServer(Math.ceil(1.3 * used)), files)
        await changed(alice.engine)
        expect(await alice.engine.reseal(nothing)).toEqual({ kind: "done" })

        const tight = await home(new MemoryServer(Math.ceil(1.02 * used)), files)
        await changed(tight.engine)
        const outcome = await tight.engine.reseal(nothing)
        expect(outcome).toEqual({ kind: "over-quota", missing: expect.any(Number) })
        expect(await tight.engine.state()).toMatchObject({ resealing: 4 })
        expect(await contents(tight.engine)).toHaveLength(4)
    })

    test("goes on where it was stopped, here or on another device", async () => {
        const alice = await home()
        const code = await changed(alice.engine)
        const outcome = await alice.engine.reseal(({ left }) => {
            if (left < 3) void alice.engine.stopReseal()
        })
        expect(outcome).toEqual({ kind: "stopped" })
        const phone = elsewhere(alice)
        await phone.unlock(code, stay)
        expect(await phone.state()).toMatchObject({ resealing: 2 })
        expect(await phone.reseal(nothing)).toEqual({ kind: "done" })
        expect(await alice.engine.reseal(nothing)).toEqual({ kind: "done" })
        expect(await contents(alice.engine)).toEqual(wanted)
    })

    test("is done by two devices at once, and every import is there once", async () => {
        const alice = await home()
        const code = await changed(alice.engine)
        const phone = elsewhere(alice)
        await phone.unlock(code, stay)
        expect(await Promise.all([alice.engine.reseal(nothing), phone.reseal(nothing)])).toEqual([
            { kind: "done" },
            { kind: "done" },
        ])
        expect(await contents(phone)).toEqual(wanted)
    })

    test("leaves out what another device deletes meanwhile", async () => {
        const alice = await home()
        const code = await changed(alice.engine)
        const phone = elsewhere(alice)
        await phone.unlock(code, stay)
        const imports = (await phone.chats()).flatMap((chat) => chat.imports)
        let deleted = false
        const store = interposed(alice.ports.store, async (name, call) => {
            const answer = await call()
            if (name === "put" && !deleted) {
                deleted = true
                for (const { importId, fileName } of imports)
                    if (fileName !== other.name) await phone.deleteImport(importId)
            }
            return answer
        })
        const engine = createEngine({ ...alice.ports, store, clock: quickClock() })
        expect(await engine.reseal(nothing)).toEqual({ kind: "done" })
        expect(await contents(engine)).toEqual([await marked(other)])
        alice.server.collect()
        expect(await contents(phone)).toHaveLength(1)
    })

    test("an export that was added anew meanwhile is there once", async () => {
        const alice = await home()
        await changed(alice.engine)
        expect(await addExport(alice.engine, second)).toMatchObject({ kind: "done" })
        expect((await alice.engine.chats()).flatMap(({ imports }) => imports)).toHaveLength(4)
        await alice.engine.reseal(nothing)
        expect(await contents(alice.engine)).toEqual(wanted)
    })

    test("the key may be changed again before it is over", async () => {
        const alice = await home()
        await changed(alice.engine)
        await alice.engine.reseal(({ left }) => {
            if (left < 3) void alice.engine.stopReseal()
        })
        const code = await changed(alice.engine)
        expect(await alice.engine.state()).toMatchObject({ resealing: 3 })
        expect(await contents(alice.engine)).toEqual(wanted)
        expect(await alice.engine.reseal(nothing)).toEqual({ kind: "done" })
        const phone = elsewhere(alice)
        await phone.unlock(code, stay)
        expect(await contents(phone)).toEqual(wanted)
        // A device that saw nothing since before the first change follows over both.
        expect(await contents(reloaded(alice))).toEqual(wanted)
    })
})

describe("another device that has the old key", () => {
    test("is told, forgets it, and goes on with the new code", async () => {
        const alice = await home()
        const { ports } = makeDesk(alice.server, undefined, { vault: alice.vault })
        const phone = createEngine(ports)
        await phone.unlock(alice.code, stay)
        const heard: string[] = []
        await phone.onChange(({ kind }) => heard.push(kind))
        const code = await changed(alice.engine)
        await expect.poll(() => heard).toContain("key-changed")
        expect(await phone.state()).toEqual({ kind: "locked" })
        expect(await phone.unlock(alice.code, stay)).toEqual({ kind: "wrong-code" })
        expect(await phone.unlock(code, stay)).toMatchObject({ kind: "opened" })
        expect(await contents(phone)).toEqual(wanted)
    })

    test("that hears of nothing is refused by name with whatever it does", async () => {
        const alice = await home()
        const deaf = interposed(alice.ports.server, async (name, call) => (name === "watch" ? nothing : await call()))
        const desk = makeDesk(alice.server, undefined, { vault: alice.vault, server: deaf })
        const acts: ((engine: Engine) => Promise<unknown>)[] = [
            (engine) => engine.chats(),
            (engine) => engine.ways(),
            (engine) => engine.setRule(null, null),
            (engine) => engine.inspect(first),
            (engine) => engine.setPassword("Zwölf Störche über Jütland", []),
            (engine) => engine.prepareKeyChange(),
        ]
        const phones = []
        for (const _ of acts) {
            const phone = createEngine(desk.ports)
            await phone.unlock(alice.code, { stay: false })
            phones.push(phone)
        }
        await changed(alice.engine)
        for (const [index, act] of acts.entries())
            await expect(act(phones[index] as Engine)).rejects.toMatchObject({ code: "key-changed" })
    })

    test("that was adding an export is refused by name; with the new key the export goes in", async () => {
        const alice = await home()
        const phoneDesk = makeDesk(alice.server, undefined, { vault: alice.vault })
        const phone = createEngine(phoneDesk.ports)
        await phone.unlock(alice.code, stay)
        const third = chatExport({ to: 120, photos: { 100: 50_000 }, modified: 2 })
        const preview = await phone.inspect(third)
        const code = await changed(alice.engine)
        expect(await phone.startImport(choicesFor(preview), nothing)).toEqual({ kind: "failed", code: "key-changed" })
        expect(await phone.state()).toEqual({ kind: "locked" })
        await phone.unlock(code, stay)
        expect(await phone.pendingImports()).toEqual([])
        expect(await addExport(phone, third)).toMatchObject({ kind: "done" })
        await phone.reseal(nothing)
        expect(await contents(phone)).toHaveLength(4)
    })

    test("that commits while the key is changed comes first or is refused, and nothing is lost", async () => {
        const alice = await home()
        const phone = elsewhere(alice)
        await phone.unlock(alice.code, stay)
        const [chat] = await alice.engine.chats()
        let renamed = false
        const server = interposed(alice.ports.server, async (name, call) => {
            if (name === "changeKey" && !renamed) {
                renamed = true
                await phone.renameChat(chat?.conversation ?? "", "still in time")
            }
            return await call()
        })
        const engine = createEngine({ ...alice.ports, server, clock: quickClock() })
        await changed(engine)
        expect((await engine.chats()).map(({ name }) => name)).toContain("still in time")
    })

    test("of two that change the key at once one does, and the other is told", async () => {
        const alice = await home()
        const phone = elsewhere(alice)
        await phone.unlock(alice.code, stay)
        const late = await phone.prepareKeyChange()
        const code = await changed(alice.engine)
        await expect(phone.changeKey()).rejects.toMatchObject({
            code: expect.stringMatching(/key-changed|locked|not-prepared/),
        })
        expect(await phone.unlock(late.code, stay)).toEqual({ kind: "wrong-code" })
        expect(await phone.unlock(code, stay)).toMatchObject({ kind: "opened" })
    })
})

describe("cut off at any call", () => {
    async function callsOf(work: (engine: Engine) => Promise<unknown>, before: (home: Home) => Promise<void>) {
        const alice = await home(undefined, [first, other])
        await before(alice)
        const { ports, calls } = closingAt(alice.ports, Number.POSITIVE_INFINITY, "before")
        const engine = createEngine(ports)
        await engine.state()
        const begun = calls()
        await work(engine)
        return { begun, ended: calls() }
    }

    const opened = async (alice: Home, codes: readonly string[]): Promise<Engine> => {
        const engine = createEngine({ ...alice.ports, clock: quickClock() })
        if ((await engine.state()).kind === "unlocked") return engine
        for (const code of codes) if ((await engine.unlock(code, stay)).kind === "opened") return engine
        throw new Error("no code opens it")
    }

    test.each(["before", "after"] as const)(
        "%s it: the old key or the new one holds, whole",
        { timeout: 120_000 },
        async (when) => {
            const change = async (engine: Engine) => {
                const { code } = await engine.prepareKeyChange()
                await engine.changeKey()
                return code
            }
            const { ended } = await callsOf(change, async () => undefined)
            const both = (await Promise.all([first, other].map(marked))).toSorted()
            for (let n = 1; n <= ended; n++) {
                const alice = await home(undefined, [first, other])
                const closing = createEngine(closingAt(alice.ports, n, when).ports)
                let sheet = ""
                await closing
                    .prepareKeyChange()
                    .then(async ({ code }) => {
                        sheet = code
                        await closing.changeKey()
                    })
                    .catch(() => undefined)
                const engine = await opened(alice, [alice.code, sheet])
                expect(await contents(engine), `call ${n}`).toEqual(both)
            }
        },
    )

    test.each(["before", "after"] as const)("%s it, sealing anew goes on", { timeout: 120_000 }, async (when) => {
        const both = (await Promise.all([first, other].map(marked))).toSorted()
        const { ended } = await callsOf(
            (engine) => engine.reseal(nothing),
            async ({ engine }) => void (await changed(engine)),
        )
        expect(ended).toBeGreaterThan(40)
        // Every seventh call, and others in the second run.
        for (let n = when === "before" ? 1 : 3; n <= ended; n += 7) {
            const alice = await home(undefined, [first, other])
            await changed(alice.engine)
            const closing = createEngine(closingAt(alice.ports, n, when).ports)
            await closing.reseal(nothing).catch(() => undefined)
            const engine = createEngine({ ...alice.ports, clock: quickClock() })
            expect(await engine.reseal(nothing), `call ${n}`).toEqual({ kind: "done" })
            expect(await contents(engine), `call ${n}`).toEqual(both)
            expect(await engine.pendingImports()).toEqual([])
            alice.server.collect()
            expect(await contents(createEngine({ ...alice.ports, clock: quickClock() }))).toEqual(both)
        }
    })

    test("an answer that was lost is asked for again", async () => {
        const alice = await home()
        let lost = 0
        const server = interposed(alice.ports.server, async (name, call) => {
            const answer = await call()
            if (name === "changeKey" && lost++ < 5) throw new NetworkError()
            return answer
        })
        const engine = createEngine({ ...alice.ports, server, clock: quickClock() })
        const { code } = await engine.prepareKeyChange()
        await expect(engine.changeKey()).rejects.toMatchObject({ code: "network" })
        expect(await engine.changeKey()).toMatchObject({ kind: "unlocked" })
        expect(await contents(engine)).toEqual(wanted)
        const phone = elsewhere(alice)
        expect(await phone.unlock(code, stay)).toMatchObject({ kind: "opened" })
    })
})
