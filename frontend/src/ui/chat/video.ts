/** `<bw-video>`: a film in a bubble. Small ones are there when they come into sight, large ones after a click. */

import { css, html, nothing, type TemplateResult } from "lit"
import { bytes } from "../language.ts"
import { chatIcons } from "./icons.ts"
import { MediaElement, mediaStyles } from "./media-element.ts"

const largest = 12_000_000

export class Video extends MediaElement {
    static override properties = { ...MediaElement.properties, silent: { type: Boolean }, asked: { state: true } }

    /** A GIF: plays over and over without sound. */
    declare silent: boolean
    declare private asked: boolean

    constructor() {
        super()
        this.silent = false
        this.asked = false
    }

    static override styles = [
        ...mediaStyles,
        css`
            .frame {
                inline-size: min(320px, 100%);
                aspect-ratio: 4 / 3;
                border: 0;
                border-radius: 13px;
                overflow: hidden;
                background: var(--paper-sunken);
            }

            video {
                display: block;
                inline-size: 100%;
                block-size: 100%;
                object-fit: contain;
                background: #0d0c0a;
            }

            .load {
                inline-size: 100%;
                block-size: 100%;
                border: 0;
            }

            .load .icon {
                inline-size: 44px;
                block-size: 44px;
                padding: 9px;
                border-radius: 50%;
                color: var(--accent-ink);
                background: var(--accent);
            }
        `,
    ]

    protected override get waits(): boolean {
        return !this.asked && (this.shown?.size ?? 0) > largest
    }

    protected override render(): TemplateResult | typeof nothing {
        const { shelved, shown, text, host } = this
        if (shown === null || host === null) return nothing
        if (shelved?.kind === "refused")
            return html`<div class="frame space">
                ${chatIcons.video}<span>${text.notOpened}</span>
                <button class="plain" @click=${this.again}>${text.retry}</button>
            </div>`
        if (shelved?.kind === "opened") {
            const still = matchMedia("(prefers-reduced-motion: reduce)").matches
            return html`<div class="frame">
                <video
                    src=${shelved.address}
                    controls
                    playsinline
                    preload="metadata"
                    aria-label=${`${text.video}, ${text.message(shown.who, shown.when)}`}
                    ?loop=${this.silent}
                    .muted=${this.silent}
                    ?autoplay=${this.silent && !still}
                ></video>
            </div>`
        }
        if (!this.waits) return html`<div class="frame space" aria-busy="true">${chatIcons.video}</div>`
        return html`<div class="frame">
            <button class="load space" @click=${this.load}>
                ${chatIcons.play}<span>${text.loadVideo(bytes(host.language, shown.size))}</span>
            </button>
        </div>`
    }

    private readonly load = (): void => {
        this.asked = true
        void this.take()
    }
}

customElements.define("bw-video", Video)
