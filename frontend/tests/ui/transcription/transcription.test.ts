/** One voice note after the other, each in its state; stopping, refusing and choosing leave nothing half done. */

import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import { EngineError, type EngineErrorCode } from "../../../src/engine/errors.ts"
import type { Heard, KeptModel, SpeechModel, SpeechModels, Transcriber } from "../../../src/engine/transcriber.ts"
import { type SpokenNote, Transcription } from "../../../src/ui/transcription/transcription.ts"
import { keptInMemory } from "../../support/kept-in-memory.ts"

const small: KeptModel = {
    name: "small.bin",
    size: 3,
    sha256: "a".repeat(64),
    multilingual: true,
    content: new Blob(["abc"]),
}
const english: KeptModel = { ...small, name: "english.bin", sha256: "b".repeat(64), multilingual: false }

/** Keeps what it is given; what is offered, and whether fetching fails, is the test's. */
class Shelf implements SpeechModels {
    model: KeptModel | null = null
    offers: readonly SpeechModel[] | null = []
    fails: EngineErrorCode | null = null

    async offered(): Promise<readonly SpeechModel[]> {
        if (this.offers === null) throw new EngineError("network")
        return this.offers
    }
    async kept(): Promise<KeptModel | null> {
        return this.model
    }
    async fetch(model: SpeechModel, onProgress: (share: number) => void, signal: AbortSignal): Promise<KeptModel> {
        onProgress(0.5)
        await settled()
        if (signal.aborted) throw new EngineError("stopped")
        if (this.fails !== null) throw new EngineError(this.fails)
        this.model = { ...model, content: new Blob() }
        return this.model
    }
    async keep(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<KeptModel> {
        return await this.fetch({ ...small, name: file.name }, onProgress, signal)
    }
    async remove(): Promise<void> {
        this.model = null
    }
}

/** Hears what it is told, when it is told to; never two at once. */
class Ear implements Transcriber {
    readonly started: string[] = []
    readonly hints: (string | null)[] = []
    ended = 0
    busy = 0
    running = false
    fails: EngineErrorCode | null = null
    /** Resolves at once, or when `next` is called. */
    held = false
    next: (heard: Heard) => void = () => undefined

    async start(model: Blob, onProgress: (share: number) => void): Promise<void> {
        onProgress(1)
        if (this.fails === "not-a-model") throw new EngineError("not-a-model")
        this.started.push(await model.text())
        this.running = true
    }
    async transcribe(
        samples: Float32Array,
        language: string | null,
        onProgress: (share: number) => void,
        signal: AbortSignal,
    ): Promise<Heard> {
        if (!this.running) throw new EngineError("unexpected")
        this.busy += 1
        expect(this.busy).toBe(1)
        this.hints.push(language)
        onProgress(0.5)
        try {
            return await new Promise<Heard>((resolve, reject) => {
                signal.addEventListener("abort", () => reject(new EngineError("stopped")))
                if (this.fails !== null) reject(new EngineError(this.fails))
                this.next = resolve
                if (!this.held) resolve({ text: `note ${samples[0]}`, language: "de" })
            })
        } finally {
            this.busy -= 1
        }
    }
    end(): void {
        this.ended += 1
        this.running = false
    }
}

const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 60; turn += 1) await Promise.resolve()
    await new Promise((resolve) => setTimeout(resolve))
}

const note = (number: number): SpokenNote => ({
    key: `note-${number}`,
    open: async () => new Blob([String(number)]),
})

let shelf: Shelf
let ear: Ear
let asked: number
let wakeUp: () => void

