/** `<bw-gallery-tile>`: one picture of the gallery. It holds its file only while it is near the eye. */

import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit"
import type { Piece } from "../../reader/overview.ts"
import { chatIcons, iconStyles } from "./icons.ts"
import type { MediaShelf, Shelved } from "./media-shelf.ts"

const ahead = "300px 0px"

/** Tells elements when they come near the visible part of a pane, and when they leave it. */
export class Nearness {
    readonly #observer: IntersectionObserver
    readonly #told = new Map<Element, (near: boolean) => void>()

    constructor(root: Element) {
        this.#observer = new IntersectionObserver(
            (entries) => {
                for (const { target, isIntersecting } of entries) this.#told.get(target)?.(isIntersecting)
            },
            { root, rootMargin: ahead },
        )
    }

    watch(element: Element, told: (near: boolean) => void): void {
        this.#told.set(element, told)
        this.#observer.observe(element)
    }

    unwatch(element: Element): void {
        this.#told.delete(element)
        this.#observer.unobserve(element)
    }
}

export class GalleryTile extends LitElement {
    static override properties = {
        piece: { attribute: false },
        label: { attribute: false },
        shelf: { attribute: false },
        nearness: { attribute: false },
        shelved: { state: true },
    }

    declare piece: Piece | null
    declare label: string
    declare shelf: MediaShelf | null
    declare nearness: Nearness | null
    declare private shelved: Shelved | null
    private taken: number | null = null

    constructor() {
        super()
        this.piece = null
        this.label = ""
        this.shelf = null
        this.nearness = null
        this.shelved = null
    }

    static override styles = [
        iconStyles,
        css`
            :host {
                display: block;
                aspect-ratio: 1;
                contain: strict;
            }

            button {
                display: grid;
                place-items: center;
                inline-size: 100%;
                block-size: 100%;
                padding: 0;
                border: 0;
                border-radius: 10px;
                overflow: hidden;
                color: var(--ink-soft);
                background: var(--paper-sunken);
                cursor: pointer;
            }

            button:focus-visible {
                outline: 3px solid var(--accent);
                outline-offset: -3px;
            }

            img {
                inline-size: 100%;
                block-size: 100%;
                object-fit: cover;
            }
        `,
    ]

    override connectedCallback(): void {
        super.connectedCallback()
        if (this.hasUpdated) this.watch()
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        this.nearness?.unwatch(this)
        this.giveBack()
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (changed.has("nearness")) this.watch()
    }

    protected override render(): TemplateResult {
        const { piece, shelved } = this
        const picture = shelved?.kind === "opened" && piece?.kind === "photo"
        return html`<button title=${this.label} aria-label=${this.label}>
            ${picture ? html`<img src=${shelved.address} alt="" decoding="async" draggable="false" />` : chatIcons[piece?.kind === "photo" ? "photo" : "video"]}
        </button>`
    }

    private watch(): void {
        this.nearness?.watch(this, (near) => (near ? void this.take() : this.giveBack()))
    }

    private async take(): Promise<void> {
        const { piece, shelf } = this
        // Films are long: their picture would be all of them.
        if (piece === null || shelf === null || this.taken !== null || piece.kind !== "photo") return
        this.taken = piece.file
        const shelved = await shelf.take(piece.file)
        if (this.taken === piece.file) this.shelved = shelved
    }

    private giveBack(): void {
        if (this.taken !== null) this.shelf?.release(this.taken)
        this.taken = null
        this.shelved = null
    }
}

customElements.define("bw-gallery-tile", GalleryTile)
