/** Which speech model this browser uses: looked up, chosen, fetched, taken away again. What the dialog shows. */

import { codeOf, type EngineErrorCode } from "../../engine/errors.ts"
import type { KeptModel, Progress, SpeechModel, SpeechModels } from "../../engine/transcriber.ts"

export type ModelState =
    | { readonly kind: "looking" }
    | {
          readonly kind: "choosing"
          readonly kept: KeptModel | null
          /** Null: the site could not be asked. */
          readonly offered: readonly SpeechModel[] | null
          /** Why the last one that was chosen is not there. */
          readonly trouble: EngineErrorCode | null
      }
    | { readonly kind: "taking"; readonly name: string; readonly share: number }

/** Tells `change` whenever the state is another, and `taken` when a model is there that was not before. */
export class ModelChoice extends EventTarget {
    state: ModelState = { kind: "looking" }
    readonly #models: SpeechModels
    #over = new AbortController()

    constructor(models: SpeechModels) {
        super()
        this.#models = models
    }

    /** Nobody is asked: what lies in this browser, or null. */
    kept(): Promise<KeptModel | null> {
        return this.#models.kept()
    }

    async look(trouble: EngineErrorCode | null = null): Promise<void> {
        const { signal } = this.#anew()
        this.#show({ kind: "looking" })
        const [kept, offered] = await Promise.all([this.#models.kept(), this.#models.offered(signal).catch(() => null)])
        if (!signal.aborted) this.#show({ kind: "choosing", kept, offered, trouble })
    }

    /** One that the site offers. */
    fetch(model: SpeechModel): Promise<void> {
        return this.#take(model.name, (onProgress, signal) => this.#models.fetch(model, onProgress, signal))
    }

    /** The person's own. */
    pick(file: File): Promise<void> {
        return this.#take(file.name, (onProgress, signal) => this.#models.keep(file, onProgress, signal))
    }

    /** Ends what is under way, if anything is. */
    async stop(): Promise<void> {
        if (this.state.kind === "taking") await this.look()
        else this.#over.abort()
    }

    async remove(): Promise<void> {
        await this.#models.remove()
        await this.look()
    }

    async #take(name: string, take: (onProgress: Progress, signal: AbortSignal) => Promise<KeptModel>): Promise<void> {
        const { signal } = this.#anew()
        const show = (share: number): void => {
            if (!signal.aborted) this.#show({ kind: "taking", name, share })
        }
        show(0)
        try {
            await take(show, signal)
            if (signal.aborted) return
            await this.look()
            this.dispatchEvent(new Event("taken"))
        } catch (error) {
            if (!signal.aborted) await this.look(codeOf(error))
        }
    }

    #anew(): AbortController {
        this.#over.abort()
        this.#over = new AbortController()
        return this.#over
    }

    #show(state: ModelState): void {
        this.state = state
        this.dispatchEvent(new Event("change"))
    }
}
