/** The steps in which a passkey learns to open the library: what comes is said before each touch. */

import { html, type PropertyValues, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { PasskeyFailure } from "../engine/page-ports.ts"
import { errorSentence } from "./error-sentence.ts"
import { focusStep } from "./next-step.ts"
import { PageElement } from "./page-element.ts"
import type { PasskeySession, PasskeyState } from "./passkey-session.ts"
import { confirmAddress } from "./reauthenticate.ts"
import type { Text } from "./text.ts"
import { troubleNote } from "./trouble-note.ts"

type Sealing = Extract<PasskeyState, { kind: "sealing" }>
type Testing = Extract<PasskeyState, { kind: "testing" }>

export class PasskeyAdding extends PageElement {
    static override properties = {
        session: { attribute: false },
        state: { attribute: false },
        finished: { attribute: false },
        nameless: { state: true },
    }

    declare session: PasskeySession
    declare state: PasskeyState
    /** Whatever came of it was read: the list is shown again. */
    declare finished: () => void
    declare nameless: boolean

    constructor() {
        super()
        this.nameless = false
    }

    protected override updated(changed: PropertyValues): void {
        if (changed.has("state")) focusStep(this)
    }

    protected override render(): TemplateResult {
        const { passkeys } = this.text
        const { state } = this
        switch (state.kind) {
            case "naming":
                return this.naming(state.trouble)
            case "making":
                return this.waiting(passkeys.making)
            case "sealing":
                return this.sealing(state)
            case "testing":
                return this.testing(state)
            case "opens":
                return this.end(passkeys.opensNow)
            case "no-output":
                return this.end(passkeys.noOutput)
            case "failed-test":
                return this.end(passkeys.failedTest)
            case "refused":
                return this.end(errorSentence(this.text, state.code))
            case "reauthenticate":
                return html`
                    <div class="stack">
                        <p data-step tabindex="-1">${passkeys.reauthenticate}</p>
                        <div class="row">
                            <a class="button" href=${confirmAddress(state.url, { kind: "ways" })}>${passkeys.confirm}</a>
                            ${this.cancelButton(this.text.common.cancel)}
                        </div>
                    </div>
                `
            default:
                return unreachable(state)
        }
    }

    private naming(trouble: PasskeyFailure["kind"] | null): TemplateResult {
        const { passkeys, common } = this.text
        return html`
            <form class="stack" method="dialog" @submit=${this.make}>
                <h3>${passkeys.nameTitle}</h3>
                ${troubleNote(trouble === null ? null : touchTrouble(this.text, trouble))}
                <div class="field">
                    <label for="passkey-name">${passkeys.nameLabel}</label>
                    <input id="passkey-name" data-step autocomplete="off" maxlength="60" value=${passkeys.nameSuggestion} aria-describedby="passkey-name-help" />
                    <p class="help" id="passkey-name-help">${passkeys.nameHelp}</p>
                </div>
                ${troubleNote(this.nameless ? passkeys.nameMissing : null)}
                <p>${passkeys.willAsk}</p>
                <div class="row">
                    <button class="button" type="submit">${passkeys.begin}</button>
                    ${this.cancelButton(common.cancel)}
                </div>
            </form>
        `
    }

    private sealing(state: Sealing): TemplateResult {
        const { passkeys } = this.text
        return this.touchStep(
            state,
            state.added ? passkeys.sealTitle : passkeys.useTitle(state.name),
            state.added ? passkeys.sealWords : passkeys.useWords,
            passkeys.touch,
            () => this.session.seal(state),
            this.cancelButton(state.added ? passkeys.signInOnly : this.text.common.cancel),
        )
    }

    private testing(state: Testing): TemplateResult {
        const { passkeys } = this.text
        return this.touchStep(
            state,
            passkeys.testTitle,
            passkeys.testWords,
            passkeys.testNow,
            () => this.session.test(state),
            html`<button class="button button-plain" type="button" @click=${() => this.giveUp(state)}>${passkeys.signInOnly}</button>`,
        )
    }

    private touchStep(
        state: Sealing | Testing,
        title: string,
        words: string,
        button: string,
        touch: () => Promise<void>,
        away: TemplateResult,
    ): TemplateResult {
        const { passkeys } = this.text
        if (state.touching) return this.waiting(passkeys.touching)
        const untried = state.kind === "testing" && state.trouble === "cancelled" ? ` ${passkeys.cancelledTest}` : ""
        return html`
            <div class="stack">
                <h3 data-step tabindex="-1">${title}</h3>
                <p>${words}</p>
                ${troubleNote(state.trouble === null ? null : `${touchTrouble(this.text, state.trouble)}${untried}`)}
                <div class="row">
                    <button class="button" type="button" @click=${touch}>${button}</button>
                    ${away}
                </div>
            </div>
        `
    }

    private waiting(words: string): TemplateResult {
        return html`<p class="waiting" role="status" data-step tabindex="-1"><span class="turning" aria-hidden="true"></span>${words}</p>`
    }

    private end(words: string): TemplateResult {
        return html`
            <div class="stack">
                <p class="note" role="status" data-step tabindex="-1"><span>${words}</span></p>
                <div><button class="button button-quiet" type="button" @click=${() => this.finished()}>${this.text.common.close}</button></div>
            </div>
        `
    }

    private cancelButton(words: string): TemplateResult {
        return html`<button class="button button-plain" type="button" @click=${() => this.finished()}>${words}</button>`
    }

    private async make(event: SubmitEvent): Promise<void> {
        event.preventDefault()
        const name = this.querySelector<HTMLInputElement>("#passkey-name")?.value.trim() ?? ""
        this.nameless = name === ""
        if (!this.nameless) await this.session.make(name)
    }

    private async giveUp(state: Testing): Promise<void> {
        await this.session.giveUp(state.credential)
        this.finished()
    }
}

export function touchTrouble({ passkeys }: Text, trouble: PasskeyFailure["kind"]): string {
    switch (trouble) {
        case "cancelled":
            return passkeys.cancelled
        case "unsupported":
            return passkeys.unsupportedHere
        case "failed":
            return passkeys.failed
        default:
            return unreachable(trouble)
    }
}

customElements.define("bw-passkey-adding", PasskeyAdding)
