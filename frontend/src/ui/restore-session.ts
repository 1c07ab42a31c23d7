/**
 * One restore on its way. It lives beside the views, so that a person can read chats meanwhile.
 *
 *     idle → running → done | stopped | failed → idle
 */

import { unreachable } from "../bytes/unreachable.ts"
import { codeOf } from "../engine/errors.ts"
import type { Place } from "../engine/place.ts"
import type { Engine, PendingRestore, RestoreOutcome, RestoreProgress, RestoreRequest } from "../engine/protocol.ts"

export interface Asked {
    readonly request: RestoreRequest
    /** Null: a download. */
    readonly place: Place | null
    readonly name: string
}

export type RestoreState =
    | { readonly kind: "idle" }
    | {
          readonly kind: "running"
          readonly asked: Asked
          readonly progress: RestoreProgress | null
          readonly stopping: boolean
      }
    | { readonly kind: "done"; readonly asked: Asked; readonly outcome: Extract<RestoreOutcome, { kind: "done" }> }
    | { readonly kind: "stopped"; readonly asked: Asked }
    | { readonly kind: "failed"; readonly asked: Asked; readonly code: string }

export class RestoreSession {
    readonly #engine: Engine
    readonly #show: (state: RestoreState) => void
    #state: RestoreState = { kind: "idle" }

    constructor(engine: Engine, show: (state: RestoreState) => void) {
        this.#engine = engine
        this.#show = show
    }

    get state(): RestoreState {
        return this.#state
    }

    /** Another one that runs is not disturbed. */
    async run(asked: Asked): Promise<void> {
        if (this.#state.kind === "running") return
        this.become({ kind: "running", asked, progress: null, stopping: false })
        try {
            const tell = (progress: RestoreProgress): void => this.progress(progress)
            this.end(asked, await this.#engine.restore(asked.request, asked.place, tell))
        } catch (error) {
            this.become({ kind: "failed", asked, code: codeOf(error) })
        }
    }

    async goOn({ request, place, name }: PendingRestore): Promise<void> {
        await this.run({ request, place, name })
    }

    async stop(): Promise<void> {
        if (this.#state.kind !== "running") return
        this.become({ ...this.#state, stopping: true })
        await this.#engine.stopRestore().catch(() => undefined)
    }

    clear(): void {
        if (this.#state.kind !== "running") this.become({ kind: "idle" })
    }

    private progress(progress: RestoreProgress): void {
        if (this.#state.kind === "running") this.become({ ...this.#state, progress })
    }

    private end(asked: Asked, outcome: RestoreOutcome): void {
        switch (outcome.kind) {
            case "done":
                this.become({ kind: "done", asked, outcome })
                return
            case "stopped":
                this.become({ kind: "stopped", asked })
                return
            case "failed":
                this.become({ kind: "failed", asked, code: outcome.code })
                return
            default:
                unreachable(outcome)
        }
    }

    private become(state: RestoreState): void {
        this.#state = state
        this.#show(state)
    }
}
