/** The recovery code in the settings: when it was last typed back, and a dialog to do so. */

import { html, nothing, type TemplateResult } from "lit"
import type { CheckCode } from "./code-check.ts"
import type { CodeInput } from "./code-input.ts"
import { day } from "./language.ts"
import { PageElement } from "./page-element.ts"
import "./code-input.ts"

export class RecoverySection extends PageElement {
    static override properties = {
        proven: { attribute: false },
        check: { attribute: false },
        prove: { attribute: false },
        code: { state: true },
        words: { state: true },
    }

    /** When the code was last typed back, or null. */
    declare proven: string | null
    declare check: CheckCode
    /** Types the recovery code back: a sentence when it was not right. */
    declare prove: (code: string) => Promise<string | null>
    declare code: string | null
    declare words: string | null

    constructor() {
        super()
        this.proven = null
        this.code = null
        this.words = null
    }

    /** Opens the dialog in which the code is typed back. */
    async askCode(): Promise<void> {
        await this.updateComplete
        this.words = null
        this.querySelector<HTMLDialogElement>("#prove-code")?.showModal()
        this.querySelector<CodeInput>("bw-code-input")?.focus()
    }

    protected override render(): TemplateResult {
        const { settings, common } = this.text
        const { proven } = this
        return html`
            <section class="card stack">
                <h2>${settings.key}</h2>
                <p>${proven === null ? settings.unproven : settings.proven(day(this.language, proven))}</p>
                <p>
                    <button class="button ${proven === null ? "" : "button-quiet"} button-small" type="button" @click=${this.askCode}>
                        ${proven === null ? settings.prove : settings.proveAgain}
                    </button>
                </p>
            </section>
            <dialog id="prove-code" class="dialog-wide" aria-labelledby="prove-title" @close=${this.closed}>
                <form class="stack" method="dialog" @submit=${this.submit}>
                    <h2 id="prove-title">${settings.proveTitle}</h2>
                    <bw-code-input .check=${this.check} .onChange=${(code: string | null) => this.typed(code)}></bw-code-input>
                    ${this.words === null ? nothing : html`<p class="note" role="status"><span>${this.words}</span></p>`}
                    <div class="row row-end">
                        <button class="button button-quiet" type="button" @click=${this.closeDialog}>${common.close}</button>
                        <button class="button">${settings.prove}</button>
                    </div>
                </form>
            </dialog>
        `
    }

    private typed(code: string | null): void {
        this.code = code
    }

    private async submit(event: SubmitEvent): Promise<void> {
        event.preventDefault()
        if (this.code === null) {
            this.words = this.text.code.incomplete
            return
        }
        const refused = await this.prove(this.code)
        this.words = refused ?? this.text.settings.proveDone
        if (refused === null) this.querySelector<CodeInput>("bw-code-input")?.clear()
    }

    private closeDialog(): void {
        this.querySelector<HTMLDialogElement>("#prove-code")?.close()
    }

    private closed(): void {
        this.querySelector<CodeInput>("bw-code-input")?.clear()
    }
}

customElements.define("bw-recovery-section", RecoverySection)
