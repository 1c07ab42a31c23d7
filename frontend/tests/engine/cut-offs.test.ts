/**
 * Everything that changes a library, cut off at every single call that it makes, in every way.
 *
 * Afterwards: what was done before opens on a device that has never been here; one click, the same one again, brings it to its
 * end; and the server keeps nothing beside what is listed for longer than its time of grace.
 */

import { describe, expect, test } from "vitest"
import { createEngine } from "../../src/engine/engine.ts"
import { codeOf, EngineError } from "../../src/engine/errors.ts"
import type { Ports } from "../../src/engine/ports.ts"
import type { Engine } from "../../src/engine/protocol.ts"
import { chatExport } from "../support/exports.ts"
import { fingerprint, leftOver, takeInventory } from "../support/inventory.ts"
import { countedCalls, dyingAt, fullAt, losingAt, signedOutAt, withoutRoomAt } from "../support/mishaps.ts"
import { type AliceAtHome, addExport, aliceAtHome, makeDesk, reloaded } from "../support/people.ts"

const first = chatExport({ to: 40, photos: { 5: 12_000 }, name: "first.zip" })
const second = chatExport({ from: 10, to: 60, photos: { 5: 12_000, 25: 9_000 }, name: "second.zip", modified: 1 })
const third = chatExport({ to: 30, photos: { 7: 5_000 }, name: "third.zip", modified: 2 })

const contents = new Map(
    await Promise.all([first, second, third].map(async (file) => [file.name, await fingerprint(file)] as const)),
)

/** Something that a person does by a click. A click more does it again, or finds that it is done. */
interface Operation {
    readonly name: string
    readonly before: readonly File[]
    readonly prepare?: (alice: AliceAtHome) => Promise<void>
    readonly click: (engine: Engine) => Promise<void>
    readonly after: readonly File[]
}

const adding = (file: File) => async (engine: Engine) => {
    const outcome = await addExport(engine, file)
    if (outcome.kind === "failed") throw new EngineError(outcome.code as EngineError["code"])
    if (outcome.kind !== "done") throw new EngineError("over-quota")
}

const importsOf = async (engine: Engine, file: File) =>
    (await engine.chats()).flatMap(({ imports }) => imports).filter(({ fileName }) => fileName === file.name)

const operations: readonly Operation[] = [
    { name: "a first backup", before: [], click: adding(first), after: [first] },
    { name: "a second backup", before: [first], click: adding(second), after: [first, second] },
    {
        name: "deleting an import that shares its packs",
        before: [first, second],
        click: async (engine) => {
            for (const { importId } of await importsOf(engine, first)) await engine.deleteImport(importId)
        },
        after: [second],
    },
    {
        name: "giving an unfinished backup up",
        before: [first],
        prepare: async ({ ports }) => {
            const { died, ...stopped } = dyingAt(ports, 28, "after")
            await Promise.race([died, adding(third)(createEngine(stopped.ports))])
        },
        click: async (engine) => {
            for (const { importId } of await engine.pendingImports()) await engine.discardPending(importId)
        },
        after: [first],
    },
    {
        name: "a name and a rule",
        before: [first],
        click: async (engine) => {
            for (const { conversation } of await engine.chats()) await engine.renameChat(conversation, "Benni")
            await engine.setRule(null, { kind: "some", last: 1, months: 12, years: 3 })
        },
        after: [first],
    },
]

const names = (files: readonly { readonly name: string }[]) => files.map(({ name }) => name).toSorted()

async function prepared({ before, prepare }: Operation): Promise<AliceAtHome> {
    const alice = await aliceAtHome()
    for (const file of before) await adding(file)(alice.engine)
    await prepare?.(alice)
    return alice
}

/** Whatever stands in the middle of an operation: everything that is listed is whole, and nothing is lost that was to stay. */
async function expectWhole(alice: AliceAtHome, { before, after }: Operation): Promise<void> {
    const files = await takeInventory(alice)
    for (const { name, content } of files) expect(content, name).toBe(contents.get(name))
    const listed = names(files)
    expect(new Set(listed).size).toBe(listed.length)
    expect(names([...before, ...after])).toEqual(expect.arrayContaining(listed))
    expect(listed).toEqual(expect.arrayContaining(names(before.filter((file) => after.includes(file)))))
}