function begun(language: string | null = null): Transcription {
    const transcription = new Transcription({
        models: shelf,
        transcriber: ear,
        decode: async (recording) => {
            const text = await recording.text()
            if (text === "66") throw new EngineError("not-a-recording")
            return new Float32Array([Number(text)])
        },
        store: keptInMemory(),
        clock: {
            now: () => 0,
            sleep: (_, signal) =>
                new Promise((resolve, reject) => {
                    wakeUp = () => resolve()
                    signal.addEventListener("abort", () => reject(new EngineError("stopped")))
                }),
        },
        now: () => "2026-09-20T18:00:00Z",
        language: () => language,
    })
    transcription.addEventListener("ask", () => {
        asked += 1
    })
    return transcription
}

beforeEach(() => {
    shelf = new Shelf()
    ear = new Ear()
    asked = 0
    wakeUp = () => undefined
})

describe("with a model at hand", () => {
    beforeEach(() => {
        shelf.model = small
    })

    test("a note becomes text, and says by which model", async () => {
        const transcription = begun()
        expect(transcription.state("note-1")).toEqual({ kind: "none" })
        transcription.transcribe(note(1))
        expect(transcription.state("note-1")).toEqual({ kind: "waiting" })
        await settled()
        expect(transcription.state("note-1")).toEqual({
            kind: "done",
            transcript: {
                file: "note-1",
                text: "note 1",
                language: "de",
                model: "small.bin",
                made: "2026-09-20T18:00:00Z",
            },
        })
        expect(transcription.progress).toBeNull()
        expect(asked).toBe(0)
    })

    test("many go one after the other, by one loading; a bad one does not hold up the others", async () => {
        const transcription = begun()
        transcription.all([note(1), note(66), note(2), note(1)])
        expect(transcription.progress).toEqual({ done: 0, total: 4 })
        await settled()
        expect(transcription.state("note-1").kind).toBe("done")
        expect(transcription.state("note-66")).toEqual({ kind: "failed", code: "not-a-recording" })
        expect(transcription.state("note-2").kind).toBe("done")
        expect(ear.started).toEqual(["abc"])
    })

    test("what is text already is not listened to again, unless it is asked for by itself", async () => {
        const transcription = begun()
        transcription.transcribe(note(1))
        await settled()
        transcription.all([note(1), note(2)])
        expect(transcription.progress?.total).toBe(1)
        await settled()
        transcription.transcribe(note(1))
        expect(transcription.progress?.total).toBe(1)
    })

    test("stopping leaves what is done, and begins anew when it is asked for again", async () => {
        ear.held = true
        const transcription = begun()
        transcription.all([note(1), note(2), note(3)])
        await settled()
        ear.next({ text: "one", language: null })
        await settled()
        expect(transcription.state("note-2")).toEqual({ kind: "listening", share: 0.5 })
        expect(transcription.progress).toEqual({ done: 1, total: 3 })
        transcription.stop()
        transcription.transcribe(note(2))
        await settled()
        expect(transcription.state("note-1").kind).toBe("done")
        expect(transcription.state("note-2")).toEqual({ kind: "listening", share: 0.5 })
        expect(transcription.state("note-3")).toEqual({ kind: "none" })
        expect(ear.started).toHaveLength(2)
        ear.next({ text: "two", language: null })
        await settled()
        expect(transcription.state("note-2")).toMatchObject({ kind: "done", transcript: { text: "two" } })
    })

    test("a broken engine is started anew for the next note", async () => {
        const transcription = begun()
        ear.fails = "unexpected"
        transcription.transcribe(note(1))
        await settled()
        expect(transcription.state("note-1")).toEqual({ kind: "failed", code: "unexpected" })
        ear.fails = null
        transcription.transcribe(note(1))
        await settled()
        expect(transcription.state("note-1").kind).toBe("done")
        expect(ear.started).toHaveLength(2)
    })

    test("where no note can fare better, all are told at once", async () => {
        ear.fails = "not-a-model"
        const transcription = begun()
        transcription.all([note(1), note(2)])
        await settled()
        for (const key of ["note-1", "note-2"])
            expect(transcription.state(key)).toEqual({ kind: "failed", code: "not-a-model" })
        expect(transcription.progress).toBeNull()
    })

    test("English alone is told so, and others hear for themselves or take the hint", async () => {
        const transcription = begun("it")
        transcription.transcribe(note(1))
        await settled()
        shelf.model = english
        transcription.transcribe(note(2))
        await settled()
        expect(ear.hints).toEqual(["it", "en"])
        expect(ear.started).toHaveLength(2)
    })

    test("memory is given back after a while, and when the chat is closed", async () => {
        const transcription = begun()
        transcription.transcribe(note(1))
        await settled()
        expect(ear.ended).toBe(0)
        wakeUp()
        await settled()
        expect(ear.ended).toBe(1)
        transcription.transcribe(note(2))
        await settled()
        expect(ear.started).toHaveLength(2)
        transcription.close()
        expect(ear.ended).toBe(2)
    })
})

