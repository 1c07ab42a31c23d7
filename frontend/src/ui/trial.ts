/** The page for trying: a sample chat, or one's own, through the real engine with its store in memory. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { Engine } from "../engine/protocol.ts"
import { type ChatSource, sourceOf } from "./chat/source.ts"
import { errorSentence } from "./error-sentence.ts"
import { icons } from "./icons.ts"
import { PageElement } from "./page-element.ts"
import { chosenFile, droppedFile, inputFile } from "./picked-files.ts"
import { type TrialState, trialSteps, tryFile } from "./trial-session.ts"
import "./chat/chat.ts"

export class Trial extends PageElement {
    static override properties = {
        connect: { attribute: false },
        sample: { attribute: false },
        signup: { attribute: false },
        state: { state: true },
        source: { state: true },
        own: { state: true },
        dragging: { state: true },
    }

    /** A new engine whose library lives and ends in this page. */
    declare connect: () => Promise<Engine>
    declare sample: () => Promise<File>
    declare signup: string
    declare state: TrialState
    /** The chat while it is read, or null before. */
    declare source: ChatSource | null
    declare own: boolean
    declare dragging: boolean
    #engine: Engine | null = null

    constructor() {
        super()
        this.state = { kind: "working", done: [] }
        this.source = null
        this.own = false
        this.dragging = false
    }

    override connectedCallback(): void {
        super.connectedCallback()
        window.addEventListener("dragover", this.draggedOver)
        window.addEventListener("drop", this.dropped)
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        window.removeEventListener("dragover", this.draggedOver)
        window.removeEventListener("drop", this.dropped)
    }

    protected override firstUpdated(): void {
        void this.trySample()
    }

    protected override render(): TemplateResult {
        return html`
            ${this.source === null ? this.way() : this.reading(this.source)}
            <input id="export-file" type="file" hidden @change=${this.inputChanged} />
        `
    }

    private way(): TemplateResult {
        const { trial } = this.text
        return html`
            <div class="narrow stack trial">
                <section class="card stack">
                    <h1>${trial.title}</h1>
                    <p class="soft">${trial.words}</p>
                    ${this.progress()}
                </section>
                ${this.ownCard()}
            </div>
        `
    }

    private progress(): TemplateResult {
        const { trial } = this.text
        const { state } = this
        switch (state.kind) {
            case "working":
            case "ready":
                return html`
                    <ol class="trial-steps" aria-live="polite">
                        ${trialSteps.map((step, index) => {
                            const done = state.done.find((one) => one.step === step)
                            const now = done === undefined && index === state.done.length
                            return html`
                                <li data-state=${done ? "done" : now ? "now" : "open"}>
                                    <span class="trial-mark" aria-hidden="true">${done ? icons.check : nothing}</span>
                                    <span>${trial.steps[step]}</span>
                                    <span class="small soft">${done ? trial.took(done.milliseconds) : nothing}</span>
                                </li>
                            `
                        })}
                    </ol>
                    ${
                        state.kind === "working"
                            ? nothing
                            : html`
                                  <p class="small soft">${trial.sealedSize(this.text.size(state.size), this.text.size(state.sealed))}</p>
                                  <p class="row">
                                      <button class="button" type="button" @click=${this.read}>${trial.read}</button>
                                  </p>
                              `
                    }
                `
            case "refused":
                return html`
                    <div class="note note-warm" role="alert">
                        <p>${state.code === "not-a-chat" ? trial.notAChat : errorSentence(this.text, state.code)}</p>
                    </div>
                    <p><button class="button button-quiet" type="button" @click=${this.trySample}>${trial.sample}</button></p>
                `
            default:
                return unreachable(state)
        }
    }

    private ownCard(): TemplateResult {
        const { trial } = this.text
        return html`
            <section class="stack trial-own">
                <h2>${trial.own}</h2>
                <p class="soft">${trial.ownWords}</p>
                <p class="row">
                    <button class="button button-quiet" type="button" @click=${this.choose}>${trial.choose}</button>
                    <a class="button button-plain" href=${this.signup}>${trial.signUp}</a>
                </p>
            </section>
        `
    }

    private reading(source: ChatSource): TemplateResult {
        const { trial, chat } = this.text
        return html`
            <div class="trial-reading">
                <header class="chat-head">
                    <button class="button button-round" type="button" aria-label=${this.text.common.back} @click=${this.stopReading}>${icons.back}</button>
                    <div class="chat-title">
                        <h1>${source.chat.title}</h1>
                        <p class="small soft">${this.own ? trial.ownBar : trial.bar}</p>
                    </div>
                    <a class="button button-small trial-keep" href=${this.signup}>${trial.signUp}</a>
                </header>
                <div class="chat-body" aria-label=${chat.allExports}>
                    <bw-chat .source=${source} .language=${this.language}></bw-chat>
                </div>
            </div>
        `
    }

    private readonly trySample = async (): Promise<void> => {
        this.own = false
        await this.tries(await this.sample())
    }

    private async tries(file: File): Promise<void> {
        this.source = null
        this.#engine = await tryFile(
            this.connect,
            file,
            () => performance.now(),
            (state) => {
                this.state = state
            },
        )
    }

    private async read(): Promise<void> {
        const engine = this.#engine
        if (engine === null || this.state.kind !== "ready") return
        const { conversation } = this.state.chat
        const chat = await engine.openChat(conversation, null)
        this.source = sourceOf(engine, chat.whole ? chat : await engine.wholeChat(chat.chatId))
    }

    private stopReading(): void {
        this.source = null
    }

    private readonly choose = async (): Promise<void> => {
        const input = this.querySelector<HTMLInputElement>("#export-file")
        const picked = input && (await chosenFile(input))
        if (picked) await this.triesOwn(picked.file)
    }

    private async inputChanged(event: Event): Promise<void> {
        const picked = inputFile(event.target as HTMLInputElement)
        if (picked) await this.triesOwn(picked.file)
    }

    private async triesOwn(file: File): Promise<void> {
        this.own = true
        await this.tries(file)
    }

    private readonly draggedOver = (event: DragEvent): void => {
        if (event.dataTransfer?.types.includes("Files")) event.preventDefault()
    }

    private readonly dropped = async (event: DragEvent): Promise<void> => {
        event.preventDefault()
        const picked = event.dataTransfer && (await droppedFile(event.dataTransfer))
        if (picked) await this.triesOwn(picked.file)
    }
}

customElements.define("bw-try", Trial)
