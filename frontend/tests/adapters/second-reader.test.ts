/** The second program itself: Pyodide, which runs in Node too, and the wheel that is built for the browser. */

import { loadPyodide, type PyodideInterface } from "pyodide"
import { beforeAll, describe, expect, test, vi } from "vitest"
import { clientWheel } from "../../python-files.ts"
import { type PythonReader, pythonReader } from "../../src/adapters/python-reader.ts"
import { type ReaderWorker, WorkerReader } from "../../src/adapters/second-reader.ts"
import { EngineError } from "../../src/engine/errors.ts"
import type { SecondReader } from "../../src/engine/ports.ts"
import type { CheckRequest } from "../../src/engine/protocol.ts"
import { chatExport, noise } from "../support/exports.ts"
import { interposed, lyingStore } from "../support/mishaps.ts"
import { type AliceAtHome, addExport, aliceAtHome, quickClock, reloaded } from "../support/people.ts"

let python: PyodideInterface
let alice: AliceAtHome

beforeAll(async () => {
    python = await loadPyodide()
    python.unpackArchive(await clientWheel().then(({ bytes }) => bytes), "wheel")
    alice = await aliceAtHome()
    await addExport(alice.engine, chatExport({ to: 3_000, photos: { 5: 300_000, 9: 40_000 } }))
    await addExport(alice.engine, new File([noise(600_000, 4)], "film.mp4"), { conversation: null })
}, 60_000)

/** Python without a worker; `change` is what stands between. */
function inThisThread(change: (reader: PythonReader) => Partial<PythonReader> = () => ({})): SecondReader {
    return {
        async start() {
            const reader = pythonReader(python)
            const between = { ...reader, ...change(reader) }
            return {
                begin: async (library) => between.begin(library),
                read: async (pack, offset, sealed) => between.read(pack, offset, sealed),
                hash: async () => between.hash(),
                end: () => undefined,
            }
        },
    }
}

const asking: CheckRequest = { conversation: null, everything: false, secondOpinion: true, from: null }

const ask = (second: SecondReader, request = asking) =>
    reloaded(alice, { second }).checkBackup(request, () => undefined)

describe("two programs that have nothing in common but the document", () => {
    test("open the same pieces and find the same", async () => {
        const { opinion, pieces } = await ask(inThisThread())
        expect(opinion).toMatchObject({ kind: "compared", pieces, differing: 0 })
        if (opinion.kind !== "compared") throw new Error(opinion.kind)
        expect(opinion.python).toBe(opinion.browser)
        expect(pieces).toBeGreaterThan(5)
    })

    test("the secret's bytes are overwritten once they were handed over, and stay where they came from", async () => {
        let handed = new Uint8Array(0)
        const reader = inThisThread((real) => ({
            begin(library) {
                handed = library.secret
                expect(handed.some((byte) => byte !== 0)).toBe(true)
                return real.begin(library)
            },
        }))
        const engine = reloaded(alice, { second: reader })
        await engine.checkBackup(asking, () => undefined)
        expect([...handed]).toEqual(Array(32).fill(0))
        // Sealing another slot needs the root secret itself.
        await engine.setStayUnlocked(false)
        expect(await engine.setStayUnlocked(true)).toMatchObject({ kind: "unlocked" })
        expect(await reloaded(alice).state()).toMatchObject({ kind: "unlocked" })
    })

    test("the second one ends with its errand, also when the check comes to no end", async () => {
        const end = vi.fn()
        const second: SecondReader = {
            start: async (signal) => ({ ...(await inThisThread().start(signal)), end }),
        }
        await ask(second)
        await vi.waitFor(() => expect(end).toHaveBeenCalledTimes(1))
        const store = interposed(alice.ports.store, async (name, call) => {
            if (name === "finish") throw new EngineError("session-expired")
            return await call()
        })
        const refused = reloaded(alice, { second, store }).checkBackup(asking, () => undefined)
        await expect(refused).rejects.toMatchObject({ code: "session-expired" })
        await vi.waitFor(() => expect(end).toHaveBeenCalledTimes(2))
    })

    test("are damaged alike, and agree on that", async () => {
        const store = lyingStore(alice.ports.store, async (_id, from, _to, bytes) => {
            if (from === 0 && bytes.length > 100_000) bytes[60] = (bytes[60] ?? 0) ^ 1
            return bytes
        })
        const report = await reloaded(alice, { second: inThisThread(), store }).checkBackup(asking, () => undefined)
        expect(report.damage.length).toBeGreaterThan(0)
        expect(report.opinion).toMatchObject({ kind: "compared", pieces: report.pieces, differing: 0 })
    })

    test("one that finds something else is heard, and the check is not remembered as right", async () => {
        const before = await reloaded(alice).state()
        let first = true
        const reader = inThisThread((real) => ({
            read(...piece) {
                const found = real.read(...piece)
                const other = first ? "0".repeat(64) : found
                first = false
                return other
            },
        }))
        const { opinion, damage } = await ask(reader)
        expect(damage).toEqual([])
        expect(opinion).toMatchObject({ kind: "compared", differing: 1 })
        expect(await reloaded(alice).state()).toEqual(before)
    })

    test("one that opens nothing of it says so by name", async () => {
        const reader = inThisThread((real) => ({
            begin: (library) => real.begin({ ...library, epoch: library.epoch + 1 }),
        }))
        expect((await ask(reader)).opinion).toEqual({ kind: "refused", code: "wrong-id" })
        const headless = inThisThread((real) => ({
            begin: (library) =>
                real.begin({ ...library, head: { ...library.head, sequence: library.head.sequence + 1 } }),
        }))
        expect((await ask(headless)).opinion).toEqual({ kind: "refused", code: "not-authentic" })
    })

    test("one that breaks off leaves the check as it is", async () => {
        const reader = inThisThread(() => ({
            read() {
                throw new TypeError("words that quote what was read")
            },
        }))
        const report = await ask(reader)
        expect(report.opinion).toEqual({ kind: "failed", code: "unexpected" })
        expect(report.opened).toBe(report.pieces)
    })
})

describe("the worker", () => {
    /** One that never answers, as where WebAssembly is refused. */
    function deaf(): ReaderWorker & { readonly ended: () => boolean; fail(): void } {
        const target = new EventTarget()
        let ended = false
        return Object.assign(target, {
            postMessage: () => undefined,
            terminate: () => {
                ended = true
            },
            ended: () => ended,
            fail: () => target.dispatchEvent(new Event("error")),
        }) as unknown as ReaderWorker & { readonly ended: () => boolean; fail(): void }
    }

    test("that does not start within two minutes is ended, and named", async () => {
        const worker = deaf()
        const clock = quickClock()
        const start = new WorkerReader(() => worker, clock).start(new AbortController().signal)
        await expect(start).rejects.toMatchObject({ code: "second-reader" })
        expect(clock.waits).toEqual([120_000])
        expect(worker.ended()).toBe(true)
    })

    test("that cannot be loaded is ended, and named", async () => {
        const worker = deaf()
        const clock = { ...quickClock(), sleep: () => new Promise<never>(() => undefined) }
        const start = new WorkerReader(() => worker, clock).start(new AbortController().signal)
        worker.fail()
        await expect(start).rejects.toMatchObject({ code: "second-reader" })
        expect(worker.ended()).toBe(true)
    })
})

test("the same text gives the same wheel", async () => {
    const [one, other] = [await clientWheel(), await clientWheel()]
    expect(Buffer.from(one.bytes).equals(other.bytes)).toBe(true)
})
