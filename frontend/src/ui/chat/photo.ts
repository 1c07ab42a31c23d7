/** `<bw-photo>`: a photo or sticker in a bubble; its place is kept before it is there. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit"
import { chatIcons } from "./icons.ts"
import { MediaElement, mediaStyles } from "./media-element.ts"

/** Proportions once seen, by file address: a photo that is scrolled back to has its place at once. */
const proportions = new WeakMap<object, Map<number, number>>()

const narrowest = 0.75
const widest = 1.9
const usual = 4 / 3

export class Photo extends MediaElement {
    static override properties = {
        ...MediaElement.properties,
        sticker: { type: Boolean, reflect: true },
        unreadable: { state: true },
    }

    declare sticker: boolean
    declare private unreadable: boolean

    constructor() {
        super()
        this.sticker = false
        this.unreadable = false
    }

    static override styles = [
        ...mediaStyles,
        css`
            .frame {
                inline-size: min(320px, 100%);
                max-block-size: 400px;
                aspect-ratio: 4 / 3;
                padding: 0;
                border: 0;
                border-radius: 13px;
                overflow: hidden;
                background: var(--paper-sunken);
                display: grid;
            }

            button.frame {
                cursor: zoom-in;
            }

            img {
                display: block;
                inline-size: 100%;
                block-size: 100%;
                object-fit: cover;
                animation: appear 200ms ease-out;
            }

            :host([sticker]) .frame {
                inline-size: 150px;
                block-size: 150px;
                aspect-ratio: auto;
                border-radius: 0;
                background: none;
                cursor: default;
            }

            :host([sticker]) img {
                object-fit: contain;
            }

            @keyframes appear {
                from {
                    opacity: 0;
                }
            }

            @media (prefers-reduced-motion: reduce) {
                img {
                    animation: none;
                }
            }
        `,
    ]

    protected override render(): TemplateResult | typeof nothing {
        const { shelved, shown, text } = this
        if (shown === null) return nothing
        if (shelved?.kind === "refused" || this.unreadable)
            return html`<div class="frame space">
                ${chatIcons.photo}<span>${text.notOpened}</span>
                <button class="plain" @click=${this.retry}>${text.retry}</button>
            </div>`
        if (shelved === null) return html`<div class="frame" role="img" aria-label=${text.loading}></div>`
        const label = this.sticker ? text.stickerOf(shown.who) : text.photoOf(shown.who, shown.when)
        const image = html`<img
            src=${shelved.address}
            alt=${label}
            decoding="async"
            draggable="false"
            @load=${this.measure}
            @error=${() => (this.unreadable = true)}
        />`
        if (this.sticker) return html`<div class="frame">${image}</div>`
        return html`<button class="frame" aria-label=${text.openPhoto(shown.who, shown.when)} @click=${this.enlarge}>
            ${image}
        </button>`
    }

    protected override updated(changed: PropertyValues<this>): void {
        super.updated(changed)
        const { host, shown } = this
        if (this.sticker || host === null || shown === null) return
        const known = proportions.get(host.shelf)?.get(shown.file)
        this.reserve(known ?? usual)
    }

    private reserve(ratio: number): void {
        const frame = this.renderRoot.querySelector<HTMLElement>(".frame")
        if (frame !== null) frame.style.aspectRatio = String(Math.min(widest, Math.max(narrowest, ratio)))
    }

    private measure(event: Event): void {
        const { host, shown } = this
        if (!(event.target instanceof HTMLImageElement) || host === null || shown === null || this.sticker) return
        const ratio = event.target.naturalWidth / Math.max(1, event.target.naturalHeight)
        const known = proportions.get(host.shelf) ?? new Map<number, number>()
        proportions.set(host.shelf, known.set(shown.file, ratio))
        // In the middle of what is being read nothing moves: the frame keeps its place and fits the next time.
        if (!this.dispatchEvent(new CustomEvent("bw-may-grow", { bubbles: true, composed: true, cancelable: true })))
            return
        this.reserve(ratio)
    }

    private readonly retry = (): void => {
        this.unreadable = false
        this.again()
    }

    private readonly enlarge = (): void => {
        this.dispatchEvent(new CustomEvent("bw-enlarge", { detail: this.shown?.index, bubbles: true, composed: true }))
    }
}

customElements.define("bw-photo", Photo)
