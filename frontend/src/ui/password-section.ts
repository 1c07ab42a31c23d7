/** The password in the settings: set, change, remove; how good a new one would be while it is typed. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { PasswordWay } from "../engine/protocol.ts"
import type { ConfirmDialog } from "./confirm-dialog.ts"
import { errorSentence } from "./error-sentence.ts"
import { day } from "./language.ts"
import type { LibrarySession } from "./library-session.ts"
import { focusStep } from "./next-step.ts"
import { PageElement } from "./page-element.ts"
import type { PasswordField } from "./password-field.ts"
import { hintsOf, PasswordSession, type PasswordState } from "./password-session.ts"
import { strengthMeter } from "./strength-meter.ts"
import { troubleNote } from "./trouble-note.ts"
import "./confirm-dialog.ts"
import "./password-field.ts"

/** So long nobody types, then the password is judged. */
const pause = 150

export class PasswordSection extends PageElement {
    static override properties = {
        session: { attribute: false },
        way: { attribute: false },
        account: { type: String },
        activity: { type: String },
        proveFirst: { attribute: false },
        state: { state: true },
        same: { state: true },
    }

    declare session: LibrarySession
    declare way: PasswordWay
    declare account: string
    /** Address of the security events. */
    declare activity: string
    /** Leads to where another way is proven. */
    declare proveFirst: () => void
    declare state: PasswordState
    /** Whether both fields hold the same, or null while the second is empty. */
    declare same: boolean | null
    #setting: PasswordSession | null = null
    #typing: ReturnType<typeof setTimeout> | undefined

    constructor() {
        super()
        this.account = ""
        this.activity = ""
        this.state = { kind: "closed", said: null }
        this.same = null
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        clearTimeout(this.#typing)
    }

    protected override updated(changed: PropertyValues): void {
        const before = changed.get("state") as PasswordState | undefined
        if (before === undefined || before.kind === this.state.kind) return
        if (this.state.kind === "editing")
            void this.field("new-password").updateComplete.then(() => this.field("new-password").focus())
        else focusStep(this)
    }

    /** Opens the form, from wherever a new password was asked for. */
    edit(): void {
        this.same = null
        this.setting().edit()
    }

    protected override render(): TemplateResult {
        const { password } = this.text
        return html`
            <section class="card stack" id="password-section">
                <h2>${password.title}</h2>
                ${this.body()}
            </section>
            <bw-confirm-dialog></bw-confirm-dialog>
        `
    }

    private body(): TemplateResult {
        const { password, common } = this.text
        const { state } = this
        switch (state.kind) {
            case "closed":
                return this.standing(state.said)
            case "editing":
                return this.form(state)
            case "working":
                return html`
                    <div class="stack-small" role="status" data-step tabindex="-1">
                        <p class="waiting"><span class="turning" aria-hidden="true"></span>${password.working}</p>
                        <p class="small soft">${password.workingHelp}</p>
                    </div>
                `
            case "removing":
                return html`<p class="waiting" role="status" data-step tabindex="-1"><span class="turning" aria-hidden="true"></span>${common.working}</p>`
            case "prove-first":
                return this.proving()
            case "remove-failed":
                return html`${this.standing(null)} ${troubleNote(errorSentence(this.text, state.code))}`
            default:
                return unreachable(state)
        }
    }

    private standing(said: "done" | "removed" | null): TemplateResult {
        const { password, unlock } = this.text
        const { way } = this
        const told =
            said === null
                ? nothing
                : html`<p class="note" role="status" data-step tabindex="-1"><span>${password[said]}</span></p>`
        switch (way.kind) {
            case "none":
                return html`${told}<p class="soft">${password.none}</p>${this.setButton()}`
            case "erased":
                return html`
                    <p class="note note-warm"><span>${password.erased(day(this.language, way.at), way.guesses)}</span></p>
                    <p><a href=${this.activity}>${this.text.news.look}</a></p>
                    ${this.setButton()}
                `
            case "unavailable":
                return html`<p class="soft">${way.why === "staff" ? password.staff : password.away}</p>`
            case "set":
                return html`
                    ${told}
                    <p>
                        ${password.since(day(this.language, way.since))}
                        ${way.proven === null ? nothing : password.lastProven(day(this.language, way.proven))}
                        <span class="soft">${unlock.guesses(way.left, way.of)}.</span>
                    </p>
                    <div class="row">
                        <button class="button button-quiet button-small" type="button" @click=${this.edit}>${password.change}</button>
                        <button class="button button-plain button-small" type="button" @click=${this.removePassword}>${password.remove}</button>
                    </div>
                `
            default:
                return unreachable(way)
        }
    }

    private setButton(): TemplateResult {
        return html`<p><button class="button button-small" type="button" @click=${this.edit}>${this.text.password.set}</button></p>`
    }

    private form(state: Extract<PasswordState, { kind: "editing" }>): TemplateResult {
        const { password, common } = this.text
        return html`
            <form class="stack" method="dialog" @submit=${this.submit}>
                <h3>${this.way.kind === "set" ? password.changeTitle : password.setTitle}</h3>
                <p class="small soft">${password.advice}</p>
                <bw-password-field
                    field="new-password"
                    label=${password.label}
                    autofill="new-password"
                    help="password-strength"
                    .onTyped=${() => this.typed()}></bw-password-field>
                ${strengthMeter(this.text, state.strength)}
                <div class="field">
                    <bw-password-field
                        field="new-password-again"
                        label=${password.again}
                        autofill="new-password"
                        help="password-same"
                        .onTyped=${() => this.compare()}></bw-password-field>
                    <p class="code-finding" id="password-same" data-kind=${this.same === true ? "right" : "typing"} aria-live="polite">
                        ${this.same === null ? nothing : this.same ? password.matches : password.differs}
                    </p>
                </div>
                ${state.trouble === null ? nothing : troubleNote(`${errorSentence(this.text, state.trouble)} ${password.keptOld}`)}
                <div class="row">
                    <button class="button" type="submit">${password.submit}</button>
                    <button class="button button-plain" type="button" @click=${this.cancel}>${common.cancel}</button>
                </div>
            </form>
        `
    }

    private proving(): TemplateResult {
        const { password, common } = this.text
        return html`
            <div class="stack">
                <h3 data-step tabindex="-1">${password.proveTitle}</h3>
                <p>${password.proveFirst}</p>
                <div class="row">
                    <button class="button" type="button" @click=${() => this.proveFirst()}>${password.proveNow}</button>
                    <button class="button button-plain" type="button" @click=${this.cancel}>${common.later}</button>
                </div>
            </div>
        `
    }

    private setting(): PasswordSession {
        this.#setting ??= new PasswordSession(
            this.session.engine,
            hintsOf(this.account),
            (state) => {
                this.state = state
            },
            (ways) => this.session.knowWays(ways),
        )
        return this.#setting
    }

