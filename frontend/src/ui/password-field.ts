/**
 * A field for the password of the chats. What is typed stands in the field alone, until it is taken out: never in a
 * property, an attribute, or a form that goes to the server.
 */

import { html, nothing, type TemplateResult } from "lit"
import { PageElement } from "./page-element.ts"

export class PasswordField extends PageElement {
    static override properties = {
        field: { type: String },
        label: { type: String },
        autofill: { type: String },
        help: { type: String },
        disabled: { type: Boolean },
        invalid: { type: Boolean },
        onTyped: { attribute: false },
        shown: { state: true },
    }

    /** Its id, and its name: another than that of the password for signing in. */
    declare field: string
    declare label: string
    declare autofill: "current-password" | "new-password"
    /** Id of what describes it. */
    declare help: string
    declare disabled: boolean
    declare invalid: boolean
    declare onTyped: (() => void) | undefined
    declare shown: boolean

    constructor() {
        super()
        this.disabled = false
        this.invalid = false
        this.help = ""
        this.onTyped = undefined
        this.shown = false
    }

    get value(): string {
        return this.input?.value ?? ""
    }

    /** Hands over what was typed, and leaves nothing of it in the page. */
    take(): string {
        const { value } = this
        this.clear()
        return value
    }

    clear(): void {
        this.shown = false
        if (this.input) this.input.value = ""
    }

    override focus(): void {
        this.input?.focus()
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        this.clear()
    }

    protected override render(): TemplateResult {
        const { unlock } = this.text
        return html`
            <div class="field">
                <label for=${this.field}>${this.label}</label>
                <div class="secret-field">
                    <input
                        id=${this.field}
                        name=${this.field}
                        type=${this.shown ? "text" : "password"}
                        autocomplete=${this.autofill}
                        autocapitalize="off"
                        autocorrect="off"
                        spellcheck="false"
                        aria-describedby=${this.help === "" ? nothing : this.help}
                        aria-invalid=${this.invalid ? "true" : nothing}
                        ?readonly=${this.disabled}
                        @input=${() => this.onTyped?.()} />
                    <button class="button button-plain button-small" type="button" aria-controls=${this.field} aria-pressed=${this.shown} @click=${this.toggle}>
                        ${this.shown ? unlock.hidePassword : unlock.showPassword}
                    </button>
                </div>
            </div>
        `
    }

    private toggle(): void {
        this.shown = !this.shown
    }

    private get input(): HTMLInputElement | null {
        return this.querySelector("input")
    }
}

customElements.define("bw-password-field", PasswordField)
