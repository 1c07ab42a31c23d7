/**
 * Changing the key, and sealing anew afterwards. It lives beside the views, so that a person can read meanwhile.
 *
 *     explain → making → sheet ⇄ ask → (passkeys ⇄ touch) → changing → changed → sealing anew
 *                                                              ⇅
 *                                                            failed
 */

import { codeOf } from "../engine/errors.ts"
import type { PasskeyBook } from "../engine/page-ports.ts"
import type { Engine, PasskeyWay, RecoverySheet, ResealOutcome, ResealProgress } from "../engine/protocol.ts"

export type ChangeState =
    | { readonly kind: "explain"; readonly trouble: string | null }
    | { readonly kind: "making" }
    | { readonly kind: "sheet"; readonly sheet: RecoverySheet }
    | { readonly kind: "ask"; readonly sheet: RecoverySheet; readonly group: number; readonly wrong: boolean }
    | {
          readonly kind: "passkeys"
          readonly passkeys: readonly PasskeyWay[]
          /** Slots whose passkeys come along. */
          readonly taken: readonly string[]
          /** The slot whose passkey the browser's window asks for. */
          readonly touching: string | null
          readonly trouble: { readonly slot: string; readonly why: "not-this-one" | "failed" } | null
      }
    | { readonly kind: "changing" }
    | { readonly kind: "failed"; readonly code: string }
    | { readonly kind: "changed" }

export type ResealState =
    | { readonly kind: "idle" }
    | { readonly kind: "running"; readonly progress: ResealProgress | null; readonly stopping: boolean }
    | Exclude<ResealOutcome, { readonly kind: "stopped" }>

type KeyEngine = Pick<Engine, "prepareKeyChange" | "takePasskeyAlong" | "changeKey" | "reseal" | "stopReseal">

export class KeySession {
    readonly #engine: KeyEngine
    readonly #book: Pick<PasskeyBook, "touch" | "supported">
    readonly #show: () => void
    /** What the library looks like has changed. */
    readonly #changed: () => Promise<void>
    #change: ChangeState = { kind: "explain", trouble: null }
    #reseal: ResealState = { kind: "idle" }
    #passkeys: readonly PasskeyWay[] = []

    constructor(
        engine: KeyEngine,
        book: Pick<PasskeyBook, "touch" | "supported">,
        show: () => void,
        changed: () => Promise<void>,
    ) {
        this.#engine = engine
        this.#book = book
        this.#show = show
        this.#changed = changed
    }

    get change(): ChangeState {
        return this.#change
    }

    get reseal(): ResealState {
        return this.#reseal
    }

    /** How many steps it takes: passkeys are asked about where there are any. */
    get steps(): number {
        return this.#passkeys.length > 0 ? 3 : 2
    }

    /** `passkeys`: those that open the present key. */
    async begin(passkeys: readonly PasskeyWay[]): Promise<void> {
        this.#passkeys = this.#book.supported() ? passkeys : []
        this.become({ kind: "making" })
        try {
            this.become({ kind: "sheet", sheet: await this.#engine.prepareKeyChange() })
        } catch (error) {
            this.become({ kind: "explain", trouble: codeOf(error) })
        }
    }

    /** `group`: which one is asked back. */
    ask(sheet: RecoverySheet, group: number): void {
        this.become({ kind: "ask", sheet, group, wrong: false })
    }

    sheet(sheet: RecoverySheet): void {
        this.become({ kind: "sheet", sheet })
    }

    async answer(right: boolean): Promise<void> {
        const state = this.#change
        if (state.kind !== "ask") return
        if (!right) this.become({ ...state, wrong: true })
        else if (this.#passkeys.length === 0) await this.finish()
        else this.become({ kind: "passkeys", passkeys: this.#passkeys, taken: [], touching: null, trouble: null })
    }

    async take({ slot, credential }: PasskeyWay): Promise<void> {
        const before = this.#change
        if (before.kind !== "passkeys" || before.touching !== null) return
        this.become({ ...before, touching: slot, trouble: null })
        const why = await this.touched(credential).catch(() => "failed" as const)
        const taken = why === null ? [...before.taken, slot] : before.taken
        this.become({ ...before, taken, touching: null, trouble: why === null ? null : { slot, why } })
    }

    /** Also once more after it failed: the engine then finds out whether it landed. */
    async finish(): Promise<void> {
        this.become({ kind: "changing" })
        try {
            const state = await this.#engine.changeKey()
            this.become({ kind: "changed" })
            await this.#changed()
            if (state.kind === "unlocked" && state.resealing > 0) void this.goOn()
        } catch (error) {
            this.become({ kind: "failed", code: codeOf(error) })
        }
    }

    async goOn(): Promise<void> {
        if (this.#reseal.kind === "running") return
        this.sealing({ kind: "running", progress: null, stopping: false })
        const outcome = await this.#engine
            .reseal((progress) => this.progress(progress))
            .catch((error: unknown): ResealOutcome => ({ kind: "failed", code: codeOf(error) }))
        this.sealing(outcome.kind === "stopped" ? { kind: "idle" } : outcome)
        await this.#changed()
    }

    async pause(): Promise<void> {
        if (this.#reseal.kind !== "running") return
        this.sealing({ ...this.#reseal, stopping: true })
        await this.#engine.stopReseal().catch(() => undefined)
    }

    /** What was shown to its end is over. */
    clear(): void {
        const { kind } = this.#change
        if (kind === "changed" || kind === "failed") this.become({ kind: "explain", trouble: null })
        if (this.#reseal.kind !== "running") this.sealing({ kind: "idle" })
    }

    private async touched(credential: string): Promise<"not-this-one" | "failed" | null> {
        const outcome = await this.#book.touch([credential])
        if (outcome.kind !== "touched") return "failed"
        const taken = await this.#engine.takePasskeyAlong(outcome.touch)
        return taken.kind === "opened" ? null : taken.kind
    }

    private progress(progress: ResealProgress): void {
        if (this.#reseal.kind === "running") this.sealing({ ...this.#reseal, progress })
    }

    private become(state: ChangeState): void {
        this.#change = state
        this.#show()
    }

    private sealing(state: ResealState): void {
        this.#reseal = state
        this.#show()
    }
}
