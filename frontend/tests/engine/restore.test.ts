import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Bytes } from "../../src/bytes/bytes.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { EngineError, NetworkError } from "../../src/engine/errors.ts"
import { OwnHands } from "../../src/engine/open-slices.ts"
import type { ObjectStore, OpeningHands, Ports } from "../../src/engine/ports.ts"
import type { RestoreProgress } from "../../src/engine/protocol.ts"
import { asFile, chatExport, noise, zipContents } from "../support/exports.ts"
import { interposed, lyingStore } from "../support/mishaps.ts"
import { type AliceAtHome, addExport, aliceAtHome, quickClock, saveOriginal } from "../support/people.ts"
import { asFile as asFileHandle, asFolder, FakeFolder } from "../support/picked-folder.ts"
import { done, everything, intoFolder } from "../support/restores.ts"
import { type MadeEntry, makeZip } from "../support/zips.ts"

const hex = (bytes: Bytes): string => Buffer.from(bytes).toString("hex")

async function add(alice: AliceAtHome, file: File, conversation: string | null = null) {
    const outcome = await addExport(alice.engine, file, { conversation })
    if (outcome.kind !== "done") throw new Error(outcome.kind)
    return outcome
}

function tree(entries: readonly MadeEntry[], name = "Tree.zip", modified = 0): File {
    return asFile(makeZip(entries), { name, modified })
}

// ---------------------------------------------------------------- any tree, any cut

const names = fc
    .array(fc.constantFrom("a", "ü", "photo.jpg", "b", "x.txt"), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join("/"))
/** Sizes around the edges of chunks and stretches, and contents that repeat. */
const sizes = fc.constantFrom(0, 1, 5, 60_000, 262_143, 262_144, 262_145, 600_000)
const files = fc
    .uniqueArray(fc.record({ name: names, size: sizes, seed: fc.integer({ min: 1, max: 3 }) }), {
        selector: ({ name }) => name.toLowerCase(),
        minLength: 1,
        maxLength: 8,
    })
    // A file and a folder of one name are for the test of names.
    .filter((all) =>
        all.every(({ name }) => all.every((other) => !other.name.toLowerCase().startsWith(`${name.toLowerCase()}/`))),
    )
    .map((all) => all.map(({ name, size, seed }): MadeEntry => ({ name, content: noise(size, seed) })))

