/** `<bw-transcript>`: a voice note as text, below the note: a button, what is under way, or the words. */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit"
import { unreachable } from "../../bytes/unreachable.ts"
import type { EngineErrorCode } from "../../engine/errors.ts"
import type { Language } from "../language.ts"
import { type TranscriptionText, transcriptionTexts, troubleWords } from "../transcription/text.ts"
import type { SpokenNote, Transcription } from "../transcription/transcription.ts"

/** A voice note, with what is said about it. */
export interface ShownNote extends SpokenNote {
    readonly who: string
    readonly when: string
}

/** Another model may do better. */
const aboutModel: ReadonlySet<EngineErrorCode> = new Set(["not-a-model", "unexpected"])

export class TranscriptView extends LitElement {
    static override properties = {
        transcription: { attribute: false },
        note: { attribute: false },
        language: {},
    }

    declare transcription: Transcription | null
    declare note: ShownNote | null
    declare language: Language

    constructor() {
        super()
        this.transcription = null
        this.note = null
        this.language = "en"
    }

    static override styles = css`
        :host {
            display: block;
            max-inline-size: 300px;
        }

        button {
            font: inherit;
            color: inherit;
            cursor: pointer;
        }

        :focus-visible {
            outline: 3px solid var(--accent);
            outline-offset: 2px;
        }

        .plain {
            min-block-size: 28px;
            padding: 2px 10px;
            border: 1px solid color-mix(in srgb, var(--ink-soft) 40%, transparent);
            border-radius: 999px;
            color: var(--ink-soft);
            font-size: 0.8125rem;
            background: none;
        }

        .row {
            display: flex;
            flex-wrap: wrap;
            gap: var(--space-2);
            align-items: center;
        }

        p {
            margin: var(--space-2) 0 0;
            overflow-wrap: anywhere;
        }

        .small {
            color: var(--ink-soft);
            font-size: 0.8125rem;
        }

        progress {
            inline-size: 84px;
            block-size: 6px;
            accent-color: var(--accent);
        }
    `

    override connectedCallback(): void {
        super.connectedCallback()
        this.transcription?.addEventListener("change", this.tick)
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        this.transcription?.removeEventListener("change", this.tick)
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (!changed.has("transcription")) return
        changed.get("transcription")?.removeEventListener("change", this.tick)
        this.transcription?.addEventListener("change", this.tick)
    }

    protected override render(): TemplateResult | typeof nothing {
        const { transcription, note } = this
        if (transcription === null || note === null) return nothing
        const text = transcriptionTexts[this.language]
        const state = transcription.state(note.key)
        switch (state.kind) {
            case "none":
                return html`<button class="plain" aria-label=${text.asTextOf(note.who, note.when)} @click=${this.start}>${text.asText}</button>`
            case "waiting":
                return underWay(text.waiting, null)
            case "asking-for-model":
                return underWay(text.asking, null)
            case "loading":
                return this.moving(text, text.loading, state.share)
            case "listening":
                return this.moving(text, text.listening, state.share)
            case "done":
                return html`<p dir="auto">${state.transcript.text === "" ? html`<em>${text.nothing}</em>` : state.transcript.text}</p>
                    <p class="small" title=${text.heardBy(state.transcript.model)}>${text.heard}</p>`
            case "failed":
                return html`<p class="small" role="alert">${troubleWords(this.language, state.code)}</p>
                    <p class="row">
                        <button class="plain" @click=${this.start}>${text.again}</button>
                        ${aboutModel.has(state.code) ? html`<button class="plain" @click=${this.choose}>${text.choose}</button>` : nothing}
                    </p>`
            default:
                return unreachable(state)
        }
    }

    private moving(text: TranscriptionText, words: string, share: number): TemplateResult {
        return html`${underWay(words, share)}
            <p><button class="plain" @click=${this.stop}>${text.stop}</button></p>`
    }

    private readonly tick = (): void => this.requestUpdate()

    private readonly start = (): void => {
        if (this.note !== null) this.transcription?.transcribe(this.note)
    }

    private readonly choose = (): void => this.transcription?.choose()

    private readonly stop = (): void => this.transcription?.stop()
}

/** Whisper works in pieces of thirty seconds: of most notes nothing is known before the end. */
function underWay(words: string, share: number | null): TemplateResult {
    const bar =
        share === null
            ? nothing
            : share > 0 && share < 1
              ? html`<progress aria-label=${words} max="1" .value=${share}></progress>`
              : html`<progress aria-label=${words}></progress>`
    return html`<p class="row small" role="status"><span>${words}</span>${bar}</p>`
}

customElements.define("bw-transcript", TranscriptView)
