/** "Check my backup": how much, of which chats, with whom; how far it is; and what came of it. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { ChatSummary, CheckProgress } from "../engine/protocol.ts"
import { checkReport } from "./check-report.ts"
import type { CheckSession, CheckState } from "./check-session.ts"
import { errorSentence } from "./error-sentence.ts"
import { lastCheckWords } from "./health.ts"
import type { Unlocked } from "./library-session.ts"
import { PageElement } from "./page-element.ts"
import { hashOf } from "./routes.ts"
import { settingsHead } from "./settings-head.ts"

export class CheckPage extends PageElement {
    static override properties = {
        session: { attribute: false },
        state: { attribute: false },
        library: { attribute: false },
        chats: { attribute: false },
        conversation: { attribute: false },
        everything: { state: true },
        second: { state: true },
    }

    declare session: CheckSession
    declare state: CheckState
    declare library: Unlocked
    declare chats: readonly ChatSummary[]
    /** Null: all chats. */
    declare conversation: string | null
    declare everything: boolean
    declare second: boolean

    constructor() {
        super()
        this.everything = false
        this.second = false
    }

    protected override render(): TemplateResult {
        const { check } = this.text
        // Beside what was just found, what was found before only confuses.
        const last =
            this.state.kind === "done"
                ? nothing
                : lastCheckWords(this.text, this.language, this.library.checked, Date.now())
        return html`
            <div class="narrow stack settings">
                ${settingsHead(this.text, check.title, { kind: "settings" }, true)}
                <p class="soft">${check.words} <b class="check-last">${last}</b></p>
                ${this.body()}
            </div>
        `
    }

    private body(): TemplateResult {
        const { state } = this
        const { check, common } = this.text
        switch (state.kind) {
            case "idle":
                return this.chats.length === 0 ? html`<p class="card">${check.nothing}</p>` : this.form()
            case "running":
                return this.running(state)
            case "done":
                return html`${checkReport(this.text, state.report)} ${this.againButton(check.again)}`
            case "stopped":
                return html`
                    <section class="card stack" role="status">
                        <h2>${check.stoppedTitle}</h2>
                        <p>${check.stoppedWords}</p>
                    </section>
                    ${this.form()}
                `
            case "refused":
                return html`
                    <section class="card stack" role="alert">
                        <h2>${check.failedTitle}</h2>
                        <p>${errorSentence(this.text, state.code)}</p>
                    </section>
                    ${this.againButton(common.tryAgain)}
                `
            default:
                return unreachable(state)
        }
    }

    private form(): TemplateResult {
        const { check } = this.text
        const reached = this.everything && this.conversation === null && this.session.reached !== null
        return html`
            <form class="card stack" @submit=${this.submit}>
                <fieldset class="check-choice">
                    <legend class="label">${check.how}</legend>
                    ${this.choice(false, check.sample, check.sampleHelp)} ${this.choice(true, check.everything, check.everythingHelp)}
                </fieldset>
                <div class="field">
                    <label for="check-which">${check.which}</label>
                    <select id="check-which" @change=${this.choose}>
                        <option value="" ?selected=${this.conversation === null}>${check.all}</option>
                        ${this.chats.map((chat) => html`<option value=${chat.conversation} ?selected=${chat.conversation === this.conversation}>${chat.name}</option>`)}
                    </select>
                </div>
                <label class="check">
                    <input type="checkbox" .checked=${this.second} @change=${this.ask} />
                    <span>${check.second}<span class="help">${check.secondHelp}</span></span>
                </label>
                <p class="row">
                    ${reached ? html`<button class="button" type="button" @click=${() => this.start(true)}>${check.goOn}</button>` : nothing}
                    <button class="button ${reached ? "button-quiet" : ""}" type="submit">${check.start}</button>
                </p>
            </form>
        `
    }

    private choice(everything: boolean, words: string, help: string): TemplateResult {
        return html`
            <label class="check">
                <input
                    type="radio"
                    name="how-much"
                    .checked=${this.everything === everything}
                    @change=${() => {
                        this.everything = everything
                    }} />
                <span>${words}<span class="help">${help}</span></span>
            </label>
        `
    }

    private running({ progress, stopping }: Extract<CheckState, { kind: "running" }>): TemplateResult {
        const { check, add } = this.text
        const phase = check.phases[progress?.phase ?? "listing"]
        return html`
            <section class="card stack">
                <p aria-live="polite">${stopping ? add.stopping : phase}</p>
                ${progress === null || progress.phase !== "reading" ? html`<progress aria-label=${phase}></progress>` : this.progress(progress)}
                ${progress !== null && progress.damaged > 0 ? html`<p class="note note-danger" role="status"><span>${check.found(progress.damaged)}</span></p>` : nothing}
                ${progress?.network === "waiting" ? html`<p class="note note-warm" role="status"><span>${add.waiting}</span></p>` : nothing}
                <p class="soft small">${check.mayLeave}</p>
                <p class="row">
                    <button class="button button-quiet" type="button" ?disabled=${stopping} @click=${() => void this.session.stop()}>${add.stop}</button>
                </p>
            </section>
        `
    }

    private progress({ done, total, remaining }: CheckProgress): TemplateResult {
        const { check, add, size } = this.text
        return html`
            <div class="progress">
                <progress max=${Math.max(1, total)} value=${done} aria-label=${check.phases.reading}></progress>
                <p class="progress-words">
                    <b>${add.progress(size(done), size(total))}</b>
                    <span class="soft">${remaining === null ? nothing : add.remaining(remaining)}</span>
                </p>
            </div>
        `
    }

    private againButton(words: string): TemplateResult {
        return html`<p class="row"><button class="button button-quiet" type="button" @click=${() => this.session.clear()}>${words}</button></p>`
    }

    private submit(event: Event): void {
        event.preventDefault()
        this.start(false)
    }

    private start(goOn: boolean): void {
        const { conversation, everything, second } = this
        void this.session.start({ conversation, everything, secondOpinion: second }, goOn)
    }

    /** The choice is part of the address: back leads back. */
    private choose(event: Event): void {
        const { value } = event.target as HTMLSelectElement
        location.hash = hashOf({ kind: "check", conversation: value === "" ? null : value })
    }

    private ask(event: Event): void {
        this.second = (event.target as HTMLInputElement).checked
    }
}

customElements.define("bw-check-page", CheckPage)