describe("without a model", () => {
    test("the notes wait for it, and go on with the one that is fetched", async () => {
        shelf.offers = [small]
        const transcription = begun()
        transcription.all([note(1), note(2)])
        await settled()
        expect(asked).toBe(1)
        expect(transcription.state("note-2")).toEqual({ kind: "asking-for-model" })
        await transcription.choice.look()
        expect(transcription.choice.state).toEqual({ kind: "choosing", kept: null, offered: [small], trouble: null })
        await transcription.choice.fetch(small)
        await settled()
        expect(transcription.state("note-2").kind).toBe("done")
        expect(transcription.choice.state).toMatchObject({ kind: "choosing", kept: { name: "small.bin" } })
    })

    test("closing the dialog is a no", async () => {
        const transcription = begun()
        transcription.transcribe(note(1))
        await settled()
        await transcription.chosen()
        expect(transcription.state("note-1")).toEqual({ kind: "none" })
        expect(ear.started).toEqual([])
    })

    test("what went wrong stands beside the choice", async () => {
        shelf.offers = null
        shelf.fails = "wrong-hash"
        const { choice } = begun()
        await choice.pick(new File(["abc"], "own.bin"))
        expect(choice.state).toEqual({ kind: "choosing", kept: null, offered: null, trouble: "wrong-hash" })
    })

    test("who stops fetching has no model, and no trouble", async () => {
        const { choice } = begun()
        const fetching = choice.fetch(small)
        expect(choice.state).toEqual({ kind: "taking", name: "small.bin", share: 0.5 })
        await choice.stop()
        await fetching
        expect(choice.state).toEqual({ kind: "choosing", kept: null, offered: [], trouble: null })
    })

    test("a model that is taken away is asked for again", async () => {
        shelf.model = small
        const transcription = begun()
        await transcription.choice.remove()
        transcription.transcribe(note(1))
        await settled()
        expect(asked).toBe(1)
    })
})

test("whatever is asked for and stopped in whatever order, nothing stays under way", async () => {
    const step = fc.oneof(
        fc.record({ kind: fc.constant("transcribe" as const), number: fc.integer({ min: 1, max: 4 }) }),
        fc.record({ kind: fc.constantFrom("stop" as const, "all" as const, "wait" as const, "choose" as const) }),
    )
    await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), async (steps, hasModel) => {
            shelf = new Shelf()
            ear = new Ear()
            shelf.model = hasModel ? small : null
            const transcription = begun()
            for (const one of steps) {
                if (one.kind === "transcribe") transcription.transcribe(note(one.number))
                else if (one.kind === "all") transcription.all([1, 2, 3, 4].map(note))
                else if (one.kind === "stop") transcription.stop()
                else if (one.kind === "choose") await transcription.chosen()
                else await settled()
            }
            await settled()
            shelf.model = small
            await transcription.chosen()
            await settled()
            expect(transcription.progress).toBeNull()
            for (const number of [1, 2, 3, 4])
                expect(["none", "done"]).toContain(transcription.state(`note-${number}`).kind)
        }),
        { numRuns: 60 },
    )
})