describe("any tree of files comes back byte for byte", () => {
    test("from a restore that is cut off anywhere, again and again", { timeout: 120_000 }, async () => {
        await fc.assert(
            fc.asyncProperty(
                files,
                fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 4 }),
                async (entries, cuts) => {
                    const alice = await aliceAtHome()
                    const { importId } = await add(alice, tree(entries))
                    const folder = new FakeFolder()
                    const what = { kind: "import", importId } as const
                    for (const cut of cuts) {
                        const before = folder.world.asked.length
                        folder.world.failing = (_, count) => {
                            if (count > before + cut) throw new DOMException("", "NotAllowedError")
                        }
                        const outcome = await intoFolder(alice.engine, folder, { what })
                        if (outcome.kind !== "done") expect(outcome).toEqual({ kind: "failed", code: "place-refused" })
                        // Under a name there is what belongs there, or nothing at all yet.
                        for (const [path, content] of await folder.files()) {
                            const entry = entries.find(({ name }) => `Tree/${name}` === path)
                            expect(["", hex(entry?.content ?? utf8("never"))]).toContain(content)
                        }
                    }
                    folder.world.failing = null
                    const outcome = done(await intoFolder(alice.engine, folder, { what }))
                    expect(outcome).toMatchObject({ files: entries.length, refused: [], renamed: [] })
                    const expected = new Map(entries.map(({ name, content }) => [`Tree/${name}`, hex(content)]))
                    expect(await folder.files()).toEqual(expected)
                    expect(await zipContents(await saveOriginal(alice.engine, importId))).toEqual(
                        await zipContents(tree(entries)),
                    )
                    expect(await alice.engine.pendingRestore()).toBeNull()
                },
            ),
            { numRuns: 25 },
        )
    })

    test("a download that was cut off fetches only what is not there", async () => {
        const alice = await aliceAtHome()
        const entries = Array.from({ length: 12 }, (_, index) => ({
            name: `${index}`,
            content: noise(3_000_000, index),
        }))
        const { importId } = await add(alice, tree(entries))
        let [fetched, most] = [0, 20_000_000]
        const store: ObjectStore = interposed(alice.ports.store, async (name, call, args) => {
            if (name === "get") fetched += (args[2] as number) - (args[1] as number)
            if (fetched > most) throw new EngineError("session-expired")
            return await call()
        })
        const engine = createEngine({ ...alice.ports, openers: handsOf(store) })
        const request = { what: { kind: "import", importId }, form: "zip", repeats: "everywhere" } as const
        expect(await engine.restore(request, null, () => undefined)).toEqual({
            kind: "failed",
            code: "session-expired",
        })
        const pending = await createEngine(alice.ports).pendingRestore()
        expect(pending).toMatchObject({ request, name: "Tree.zip", place: { kind: "private" } })
        ;[fetched, most] = [0, Number.POSITIVE_INFINITY]
        const outcome = done(await engine.restore(request, pending?.place ?? null, () => undefined))
        expect(outcome.alreadyThere).toBeGreaterThan(0)
        expect(fetched).toBeLessThan((12 - outcome.alreadyThere) * 3_010_000)
        expect(outcome.file?.name).toBe("Tree.zip")
        expect(await zipContents(outcome.file ?? new Blob())).toEqual(await zipContents(tree(entries)))
    })

    test("a lost network is waited for", async () => {
        const alice = await aliceAtHome()
        await add(alice, chatExport())
        let lost = 0
        const store = interposed(alice.ports.store, async (name, call) => {
            if (name === "get" && lost++ < 3) throw new NetworkError()
            return await call()
        })
        const engine = createEngine({ ...alice.ports, openers: handsOf(store) })
        const told: RestoreProgress[] = []
        const place = { kind: "folder", folder: asFolder(new FakeFolder()) } as const
        done(await engine.restore(everything, place, (progress) => told.push(progress)))
        expect(told.map(({ network }) => network)).toContain("waiting")
        expect(told.at(-1)).toMatchObject({ network: "fine", phase: "finishing" })
        expect(told.at(-1)?.done).toBe(told.at(-1)?.total)
        expect(told.at(-1)?.files).toBe(told.at(-1)?.filesTotal)
        for (const { done, total } of told) expect(done).toBeLessThanOrEqual(total)
    })

    test("one restore at a time, until it is stopped", async () => {
        const alice = await aliceAtHome()
        await add(alice, chatExport())
        let waits: () => void = () => undefined
        const waiting = new Promise<void>((resolve) => {
            waits = resolve
        })
        const store = interposed(alice.ports.store, async (name, call, args) => {
            if (name !== "get") return await call()
            waits()
            const signal = args[3] as AbortSignal
            return await new Promise((_, reject) => {
                signal.addEventListener("abort", () => reject(new EngineError("stopped")))
            })
        })
        const engine = createEngine({ ...alice.ports, openers: handsOf(store) })
        const running = intoFolder(engine, new FakeFolder())
        await waiting
        await expect(intoFolder(engine, new FakeFolder())).rejects.toMatchObject({ code: "restore-running" })
        await engine.stopRestore()
        expect(await running).toEqual({ kind: "stopped" })
        expect(await engine.pendingRestore()).toMatchObject({ request: everything })
        await engine.discardRestore()
        expect(await engine.pendingRestore()).toBeNull()
    })
})

// ---------------------------------------------------------------- what it is made of

