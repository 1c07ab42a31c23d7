/**
 * One document on its way out.
 *
 *     choosing → running → done | stopped | failed → choosing
 */

import { codeOf } from "../../engine/errors.ts"
import type { OutChoice } from "../../reader/out/choice.ts"
import type { OutMade, OutPaper, OutProgress, OutSource } from "./source.ts"

export type OutState =
    | { readonly kind: "choosing" }
    | {
          readonly kind: "running"
          readonly way: "saving" | "printing"
          readonly progress: OutProgress | null
          readonly stopping: boolean
      }
    | { readonly kind: "saved"; readonly name: string; readonly made: OutMade }
    | { readonly kind: "printed"; readonly notOpened: number }
    | { readonly kind: "stopped" }
    | { readonly kind: "failed"; readonly code: string }

export class OutSession {
    readonly #source: OutSource
    readonly #show: (state: OutState) => void
    #state: OutState = { kind: "choosing" }
    #stop = new AbortController()
    #paper: OutPaper | null = null

    constructor(source: OutSource, show: (state: OutState) => void) {
        this.#source = source
        this.#show = show
    }

    get state(): OutState {
        return this.#state
    }

    async save(choice: OutChoice, target: FileSystemFileHandle | null): Promise<void> {
        const name = target?.name ?? this.#source.fileName(choice)
        await this.run("saving", async (tell, signal) => {
            const made = await this.#source.make(choice, target, tell, signal)
            return { kind: "saved", name, made }
        })
    }

    async print(choice: OutChoice): Promise<void> {
        this.#paper?.close()
        this.#paper = null
        await this.run("printing", async (tell, signal) => {
            this.#paper = await this.#source.print(choice, tell, signal)
            return { kind: "printed", notOpened: this.#paper.notOpened }
        })
    }

    stop(): void {
        if (this.#state.kind !== "running") return
        this.become({ ...this.#state, stopping: true })
        this.#stop.abort()
    }

    /** Back to the choice; what lay ready for the printer is taken away. */
    clear(): void {
        if (this.#state.kind === "running") return
        this.#paper?.close()
        this.#paper = null
        this.become({ kind: "choosing" })
    }

    private async run(
        way: "saving" | "printing",
        work: (tell: (progress: OutProgress) => void, signal: AbortSignal) => Promise<OutState>,
    ): Promise<void> {
        if (this.#state.kind === "running") return
        this.#stop = new AbortController()
        const { signal } = this.#stop
        this.become({ kind: "running", way, progress: null, stopping: false })
        const tell = (progress: OutProgress): void => {
            if (this.#state.kind === "running") this.become({ ...this.#state, progress })
        }
        try {
            this.become(await work(tell, signal))
        } catch (error) {
            this.become(signal.aborted ? { kind: "stopped" } : { kind: "failed", code: codeOf(error) })
        }
    }

    private become(state: OutState): void {
        this.#state = state
        this.#show(state)
    }
}
