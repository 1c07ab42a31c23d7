/** The new device: gets the key from one that has it, by a picture or by eight digits. */

import { html, type PropertyValues, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { Engine } from "../engine/protocol.ts"
import { errorSentence } from "./error-sentence.ts"
import { focusStep } from "./next-step.ts"
import { PageElement } from "./page-element.ts"
import { PairingSession, type PairingState, type PairingWay, shortCode } from "./pairing-session.ts"
import { receivingEnd } from "./pairing-words.ts"
import { qrPicture } from "./qr-picture.ts"
import { troubleNote } from "./trouble-note.ts"
import "./countdown.ts"

export class ReceiveKey extends PageElement {
    static override properties = {
        engine: { attribute: false },
        stay: { type: Boolean },
        stayChoice: { attribute: false },
        received: { attribute: false },
        state: { state: true },
        incomplete: { state: true },
    }

    declare engine: Engine
    declare stay: boolean
    declare stayChoice: TemplateResult
    /** The key is here. */
    declare received: () => Promise<void>
    declare state: PairingState
    declare incomplete: boolean
    #session: PairingSession | null = null

    constructor() {
        super()
        this.stay = false
        this.state = { kind: "choose" }
        this.incomplete = false
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        void this.#session?.stop()
    }

    protected override updated(changed: PropertyValues): void {
        if (changed.has("state")) focusStep(this)
    }

    protected override render(): TemplateResult {
        const { pairing } = this.text
        const { state } = this
        switch (state.kind) {
            case "choose":
                return this.choice()
            case "typing":
                return this.digits()
            case "opening":
                return this.waiting(state.way === "picture" ? pairing.preparing : pairing.connecting)
            case "picture":
                return this.picture(state.payload, state.until)
            case "waiting":
                return this.waiting(state.way === "picture" ? pairing.scanned : pairing.connecting)
            case "compare":
                return this.compare(state.compare)
            case "done":
                return html`<p class="note" role="status"><span>${pairing.received}</span></p>`
            case "ended":
                return this.ended(receivingEnd(this.text, state.why), state.way)
            case "refused":
                return this.ended(errorSentence(this.text, state.code), state.way)
            // Steps of the device that has the key.
            case "camera":
            case "code":
            case "confirm":
            case "giving":
                return this.waiting(this.text.common.working)
            default:
                return unreachable(state)
        }
    }

    private choice(): TemplateResult {
        const { pairing } = this.text
        return html`
            <div class="stack">
                <p class="soft" data-step tabindex="-1">${pairing.receiveWords}</p>
                ${this.stayChoice}
                <button class="button" type="button" @click=${this.showPicture}>${pairing.byPicture}</button>
                <button class="button button-quiet" type="button" @click=${this.typeCode}>${pairing.byCode}</button>
                <p class="help">${pairing.byCodeHelp}</p>
            </div>
        `
    }

    private picture(payload: string, until: string): TemplateResult {
        const { pairing } = this.text
        return html`
            <div class="stack">
                <h2 data-step tabindex="-1">${pairing.pictureTitle}</h2>
                <div class="pairing-picture">${qrPicture(payload, pairing.pictureLabel)}</div>
                <bw-countdown until=${until}></bw-countdown>
                <ol class="pairing-steps">${pairing.pictureSteps.map((step) => html`<li>${step}</li>`)}</ol>
                <div class="row">
                    <button class="button button-plain" type="button" @click=${this.typeCode}>${pairing.byCode}</button>
                    <button class="button button-plain" type="button" @click=${this.stop}>${pairing.stop}</button>
                </div>
            </div>
        `
    }

    private digits(): TemplateResult {
        const { pairing } = this.text
        return html`
            <form class="stack" method="dialog" @submit=${this.submit}>
                <h2>${pairing.typeTitle}</h2>
                <ol class="pairing-steps">${pairing.typeSteps.map((step) => html`<li>${step}</li>`)}</ol>
                <div class="field">
                    <label for="short-code">${pairing.digitsLabel}</label>
                    <input
                        id="short-code"
                        class="digits-field"
                        data-step
                        inputmode="numeric"
                        autocomplete="off"
                        maxlength="20"
                        aria-describedby="short-code-help"
                        aria-invalid=${this.incomplete ? "true" : "false"} />
                    <p class="help" id="short-code-help">${pairing.digitsHelp}</p>
                </div>
                ${troubleNote(this.incomplete ? pairing.digitsMissing : null)}
                ${this.stayChoice}
                <button class="button" type="submit">${pairing.next}</button>
                <button class="button button-plain" type="button" @click=${this.stop}>${this.text.common.back}</button>
            </form>
        `
    }

    private waiting(words: string): TemplateResult {
        return html`
            <div class="stack pairing-wait">
                <p class="waiting" role="status" data-step tabindex="-1"><span class="turning" aria-hidden="true"></span>${words}</p>
                <button class="button button-plain" type="button" @click=${this.stop}>${this.text.pairing.stop}</button>
            </div>
        `
    }

    private compare(digits: string): TemplateResult {
        const { pairing } = this.text
        return html`
            <div class="stack">
                <h2 data-step tabindex="-1">${pairing.compareTitle}</h2>
                <p class="digits">${digits.slice(0, 3)} ${digits.slice(3)}</p>
                <p>${pairing.compareNew}</p>
                <button class="button button-quiet" type="button" @click=${this.stop}>${pairing.stop}</button>
            </div>
        `
    }

    private ended(words: string, way: PairingWay): TemplateResult {
        const { pairing } = this.text
        return html`
            <div class="stack">
                <p class="note" role="status" data-step tabindex="-1"><span>${words}</span></p>
                <button class="button" type="button" @click=${way === "picture" ? this.showPicture : this.typeCode}>
                    ${way === "picture" ? pairing.newPicture : pairing.again}
                </button>
                <button class="button button-plain" type="button" @click=${this.stop}>${pairing.otherWay}</button>
            </div>
        `
    }

    private session(): PairingSession {
        this.#session ??= new PairingSession(this.engine, (state) => {
            this.state = state
        })
        return this.#session
    }

    private async showPicture(): Promise<void> {
        if (await this.session().showPicture(this.stay)) await this.received()
    }

    private async typeCode(): Promise<void> {
        this.incomplete = false
        await this.session().typeCode()
    }

    private async submit(event: SubmitEvent): Promise<void> {
        event.preventDefault()
        const field = this.querySelector<HTMLInputElement>("#short-code")
        const code = shortCode(field?.value ?? "")
        this.incomplete = code === null
        if (code === null) {
            field?.focus()
            return
        }
        if (field) field.value = ""
        if (await this.session().receiveByCode(code, this.stay)) await this.received()
    }

    private async stop(): Promise<void> {
        await this.session().stop()
    }
}

customElements.define("bw-receive-key", ReceiveKey)