    private field(id: "new-password" | "new-password-again"): PasswordField {
        const field = this.querySelector<PasswordField>(`bw-password-field[field="${id}"]`)
        if (field === null) throw new TypeError("the field is asked for only while it stands")
        return field
    }

    private typed(): void {
        this.compare()
        clearTimeout(this.#typing)
        this.#typing = setTimeout(() => {
            if (this.state.kind === "editing") void this.setting().judge(this.field("new-password").value)
        }, pause)
    }

    private compare(): void {
        const again = this.field("new-password-again").value
        this.same = again === "" ? null : again === this.field("new-password").value
    }

    private async submit(event: SubmitEvent): Promise<void> {
        event.preventDefault()
        clearTimeout(this.#typing)
        const first = this.field("new-password")
        const second = this.field("new-password-again")
        if (first.value === "") this.setting().missing()
        const strength = first.value === "" ? null : await this.setting().judge(first.value)
        if (strength === null || strength.refused !== null) {
            first.focus()
            return
        }
        this.same = first.value === second.value
        if (!this.same) {
            second.focus()
            return
        }
        const password = first.take()
        second.clear()
        this.same = null
        await this.setting().set(password)
    }

    private cancel(): void {
        clearTimeout(this.#typing)
        this.setting().close()
    }

    private async removePassword(): Promise<void> {
        const { password } = this.text
        const question = { title: password.removeTitle, words: password.removeWords, confirm: password.remove }
        if (await this.querySelector<ConfirmDialog>("bw-confirm-dialog")?.ask(question)) await this.setting().remove()
    }
}

customElements.define("bw-password-section", PasswordSection)
