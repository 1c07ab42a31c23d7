/**
 * A server that lies about anything: what a person sees or saves is what they put there, or a refusal by name.
 *
 * The device has been here before, so that it knows the newest head: to one that knows nothing, a server can always show an old
 * state that once was true (docs/threat-model.md).
 */

import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { MemoryCatalogs } from "../../src/adapters/memory-device.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { codeOf } from "../../src/engine/errors.ts"
import type { Clock, HeadMemory } from "../../src/engine/ports.ts"
import type { Engine } from "../../src/engine/protocol.ts"
import { chatExport } from "../support/exports.ts"
import { HostileServer, lies, type Method } from "../support/hostile.ts"
import { fingerprint, takeInventory } from "../support/inventory.ts"
import {
    type AliceAtHome,
    addExport,
    aliceAtHome,
    makeDesk,
    quickClock,
    reloaded,
    saveOriginal,
} from "../support/people.ts"

const runs = 150

const first = chatExport({ to: 40, photos: { 5: 12_000 }, name: "first.zip" })
const second = chatExport({ from: 10, to: 60, photos: { 5: 12_000, 25: 9_000 }, name: "second.zip", modified: 1 })
const third = chatExport({ to: 30, photos: { 7: 5_000 }, name: "third.zip", modified: 2 })
const contents = new Map<string, string>()

let bob: AliceAtHome

beforeAll(async () => {
    for (const file of [first, second, third]) contents.set(file.name, await fingerprint(file))
    bob = await aliceAtHome()
    await addExport(bob.engine, third)
    await addExport(bob.engine, first)
})

async function alicesLibrary(): Promise<AliceAtHome> {
    const alice = await aliceAtHome()
    await addExport(alice.engine, first)
    await addExport(alice.engine, second)
    return alice
}

/** The outcome, or the name under which it was refused. A mistake of ours is no name. */
async function named<T>(outcome: Promise<T>): Promise<T | { readonly refused: string }> {
    try {
        return await outcome
    } catch (error) {
        const code = codeOf(error)
        if (code === "unexpected") throw error
        return { refused: code }
    }
}

const isRefused = (outcome: unknown): outcome is { readonly refused: string } =>
    typeof outcome === "object" && outcome !== null && "refused" in outcome

const everSeen = new Set<string>()
const refusals = new Set<string>()

function note(hostile: HostileServer, outcome: unknown): void {
    for (const lie of hostile.told) everSeen.add(lie)
    if (isRefused(outcome)) refusals.add(outcome.refused)
}

describe("reading", () => {
    /** Everything that a page can show or save of a library, piece by piece. */
    async function looks(engine: Engine): Promise<Map<string, unknown>> {
        const seen = new Map<string, unknown>()
        const chats = await named(engine.chats())
        seen.set("chats", chats)
        if (isRefused(chats)) return seen
        const saving = []
        for (const { conversation, imports } of chats)
            for (const { importId } of imports) {
                const chat = await named(engine.openChat(conversation, importId))
                if (isRefused(chat)) {
                    seen.set(`chat ${importId}`, chat)
                    continue
                }
                const { chatId, ...shown } = chat
                seen.set(`chat ${importId}`, shown)
                seen.set(`records ${importId}`, await named(engine.records(chatId, 0, chat.records)))
                for (const { index } of chat.files) {
                    const file = await named(engine.openFile(chatId, index))
                    const held =
                        isRefused(file) || file.kind === "refused"
                            ? { refused: "damaged" }
                            : Buffer.from(await file.blob.arrayBuffer()).toString("hex")
                    seen.set(`file ${importId} ${index}`, held)
                }
                const saved = await named(saveOriginal(engine, importId))
                saving.push(saved)
                seen.set(`saved ${importId}`, isRefused(saved) ? saved : await fingerprint(saved))
            }
        seen.set("judged", await named(engine.judge(null, "Europe/Berlin")))
        return seen
    }

    const asked: readonly Method[] = ["server.account", "server.keyring", "server.head", "server.headAt", "store.get"]
    let alice: AliceAtHome
    let truth: Map<string, unknown>

    beforeAll(async () => {
        alice = await alicesLibrary()
        truth = await looks(reloaded(alice))
        expect([...truth.values()].filter(isRefused)).toEqual([])
        expect(truth.size).toBeGreaterThan(10)
    })

    test("nothing wrong is ever shown or saved", async () => {
        await fc.assert(
            fc.asyncProperty(lies(asked), fc.boolean(), async (script, cached) => {
                const hostile = new HostileServer(alice.ports, bob.ports, script)
                const catalogs = cached ? alice.ports.catalogs : new MemoryCatalogs()
                const engine = createEngine({ ...hostile.ports, catalogs, clock: quickClock() })
                const state = await named(engine.state())
                if (!isRefused(state) && state.kind === "absent")
                    expect([...hostile.told].some((lie) => lie.startsWith("server.account"))).toBe(true)
                for (const [what, seen] of await looks(engine)) {
                    note(hostile, seen)
                    if (!isRefused(seen)) expect(seen, what).toEqual(truth.get(what))
                }
            }),
            { numRuns: runs },
        )
    })

    test("and a device that knows nothing yet, or an older state, is shown what once was true", async () => {
        const signal = new AbortController().signal
        const { id } = await alice.server.account(signal)
        const names = [id, toHex((await alice.server.keyring(signal))?.library ?? new Uint8Array(0))]
        const past: unknown[] = []
        const seen: (HeadMemory | null)[] = [null]
        for (let sequence = 1; sequence <= 3; sequence++) {
            const head = await alice.server.headAt(sequence, signal)
            const server = new Proxy(alice.server, {
                get: (target, name) => (name === "head" ? async () => head : Reflect.get(target, name).bind(target)),
            })
            const desk = makeDesk(alice.server, undefined, { server })
            const engine = createEngine(desk.ports)
            await engine.unlock(alice.code, { stay: false })
            seen.push(desk.device.heads)
            past.push(await engine.chats())
        }
        await fc.assert(
            fc.asyncProperty(lies(asked), fc.nat(2), async (script, known) => {
                const desk = makeDesk(alice.server)
                for (const name of names) {
                    const head = await seen[known]?.read(name)
                    if (head) await desk.device.heads.write(name, head)
                }
                const hostile = new HostileServer(desk.ports, bob.ports, script)
                const engine = createEngine(hostile.ports)
                const unlocked = await named(engine.unlock(alice.code, { stay: false }))
                if (isRefused(unlocked) || unlocked.kind === "wrong-code") return
                const chats = await named(engine.chats())
                note(hostile, chats)
                if (!isRefused(chats)) expect(past.slice(Math.max(0, known - 1))).toContainEqual(chats)
            }),
            { numRuns: runs },
        )
    })
})

