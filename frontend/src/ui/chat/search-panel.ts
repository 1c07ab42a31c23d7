/** `<bw-search-panel>`: searches the chat while one types; a list of hits, and arrows from one to the next. */

import { css, html, nothing, type TemplateResult } from "lit"
import type { ChatRecord } from "../../reader/conversation.ts"
import { termsOf } from "../../reader/fold.ts"
import type { SearchKind, SearchQuery } from "../../reader/search.ts"
import { dayAndTime } from "../language.ts"
import { chatIcons } from "./icons.ts"
import { Panel, panelStyles } from "./panel.ts"
import { snippet } from "./snippet.ts"

const kinds: readonly SearchKind[] = ["picture", "video", "voice", "document", "link", "place", "contact"]
/** Hits that are listed at once; more are a click away. */
const listed = 60

const noQuery: SearchQuery = { text: "", person: null, kind: null, from: null, to: null }

export class SearchPanel extends Panel {
    static override properties = {
        ...Panel.properties,
        query: { state: true },
        hits: { state: true },
        shown: { state: true },
        current: { state: true },
        failed: { state: true },
    }

    declare private query: SearchQuery
    /** Null: nothing was asked for. */
    declare private hits: Uint32Array | null
    /** The newest hits, as records. */
    declare private shown: readonly ChatRecord[]
    /** Place among the hits, counted from the newest; -1: none yet. */
    declare private current: number
    declare private failed: boolean
    private asked = 0

    constructor() {
        super()
        this.query = noQuery
        this.hits = null
        this.shown = []
        this.current = -1
        this.failed = false
    }

    static override styles = [
        ...panelStyles,
        css`
            .field {
                display: grid;
                grid-template-columns: minmax(0, 1fr);
                gap: var(--space-2);
                padding: var(--space-1) var(--space-4) var(--space-3);
            }

            .filters {
                display: grid;
                grid-template-columns: repeat(2, minmax(0, 1fr));
                gap: var(--space-2);
                padding-block-start: var(--space-2);
            }

            summary {
                color: var(--ink-soft);
                font-size: var(--text-small);
                cursor: pointer;
            }

            .count {
                flex: 1;
                margin: 0;
                color: var(--ink-soft);
                font-size: var(--text-small);
            }
        `,
    ]

    override firstUpdated(): void {
        this.focusField()
    }

    focusField(): void {
        this.renderRoot.querySelector("input")?.focus()
    }

    protected override render(): TemplateResult {
        const { text, hits } = this
        return html`<div class="field">
                <input
                    type="search"
                    aria-label=${text.searchIn}
                    placeholder=${text.searchIn}
                    autocomplete="off"
                    spellcheck="false"
                    @input=${this.typed}
                    @keydown=${this.key}
                />
                ${this.filters()}
                <div class="row">
                    <p class="count" role="status">${this.count()}</p>
                    <button class="round" title=${text.earlier} aria-label=${text.earlier} ?disabled=${!hits?.length} @click=${() => this.step(1)}>
                        ${chatIcons.up}
                    </button>
                    <button class="round" title=${text.later} aria-label=${text.later} ?disabled=${!hits?.length} @click=${() => this.step(-1)}>
                        ${chatIcons.down}
                    </button>
                </div>
            </div>
            <div class="content">${this.list()}</div>`
    }

    private filters(): TemplateResult {
        const { text, query } = this
        const people = this.session?.source.chat.people ?? []
        return html`<details>
            <summary>${text.filters}</summary>
            <div class="filters">
                <label
                    ><span>${text.person}</span>
                    <select @change=${(event: Event) => this.narrow({ person: numberOf(event) })}>
                        <option value="">${text.anyone}</option>
                        ${people.map((name, person) => html`<option value=${person} ?selected=${query.person === person}>${name}</option>`)}
                    </select>
                </label>
                <label
                    ><span>${text.kind}</span>
                    <select @change=${(event: Event) => this.narrow({ kind: kinds.find((kind) => kind === valueIn(event)) ?? null })}>
                        <option value="">${text.anything}</option>
                        ${kinds.map((kind) => html`<option value=${kind} ?selected=${query.kind === kind}>${text.kinds[kind]}</option>`)}
                    </select>
                </label>
                <label><span>${text.from}</span><input type="date" @change=${(event: Event) => this.narrow({ from: valueIn(event) || null })} /></label>
                <label><span>${text.to}</span><input type="date" @change=${(event: Event) => this.narrow({ to: valueIn(event) || null })} /></label>
            </div>
        </details>`
    }

