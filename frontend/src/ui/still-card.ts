/** "Still know it?": a card in the open library that asks for one way, and takes a no for an answer. */

import { html, type PropertyValues, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import { codeOf } from "../engine/errors.ts"
import type { Ways } from "../engine/protocol.ts"
import type { CheckCode } from "./code-check.ts"
import type { CodeInput } from "./code-input.ts"
import { errorSentence } from "./error-sentence.ts"
import type { LibrarySession } from "./library-session.ts"
import { focusStep } from "./next-step.ts"
import { PageElement } from "./page-element.ts"
import type { PasswordField } from "./password-field.ts"
import { type AskedWay, askedNow, rememberAnswered, rememberSkipped } from "./still-know.ts"
import { troubleNote } from "./trouble-note.ts"
import "./code-input.ts"
import "./password-field.ts"

type StillState =
    | { readonly kind: "asking" }
    | { readonly kind: "trying"; readonly words: string | null }
    | { readonly kind: "checking" }
    | { readonly kind: "right" }
    | { readonly kind: "erased" }
    | { readonly kind: "gone" }

export class StillCard extends PageElement {
    static override properties = {
        session: { attribute: false },
        ways: { attribute: false },
        check: { attribute: false },
        prove: { attribute: false },
        setNew: { attribute: false },
        way: { state: true },
        state: { state: true },
    }

    declare session: LibrarySession
    declare ways: Ways
    declare check: CheckCode
    declare prove: (code: string) => Promise<string | null>
    declare setNew: () => void
    /** What is asked for: decided once, so that the right answer does not take the card away before it was read. */
    declare way: AskedWay | null
    declare state: StillState
    #code: string | null = null

    constructor() {
        super()
        this.way = null
        this.state = { kind: "asking" }
    }

    protected override willUpdate(changed: PropertyValues): void {
        if (changed.has("ways") && this.way === null) this.way = askedNow(this.ways, Date.now())
    }

    protected override updated(changed: PropertyValues): void {
        if (!changed.has("state") || changed.get("state") === undefined) return
        if (this.state.kind === "trying")
            this.querySelector<PasswordField | CodeInput>("bw-password-field, bw-code-input")?.focus()
        else focusStep(this)
    }

    protected override render(): TemplateResult {
        const { way, state } = this
        if (way === null || state.kind === "gone") return html``
        const { still } = this.text
        return html`
            <section class="still card" aria-labelledby="still-title">
                <h2 id="still-title">${way === "password" ? still.password : still.code}</h2>
                ${this.body(way)}
            </section>
        `
    }

    private body(way: AskedWay): TemplateResult {
        const { still } = this.text
        const { state } = this
        switch (state.kind) {
            case "asking":
                return html`
                    <p class="small soft">${way === "password" ? still.passwordWords(this.left) : still.codeWords}</p>
                    <div class="row">
                        <button class="button button-small" type="button" @click=${this.begin}>${still.try}</button>
                        ${this.skipButton()}
                    </div>
                `
            case "trying":
            case "checking":
                return this.form(way, state.kind === "trying" ? state.words : null)
            case "right":
                return html`<p role="status" data-step tabindex="-1">${way === "password" ? still.right : still.codeRight}</p>`
            case "erased":
                return html`
                    <p role="status" data-step tabindex="-1">${still.erased}</p>
                    <p><button class="button button-small" type="button" @click=${() => this.setNew()}>${still.setNew}</button></p>
                `
            case "gone":
                return html``
            default:
                return unreachable(state)
        }
    }

    private form(way: AskedWay, words: string | null): TemplateResult {
        const { still, unlock } = this.text
        const busy = this.state.kind === "checking"
        return html`
            <form class="stack" method="dialog" @submit=${this.submit}>
                ${
                    way === "password"
                        ? html`<bw-password-field field="still-password" label=${unlock.passwordLabel} autofill="off" ?disabled=${busy}></bw-password-field>`
                        : html`<bw-code-input .check=${this.check} .onChange=${this.typed} ?disabled=${busy}></bw-code-input>`
                }
                ${troubleNote(words)}
                <div class="row">
                    <button class="button button-small" type="submit" ?disabled=${busy}>${busy ? unlock.passwordChecking : still.check}</button>
                    ${way === "password" && words !== null ? html`<button class="button button-plain button-small" type="button" @click=${() => this.setNew()}>${still.setNew}</button>` : ""}
                    ${this.skipButton()}
                </div>
            </form>
        `
    }

    private skipButton(): TemplateResult {
        return html`<button class="button button-plain button-small" type="button" @click=${this.skip}>${this.text.still.skip}</button>`
    }

    private get left(): number {
        return this.ways.password.kind === "set" ? this.ways.password.left : 0
    }

    private begin(): void {
        this.state = { kind: "trying", words: null }
    }

    private skip(): void {
        rememberSkipped(Date.now())
        this.state = { kind: "gone" }
    }

    private readonly typed = (code: string | null): void => {
        this.#code = code
    }

    private async submit(event: SubmitEvent): Promise<void> {
        event.preventDefault()
        if (this.state.kind === "checking") return
        if (this.way === "password") await this.tryPassword()
        else await this.tryCode()
    }

    private async tryPassword(): Promise<void> {
        const { still, unlock } = this.text
        const password = this.querySelector<PasswordField>("bw-password-field")?.take() ?? ""
        if (password === "") {
            this.state = { kind: "trying", words: unlock.passwordEmpty }
            return
        }
        this.state = { kind: "checking" }
        try {
            const outcome = await this.session.guess(() => this.session.engine.provePassword(password))
            await this.session.refreshWays()
            switch (outcome.kind) {
                case "opened":
                    if (outcome.renewed) this.session.tell({ kind: "renewed" })
                    this.right()
                    return
                case "wrong-password":
                    this.state = { kind: "trying", words: still.wrong(outcome.left) }
                    return
                case "erased":
                    this.state = { kind: "erased" }
                    return
                case "none":
                    this.state = { kind: "gone" }
                    return
                default:
                    unreachable(outcome)
            }
        } catch (error) {
            this.state = { kind: "trying", words: errorSentence(this.text, codeOf(error)) }
        }
    }

    private async tryCode(): Promise<void> {
        if (this.#code === null) {
            this.state = { kind: "trying", words: this.text.code.incomplete }
            return
        }
        const code = this.#code
        this.state = { kind: "checking" }
        const words = await this.prove(code)
        if (words !== null) {
            this.state = { kind: "trying", words }
            return
        }
        this.querySelector<CodeInput>("bw-code-input")?.clear()
        await this.session.refreshWays()
        this.right()
    }

    private right(): void {
        rememberAnswered(Date.now())
        this.state = { kind: "right" }
    }
}

customElements.define("bw-still-card", StillCard)
