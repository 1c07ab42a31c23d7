/**
 * Voice notes as text: one after the other, each in its state, until all are done or the person has had enough.
 *
 *     none → waiting → loading → listening → done
 *              ↕            ↘ failed ↙
 *        asking-for-model
 *
 * The engine is loaded with the first note, and gives its memory back a minute after the last.
 */

import { codeOf, EngineError, type EngineErrorCode } from "../../engine/errors.ts"
import type { Clock } from "../../engine/ports.ts"
import type {
    Decode,
    KeptModel,
    SpeechModels,
    Transcriber,
    Transcript,
    TranscriptStore,
} from "../../engine/transcriber.ts"
import { ModelChoice } from "./model-choice.ts"

export type TranscriptState =
    | { readonly kind: "none" }
    | { readonly kind: "waiting" }
    | { readonly kind: "asking-for-model" }
    | { readonly kind: "loading"; readonly share: number }
    | { readonly kind: "listening"; readonly share: number }
    | { readonly kind: "done"; readonly transcript: Transcript }
    | { readonly kind: "failed"; readonly code: EngineErrorCode }

/** A voice note: its key in the store, and how to open it. */
export interface SpokenNote {
    readonly key: string
    open(): Promise<Blob>
}

export interface TranscriptionParts {
    readonly models: SpeechModels
    readonly transcriber: Transcriber
    readonly decode: Decode
    readonly store: TranscriptStore
    readonly clock: Clock
    /** UTC */
    readonly now: () => string
    /** In which language people speak here (ISO 639-1); null, or nothing said: it is heard. */
    readonly language?: () => string | null
}

/** One asking. The same note may be asked for again before this one has ended. */
interface Asked {
    readonly note: SpokenNote
}

/** Begins it for one chat, whose texts lie in this store. */
export type OpenTranscription = (store: TranscriptStore) => Promise<Transcription>

const none: TranscriptState = { kind: "none" }
const keptLoadedFor = 60_000
/** With these, the next note would fare no better. */
const hopeless: ReadonlySet<EngineErrorCode> = new Set(["no-threads", "not-a-model", "session-expired", "locked"])

/** Tells `change` whenever a note's state or the queue is another, and `ask` when a model has to be chosen. */
export class Transcription extends EventTarget {
    readonly choice: ModelChoice
    readonly #parts: TranscriptionParts
    readonly #states = new Map<string, TranscriptState>()
    #queue: Asked[] = []
    #done = 0
    #running = false
    #over = new AbortController()
    #idle = new AbortController()
    /** The model that the engine has loaded. */
    #loaded: string | null = null

