/** `<bw-found-messages>`: what a search over all chats finds, chat by chat, while it is still looking. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit"
import { codeOf } from "../engine/errors.ts"
import type { Engine, FoundInChat } from "../engine/protocol.ts"
import { termsOf } from "../reader/fold.ts"
import { snippet } from "./chat/snippet.ts"
import { errorSentence } from "./error-sentence.ts"
import { number, shortDay } from "./language.ts"
import { PageElement } from "./page-element.ts"

/** Shorter words are in every chat. */
const shortest = 2
/** A pause in typing, in milliseconds. */
const pause = 180

/** Of the event `found-chosen`. */
export interface FoundChoice {
    readonly conversation: string
    readonly part: string
    readonly record: number
}

export class FoundMessages extends PageElement {
    static override properties = {
        engine: { attribute: false },
        sought: { attribute: false },
        found: { state: true },
        looking: { state: true },
        trouble: { state: true },
    }

    declare engine: Engine
    declare sought: string
    declare private found: readonly FoundInChat[]
    declare private looking: boolean
    declare private trouble: string | null
    #waiting = 0
    #asked = 0

    constructor() {
        super()
        this.sought = ""
        this.found = []
        this.looking = false
        this.trouble = null
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        clearTimeout(this.#waiting)
        this.#asked++
        void this.engine.stopSearch().catch(() => undefined)
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (!changed.has("sought")) return
        clearTimeout(this.#waiting)
        this.#waiting = window.setTimeout(() => void this.search(), pause)
    }

    protected override render(): TemplateResult | typeof nothing {
        const { library } = this.text
        if (this.sought.trim().length < shortest) return nothing
        const nothingFound = !this.looking && this.found.length === 0 && this.trouble === null
        return html`
            <section class="found" aria-label=${library.foundTitle}>
                <h2 class="small soft">${library.foundTitle}</h2>
                ${this.found.map((one) => this.chat(one))}
                <p class="small soft" role="status">${this.looking ? library.looking : nothingFound ? library.nothingFound : ""}</p>
                ${this.trouble === null ? nothing : html`<p class="small" role="alert">${this.trouble}</p>`}
            </section>
        `
    }

    private chat({ conversation, part, title, people, total, records }: FoundInChat): TemplateResult {
        const terms = termsOf(this.sought)
        return html`
            <h3 class="found-chat"><bdi>${title}</bdi> <span class="small soft">${number(this.language, total)}</span></h3>
            <ul class="chats">
                ${records.map(
                    (record) => html`<li>
                        <button type="button" class="found-hit" @click=${() => this.choose({ conversation, part, record: record.index })}>
                            <span class="chat-row-top small soft">
                                <bdi>${record.sender === null ? "" : (people[record.sender] ?? "")}</bdi>
                                <time>${record.time === "" ? "" : shortDay(this.language, record.time)}</time>
                            </span>
                            <span class="found-words" dir="auto">${snippet(record, terms)}</span>
                        </button>
                    </li>`,
                )}
            </ul>
        `
    }

    private choose(choice: FoundChoice): void {
        this.dispatchEvent(new CustomEvent<FoundChoice>("found-chosen", { detail: choice, bubbles: true }))
    }

    private async search(): Promise<void> {
        const asked = ++this.#asked
        this.found = []
        this.trouble = null
        const text = this.sought.trim()
        if (text.length < shortest) return
        this.looking = true
        try {
            const query = { text, person: null, kind: null, from: null, to: null }
            await this.engine.searchAll(query, (one) => {
                if (asked === this.#asked) this.found = [...this.found, one]
            })
        } catch (error) {
            if (asked === this.#asked && codeOf(error) !== "stopped")
                this.trouble = errorSentence(this.text, codeOf(error))
        } finally {
            if (asked === this.#asked) this.looking = false
        }
    }
}

customElements.define("bw-found-messages", FoundMessages)
