/** The page's end of the listening worker: one that listens until it is ended, and one for each model that is kept. */

import { type ProxyMarked, proxy, type Remote, transfer, wrap } from "comlink"
import { errorOf } from "../engine/border.ts"
import { EngineError } from "../engine/errors.ts"
import type { Heard, Progress, Samples, SpeechModel, Transcriber } from "../engine/transcriber.ts"
import type { ModelSource } from "./keep-model.ts"

/** What the worker exposes. */
export interface ListeningDoor {
    load(model: Blob, onProgress: Progress & ProxyMarked): Promise<void>
    hear(samples: Samples, language: string | null, onProgress: Progress & ProxyMarked): Promise<Heard>
    keep(source: ModelSource, onProgress: Progress & ProxyMarked): Promise<SpeechModel>
}

export type ListeningWorker = Pick<Worker, "terminate" | "addEventListener"> & Parameters<typeof wrap>[0]

/**
 * A worker and what it answers to. Wrapped once, and held for as long as it lives: comlink takes a wrapping that nobody holds
 * any more for the end of the worker, and the next call would never be answered.
 */
interface Listener {
    readonly worker: ListeningWorker
    readonly door: Remote<ListeningDoor>
}

const listenerOf = (worker: ListeningWorker): Listener => ({ worker, door: wrap<ListeningDoor>(worker) })

export class WorkerTranscriber implements Transcriber {
    readonly #make: () => ListeningWorker
    #listener: Listener | null = null

    constructor(make: () => ListeningWorker) {
        this.#make = make
    }

    async start(model: Blob, onProgress: Progress, signal: AbortSignal): Promise<void> {
        this.end()
        const listener = listenerOf(this.#make())
        this.#listener = listener
        await this.#work(listener, signal, (door) => door.load(model, proxy(onProgress)))
    }

    async transcribe(
        samples: Samples,
        language: string | null,
        onProgress: Progress,
        signal: AbortSignal,
    ): Promise<Heard> {
        const listener = this.#listener
        if (listener === null) throw new EngineError("unexpected")
        return await this.#work(listener, signal, (door) =>
            door.hear(transfer(samples, [samples.buffer]), language, proxy(onProgress)),
        )
    }

    end(): void {
        this.#listener?.worker.terminate()
        this.#listener = null
    }

    /** Whisper looks up once in thirty seconds of speech: who wants it to stop ends the worker, and its threads with it. */
    async #work<T>(
        listener: Listener,
        signal: AbortSignal,
        ask: (door: Remote<ListeningDoor>) => Promise<T>,
    ): Promise<T> {
        try {
            return await errand(listener, signal, ask)
        } catch (error) {
            listener.worker.terminate()
            if (this.#listener === listener) this.#listener = null
            throw error
        }
    }
}

/** Lays a model where `keptModel` finds it, in a worker that ends with it. */
export async function keepModel(
    make: () => ListeningWorker,
    source: ModelSource,
    onProgress: Progress,
    signal: AbortSignal,
): Promise<SpeechModel> {
    const listener = listenerOf(make())
    try {
        return await errand(listener, signal, (door) => door.keep(source, proxy(onProgress)))
    } finally {
        listener.worker.terminate()
    }
}

async function errand<T>(
    { worker, door }: Listener,
    signal: AbortSignal,
    ask: (door: Remote<ListeningDoor>) => Promise<T>,
): Promise<T> {
    if (signal.aborted) throw new EngineError("stopped")
    const over = new AbortController()
    const never = (target: Pick<EventTarget, "addEventListener">, event: string, code: "stopped" | "unexpected") =>
        new Promise<never>((_, reject) => {
            target.addEventListener(event, () => reject(new EngineError(code)), { once: true, signal: over.signal })
        })
    try {
        return await Promise.race([ask(door), never(worker, "error", "unexpected"), never(signal, "abort", "stopped")])
    } catch (error) {
        throw error instanceof EngineError ? error : errorOf(error)
    } finally {
        over.abort()
    }
}
