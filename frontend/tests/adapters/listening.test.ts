/** The page's end of the listening worker, and models on their way into the private folder: whole and right, or not at all. */

import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { expose } from "comlink"
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { writeModel } from "../../src/adapters/keep-model.ts"
import { forgetModel, keptModel } from "../../src/adapters/kept-model.ts"
import { type ListeningDoor, type ListeningWorker, WorkerTranscriber } from "../../src/adapters/listening.ts"
import { refuse } from "../../src/engine/border.ts"
import { EngineError } from "../../src/engine/errors.ts"
import { modelHeaderLength, readModelHeader, type SpeechModel } from "../../src/engine/transcriber.ts"

/** A model's first bytes, and so many more. */
function model(more = 100_000, words = 51_865, layers = 4): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(modelHeaderLength + more)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, 0x67676d6c, true)
    view.setInt32(4, words, true)
    view.setInt32(20, layers, true)
    return bytes.map((value, at) => (at < modelHeaderLength ? value : (at * 7) % 251))
}

const hashOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
    Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex")

describe("a model's first bytes", () => {
    test("tell whether it knows many languages", () => {
        expect(readModelHeader(model())).toEqual({ multilingual: true })
        expect(readModelHeader(model(0, 51_864))).toEqual({ multilingual: false })
    })

    test("are not anybody's", () => {
        expect(readModelHeader(model(0, 51_865, 5))).toBeNull()
        expect(readModelHeader(model().subarray(0, modelHeaderLength - 1))).toBeNull()
        fc.assert(
            fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
                const isOne = Buffer.from(bytes.subarray(0, 4)).toString() === "lmgg"
                expect(readModelHeader(new Uint8Array(bytes)) === null || isOne).toBe(true)
            }),
        )
    })
})

// ---------------------------------------------------------------- the private folder

class Folder {
    readonly files = new Map<string, Uint8Array<ArrayBuffer>>()
    readonly folders = new Map<string, Folder>()
    static room = Number.POSITIVE_INFINITY

    async getDirectoryHandle(name: string, { create = false } = {}): Promise<Folder> {
        const found = this.folders.get(name) ?? (create ? new Folder() : null)
        if (found === null) throw new DOMException("", "NotFoundError")
        this.folders.set(name, found)
        return found
    }
    async getFileHandle(name: string, { create = false } = {}) {
        if (!this.files.has(name) && !create) throw new DOMException("", "NotFoundError")
        if (create) this.files.set(name, this.files.get(name) ?? new Uint8Array(0))
        return {
            getFile: async () => new File([this.files.get(name) ?? ""], name),
            createSyncAccessHandle: async () => ({
                write: (bytes: Uint8Array, { at }: { readonly at: number }) => {
                    if (at + bytes.length > Folder.room) throw new DOMException("", "QuotaExceededError")
                    const before = this.files.get(name) ?? new Uint8Array(0)
                    const after = new Uint8Array(Math.max(before.length, at + bytes.length))
                    after.set(before)
                    after.set(bytes, at)
                    this.files.set(name, after)
                    return bytes.length
                },
                close: () => undefined,
            }),
        }
    }
    async removeEntry(name: string): Promise<void> {
        if (!this.folders.delete(name)) throw new DOMException("", "NotFoundError")
    }
}

let root: Folder

beforeEach(() => {
    root = new Folder()
    Folder.room = Number.POSITIVE_INFINITY
    vi.stubGlobal("navigator", { storage: { getDirectory: async () => root } })
})

afterEach(() => {
    vi.unstubAllGlobals()
})

async function offered(bytes: Uint8Array<ArrayBuffer>, change: Partial<SpeechModel> = {}, answer?: Response) {
    const facts = { name: "a.bin", size: bytes.length, sha256: await hashOf(bytes), multilingual: true, ...change }
    vi.stubGlobal("fetch", async () => answer ?? new Response(bytes))
    return { kind: "offered", model: facts, address: "/api/speech-models/x" } as const
}

const shares: number[] = []
const write = (source: Parameters<typeof writeModel>[0]) => writeModel(source, (share) => shares.push(share))

async function refusal(work: Promise<unknown>): Promise<string> {
    const error = await work.then(
        () => null,
        (thrown: unknown) => thrown,
    )
    return error instanceof EngineError ? error.code : String(error)
}

