/** The device that has the key: gives it to a new one, after the person said yes. */

import { html, type PropertyValues, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { PictureReader } from "../engine/page-ports.ts"
import type { Engine } from "../engine/protocol.ts"
import { errorSentence } from "./error-sentence.ts"
import { focusStep } from "./next-step.ts"
import { PageElement } from "./page-element.ts"
import { PairingSession, type PairingState, type PairingWay } from "./pairing-session.ts"
import { givingEnd } from "./pairing-words.ts"
import "./camera.ts"
import "./countdown.ts"

export class GiveKey extends PageElement {
    static override properties = {
        engine: { attribute: false },
        pictures: { attribute: false },
        state: { state: true },
    }

    declare engine: Engine
    declare pictures: PictureReader
    declare state: PairingState
    #session: PairingSession | null = null

    constructor() {
        super()
        this.state = { kind: "choose" }
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        void this.#session?.stop()
    }

    protected override updated(changed: PropertyValues): void {
        // The page that is just being opened keeps its own beginning.
        if (changed.has("state") && changed.get("state") !== undefined) focusStep(this)
    }

    protected override render(): TemplateResult {
        const { pairing } = this.text
        const { state } = this
        switch (state.kind) {
            case "choose":
                return this.choice()
            case "camera":
                return this.scan()
            case "opening":
                return this.waiting(pairing.connecting)
            case "code":
                return this.digits(state.code, state.until)
            case "confirm":
                return this.confirm(state.device, state.compare)
            case "giving":
            case "waiting":
                return this.waiting(pairing.giving)
            case "done":
                return this.done()
            case "ended":
                return this.ended(givingEnd(this.text, state.why, state.answeredNo), state.way)
            case "refused":
                return this.ended(errorSentence(this.text, state.code), state.way)
            // Steps of the new device.
            case "typing":
            case "picture":
            case "compare":
                return this.waiting(this.text.common.working)
            default:
                return unreachable(state)
        }
    }

    private choice(): TemplateResult {
        const { pairing } = this.text
        return html`
            <div class="stack">
                <p class="soft" data-step tabindex="-1">${pairing.giveWords}</p>
                <div class="row">
                    <button class="button" type="button" @click=${this.openCamera}>${pairing.scan}</button>
                    <button class="button button-quiet" type="button" @click=${this.showCode}>${pairing.showCode}</button>
                </div>
            </div>
        `
    }

    private scan(): TemplateResult {
        const { pairing } = this.text
        return html`
            <div class="stack">
                <h3 data-step tabindex="-1">${pairing.scanTitle}</h3>
                <bw-camera .pictures=${this.pictures} .onPicture=${this.scanned}></bw-camera>
                <div class="row">
                    <button class="button button-quiet" type="button" @click=${this.showCode}>${pairing.showCode}</button>
                    <button class="button button-plain" type="button" @click=${this.stop}>${pairing.stop}</button>
                </div>
            </div>
        `
    }

    private digits(code: string, until: string): TemplateResult {
        const { pairing } = this.text
        return html`
            <div class="stack">
                <h3 data-step tabindex="-1">${pairing.codeTitle}</h3>
                <p class="digits">${code.slice(0, 4)} ${code.slice(4)}</p>
                <bw-countdown until=${until}></bw-countdown>
                <p class="small soft">${pairing.codeWords}</p>
                <div><button class="button button-plain" type="button" @click=${this.stop}>${pairing.stop}</button></div>
            </div>
        `
    }

    private confirm(device: string, compare: string | null): TemplateResult {
        const { pairing } = this.text
        const numbers =
            compare === null
                ? html`<p>${pairing.confirmWords}</p>`
                : html`
                      <p>${pairing.compareOld}</p>
                      <p class="digits">${compare.slice(0, 3)} ${compare.slice(3)}</p>
                      <p class="small soft">${pairing.confirmWords}</p>
                  `
        return html`
            <div class="stack" role="group" aria-labelledby="pairing-confirm">
                <h3 id="pairing-confirm" data-step tabindex="-1">${pairing.confirmTitle(device)}</h3>
                ${numbers}
                <div class="row">
                    <button class="button" type="button" @click=${() => this.session().answer(true)}>${compare === null ? pairing.yes : pairing.yesSame}</button>
                    <button class="button button-quiet" type="button" @click=${() => this.session().answer(false)}>${pairing.no}</button>
                </div>
            </div>
        `
    }

    private waiting(words: string): TemplateResult {
        return html`
            <div class="stack pairing-wait">
                <p class="waiting" role="status" data-step tabindex="-1"><span class="turning" aria-hidden="true"></span>${words}</p>
                <div><button class="button button-plain" type="button" @click=${this.stop}>${this.text.pairing.stop}</button></div>
            </div>
        `
    }

    private done(): TemplateResult {
        const { pairing } = this.text
        return html`
            <div class="stack">
                <p class="note" role="status" data-step tabindex="-1"><span>${pairing.given}</span></p>
                <div><button class="button button-quiet" type="button" @click=${this.stop}>${pairing.done}</button></div>
            </div>
        `
    }

    private ended(words: string, way: PairingWay): TemplateResult {
        const { pairing, common } = this.text
        return html`
            <div class="stack">
                <p class="note" role="status" data-step tabindex="-1"><span>${words}</span></p>
                <div class="row">
                    <button class="button button-quiet" type="button" @click=${way === "picture" ? this.openCamera : this.showCode}>${pairing.again}</button>
                    <button class="button button-plain" type="button" @click=${this.stop}>${common.close}</button>
                </div>
            </div>
        `
    }

    private session(): PairingSession {
        this.#session ??= new PairingSession(this.engine, (state) => {
            this.state = state
        })
        return this.#session
    }

    private openCamera(): void {
        void this.session().openCamera()
    }

    private readonly scanned = (payload: string): void => {
        void this.session().giveByPicture(payload)
    }

    private showCode(): void {
        void this.session().giveByCode()
    }

    private stop(): void {
        void this.session().stop()
    }
}

customElements.define("bw-give-key", GiveKey)
