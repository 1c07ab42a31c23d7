/** Speech models: what the site offers, and the one that this browser keeps. */

import { EngineError } from "../engine/errors.ts"
import type { KeptModel, Progress, SpeechModel, SpeechModels } from "../engine/transcriber.ts"
import { fields, listOf } from "./answers.ts"
import type { Api } from "./api.ts"
import type { ModelSource } from "./keep-model.ts"
import { forgetModel, keptModel, speechModel } from "./kept-model.ts"
import { keepModel, type ListeningWorker } from "./listening.ts"

const address = "/api/speech-models"
const answer = fields<{ readonly models: readonly SpeechModel[] }>({ models: listOf(speechModel) })

export class SiteSpeechModels implements SpeechModels {
    readonly #api: Api
    readonly #make: () => ListeningWorker

    constructor(api: Api, make: () => ListeningWorker) {
        this.#api = api
        this.#make = make
    }

    async offered(signal: AbortSignal): Promise<readonly SpeechModel[]> {
        return answer(await this.#api.json("GET", address, undefined, signal)).models
    }

    kept(): Promise<KeptModel | null> {
        return keptModel()
    }

    fetch(model: SpeechModel, onProgress: Progress, signal: AbortSignal): Promise<KeptModel> {
        const source: ModelSource = { kind: "offered", model, address: `${address}/${model.sha256}` }
        return this.#keep(source, onProgress, signal)
    }

    keep(file: File, onProgress: Progress, signal: AbortSignal): Promise<KeptModel> {
        return this.#keep({ kind: "picked", file }, onProgress, signal)
    }

    remove(): Promise<void> {
        return forgetModel()
    }

    async #keep(source: ModelSource, onProgress: Progress, signal: AbortSignal): Promise<KeptModel> {
        await keepModel(this.#make, source, onProgress, signal)
        const kept = await keptModel()
        if (kept === null) throw new EngineError("storage-full")
        return kept
    }
}