describe("writing", () => {
    type Act = (engine: Engine) => Promise<unknown>
    const importId = async (engine: Engine, { name }: File) =>
        (await engine.chats()).flatMap(({ imports }) => imports).find(({ fileName }) => fileName === name)?.importId ??
        ""

    const acts: readonly [string, Act, { readonly listed: readonly File[] }][] = [
        ["adding an export", (engine) => addExport(engine, third), { listed: [first, second, third] }],
        ["deleting one", async (engine) => engine.deleteImport(await importId(engine, first)), { listed: [second] }],
        [
            "giving a name",
            async (engine) => engine.renameChat((await engine.chats())[0]?.conversation ?? "", "Benni"),
            { listed: [first, second] },
        ],
    ]

    test.each(acts)(
        "%s: what is called done is done, and what was there before is whole",
        async (_, act, { listed }) => {
            await fc.assert(
                fc.asyncProperty(lies(), async (script) => {
                    const alice = await alicesLibrary()
                    const hostile = new HostileServer(alice.ports, bob.ports, script)
                    const outcome = await named(act(createEngine({ ...hostile.ports, clock: patientClock(hostile) })))
                    note(hostile, outcome)
                    const done = !isRefused(outcome) && !isUnfinished(outcome)
                    const files = await takeInventory(alice)
                    for (const { name, content } of files) expect(content).toBe(contents.get(name))
                    const names = files.map(({ name }) => name).toSorted()
                    const [before, after] = [[first, second], listed].map((some) =>
                        some.map(({ name }) => name).toSorted(),
                    )
                    // Who said yes to a commit and did not keep it can show nothing newer any more: the device blocks.
                    const pretended = hostile.told.has("server.commit pretend")
                    expect(done && !pretended ? [after] : [before, after]).toContainEqual(names)
                    if (act === acts[0]?.[1] && done) expect(names).toEqual(after)

                    hostile.repent()
                    const state = await named(reloaded(alice).state())
                    if (pretended)
                        expect([{ refused: "older-head" }, { refused: "forked-head" }, "unlocked"]).toContainEqual(
                            isRefused(state) ? state : state.kind,
                        )
                    else expect(state).toMatchObject({ kind: "unlocked" })
                }),
                { numRuns: Math.ceil(runs / 3) },
            )
        },
    )

    /** An import waits for a network as long as it takes: who says again and again that there is none has to give in. */
    function patientClock(hostile: HostileServer): Clock {
        const clock = quickClock()
        return {
            now: clock.now,
            sleep: async (milliseconds, signal) => {
                await clock.sleep(milliseconds, signal)
                if (clock.waits.length > 30) hostile.repent()
            },
        }
    }

    function isUnfinished(outcome: unknown): boolean {
        if (typeof outcome !== "object" || outcome === null || !("kind" in outcome)) return false
        if ("code" in outcome) {
            expect(outcome.code).not.toBe("unexpected")
            refusals.add(String(outcome.code))
        }
        return outcome.kind !== "done"
    }
})

test("lies of every sort were told about everything, and refused under many names", () => {
    const methods = new Set([...everSeen].map((lie) => lie.split(" ")[0]))
    expect(methods.size).toBeGreaterThanOrEqual(9)
    expect(everSeen.size).toBeGreaterThanOrEqual(50)
    // Which of the rarer names come up is chance.
    const names = ["not-authentic", "wrong-hash", "missing", "older-head", "wrong-library", "network"]
    expect(names.filter((name) => refusals.has(name)).length).toBeGreaterThanOrEqual(4)
})
