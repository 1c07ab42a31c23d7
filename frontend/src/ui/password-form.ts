/** Opens the library on this device with the password: what is left of the guesses is told before and after. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { PasswordOutcome, PasswordWay } from "../engine/protocol.ts"
import { PageElement } from "./page-element.ts"
import type { PasswordField } from "./password-field.ts"
import { troubleNote } from "./trouble-note.ts"
import "./password-field.ts"

/** An answer of the engine, or a sentence when it could not answer. */
export type PasswordAnswer = PasswordOutcome | { readonly kind: "refused"; readonly words: string }

type FormState =
    | { readonly kind: "typing" }
    | { readonly kind: "checking" }
    | { readonly kind: "empty" }
    | Exclude<PasswordAnswer, { kind: "opened" }>

/** From here on, a wrong one deserves more than a quiet line. */
const fewGuesses = 3

export class PasswordForm extends PageElement {
    static override properties = {
        way: { attribute: false },
        attempt: { attribute: false },
        stayChoice: { attribute: false },
        state: { state: true },
    }

    declare way: Extract<PasswordWay, { kind: "set" }>
    /** Tries the password; when it opened, this element is gone. */
    declare attempt: (password: string) => Promise<PasswordAnswer>
    declare stayChoice: TemplateResult
    declare state: FormState

    constructor() {
        super()
        this.state = { kind: "typing" }
    }

    protected override firstUpdated(): void {
        void this.field.updateComplete.then(() => this.field.focus())
    }

    protected override render(): TemplateResult {
        const { unlock } = this.text
        const busy = this.state.kind === "checking"
        return html`
            <form class="stack" method="dialog" @submit=${this.submit}>
                <p class="soft">${unlock.passwordWords}</p>
                <div class="field">
                    <bw-password-field
                        field="library-password"
                        label=${unlock.passwordLabel}
                        autofill="current-password"
                        help="guesses-left"
                        ?disabled=${busy}
                        ?invalid=${this.state.kind === "wrong-password"}
                        .onTyped=${() => this.typed()}></bw-password-field>
                    <p class="help" id="guesses-left">${unlock.guesses(this.left, this.way.of)}</p>
                </div>
                ${this.finding()} ${this.stayChoice}
                <button class="button" type="submit" ?disabled=${busy}>${busy ? unlock.passwordChecking : unlock.submit}</button>
            </form>
        `
    }

    private finding(): TemplateResult | typeof nothing {
        const { unlock } = this.text
        const { state } = this
        switch (state.kind) {
            case "typing":
            case "checking":
                return nothing
            case "empty":
                return troubleNote(unlock.passwordEmpty)
            case "wrong-password":
                return html`
                    <div class="note ${state.left <= fewGuesses ? "note-warm" : ""}" role="alert">
                        <p>${state.left <= fewGuesses ? unlock.fewLeft(state.left) : unlock.wrongPassword(state.left)}</p>
                    </div>
                `
            case "erased":
                return troubleNote(unlock.erasedNow)
            case "none":
                return troubleNote(unlock.passwordNone)
            case "refused":
                return troubleNote(state.words)
            default:
                return unreachable(state)
        }
    }

    /** What the last answer said is newer than what the page was told. */
    private get left(): number {
        return this.state.kind === "wrong-password" ? this.state.left : this.way.left
    }

    private get field(): PasswordField {
        const field = this.querySelector<PasswordField>("bw-password-field")
        if (field === null) throw new TypeError("the field is asked for only while it stands")
        return field
    }

    private typed(): void {
        if (this.state.kind === "empty" || this.state.kind === "refused") this.state = { kind: "typing" }
    }

    private async submit(event: SubmitEvent): Promise<void> {
        event.preventDefault()
        if (this.state.kind === "checking") return
        const password = this.field.take()
        if (password === "") {
            this.state = { kind: "empty" }
            this.field.focus()
            return
        }
        this.state = { kind: "checking" }
        const answer = await this.attempt(password)
        this.state = answer.kind === "opened" ? { kind: "typing" } : answer
        await this.updateComplete
        this.querySelector<PasswordField>("bw-password-field")?.focus()
    }
}

customElements.define("bw-password-form", PasswordForm)