async function expectDone(alice: AliceAtHome, { after }: Operation): Promise<void> {
    const files = await takeInventory(alice)
    for (const { name, content } of files) expect(content, name).toBe(contents.get(name))
    expect(names(files)).toEqual(names(after))
    expect(await reloaded(alice).pendingImports()).toEqual([])
    expect(await leftOver(alice)).toBe(0)
}

async function callsOf(operation: Operation): Promise<{ remote: number; local: number }> {
    const alice = await prepared(operation)
    const { ports, ...calls } = countedCalls(alice.ports)
    await operation.click(createEngine(ports))
    await expectDone(alice, operation)
    return { remote: calls.remote(), local: calls.local() }
}

/** Which of the calls are there to be cut off: some packs go out side by side, so that the number differs by a few. */
const upTo = (calls: number): readonly number[] => Array.from({ length: calls }, (_, index) => index + 1)

const phase = Math.floor(3 * Math.random())
/** Every third, and others in each run: of lesser troubles than a tab that is gone. */
const someOf = (calls: number): readonly number[] => upTo(calls).filter((n) => n % 3 === phase)

describe.each(operations)("$name", (operation) => {
    test.each(["before", "after"] as const)("the tab is gone %s a call is made", async (when) => {
        const { remote, local } = await callsOf(operation)
        for (const n of upTo(remote + local)) {
            const alice = await prepared(operation)
            const { ports, died } = dyingAt(alice.ports, n, when)
            await Promise.race([died, operation.click(createEngine(ports))])
            // Every second one comes back only after the time of grace.
            if (n % 2 === 0) alice.server.collect()
            await expectWhole(alice, operation)
            await operation.click(reloaded(alice))
            await expectDone(alice, operation)
        }
    })

    test.each([
        ["a question is lost twice", 2, "before"],
        ["an answer is lost", 1, "after"],
    ] as const)("it goes on by itself when %s", async (_, many, when) => {
        const { remote } = await callsOf(operation)
        for (const n of someOf(remote)) {
            const alice = await prepared(operation)
            await operation.click(createEngine(losingAt(alice.ports, n, many, when)))
            await expectDone(alice, operation)
        }
    })

    test.each<[string, (ports: Ports, n: number) => Ports, "remote" | "local", readonly string[]]>([
        ["every answer is lost for longer", (ports, n) => losingAt(ports, n, 40, "after"), "remote", ["network"]],
        ["the session ends", signedOutAt, "remote", ["session-expired"]],
        ["there is no room any more", withoutRoomAt, "remote", ["over-quota"]],
        ["the device has no room any more", fullAt, "local", ["storage-full"]],
    ])("a click brings it to its end when %s", async (_, mishap, which, codes) => {
        const calls = await callsOf(operation)
        for (const n of someOf(calls[which])) {
            const alice = await prepared(operation)
            const trouble = await operation.click(createEngine(mishap(alice.ports, n))).catch(codeOf)
            if (typeof trouble === "string") expect(codes, `call ${n}`).toContain(trouble)
            await expectWhole(alice, operation)
            await operation.click(reloaded(alice))
            await expectDone(alice, operation)
        }
    })
})

test.each(["before", "after"] as const)(
    "a library in the making whose tab is gone %s a call is made, or opens",
    async (when) => {
        const desk = makeDesk()
        const { ports, ...calls } = countedCalls(desk.ports)
        const engine = createEngine(ports)
        await engine.prepareLibrary()
        await engine.createLibrary({ proven: true, stay: true })
        for (const n of upTo(calls.remote() + calls.local())) {
            const desk = makeDesk()
            const { ports, died } = dyingAt(desk.ports, n, when)
            const made = createEngine(ports)
            let { code } = await made.prepareLibrary()
            await Promise.race([died, made.createLibrary({ proven: true, stay: true })])
            const engine = reloaded(desk)
            const { kind } = await engine.state()
            if (kind === "locked") expect((await engine.unlock(code, { stay: true })).kind).toBe("opened")
            if (kind === "absent") {
                code = (await engine.prepareLibrary()).code
                await engine.createLibrary({ proven: true, stay: true })
            }
            await adding(first)(engine)
            expect(names(await takeInventory({ ...desk, code }))).toEqual([first.name])
        }
    },
)
