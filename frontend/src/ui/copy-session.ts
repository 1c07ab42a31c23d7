/**
 * Copies on their way out and in. They live beside the views, so that a person can read a chat meanwhile.
 *
 *     saving    idle → running → done | stopped | failed → running
 *     opening   idle → reading → locked → opened → running → done | over-quota | stopped | refused → idle
 */

import { codeOf } from "../engine/errors.ts"
import type {
    CopyExamined,
    CopyOptions,
    CopyOutcome,
    CopyProgress,
    CopySaved,
    CopySummary,
    Engine,
    SaveProgress,
} from "../engine/protocol.ts"

export interface CopiesState {
    readonly saving: SavingState
    readonly opening: OpeningState
}

export type SavingState =
    | { readonly kind: "idle" }
    | { readonly kind: "running"; readonly progress: SaveProgress | null }
    | CopySaved

export type OpeningState =
    | { readonly kind: "idle" }
    | { readonly kind: "reading"; readonly fileName: string }
    | { readonly kind: "refused"; readonly code: string }
    | { readonly kind: "locked"; readonly site: string }
    | { readonly kind: "opened"; readonly copy: CopySummary }
    | { readonly kind: "running"; readonly progress: CopyProgress | null; readonly stopping: boolean }
    | Exclude<CopyOutcome, { readonly kind: "failed" }>

export const noCopies: CopiesState = { saving: { kind: "idle" }, opening: { kind: "idle" } }

export class CopySession {
    readonly #engine: Engine
    readonly #show: (state: CopiesState) => void
    readonly #hand: (file: File, name: string) => void
    #state = noCopies

    /** `hand`: gives a finished file to the browser's downloads. */
    constructor(engine: Engine, show: (state: CopiesState) => void, hand: (file: File, name: string) => void) {
        this.#engine = engine
        this.#show = show
        this.#hand = hand
    }

    // ------------------------------------------------------------ saving

    async save(options: CopyOptions): Promise<void> {
        if (this.#state.saving.kind === "running") return
        this.#saving({ kind: "running", progress: null })
        try {
            const saved = await this.#engine.saveCopy(options, (progress) =>
                this.#saving({ kind: "running", progress }),
            )
            if (saved.kind === "done" && saved.file !== null) this.#hand(saved.file, options.fileName)
            this.#saving(saved)
        } catch (error) {
            this.#saving({ kind: "failed", code: codeOf(error) })
        }
    }

    // ------------------------------------------------------------ opening

    async read(file: File): Promise<void> {
        if (this.#state.opening.kind === "running") return
        this.#opening({ kind: "reading", fileName: file.name })
        try {
            this.#examined(await this.#engine.examineCopy(file))
        } catch (error) {
            this.#opening({ kind: "refused", code: codeOf(error) })
        }
    }

    /** False: another code. A copy that is damaged behind its lock is refused, and that was the right code. */
    async unlock(code: string): Promise<boolean> {
        try {
            const examined = await this.#engine.unlockCopy(code)
            if (examined.kind === "wrong-code") return false
            this.#examined(examined)
        } catch (error) {
            this.#opening({ kind: "refused", code: codeOf(error) })
        }
        return true
    }

    async bringIn(options: { readonly site: string; readonly stay: boolean }): Promise<void> {
        this.#opening({ kind: "running", progress: null, stopping: false })
        try {
            const outcome = await this.#engine.bringInCopy(options, (progress) => this.#progress(progress))
            this.#opening(outcome.kind === "failed" ? { kind: "refused", code: outcome.code } : outcome)
        } catch (error) {
            this.#opening({ kind: "refused", code: codeOf(error) })
        }
    }

    // ------------------------------------------------------------ both

    /** The engine does one of both at a time. */
    async stop(): Promise<void> {
        const { opening } = this.#state
        if (opening.kind === "running") this.#opening({ ...opening, stopping: true })
        await this.#engine.stopCopy().catch(() => undefined)
    }

    /** An end that was seen is over: the copy is closed, and its key forgotten. */
    async leave(): Promise<void> {
        if (this.#state.saving.kind !== "running") this.#saving({ kind: "idle" })
        if (this.#state.opening.kind === "running") return
        this.#opening({ kind: "idle" })
        await this.#engine.closeCopy().catch(() => undefined)
    }

    #examined(examined: CopyExamined): void {
        if (examined.kind !== "wrong-code") this.#opening(examined)
    }

    #progress(progress: CopyProgress): void {
        const { opening } = this.#state
        if (opening.kind === "running") this.#opening({ ...opening, progress })
    }

    #saving(saving: SavingState): void {
        this.#become({ ...this.#state, saving })
    }

    #opening(opening: OpeningState): void {
        this.#become({ ...this.#state, opening })
    }

    #become(state: CopiesState): void {
        this.#state = state
        this.#show(state)
    }
}

export function isBusy({ saving, opening }: CopiesState): boolean {
    return saving.kind === "running" || opening.kind === "running"
}
