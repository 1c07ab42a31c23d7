/** A recovery code being typed: says at once which group is wrong or which two are swapped. */

import { html, nothing, type TemplateResult } from "lit"
import type { CheckCode } from "./code-check.ts"
import { findingOf } from "./code-finding.ts"
import { PageElement } from "./page-element.ts"

export class CodeInput extends PageElement {
    static override properties = {
        check: { attribute: false },
        onChange: { attribute: false },
        disabled: { type: Boolean },
        typed: { state: true },
        hiddenDigits: { state: true },
    }

    declare check: CheckCode
    /** Hears every change: the code when it is whole and right, else null. */
    declare onChange: (code: string | null) => void
    declare disabled: boolean
    declare typed: string
    declare hiddenDigits: boolean

    constructor() {
        super()
        this.disabled = false
        this.typed = ""
        this.hiddenDigits = false
    }

    /** Leaves nothing of the code in the page. */
    clear(): void {
        this.typed = ""
        const field = this.querySelector("textarea")
        if (field) field.value = ""
        this.onChange(null)
    }

    override focus(): void {
        this.querySelector("textarea")?.focus()
    }

    protected override render(): TemplateResult {
        const { code } = this.text
        const found = this.check(this.typed)
        const finding = findingOf(this.text, this.language, found)
        return html`
            <div class="field">
                <div class="code-head">
                    <label for="recovery-code">${code.label}</label>
                    <button class="link-button small" type="button" aria-controls="recovery-code" @click=${this.toggle}>
                        ${this.hiddenDigits ? code.show : code.hide}
                    </button>
                </div>
                <textarea
                    id="recovery-code"
                    class="code-field ${this.hiddenDigits ? "code-hidden" : ""}"
                    rows="4"
                    inputmode="numeric"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-describedby="recovery-code-help recovery-code-finding"
                    aria-invalid=${finding.kind === "wrong" ? "true" : nothing}
                    ?readonly=${this.disabled}
                    @input=${this.read}></textarea>
                <ol class="code-groups" aria-hidden="true">
                    ${found.groups.map((state, index) => html`<li data-state=${state}>${index + 1}</li>`)}
                </ol>
                <p class="code-finding" id="recovery-code-finding" data-kind=${finding.kind} aria-live="polite">${finding.words}</p>
                <p class="help" id="recovery-code-help">${code.help}</p>
            </div>
        `
    }

    private toggle(): void {
        this.hiddenDigits = !this.hiddenDigits
    }

    private read(event: InputEvent): void {
        const field = event.target as HTMLTextAreaElement
        if (event.inputType === "insertText") addSpace(field)
        this.typed = field.value
        this.onChange(this.check(this.typed).code)
    }
}

/** Whoever types on gets the space between groups for free; whoever corrects or pastes keeps what is there. */
function addSpace(field: HTMLTextAreaElement): void {
    const { value } = field
    const groups = value.match(/\d{4}/g)?.length ?? 0
    const atEnd = field.selectionStart === value.length
    if (atEnd && groups < 16 && /(^|\D)\d{4}$/.test(value)) field.value = `${value} `
}

customElements.define("bw-code-input", CodeInput)