    private count(): string {
        const { text, hits, current } = this
        if (this.failed) return text.failed
        if (hits === null) return text.hint
        if (hits.length === 0) return text.nothing
        return current < 0 ? text.found(hits.length) : text.position(current + 1, hits.length)
    }

    private list(): TemplateResult | typeof nothing {
        const { text, hits, shown } = this
        if (hits === null) return nothing
        if (hits.length === 0) return html`<p class="soft">${text.nothingNext}</p>`
        const terms = termsOf(this.query.text)
        return html`<ul>
                ${shown.map(
                    (record, place) => html`<li>
                        <button class="hit" aria-current=${place === this.current} @click=${() => this.choose(place)}>
                            <span class="hit-top"
                                ><bdi>${this.nameOf(record)}</bdi><time>${record.time === "" ? "" : dayAndTime(this.language, record.time)}</time></span
                            >
                            <span class="hit-words" dir="auto">${snippet(record, terms)}</span>
                        </button>
                    </li>`,
                )}
            </ul>
            ${
                shown.length < hits.length
                    ? html`<p><button class="quiet" @click=${() => void this.showMore()}>${text.moreHits}</button></p>`
                    : nothing
            }`
    }

    private nameOf({ sender }: ChatRecord): string {
        return sender === null ? "" : (this.session?.source.chat.people[sender] ?? "")
    }

    private narrow(change: Partial<SearchQuery>): void {
        this.query = { ...this.query, ...change }
        void this.search()
    }

    private readonly typed = (event: Event): void => this.narrow({ text: valueIn(event) })

    private async search(): Promise<void> {
        const { session, query } = this
        if (session === null) return
        const asked = ++this.asked
        try {
            const hits = await session.source.search(query)
            if (asked !== this.asked) return
            const empty =
                hits.length === 0 && JSON.stringify({ ...query, text: query.text.trim() }) === JSON.stringify(noQuery)
            this.hits = empty ? null : hits
            this.shown = []
            this.current = -1
            this.failed = false
            await this.showMore()
        } catch {
            if (asked === this.asked) this.failed = true
        }
    }

    /** The next of the hits, the newest first. */
    private async showMore(): Promise<void> {
        const { session, hits, asked } = this
        if (session === null || hits === null) return
        const from = this.shown.length
        const wanted = [...hits.subarray(Math.max(0, hits.length - from - listed), hits.length - from)].toReversed()
        const records = await Promise.all(wanted.map((index) => session.record(index)))
        if (asked === this.asked) this.shown = [...this.shown, ...records.flatMap((record) => record ?? [])]
    }

    private choose(place: number): void {
        const { hits } = this
        if (hits === null || hits.length === 0) return
        this.current = Math.min(Math.max(place, 0), hits.length - 1)
        this.go(hits[hits.length - 1 - this.current] ?? 0)
    }

    private step(by: 1 | -1): void {
        this.choose(this.current < 0 ? 0 : this.current + by)
    }

    private readonly key = (event: KeyboardEvent): void => {
        if (event.key !== "Enter") return
        event.preventDefault()
        this.step(event.shiftKey ? -1 : 1)
    }
}

function valueIn({ target }: Event): string {
    return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.value : ""
}

function numberOf(event: Event): number | null {
    const value = valueIn(event)
    return value === "" ? null : Number(value)
}

customElements.define("bw-search-panel", SearchPanel)
