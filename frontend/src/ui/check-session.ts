/**
 * One check of the backup. It lives beside the views, so that a person can read meanwhile.
 *
 *     idle → running → done | stopped | refused → running …
 *
 * How far a check of everything got is kept on this device: after a reload it goes on from there.
 */

import { codeOf } from "../engine/errors.ts"
import type { CheckProgress, CheckReport, CheckRequest, Engine } from "../engine/protocol.ts"

export type CheckState =
    | { readonly kind: "idle" }
    | {
          readonly kind: "running"
          readonly request: CheckRequest
          readonly progress: CheckProgress | null
          readonly stopping: boolean
      }
    | { readonly kind: "done"; readonly report: CheckReport }
    | { readonly kind: "stopped" }
    | { readonly kind: "refused"; readonly code: string }

type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">

const key = "check-reached"
/** What was right a week ago is read again. */
const keptFor = 7 * 24 * 3_600_000

export class CheckSession {
    readonly #engine: Engine
    readonly #show: (state: CheckState) => void
    readonly #storage: Kept
    readonly #now: () => number
    #state: CheckState = { kind: "idle" }

    constructor(
        engine: Engine,
        show: (state: CheckState) => void,
        storage: Kept = localStorage,
        now: () => number = Date.now,
    ) {
        this.#engine = engine
        this.#show = show
        this.#storage = storage
        this.#now = now
    }

    /** How far a check of everything got, if it was stopped not long ago. */
    get reached(): string | null {
        const [begun, from] = (this.#storage.getItem(key) ?? "").split(" ")
        return from !== undefined && this.#now() - Number(begun) < keptFor ? from : null
    }

    async start(request: Omit<CheckRequest, "from">, goOn: boolean): Promise<void> {
        if (this.#state.kind === "running") return
        const keeps = request.everything && request.conversation === null
        const from = keeps && goOn ? this.reached : null
        if (keeps && from === null) this.#storage.removeItem(key)
        const begun = this.#begun()
        const chosen: CheckRequest = { ...request, from }
        this.#become({ kind: "running", request: chosen, progress: null, stopping: false })
        try {
            const report = await this.#engine.checkBackup(chosen, (progress) => {
                if (keeps && progress.from !== null) this.#storage.setItem(key, `${begun} ${progress.from}`)
                if (this.#state.kind === "running") this.#become({ ...this.#state, progress })
            })
            if (keeps) this.#storage.removeItem(key)
            this.#become({ kind: "done", report })
        } catch (error) {
            const code = codeOf(error)
            this.#become(code === "stopped" ? { kind: "stopped" } : { kind: "refused", code })
        }
    }

    async stop(): Promise<void> {
        if (this.#state.kind !== "running") return
        this.#become({ ...this.#state, stopping: true })
        await this.#engine.stopCheck().catch(() => undefined)
    }

    /** An end that was seen is over. */
    clear(): void {
        if (this.#state.kind !== "running") this.#become({ kind: "idle" })
    }

    /** When the check began that is gone on with, or now. */
    #begun(): number {
        const [begun] = (this.#storage.getItem(key) ?? "").split(" ")
        return this.reached === null ? this.#now() : Number(begun)
    }

    #become(state: CheckState): void {
        this.#state = state
        this.#show(state)
    }
}