describe("what is kept", () => {
    test("is the file that was picked, with what it is", async () => {
        const bytes = model(50_000, 51_864)
        expect(await keptModel()).toBeNull()
        await write({ kind: "picked", file: new File([bytes], "mine.bin") })
        const kept = await keptModel()
        expect(kept).toMatchObject({ name: "mine.bin", multilingual: false, sha256: await hashOf(bytes) })
        expect(new Uint8Array((await kept?.content.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(bytes)
        expect(shares.at(-1)).toBe(1)
        await forgetModel()
        await forgetModel()
        expect(await keptModel()).toBeNull()
    })

    test("is what the site offered", async () => {
        await write(await offered(model()))
        expect(await keptModel()).toMatchObject({ name: "a.bin", multilingual: true })
    })

    test.each([
        ["another hash", "wrong-hash", { sha256: "0".repeat(64) }, undefined],
        ["more bytes than were announced", "wrong-hash", { size: 1000 }, undefined],
        ["fewer bytes than were announced", "network", { size: 10 ** 6 }, undefined],
        ["a film", "not-a-model", {}, new Response(new Uint8Array(100_148))],
        ["nothing", "not-a-model", { size: 0 }, new Response(new Uint8Array(0))],
        ["more than a browser can hold", "not-a-model", { size: 2 ** 30 + 1 }, undefined],
        ["an answer that it is gone", "missing", {}, new Response(null, { status: 404 })],
        ["an answer that nobody is signed in", "session-expired", {}, new Response(null, { status: 401 })],
    ])("is nothing of %s", async (_, code, change, answer) => {
        expect(await refusal(offered(model(), change, answer).then(write))).toBe(code)
        expect(await keptModel()).toBeNull()
    })

    test("is nothing without room for it", async () => {
        Folder.room = 60_000
        expect(await refusal(offered(model()).then(write))).toBe("storage-full")
        expect(await keptModel()).toBeNull()
    })

    test("is not what a visit that was cut off has left", async () => {
        const folder = await root.getDirectoryHandle("speech-model", { create: true })
        folder.files.set("content", model())
        expect(await keptModel()).toBeNull()
        const facts = { name: "a", size: 5, sha256: "0".repeat(64), multilingual: true }
        folder.files.set("facts.json", new TextEncoder().encode(JSON.stringify(facts)))
        expect(await keptModel()).toBeNull()
        await write(await offered(model()))
        expect(await keptModel()).not.toBeNull()
    })
})

// ---------------------------------------------------------------- the worker

/** A worker that is a channel: what it exposes is the test's. */
function workers(door: Partial<ListeningDoor>): { readonly make: () => ListeningWorker; readonly ended: string[] } {
    const ended: string[] = []
    let made = 0
    const make = (): ListeningWorker => {
        const { port1, port2 } = new MessageChannel()
        made += 1
        const name = `worker ${made}`
        expose(door, port1)
        return Object.assign(port2, {
            terminate: () => {
                ended.push(name)
                port1.close()
            },
        }) as unknown as ListeningWorker
    }
    return { make, ended }
}

const calm = new AbortController().signal

describe("the worker", () => {
    test("is told the model once, and then the recordings", async () => {
        const heard: number[] = []
        const { make, ended } = workers({
            load: async (_, onProgress) => void onProgress(0.5),
            hear: async (samples, language) => {
                heard.push(samples.length)
                return { text: "hello", language }
            },
        })
        const ear = new WorkerTranscriber(make)
        await ear.start(new Blob(["m"]), () => undefined, calm)
        const first = await ear.transcribe(new Float32Array(10), "de", () => undefined, calm)
        await ear.transcribe(new Float32Array(20), null, () => undefined, calm)
        expect(first).toEqual({ text: "hello", language: "de" })
        expect(heard).toEqual([10, 20])
        expect(ended).toEqual([])
        ear.end()
        ear.end()
        expect(ended).toEqual(["worker 1"])
    })

    test("goes on answering when memory was tidied up in between", async () => {
        setFlagsFromString("--expose-gc")
        const collect = runInNewContext("gc") as () => void
        const { make, ended } = workers({
            load: async () => undefined,
            hear: async () => ({ text: "hello", language: null }),
        })
        const ear = new WorkerTranscriber(make)
        await ear.start(new Blob(), () => undefined, calm)
        for (let turn = 0; turn < 5; turn += 1) {
            collect()
            await new Promise((resolve) => setTimeout(resolve, 5))
        }
        const patience = AbortSignal.timeout(2_000)
        expect(await ear.transcribe(new Float32Array(1), null, () => undefined, patience)).toMatchObject({
            text: "hello",
        })
        ear.end()
        expect(ended).toHaveLength(1)
    })

    test("ends when it is stopped, and has to be started anew", async () => {
        const { make, ended } = workers({ load: async () => undefined, hear: () => new Promise(() => undefined) })
        const ear = new WorkerTranscriber(make)
        await ear.start(new Blob(), () => undefined, calm)
        const over = new AbortController()
        const hearing = ear.transcribe(new Float32Array(1), null, () => undefined, over.signal)
        over.abort()
        expect(await refusal(hearing)).toBe("stopped")
        expect(ended).toEqual(["worker 1"])
        expect(await refusal(ear.transcribe(new Float32Array(1), null, () => undefined, calm))).toBe("unexpected")
        await ear.start(new Blob(), () => undefined, calm)
        ear.end()
        expect(ended).toEqual(["worker 1", "worker 2"])
    })

    test("says by a code what is wrong, and nothing else of it", async () => {
        const { make, ended } = workers({ load: async () => refuse(new EngineError("not-a-model")) })
        const ear = new WorkerTranscriber(make)
        expect(await refusal(ear.start(new Blob(), () => undefined, calm))).toBe("not-a-model")
        expect(ended).toEqual(["worker 1"])
        const gone = AbortSignal.abort()
        expect(await refusal(ear.start(new Blob(), () => undefined, gone))).toBe("stopped")
    })
})
