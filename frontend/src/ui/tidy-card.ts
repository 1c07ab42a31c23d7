/** Storage: what tidying up would free and cost, and doing it when the person says so. */

import { html, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import { codeOf } from "../engine/errors.ts"
import type { Engine, TidyOutcome, TidyPlan, TidyProgress } from "../engine/protocol.ts"
import { errorSentence } from "./error-sentence.ts"
import { PageElement } from "./page-element.ts"

type TidyState =
    | { readonly kind: "idle" }
    | { readonly kind: "looking" }
    | { readonly kind: "nothing" }
    | { readonly kind: "plan"; readonly plan: TidyPlan }
    | { readonly kind: "running"; readonly progress: TidyProgress | null; readonly stopping: boolean }
    | TidyOutcome

export class TidyCard extends PageElement {
    static override properties = {
        engine: { attribute: false },
        tidied: { attribute: false },
        state: { state: true },
    }

    declare engine: Pick<Engine, "tidyPlan" | "tidy" | "stopTidy">
    /** Room was freed, or some of it. */
    declare tidied: () => void
    declare state: TidyState

    constructor() {
        super()
        this.state = { kind: "idle" }
    }

    protected override render(): TemplateResult {
        const { tidy } = this.text
        return html`
            <section class="card stack">
                <h2>${tidy.title}</h2>
                <p class="small soft">${tidy.words}</p>
                <div class="stack-small" aria-live="polite">${this.content()}</div>
            </section>
        `
    }

    private content(): TemplateResult {
        const { tidy, size } = this.text
        const { state } = this
        switch (state.kind) {
            case "idle":
                return this.lookButton()
            case "looking":
                return html`<p>${tidy.looking}</p>`
            case "nothing":
                return html`<p>${tidy.nothing}</p>`
            case "plan":
                return html`
                    <p>${tidy.plan(size(state.plan.frees), size(state.plan.sends))}</p>
                    <p class="row"><button class="button button-small" type="button" @click=${() => void this.start()}>${tidy.start}</button></p>
                `
            case "running":
                return this.running(state)
            case "done":
                return html`<p>${tidy.done}</p>`
            case "stopped":
                return html`<p>${tidy.stopped}</p>${this.lookButton()}`
            case "over-quota":
                return html`<p class="note note-warm"><span>${tidy.over(size(state.missing))}</span></p>${this.lookButton()}`
            case "failed":
                return html`<p class="note note-danger"><span>${errorSentence(this.text, state.code)}</span></p>${this.lookButton()}`
            default:
                return unreachable(state)
        }
    }

    private running({ progress, stopping }: Extract<TidyState, { kind: "running" }>): TemplateResult {
        const { tidy } = this.text
        const { done, total } = progress ?? { done: 0, total: 1 }
        return html`
            <progress max=${Math.max(1, total)} value=${done} aria-label=${tidy.title}></progress>
            <p class="small soft">${progress === null ? tidy.looking : tidy.running(done + 1, total)}</p>
            <p class="row">
                <button class="button button-quiet button-small" type="button" ?disabled=${stopping} @click=${() => void this.stop()}>
                    ${stopping ? tidy.stopping : tidy.stop}
                </button>
            </p>
        `
    }

    private lookButton(): TemplateResult {
        const { tidy } = this.text
        return html`<p class="row"><button class="button button-quiet button-small" type="button" @click=${() => void this.look()}>${tidy.look}</button></p>`
    }

    private async look(): Promise<void> {
        this.state = { kind: "looking" }
        try {
            const plan = await this.engine.tidyPlan()
            this.state = plan.frees === 0 ? { kind: "nothing" } : { kind: "plan", plan }
        } catch (error) {
            this.state = { kind: "failed", code: codeOf(error) }
        }
    }

    private async start(): Promise<void> {
        this.state = { kind: "running", progress: null, stopping: false }
        const told = (progress: TidyProgress): void => {
            if (this.state.kind === "running") this.state = { ...this.state, progress }
        }
        this.state = await this.engine
            .tidy(told)
            .catch((error: unknown): TidyOutcome => ({ kind: "failed", code: codeOf(error) }))
        this.tidied()
    }

    private async stop(): Promise<void> {
        if (this.state.kind === "running") this.state = { ...this.state, stopping: true }
        await this.engine.stopTidy().catch(() => undefined)
    }
}

customElements.define("bw-tidy-card", TidyCard)