describe("several exports", () => {
    const first = chatExport({ photos: { 5: 300_000, 9: 40_000 } })
    const second = chatExport({ from: 20, to: 230, photos: { 5: 300_000, 9: 40_000, 220: 50_000 }, modified: 1 })

    async function twoExports() {
        const alice = await aliceAtHome()
        const { conversation } = await add(alice, first)
        await add(alice, second, conversation)
        await add(alice, asFile(noise(70_000, 5), { name: "film.mp4" }))
        return { alice, conversation }
    }

    const contentsBelow = async (folder: string, file: File) =>
        (await zipContents(file)).map(({ name, content }) => [`${folder}/${name}`, content] as const)

    test("lie in a folder each, whole, below their chat; what was no zip lies as it was", async () => {
        const { alice } = await twoExports()
        const folder = new FakeFolder()
        const outcome = done(await intoFolder(alice.engine, folder))
        const expected = new Map([
            ...(await contentsBelow("Ben/WhatsApp Chat mit Ben 2024-01-01", first)),
            ...(await contentsBelow("Ben/WhatsApp Chat mit Ben 2024-01-01 (2)", second)),
            ["film.mp4", hex(noise(70_000, 5))] as const,
        ])
        expect([...(await folder.files()).keys()].toSorted()).toEqual([...expected.keys()].toSorted())
        expect(await folder.files()).toEqual(expected)
        expect(outcome.files).toBe(expected.size)
    })

    test("share what they share: it is fetched once", async () => {
        const { alice, conversation } = await twoExports()
        let bytes = 0
        const store = interposed(alice.ports.store, async (name, call, args) => {
            if (name === "get") bytes += (args[2] as number) - (args[1] as number)
            return await call()
        })
        const engine = createEngine({ ...alice.ports, openers: handsOf(store) })
        done(await intoFolder(engine, new FakeFolder(), { what: { kind: "conversation", conversation } }))
        expect(bytes).toBeLessThan(300_000 + 40_000 + 50_000 + 60_000)
    })

    test("hold it once when that is asked for, in the newest", async () => {
        const { alice, conversation } = await twoExports()
        const folder = new FakeFolder()
        const what = { kind: "conversation", conversation } as const
        done(await intoFolder(alice.engine, folder, { what, repeats: "once" }))
        const whole = await contentsBelow("WhatsApp Chat mit Ben 2024-01-01 (2)", second)
        const files = await folder.files()
        for (const [path, content] of whole) expect(files.get(path)).toBe(content)
        const older = [...files.keys()].filter((path) => path.startsWith("WhatsApp Chat mit Ben 2024-01-01/"))
        expect(older).toEqual(["WhatsApp Chat mit Ben 2024-01-01/WhatsApp Chat mit Ben.txt"])
    })

    test("are told beforehand, and become one zip", async () => {
        const { alice } = await twoExports()
        const request = { ...everything, form: "zip" } as const
        const estimate = await alice.engine.estimateRestore(request)
        const file = await new FakeFolder().getFileHandle("all.zip", { create: true })
        const place = { kind: "file", file: asFileHandle(file) } as const
        const outcome = done(await alice.engine.restore(request, place, () => undefined))
        expect(outcome).toMatchObject({ files: estimate.files, bytes: estimate.bytes, file: null })
        expect(estimate).toMatchObject({ exports: 3, name: "Backupweb.zip" })
        const contents = await zipContents(file.content)
        expect(contents.map(({ name }) => name)).toContain(
            "Ben/WhatsApp Chat mit Ben 2024-01-01 (2)/WhatsApp Chat mit Ben.txt",
        )
        expect(contents).toHaveLength(outcome.files)
    })

    test("that are restored a second time are checked, and nothing is fetched", async () => {
        const { alice } = await twoExports()
        const folder = new FakeFolder()
        const once = done(await intoFolder(alice.engine, folder))
        const store = lyingStore(alice.ports.store, async () => {
            throw new Error("nothing is to be fetched")
        })
        const engine = createEngine({ ...alice.ports, openers: handsOf(store), clock: quickClock() })
        const twice = done(await intoFolder(engine, folder))
        expect(twice).toMatchObject({ files: once.files, alreadyThere: once.files, refused: [] })
    })
})

// ---------------------------------------------------------------- names

