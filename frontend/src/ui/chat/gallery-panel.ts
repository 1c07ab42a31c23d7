/** `<bw-gallery-panel>`: everything that was sent, month by month; what is near the eye is fetched, the rest is not. */

import { css, html, nothing, type TemplateResult } from "lit"
import { repeat } from "lit/directives/repeat.js"
import type { Piece } from "../../reader/overview.ts"
import { bytes, day, month } from "../language.ts"
import { Nearness } from "./gallery-tile.ts"
import { chatIcons } from "./icons.ts"
import { Panel, panelStyles } from "./panel.ts"

const sorts = {
    pictures: new Set(["photo", "video", "gif"]),
    voices: new Set(["voice", "audio"]),
    documents: new Set(["document", "contact"]),
} as const

type Sort = keyof typeof sorts
/** Pieces that are drawn at first, and more with each reach of the end. */
const step = 240

export class GalleryPanel extends Panel {
    static override properties = {
        ...Panel.properties,
        pieces: { state: true },
        sort: { state: true },
        drawn: { state: true },
        nearness: { state: true },
    }

    declare private pieces: readonly Piece[] | null
    declare private sort: Sort
    declare private drawn: number
    declare private nearness: Nearness | null

    constructor() {
        super()
        this.pieces = null
        this.sort = "pictures"
        this.drawn = step
        this.nearness = null
    }

    static override styles = [
        ...panelStyles,
        css`
            .sorts {
                padding: var(--space-1) var(--space-4) var(--space-3);
            }

            .sorts button[aria-pressed="true"] {
                border-color: var(--accent);
                background: var(--accent-soft);
            }

            .grid {
                display: grid;
                grid-template-columns: repeat(auto-fill, minmax(88px, 1fr));
                gap: 4px;
            }
        `,
    ]

    override async firstUpdated(): Promise<void> {
        this.pieces = (await this.session?.source.media().catch(() => [])) ?? []
        const content = this.renderRoot.querySelector(".content")
        if (content !== null) this.nearness = new Nearness(content)
        if (!this.of("pictures").length && this.of("documents").length) this.sort = "documents"
        if (!this.of("pictures").length && this.of("voices").length) this.sort = "voices"
    }

    protected override render(): TemplateResult {
        const { text } = this
        return html`<div class="row sorts" role="group" aria-label=${text.kind}>
                ${(["pictures", "voices", "documents"] as const).map(
                    (sort) =>
                        html`<button class="quiet" aria-pressed=${sort === this.sort} @click=${() => this.choose(sort)}>${text[sort]}</button>`,
                )}
            </div>
            <div class="content" @scroll=${this.scrolled}>${this.months()}</div>`
    }

    private of(sort: Sort): readonly Piece[] {
        return (this.pieces ?? []).filter(({ kind }) => (sorts[sort] as ReadonlySet<string>).has(kind))
    }

    private months(): TemplateResult | typeof nothing {
        if (this.pieces === null || this.nearness === null) return nothing
        const pieces = this.of(this.sort)
        if (pieces.length === 0) return html`<p class="soft">${this.text.noMedia}</p>`
        const months = new Map<string, Piece[]>()
        for (const piece of pieces.slice(0, this.drawn)) {
            const of = piece.time.slice(0, 7)
            const known = months.get(of)
            if (known === undefined) months.set(of, [piece])
            else known.push(piece)
        }
        return html`${repeat(
            months,
            ([of]) => of,
            ([of, inMonth]) => html`<section>
                <h3>${of === "" ? "" : month(this.language, of)}</h3>
                ${this.sort === "pictures" ? this.grid(inMonth) : html`<ul>${inMonth.map((piece) => html`<li>${this.line(piece)}</li>`)}</ul>`}
            </section>`,
        )}`
    }

    private grid(pieces: readonly Piece[]): TemplateResult {
        const { session, nearness } = this
        return html`<div class="grid">
            ${repeat(
                pieces,
                ({ record }) => record,
                (piece) =>
                    html`<bw-gallery-tile
                        .piece=${piece}
                        .label=${this.labelOf(piece)}
                        .shelf=${session?.shelf ?? null}
                        .nearness=${nearness}
                        @click=${() => this.go(piece.record)}
                    ></bw-gallery-tile>`,
            )}
        </div>`
    }

    private line(piece: Piece): TemplateResult {
        const size = this.session?.file(piece.file)?.size ?? 0
        const name = piece.kind === "voice" ? "" : piece.name.replace(/^\d{8}-/, "")
        return html`<button class="hit" @click=${() => this.go(piece.record)}>
            <span class="hit-top"><bdi>${this.nameOf(piece)}</bdi><time>${day(this.language, piece.time)}</time></span>
            <span class="hit-words row">
                ${piece.kind === "voice" || piece.kind === "audio" ? chatIcons.voice : piece.kind === "contact" ? chatIcons.contact : chatIcons.document}
                <bdi>${name}</bdi><span class="soft small">${bytes(this.language, size)}</span>
            </span>
        </button>`
    }

    private nameOf({ sender }: Piece): string {
        return sender === null ? "" : (this.session?.source.chat.people[sender] ?? "")
    }

    private labelOf(piece: Piece): string {
        return `${this.text.showInChat}: ${[this.nameOf(piece), day(this.language, piece.time)].filter(Boolean).join(", ")}`
    }

    private choose(sort: Sort): void {
        this.sort = sort
        this.drawn = step
    }

    private readonly scrolled = ({ target }: Event): void => {
        if (!(target instanceof Element)) return
        if (target.scrollTop + target.clientHeight > target.scrollHeight - 800) {
            if (this.drawn < this.of(this.sort).length) this.drawn += step
        }
    }
}

customElements.define("bw-gallery-panel", GalleryPanel)
