/** `<bw-speech-model>`: which speech model this device uses. It opens by itself when a note waits for one. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit"
import { unreachable } from "../../bytes/unreachable.ts"
import type { SpeechModel } from "../../engine/transcriber.ts"
import { PageElement } from "../page-element.ts"
import type { ModelState } from "./model-choice.ts"
import { type TranscriptionText, transcriptionTexts, troubleWords } from "./text.ts"
import type { Transcription } from "./transcription.ts"

type Choosing = Extract<ModelState, { kind: "choosing" }>

export class SpeechModelDialog extends PageElement {
    static override properties = { transcription: { attribute: false } }

    declare transcription: Transcription | null

    constructor() {
        super()
        this.transcription = null
    }

    open(): void {
        void this.transcription?.choice.look()
        this.dialog?.showModal()
    }

    override connectedCallback(): void {
        super.connectedCallback()
        this.listen(this.transcription)
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        this.leave(this.transcription)
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (!changed.has("transcription")) return
        this.leave(changed.get("transcription") ?? null)
        this.listen(this.transcription)
    }

    protected override render(): TemplateResult {
        const text = transcriptionTexts[this.language]
        return html`
            <dialog aria-labelledby="speech-model-title" @close=${this.closed}>
                <div class="stack">
                    <h2 id="speech-model-title">${text.title}</h2>
                    <p>${text.words}</p>
                    ${this.content(text)}
                </div>
            </dialog>
        `
    }

    private content(text: TranscriptionText): TemplateResult | typeof nothing {
        const state = this.transcription?.choice.state
        if (state === undefined) return nothing
        switch (state.kind) {
            case "looking":
                return html`<p class="soft" role="status">${text.looking}</p>`
            case "choosing":
                return this.choosing(text, state)
            case "taking":
                return html`
                    <p role="status">${text.taking(state.name)}</p>
                    <progress max="1" .value=${state.share} aria-label=${text.taking(state.name)}></progress>
                    <div class="row row-end">
                        <button class="button button-quiet" type="button" @click=${this.stop}>${text.stop}</button>
                    </div>
                `
            default:
                return unreachable(state)
        }
    }

    private choosing(text: TranscriptionText, { kept, offered, trouble }: Choosing): TemplateResult {
        const others = (offered ?? []).filter(({ sha256 }) => sha256 !== kept?.sha256)
        return html`
            ${trouble === null ? nothing : html`<p class="note note-danger" role="alert"><span>${troubleWords(this.language, trouble)}</span></p>`}
            ${kept === null ? nothing : this.kept(text, kept)}
            ${others.length === 0 ? nothing : this.offered(text, others)}
            ${offered === null ? html`<p class="small soft">${text.notAsked}</p>` : nothing}
            ${offered?.length === 0 && kept === null ? html`<p class="small soft">${text.nothingOffered}</p>` : nothing}
            <section class="stack">
                <h3>${text.own}</h3>
                <p class="small soft" id="speech-model-own">${text.ownWords}</p>
                <p>
                    <label class="button button-quiet button-small">
                        ${text.pick}
                        <input class="visually-hidden" type="file" accept=".bin" aria-describedby="speech-model-own" @change=${this.picked} />
                    </label>
                </p>
            </section>
            <div class="row row-end">
                <button class=${kept === null ? "button button-quiet" : "button"} type="button" @click=${this.close}>
                    ${kept === null ? text.close : text.goOn}
                </button>
            </div>
        `
    }

    private kept(text: TranscriptionText, model: SpeechModel): TemplateResult {
        return html`<section class="stack">
            <h3>${text.kept}</h3>
            <p class="row model-row">
                <span><bdi>${model.name}</bdi> <span class="badge">${text.inUse}</span><br /><span class="small soft">${text.facts(model.size, model.multilingual)}</span></span>
                <button class="button button-quiet button-small" type="button" aria-label=${text.removeNamed(model.name)} @click=${this.forget}>${text.remove}</button>
            </p>
        </section>`
    }

    private offered(text: TranscriptionText, models: readonly SpeechModel[]): TemplateResult {
        return html`<section class="stack">
            <h3>${text.offered}</h3>
            ${models.map(
                (model) => html`<p class="row model-row">
                    <span><bdi>${model.name}</bdi><br /><span class="small soft">${text.facts(model.size, model.multilingual)}</span></span>
                    <button class="button button-small" type="button" aria-label=${text.takeNamed(model.name)} @click=${() => void this.transcription?.choice.fetch(model)}>${text.take}</button>
                </p>`,
            )}
            ${models.length > 1 ? html`<p class="small soft">${text.largerIsBetter}</p>` : nothing}
        </section>`
    }

    private get dialog(): HTMLDialogElement | null {
        return this.querySelector("dialog")
    }

    private listen(transcription: Transcription | null): void {
        transcription?.addEventListener("ask", this.asked)
        transcription?.choice.addEventListener("change", this.tick)
        transcription?.choice.addEventListener("taken", this.close)
    }

    private leave(transcription: Transcription | null): void {
        transcription?.removeEventListener("ask", this.asked)
        transcription?.choice.removeEventListener("change", this.tick)
        transcription?.choice.removeEventListener("taken", this.close)
    }

    private readonly asked = (): void => this.open()
    private readonly tick = (): void => this.requestUpdate()
    private readonly close = (): void => this.dialog?.close()
    private readonly stop = (): void => void this.transcription?.choice.stop()
    private readonly forget = (): void => void this.transcription?.choice.remove()
    private readonly closed = (): void => void this.transcription?.chosen()

    private readonly picked = (event: Event): void => {
        const [file] = (event.target as HTMLInputElement).files ?? []
        if (file !== undefined) void this.transcription?.choice.pick(file)
    }
}

customElements.define("bw-speech-model", SpeechModelDialog)