describe("names that mean harm, or that no disk allows", () => {
    const hostile = [
        "../../etc/passwd",
        "/root/.ssh/authorized_keys",
        "a/../b",
        "CON",
        "con.txt",
        "tail. ",
        "photo\u202egpj.exe",
        "a:b|c?.txt",
        "link.lnk",
        "x".repeat(300),
        "case",
        "CASE",
        "case/inside",
        "same",
        "same",
        "back\\slash",
        "..",
    ]

    test("become others inside the folder, and that is told", async () => {
        const alice = await aliceAtHome()
        const entries = hostile.map((name, index) => ({ name, content: utf8(`content ${index}`) }))
        const { importId } = await add(alice, tree(entries))
        const folder = new FakeFolder()
        const outcome = done(await intoFolder(alice.engine, folder, { what: { kind: "import", importId } }))
        const written = await folder.files()
        expect([...written.values()].toSorted()).toEqual(entries.map(({ content }) => hex(content)).toSorted())
        for (const path of written.keys()) {
            expect(path.startsWith("Tree/")).toBe(true)
            for (const part of path.split("/")) {
                expect(part).not.toMatch(/^\.{1,2}$|[. ]$|[:|?\\<>"*\u202e]|^(con|prn|nul)(\..*)?$|\.lnk$/i)
                expect(utf8(part).length).toBeLessThanOrEqual(210)
            }
        }
        const folded = [...written.keys()].map((path) => path.toLowerCase())
        expect(new Set(folded).size).toBe(folded.length)
        expect(outcome.renamed.map(({ from }) => from)).toEqual(
            expect.arrayContaining(["CON", "../../etc/passwd", "CASE"]),
        )
        expect(outcome.renamed.map(({ from }) => from)).not.toContain("case")
        // The zip is the one that was added, names and all.
        expect(await zipContents(await saveOriginal(alice.engine, importId))).toEqual(await zipContents(tree(entries)))
    })

    test("a file of the person's own is left alone", async () => {
        const alice = await aliceAtHome()
        const { importId } = await add(alice, tree([{ name: "notes.txt", content: utf8("from the chat") }]))
        const folder = new FakeFolder()
        const inside = await folder.getDirectoryHandle("Tree", { create: true })
        const own = await inside.getFileHandle("notes.txt", { create: true })
        own.content = new Blob(["the person's own"])
        const what = { kind: "import", importId } as const
        for (const alreadyThere of [0, 1]) {
            const outcome = done(await intoFolder(alice.engine, folder, { what }))
            expect(outcome).toMatchObject({
                alreadyThere,
                renamed: [{ from: "notes.txt", to: "notes (2).txt" }],
            })
            expect(await folder.files()).toEqual(
                new Map([
                    ["Tree/notes.txt", hex(utf8("the person's own"))],
                    ["Tree/notes (2).txt", hex(utf8("from the chat"))],
                ]),
            )
        }
    })
})

// ---------------------------------------------------------------- stores that lie

describe("what is not what was added is refused by name, and nothing of it stays", () => {
    const entries: readonly MadeEntry[] = [
        { name: "good.bin", content: noise(100_000, 1) },
        { name: "bad.bin", content: noise(9_000_000, 2) },
        { name: "fine.bin", content: noise(200_000, 3) },
    ]

    test.each<[string, (bytes: Bytes) => Bytes]>([
        ["flips a bit", (bytes) => bytes.map((byte, at) => (at === 5_000 ? byte ^ 1 : byte))],
        ["cuts off", (bytes) => bytes.slice(0, -10)],
        ["gives nothing", () => new Uint8Array(0)],
    ])("a store that %s in the middle of a file", async (_, lie) => {
        const alice = await aliceAtHome()
        const { importId } = await add(alice, tree(entries))
        let honest = ""
        const lying = lyingStore(alice.ports.store, async (id, _from, _to, bytes) => {
            // The second pack holds the rest of the large file, and what comes behind it.
            honest ||= id
            return id === honest ? bytes : lie(bytes)
        })
        const engine = createEngine({ ...alice.ports, openers: handsOf(lying) })
        const folder = new FakeFolder()
        const what = { kind: "import", importId } as const
        const outcome = done(await intoFolder(engine, folder, { what }))
        expect(outcome.refused.map(({ name }) => name)).toContain("Tree/bad.bin")
        const lost = new Set(outcome.refused.map(({ name }) => name))
        const files = await folder.files()
        for (const { name, content } of entries)
            expect(files.get(`Tree/${name}`)).toBe(lost.has(`Tree/${name}`) ? undefined : hex(content))
        expect(outcome.files).toBe(entries.length - lost.size)

        const zip = done(await engine.restore({ ...everything, what, form: "zip" }, null, () => undefined))
        expect((await zipContents(zip.file ?? new Blob())).map(({ name }) => `Tree/${name}`)).toEqual(
            entries
                .map(({ name }) => `Tree/${name}`)
                .filter((name) => !zip.refused.some((one) => one.name === name.slice(5))),
        )

        // An honest store gives the rest.
        const again = done(await intoFolder(alice.engine, folder, { what }))
        expect(again).toMatchObject({ files: 3, alreadyThere: entries.length - lost.size, refused: [] })
    })

    test("a sum that is not the one of the zip", async () => {
        const alice = await aliceAtHome()
        // As if the zip had named other sums: what is opened is what was stored, and still not what it should be.
        const { importId } = await add(alice, tree(entries))
        const openers: Ports["openers"] = {
            start: (keys) => {
                const hands = handsOf(alice.ports.store).start(keys)
                const open: OpeningHands["open"] = async (slices, signal) =>
                    (await hands.open(slices, signal)).map((slice) =>
                        slice.chunks.length === 1 ? { ...slice, crc32: slice.crc32 ^ 1 } : slice,
                    )
                return { ...hands, open }
            },
        }
        const engine = createEngine({ ...alice.ports, openers })
        const folder = new FakeFolder()
        const outcome = done(await intoFolder(engine, folder, { what: { kind: "import", importId } }))
        expect(outcome).toMatchObject({
            files: 1,
            refused: [
                { name: "Tree/good.bin", code: "wrong-checksum" },
                { name: "Tree/fine.bin", code: "wrong-checksum" },
            ],
        })
        expect([...(await folder.files()).keys()]).toEqual(["Tree/bad.bin"])
    })
})

function handsOf(store: ObjectStore) {
    return new OwnHands(store, quickClock())
}
