/**
 * What turning voice notes into text asks of the world: an engine that listens, models for it, and a place for what it heard.
 *
 * Everything happens on this device. Failures are the errors of `errors.ts`.
 */

import type { Bytes } from "../bytes/bytes.ts"

export type Progress = (share: number) => void

export interface Transcriber {
    /** Loads the model, in the place of another one; progress of loading is 0..1. `not-a-model`: it cannot be used. */
    start(model: Blob, onProgress: Progress, signal: AbortSignal): Promise<void>
    /**
     * 16 kHz mono samples in, text out; `language` is a hint (ISO 639-1) or null: detect. Whoever stops it has stopped the
     * engine as well: it is started anew before the next recording.
     */
    transcribe(samples: Samples, language: string | null, onProgress: Progress, signal: AbortSignal): Promise<Heard>
    /** Gives its memory back. Ending what was never started is harmless. */
    end(): void
}

export type Samples = Float32Array<ArrayBuffer>

export interface Heard {
    /** Empty: no words were recognised. */
    readonly text: string
    readonly language: string | null
}

/** Samples of a recording in any form that this browser can play, else `not-a-recording`. */
export type Decode = (recording: Blob) => Promise<Samples>

// ---------------------------------------------------------------- what was heard

/** A voice note as text. It is kept sealed, beside the chat. */
export interface Transcript {
    /** Which note it is of: the caller's key, of which nothing else is known. */
    readonly file: string
    readonly text: string
    readonly language: string | null
    /** The name of the model, because a better one may be at hand later. */
    readonly model: string
    /** UTC */
    readonly made: string
}

export interface TranscriptStore {
    get(key: string): Transcript | undefined
    /** In the place of an earlier one. */
    put(transcript: Transcript): Promise<void>
}

// ---------------------------------------------------------------- models

export interface SpeechModel {
    readonly name: string
    readonly size: number
    /** 64 hexadecimal digits. */
    readonly sha256: string
    /** Whether it knows other languages than English. */
    readonly multilingual: boolean
}

export interface KeptModel extends SpeechModel {
    readonly content: Blob
}

/** At most one model lies in this browser, for as long as the person wants. */
export interface SpeechModels {
    /** What the site offers, the smallest first; often nothing. */
    offered(signal: AbortSignal): Promise<readonly SpeechModel[]>
    kept(): Promise<KeptModel | null>
    /** Fetches one that is offered, and keeps it in the place of another. `wrong-hash`: it is not what was offered. */
    fetch(model: SpeechModel, onProgress: Progress, signal: AbortSignal): Promise<KeptModel>
    /** Keeps the person's own. `not-a-model`: it is something else, or too large for a browser. */
    keep(file: File, onProgress: Progress, signal: AbortSignal): Promise<KeptModel>
    /** Removing what is not there is harmless. */
    remove(): Promise<void>
}

/** Weights and what is computed of them must find room in the two gigabytes that WebAssembly has. */
export const largestModel = 2 ** 30

/** So many bytes tell what a model is. */
export const modelHeaderLength = 48

const magic = 0x67676d6c
/** The first vocabulary that holds signs for languages. */
const manyLanguages = 51_865
const layersOfEncoders: ReadonlySet<number> = new Set([4, 6, 12, 24, 32])

/**
 * What whisper.cpp's files begin with; null: this is none.
 *
 *     magic(4) ‖ words(4) ‖ three numbers ‖ layers of the encoder(4) ‖ six numbers
 */
export function readModelHeader(bytes: Bytes): { readonly multilingual: boolean } | null {
    if (bytes.length < modelHeaderLength) return null
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    if (view.getUint32(0, true) !== magic || !layersOfEncoders.has(view.getInt32(20, true))) return null
    return { multilingual: view.getInt32(4, true) >= manyLanguages }
}
