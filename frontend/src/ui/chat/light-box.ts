/** `<bw-light-box>`: one picture or film large, with its neighbours a key away. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit"
import type { Language } from "../language.ts"
import { chatIcons, iconStyles } from "./icons.ts"
import type { MediaShelf, Shelved } from "./media-shelf.ts"
import { saveFile } from "./save-file.ts"
import { chatTexts } from "./text.ts"

export interface Picture {
    /** Its record, counted from the end of the chat: -1 is the last. */
    readonly index: number
    readonly file: number
    readonly name: string
    readonly film: boolean
    readonly caption: string
}

export interface Pictures {
    readonly shelf: MediaShelf
    at(index: number): Promise<Picture | null>
    /** The nearest picture before (-1) or after (1) the record at `index`, counted from the end, or null at the end of the chat. */
    beside(index: number, step: -1 | 1): Promise<Picture | null>
}

export class LightBox extends LitElement {
    static override properties = {
        pictures: { attribute: false },
        language: {},
        picture: { state: true },
        shelved: { state: true },
    }

    declare pictures: Pictures | null
    declare language: Language
    declare private picture: Picture | null
    declare private shelved: Shelved | null

    constructor() {
        super()
        this.pictures = null
        this.language = "en"
        this.picture = null
        this.shelved = null
    }

    static override styles = [
        iconStyles,
        css`
            dialog {
                inline-size: 100vw;
                block-size: 100dvh;
                max-inline-size: none;
                max-block-size: none;
                margin: 0;
                padding: 0;
                border: 0;
                color: #f4efe6;
                background: rgb(18 16 13 / 96%);
            }

            dialog[open] {
                display: grid;
                grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
            }

            dialog::backdrop {
                background: rgb(0 0 0 / 60%);
            }

            header {
                display: flex;
                gap: var(--space-2);
                align-items: center;
                padding: var(--space-2) var(--space-3);
            }

            p {
                flex: 1;
                margin: 0;
                overflow: hidden;
                font-size: var(--text-small);
                text-overflow: ellipsis;
                white-space: nowrap;
            }

            .stage {
                display: grid;
                grid-template: minmax(0, 1fr) / minmax(0, 1fr);
                place-items: center;
                position: relative;
                min-block-size: 0;
                padding: 0 var(--space-3) var(--space-4);
            }

            img,
            video {
                max-inline-size: 100%;
                max-block-size: 100%;
                object-fit: contain;
                border-radius: 6px;
            }

            button {
                display: grid;
                flex: none;
                place-items: center;
                inline-size: 46px;
                block-size: 46px;
                padding: 0;
                border: 0;
                border-radius: 50%;
                color: inherit;
                font: inherit;
                background: rgb(255 255 255 / 10%);
                cursor: pointer;
            }

            button:hover {
                background: rgb(255 255 255 / 20%);
            }

            button:focus-visible {
                outline: 3px solid #8ccdbb;
                outline-offset: 2px;
            }

            .step {
                position: absolute;
                inset-block-start: calc(50% - 23px);
                background: rgb(30 27 22 / 70%);
            }

            .step.previous {
                inset-inline-start: var(--space-3);
            }

            .step.next {
                inset-inline-end: var(--space-3);
            }
        `,
    ]

    async show(index: number): Promise<void> {
        await this.turnTo((await this.pictures?.at(index)) ?? null)
        await this.updateComplete
        const dialog = this.renderRoot.querySelector("dialog")
        if (this.picture !== null && dialog?.open === false) dialog.showModal()
    }

    protected override render(): TemplateResult {
        const text = chatTexts[this.language]
        const { picture } = this
        return html`<dialog aria-label=${picture?.caption ?? text.kinds.photo} @keydown=${this.key} @close=${this.closed}>
            ${
                picture === null
                    ? nothing
                    : html`<header>
                              <p dir="auto">${picture.caption}</p>
                              <button aria-label=${text.saveNamed(picture.name)} title=${text.save} @click=${this.save}>
                                  ${chatIcons.save}
                              </button>
                              <button aria-label=${text.close} title=${text.close} autofocus @click=${this.close}>
                                  ${chatIcons.close}
                              </button>
                          </header>
                          <div class="stage" @click=${this.outside}>
                              ${this.content()}
                              <button class="step previous" aria-label=${text.previous} @click=${() => this.step(-1)}>
                                  ${chatIcons.previous}
                              </button>
                              <button class="step next" aria-label=${text.next} @click=${() => this.step(1)}>
                                  ${chatIcons.next}
                              </button>
                          </div>`
            }
        </dialog>`
    }

    private content(): TemplateResult {
        const text = chatTexts[this.language]
        if (this.shelved === null) return html`<span role="status">${text.loading}</span>`
        if (this.shelved.kind === "refused") return html`<span role="status">${text.notOpened}</span>`
        return this.picture?.film === true
            ? html`<video src=${this.shelved.address} controls autoplay playsinline></video>`
            : html`<img src=${this.shelved.address} alt=${this.picture?.caption ?? ""} />`
    }

    private async turnTo(picture: Picture | null): Promise<void> {
        const before = this.picture
        this.picture = picture
        this.shelved = null
        if (picture !== null) {
            const shelved = await this.pictures?.shelf.take(picture.file)
            if (this.picture === picture) this.shelved = shelved ?? null
        }
        // After the next one was taken, so that nothing is opened twice.
        if (before !== null) this.pictures?.shelf.release(before.file)
    }

    private async step(step: -1 | 1): Promise<void> {
        const from = this.picture
        if (from === null) return
        const next = await this.pictures?.beside(from.index, step)
        if (next != null && this.picture === from) await this.turnTo(next)
    }

    private readonly key = (event: KeyboardEvent): void => {
        if (event.target instanceof HTMLVideoElement) return
        if (event.key === "ArrowLeft") void this.step(-1)
        else if (event.key === "ArrowRight") void this.step(1)
        else return
        event.preventDefault()
    }

    private readonly save = (): void => {
        if (this.shelved?.kind === "opened" && this.picture !== null) saveFile(this.shelved.blob, this.picture.name)
    }

    private readonly outside = (event: Event): void => {
        if (event.target === event.currentTarget) this.close()
    }

    private readonly close = (): void => this.renderRoot.querySelector("dialog")?.close()

    private readonly closed = (): void => {
        const index = this.picture?.index
        void this.turnTo(null)
        this.dispatchEvent(new CustomEvent("bw-light-box-closed", { detail: index }))
    }
}

customElements.define("bw-light-box", LightBox)