    constructor(parts: TranscriptionParts) {
        super()
        this.#parts = parts
        this.choice = new ModelChoice(parts.models)
        this.choice.addEventListener("taken", () => void this.#run())
    }

    state(key: string): TranscriptState {
        const state = this.#states.get(key)
        if (state !== undefined) return state
        const transcript = this.#parts.store.get(key)
        return transcript === undefined ? none : { kind: "done", transcript }
    }

    /** How many of those that were asked for are done; null: nothing is under way. */
    get progress(): { readonly done: number; readonly total: number } | null {
        return this.#queue.length === 0 ? null : { done: this.#done, total: this.#done + this.#queue.length }
    }

    /** Also once more, where there is a text already: the model may be a better one now. */
    transcribe(note: SpokenNote): void {
        this.#add([note])
    }

    /** Those that have no text yet. */
    all(notes: readonly SpokenNote[]): void {
        this.#add(notes.filter(({ key }) => this.state(key).kind !== "done"))
    }

    /** What is done stays. */
    stop(): void {
        for (const { note } of this.#queue) this.#states.delete(note.key)
        this.#queue = []
        this.#over.abort()
        this.#tell()
    }

    /** The chat is closed. */
    close(): void {
        this.stop()
        this.#states.clear()
        this.#idle.abort()
        this.#end()
    }

    /** Another model, or none any more: the dialog opens. */
    choose(): void {
        this.dispatchEvent(new Event("ask"))
    }

    /** The dialog was closed: without a model, nothing waits for one. */
    async chosen(): Promise<void> {
        await this.choice.stop()
        if (!this.#running && (await this.choice.kept()) === null) this.stop()
        else void this.#run()
    }

    #add(notes: readonly SpokenNote[]): void {
        const known = new Set(this.#queue.map(({ note }) => note.key))
        const fresh = notes.filter(({ key }) => !known.has(key))
        if (this.#queue.length === 0) this.#done = 0
        for (const { key } of fresh) this.#states.set(key, { kind: "waiting" })
        this.#queue.push(...fresh.map((note) => ({ note })))
        this.#tell()
        void this.#run()
    }

    async #run(): Promise<void> {
        if (this.#running || this.#queue.length === 0) return
        this.#running = true
        this.#idle.abort()
        try {
            for (let asked = this.#queue[0]; asked !== undefined; asked = this.#queue[0]) {
                const model = await this.choice.kept()
                if (model === null) {
                    this.#ask()
                    return
                }
                await this.#one(asked, model)
            }
        } finally {
            this.#running = false
            void this.#rest()
        }
    }

    #ask(): void {
        for (const { note } of this.#queue) this.#states.set(note.key, { kind: "asking-for-model" })
        this.#tell()
        this.choose()
    }

    async #one(asked: Asked, model: KeptModel): Promise<void> {
        const { note } = asked
        this.#over = new AbortController()
        const { signal } = this.#over
        const show = (state: TranscriptState): void => {
            if (!signal.aborted) this.#show(note.key, state)
        }
        try {
            const transcript = await this.#heard(note, model, show, signal)
            await this.#parts.store.put(transcript)
            this.#states.delete(note.key)
        } catch (error) {
            const code = codeOf(error)
            if (signal.aborted || code === "stopped") return
            if (hopeless.has(code))
                for (const other of this.#queue.splice(1)) this.#states.set(other.note.key, { kind: "failed", code })
            show({ kind: "failed", code })
        } finally {
            // Whoever stopped has emptied the queue, and may have filled it anew.
            if (this.#queue[0] === asked) this.#queue.shift()
            if (!signal.aborted) this.#done += 1
            this.#tell()
        }
    }

    async #heard(
        note: SpokenNote,
        model: KeptModel,
        show: (state: TranscriptState) => void,
        signal: AbortSignal,
    ): Promise<Transcript> {
        const { transcriber, decode, now, language } = this.#parts
        show({ kind: "loading", share: 0 })
        // Before the model: a note that cannot be opened costs nothing.
        const samples = await decode(await note.open())
        if (signal.aborted) throw new EngineError("stopped")
        try {
            if (this.#loaded !== model.sha256) {
                this.#loaded = null
                await transcriber.start(model.content, (share) => show({ kind: "loading", share }), signal)
                this.#loaded = model.sha256
            }
            show({ kind: "listening", share: 0 })
            const hint = model.multilingual ? (language?.() ?? null) : "en"
            const listening = (share: number): void => show({ kind: "listening", share })
            const heard = await transcriber.transcribe(samples, hint, listening, signal)
            return { file: note.key, ...heard, model: model.name, made: now() }
        } catch (error) {
            this.#end()
            throw error
        }
    }

    /** More notes may come soon: the model stays for a while. */
    async #rest(): Promise<void> {
        this.#idle = new AbortController()
        const { signal } = this.#idle
        const rested = await this.#parts.clock.sleep(keptLoadedFor, signal).then(
            () => true,
            () => false,
        )
        if (rested && !this.#running) this.#end()
    }

    #end(): void {
        this.#loaded = null
        this.#parts.transcriber.end()
    }

    #show(key: string, state: TranscriptState): void {
        this.#states.set(key, state)
        this.#tell()
    }

    #tell(): void {
        this.dispatchEvent(new Event("change"))
    }
}
