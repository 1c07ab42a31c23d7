/** `<bw-transcription-strip>`: how far all voice notes of a chat are, and a way to stop. Nothing, when nothing is under way. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit"
import { PageElement } from "../page-element.ts"
import { transcriptionTexts } from "./text.ts"
import type { Transcription } from "./transcription.ts"

export class QueueStrip extends PageElement {
    static override properties = { transcription: { attribute: false } }

    declare transcription: Transcription | null

    constructor() {
        super()
        this.transcription = null
    }

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
        const progress = this.transcription?.progress ?? null
        // One note tells its state itself.
        if (progress === null || progress.total < 2) return nothing
        const text = transcriptionTexts[this.language]
        const words = text.allProgress(progress.done, progress.total)
        return html`
            <p class="chat-strip" role="status">
                <span>${words}</span>
                <progress max=${progress.total} .value=${progress.done} aria-label=${words}></progress>
                <button class="button button-quiet button-small" type="button" @click=${this.stop}>${text.stop}</button>
            </p>
        `
    }

    private readonly tick = (): void => this.requestUpdate()
    private readonly stop = (): void => this.transcription?.stop()
}

customElements.define("bw-transcription-strip", QueueStrip)
