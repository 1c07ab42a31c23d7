/** The page's end of the listening worker: one that listens until it is ended, and one for each model that is kept. */

import { type ProxyMarked, proxy, transfer, wrap } from "comlink"
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

export class WorkerTranscriber implements Transcriber {
    readonly #make: () => ListeningWorker
    #worker: ListeningWorker | null = null

    constructor(make: () => ListeningWorker) {
        this.#make = make
    }

    async start(model: Blob, onProgress: Progress, signal: AbortSignal): Promise<void> {
        this.end()
        const worker = this.#make()
        this.#worker = worker
        await this.#work(worker, signal, (door) => door.load(model, proxy(onProgress)))
    }

    async transcribe(
        samples: Samples,
        language: string | null,
        onProgress: Progress,
        signal: AbortSignal,
    ): Promise<Heard> {
        const worker = this.#worker
        if (worker === null) throw new EngineError("unexpected")
        return await this.#work(worker, signal, (door) =>
            door.hear(transfer(samples, [samples.buffer]), language, proxy(onProgress)),
        )
    }

    end(): void {
        this.#worker?.terminate()
        this.#worker = null
    }

    /** Whisper looks up once in thirty seconds of speech: who wants it to stop ends the worker, and its threads with it. */
    async #work<T>(
        worker: ListeningWorker,
        signal: AbortSignal,
        ask: (door: ReturnType<typeof wrap<ListeningDoor>>) => Promise<T>,
    ): Promise<T> {
        try {
            return await errand(worker, signal, ask)
        } catch (error) {
            worker.terminate()
            if (this.#worker === worker) this.#worker = null
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
    const worker = make()
    try {
        return await errand(worker, signal, (door) => door.keep(source, proxy(onProgress)))
    } finally {
        worker.terminate()
    }
}

async function errand<T>(
    worker: ListeningWorker,
    signal: AbortSignal,
    ask: (door: ReturnType<typeof wrap<ListeningDoor>>) => Promise<T>,
): Promise<T> {
    if (signal.aborted) throw new EngineError("stopped")
    const over = new AbortController()
    const never = (target: Pick<EventTarget, "addEventListener">, event: string, code: "stopped" | "unexpected") =>
        new Promise<never>((_, reject) => {
            target.addEventListener(event, () => reject(new EngineError(code)), { once: true, signal: over.signal })
        })
    try {
        const work = ask(wrap<ListeningDoor>(worker))
        return await Promise.race([work, never(worker, "error", "unexpected"), never(signal, "abort", "stopped")])
    } catch (error) {
        throw error instanceof EngineError ? error : errorOf(error)
    } finally {
        over.abort()
    }
}
