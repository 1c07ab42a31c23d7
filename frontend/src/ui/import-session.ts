/**
 * One export on its way in. It lives beside the views, so that a person can read another chat meanwhile.
 *
 *     idle → reading → preview → running → done | over-quota | stopped | failed → idle
 *                   ↘ unreadable → idle
 */

import { unreachable } from "../bytes/unreachable.ts"
import { codeOf } from "../engine/errors.ts"
import type {
    BackupKey,
    Engine,
    ImportChoices,
    ImportOutcome,
    ImportPreview,
    ImportProgress,
} from "../engine/protocol.ts"

export type ImportState =
    | { readonly kind: "idle" }
    | { readonly kind: "reading"; readonly fileName: string }
    | { readonly kind: "unreadable"; readonly fileName: string; readonly code: string }
    | {
          readonly kind: "preview"
          readonly preview: ImportPreview
          readonly picked: Picked
          /** What the person said about the order of day and month, or null as long as nothing was said. */
          readonly dayFirst: boolean | null
      }
    | {
          readonly kind: "running"
          readonly title: string
          readonly progress: ImportProgress | null
          readonly stopping: boolean
      }
    | { readonly kind: "done"; readonly title: string; readonly outcome: Extract<ImportOutcome, { kind: "done" }> }
    | { readonly kind: "over-quota"; readonly missing: number }
    | { readonly kind: "stopped" }
    | { readonly kind: "failed"; readonly code: string }

/** A file as it was chosen: with its handle, going on after a reload needs no picker. */
export interface Picked {
    readonly file: File
    readonly handle: FileSystemFileHandle | null
}

export class ImportSession {
    readonly #engine: Engine
    readonly #show: (state: ImportState) => void
    #state: ImportState = { kind: "idle" }
    #picked: Picked | null = null

    constructor(engine: Engine, show: (state: ImportState) => void) {
        this.#engine = engine
        this.#show = show
    }

    get state(): ImportState {
        return this.#state
    }

    /** Reads a chosen file. Another one that is being sent is not disturbed: the new one is left alone. */
    async read(picked: Picked): Promise<void> {
        if (this.#state.kind === "running") return
        this.#picked = picked
        this.become({ kind: "reading", fileName: picked.file.name })
        try {
            const preview = await this.#engine.inspect(picked.file)
            if (picked.handle) await this.#engine.rememberHandle(preview.id, picked.handle)
            this.become({ kind: "preview", preview, picked, dayFirst: null })
        } catch (error) {
            this.become({ kind: "unreadable", fileName: picked.file.name, code: codeOf(error) })
        }
    }

    /** What is inside an encrypted backup takes its place; rejects where the key does not open it. */
    async unlock(key: BackupKey): Promise<void> {
        const before = this.#state
        if (before.kind !== "preview") return
        const file = await this.#engine.openBackup(before.picked.file, key)
        if (this.#state === before) await this.read({ file, handle: null })
    }

    /** Goes on with what was begun before, as it was decided then. A file that was not begun is shown first. */
    async goOn(picked: Picked): Promise<void> {
        await this.read(picked)
        const state = this.#state
        if (state.kind !== "preview" || state.preview.resumes === null) return
        const { preview } = state
        const { title, dayFirst } = state.preview.resumes
        if (preview.dateOrder === "ask" && dayFirst === null) return
        // The conversation that was chosen then is in the journal.
        await this.send({ previewId: preview.id, conversation: null, title, dayFirst, self: null })
    }

    /** The same file once more, after it was stopped or did not get through. */
    async again(): Promise<void> {
        if (this.#picked !== null) await this.goOn(this.#picked)
    }

    /** Day or month first was chosen: the dates of the preview follow, once the file was read that way. */
    async order(dayFirst: boolean): Promise<void> {
        const before = this.#state
        if (before.kind !== "preview") return
        const chosen = { ...before, dayFirst }
        this.become(chosen)
        try {
            const { first, last } = await this.#engine.inspect(before.picked.file, dayFirst)
            if (this.#state === chosen) this.become({ ...chosen, preview: { ...chosen.preview, first, last } })
        } catch (error) {
            if (this.#state === chosen)
                this.become({ kind: "unreadable", fileName: before.picked.file.name, code: codeOf(error) })
        }
    }

    async send(choices: ImportChoices): Promise<void> {
        const { title } = choices
        this.become({ kind: "running", title, progress: null, stopping: false })
        try {
            this.end(title, await this.#engine.startImport(choices, (progress) => this.progress(progress)))
        } catch (error) {
            this.become({ kind: "failed", code: codeOf(error) })
        }
    }

    async stop(): Promise<void> {
        if (this.#state.kind !== "running") return
        this.become({ ...this.#state, stopping: true })
        await this.#engine.stopImport().catch(() => undefined)
    }

    clear(): void {
        if (this.#state.kind !== "running") this.become({ kind: "idle" })
    }

    private progress(progress: ImportProgress): void {
        if (this.#state.kind === "running") this.become({ ...this.#state, progress })
    }

    private end(title: string, outcome: ImportOutcome): void {
        switch (outcome.kind) {
            case "done":
                this.become({ kind: "done", title, outcome })
                return
            case "over-quota":
            case "stopped":
            case "failed":
                this.become(outcome)
                return
            default:
                unreachable(outcome)
        }
    }

    private become(state: ImportState): void {
        this.#state = state
        this.#show(state)
    }
}
