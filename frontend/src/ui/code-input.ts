/** A recovery code being typed: says at once which group is wrong or which two are swapped. */

import { html, nothing, type TemplateResult } from "lit"
import type { CheckCode, CodeCheck } from "./code-check.ts"
import { type Language, names } from "./language.ts"
import { PageElement } from "./page-element.ts"
import type { Text } from "./text.ts"

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

interface Finding {
    readonly kind: "typing" | "wrong" | "right"
    readonly words: string
}

/** The one thing to say now: the first that the person can put right. */
export function findingOf(text: Text, language: Language, found: CodeCheck): Finding {
    const { code } = text
    if (found.code !== null) return { kind: "right", words: code.complete }
    if (found.unreadable !== null) return { kind: "wrong", words: code.unreadable(found.unreadable) }
    const [swap] = found.swapped
    if (swap !== undefined) return { kind: "wrong", words: code.swapped(swap[0], swap[1]) }
    const wrong = found.groups.flatMap((state, index) => (state === "wrong" ? [index + 1] : []))
    const [first] = wrong
    if (first !== undefined && wrong.length === 1) return { kind: "wrong", words: code.wrong(first) }
    if (wrong.length > 1)
        return { kind: "wrong", words: code.wrongMany(names(language, wrong.map(String), 16, (count) => count)) }
    if (found.tooLong) return { kind: "wrong", words: code.tooLong }
    return { kind: "typing", words: code.groups(found.groups.filter((state) => state === "right").length) }
}

customElements.define("bw-code-input", CodeInput)
