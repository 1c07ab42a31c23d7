/**
 * Whisper in this worker: whisper.cpp as WebAssembly, which starts threads of its own and therefore needs a page that is
 * isolated from other origins (`backupweb/lib/headers.py`).
 *
 * Loaded when somebody asks for it, and never before. Memory is some times the model's size, and only ending the worker
 * gives it back.
 */

import { EngineError } from "../engine/errors.ts"
import type { Heard, Progress, Samples } from "../engine/transcriber.ts"

/** The published script, as far as it is used here. */
interface Shout {
    FS_createDataFile(parent: string, name: string, content: Uint8Array, read: true, write: true, own: true): void
    FS_unlink(path: string): void
    init(model: string, alignment: ""): void
    /** Returns at once, 0 if it has begun; then calls `onProgress` (percent) and, in the end, `onTranscribed`. */
    transcribe(
        samples: Samples,
        language: string,
        threads: number,
        translate: boolean,
        longest: number,
        splitOnWord: boolean,
        onlySpeech: boolean,
        times: boolean,
    ): number
    onProgress(percent: number): void
    onNewSegment(): void
    onTranscribed(result: ShoutResult): void
}

interface ShoutResult {
    readonly result: { readonly language: string }
    readonly transcription: readonly { readonly text: string }[]
}

interface ShoutScript {
    readonly default: (settings: {
        readonly print: (line: string) => void
        readonly printErr: (line: string) => void
        readonly onAbort: () => void
    }) => Promise<Shout>
}

const modelName = "model.bin"
/** More help little, and each takes a processor from everything else. */
const mostThreads = 8

export class Whisper {
    readonly #shout: Shout
    readonly #broken: Promise<never>

    private constructor(shout: Shout, broken: Promise<never>) {
        this.#shout = shout
        this.#broken = broken
    }

    static async start(script: string, model: Blob, onProgress: Progress): Promise<Whisper> {
        if (!crossOriginIsolated) throw new EngineError("no-threads")
        const { default: createShout }: ShoutScript = await import(/* @vite-ignore */ script)
        let failed = false
        let abort: () => void = () => undefined
        const broken = new Promise<never>((_, reject) => {
            abort = () => reject(new EngineError("unexpected"))
        })
        // It is raced against each recording; between them its failure is nobody's.
        broken.catch(() => undefined)
        const shout = await createShout({
            // What it heard would stand in the console.
            print: () => undefined,
            printErr: (line) => {
                failed ||= line.includes("failed to load model")
            },
            onAbort: abort,
        })
        // The file is handed over, not copied, and taken away when its weights are where they are used.
        shout.FS_createDataFile("/", modelName, await bytesOf(model, onProgress), true, true, true)
        try {
            shout.init(modelName, "")
        } catch (cause) {
            throw new EngineError("not-a-model", { cause })
        }
        if (failed) throw new EngineError("not-a-model")
        shout.FS_unlink(`/${modelName}`)
        return new Whisper(shout, broken)
    }

    async hear(samples: Samples, language: string | null, onProgress: Progress): Promise<Heard> {
        const shout = this.#shout
        const threads = Math.min(navigator.hardwareConcurrency, mostThreads)
        const heard = new Promise<ShoutResult>((resolve) => {
            shout.onProgress = (percent) => onProgress(percent / 100)
            // It calls all three, wanted or not.
            shout.onNewSegment = () => undefined
            shout.onTranscribed = resolve
        })
        const begun = shout.transcribe(samples, language ?? "auto", threads, false, 0, false, true, false)
        if (begun !== 0) throw new EngineError("unexpected")
        const { result, transcription } = await Promise.race([heard, this.#broken])
        const text = transcription.map((piece) => piece.text).join("")
        return { text: text.replaceAll(/\s+/g, " ").trim(), language: result.language || null }
    }
}

async function bytesOf(model: Blob, onProgress: Progress): Promise<Uint8Array> {
    const bytes = new Uint8Array(model.size)
    let at = 0
    for await (const piece of model.stream()) {
        bytes.set(piece, at)
        at += piece.length
        onProgress(at / model.size)
    }
    return bytes
}
