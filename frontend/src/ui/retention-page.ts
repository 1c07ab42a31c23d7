/** Settings: which exports stay, and what may go: looked at, unticked, confirmed. Of one chat, or of all of them. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { Engine, JudgedChat, JudgedImport } from "../engine/protocol.ts"
import type { ConfirmDialog } from "./confirm-dialog.ts"
import { errorSentence } from "./error-sentence.ts"
import { icons } from "./icons.ts"
import { dayAndTime, pageZone, shortDay } from "./language.ts"
import { PageElement } from "./page-element.ts"
import {
    hasChoice,
    isOpenToChoice,
    isProposed,
    RetentionSession,
    type RetentionState,
    type Said,
} from "./retention-session.ts"
import { heldWords, reasonWords, ruleWords } from "./retention-words.ts"
import { hashOf, type Route } from "./routes.ts"
import { settingsHead } from "./settings-head.ts"
import { troubleNote } from "./trouble-note.ts"
import "./confirm-dialog.ts"
import "./retention-rule.ts"

type Open = Extract<RetentionState, { readonly kind: "open" | "deleting" }>

export class RetentionPage extends PageElement {
    static override properties = {
        engine: { attribute: false },
        conversation: { attribute: false },
        sequence: { type: Number },
        state: { state: true },
    }

    declare engine: Engine
    /** Null: all chats. */
    declare conversation: string | null
    /** Of the newest head: the list is read anew whenever something changed. */
    declare sequence: number
    declare state: RetentionState
    #session: RetentionSession | null = null

    constructor() {
        super()
        this.conversation = null
        this.sequence = 0
        this.state = { kind: "comparing" }
    }

    protected override willUpdate(changed: PropertyValues): void {
        if (changed.has("conversation") || this.#session === null) {
            this.state = { kind: "comparing" }
            const session = new RetentionSession(this.engine, this.conversation, pageZone(), (state) => {
                if (this.#session === session) this.state = state
            })
            this.#session = session
            void session.read()
        } else if (changed.has("sequence") && this.state.kind === "open") void this.#session.read()
    }

    protected override render(): TemplateResult {
        const { retention } = this.text
        const back: Route =
            this.conversation === null
                ? { kind: "settings" }
                : { kind: "chat", conversation: this.conversation, importId: null }
        return html`
            <div class="narrow stack settings">
                ${settingsHead(this.text, retention.title, back, true)} ${this.body()}
            </div>
            <bw-confirm-dialog></bw-confirm-dialog>
        `
    }

    private body(): TemplateResult {
        const { retention, common } = this.text
        const { state } = this
        switch (state.kind) {
            case "comparing":
                return html`<p class="soft" role="status">${retention.comparing}</p>`
            case "refused":
                return html`
                    <section class="card stack" role="alert">
                        <p>${errorSentence(this.text, state.code)}</p>
                        <p><button class="button" type="button" @click=${() => this.#session?.read()}>${common.tryAgain}</button></p>
                    </section>
                `
            case "open":
            case "deleting":
                return this.open(state)
            default:
                return unreachable(state)
        }
    }

    private open(state: Open): TemplateResult {
        const { retention } = this.text
        const [chat] = state.keep.chats
        const one = this.conversation !== null
        return html`
            <section class="card stack">
                <p class="soft">${retention.words}</p>
                <bw-retention-rule
                    .rule=${one ? (chat?.rule ?? null) : state.keep.rule}
                    .everywhere=${one ? state.keep.rule : null}
                    .save=${this.save}
                    ?busy=${state.kind === "deleting"}></bw-retention-rule>
                <p class="small soft">${retention.sealed}</p>
            </section>
            <div class="keep-said" role="status">${this.said(state.said)}</div>
            ${this.chats(state)} ${this.outcome(state)}
        `
    }

    private said(said: Said | null): TemplateResult | typeof nothing {
        const { retention, size } = this.text
        switch (said?.kind) {
            case undefined:
                return nothing
            case "saved":
                return html`<p class="note"><span>${retention.saved}</span></p>`
            case "deleted":
                return html`<p class="note"><span>${retention.deleted(said.count, size(said.freed))}</span></p>`
            case "trouble":
                return troubleNote(errorSentence(this.text, said.code)) as TemplateResult
            default:
                return unreachable(said)
        }
    }

    private chats(state: Open): TemplateResult {
        const { retention } = this.text
        const { chats, rule } = state.keep
        const shown = this.conversation === null ? chats.filter(hasChoice) : chats
        const others = chats.length - shown.length
        if (shown.every((chat) => !hasChoice(chat)) && this.conversation === null)
            return html`<p class="soft">${rule.kind === "all" ? retention.nothing : retention.nothingAsRuled}</p>`
        return html`
            ${shown.map((chat) => this.chat(state, chat))}
            ${others > 0 ? html`<p class="small soft">${retention.otherChats(others)}</p>` : nothing}
        `
    }

    private chat(state: Open, chat: JudgedChat): TemplateResult {
        const { retention } = this.text
        const own = this.conversation === null && chat.rule !== null
        return html`
            <section class="card stack" aria-label=${chat.name}>
                <div>
                    <h2>${this.conversation === null ? html`<a class="plain-link" href=${hashOf({ kind: "keep", conversation: chat.conversation })}>${chat.name}</a>` : chat.name}</h2>
                    ${own && chat.rule !== null ? html`<p class="small soft">${retention.ownRule(ruleWords(this.text, this.language, chat.rule))}</p>` : nothing}
                </div>
                <ul class="keep-list">
                    ${chat.imports.map((one) => html`<li>${this.row(state, chat, one)}</li>`)}
                </ul>
            </section>
        `
    }

    private row(state: Open, chat: JudgedChat, one: JudgedImport): TemplateResult {
        const { retention, library, chat: words, size } = this.text
        const rule = chat.rule ?? state.keep.rule
        const last = rule.kind === "some" ? rule.last : 0
        const facts = [
            size(one.size),
            ...(chat.reader !== "files" ? [library.messages(one.messages)] : []),
            ...(one.first && one.last
                ? [words.span(shortDay(this.language, one.first), shortDay(this.language, one.last))]
                : []),
            words.added(dayAndTime(this.language, one.added)),
        ]
        const reasons = one.reasons.map((reason) => reasonWords(this.text, this.language, reason, last)).join(" · ")
        const verdict = isProposed(one) ? retention.goes : retention.stays(reasons)
        const described = html`
            <span class="keep-words">
                <span class="import-name">${one.fileName}</span>
                <span class="small soft">${facts.join(" · ")}</span>
                <span class="small keep-verdict" data-goes=${isProposed(one)}>${verdict}</span>
                ${one.reasons.some(({ kind }) => kind === "only-here") ? html`<span class="small soft">${retention.onlyHereHelp}</span>` : nothing}
            </span>
        `
        if (!isOpenToChoice(one)) return html`<div class="keep-row">${icons.check}${described}</div>`
        return html`
            <label class="keep-row">
                <input
                    type="checkbox"
                    .checked=${state.chosen.has(one.importId)}
                    ?disabled=${state.kind === "deleting"}
                    @change=${(event: Event) => this.tick(one, event)} />
                ${described}
            </label>
        `
    }

    private outcome(state: Open): TemplateResult | typeof nothing {
        const { retention, size } = this.text
        if (!state.keep.chats.some(hasChoice)) return nothing
        const { chosen, weighed } = state
        const count = chosen.size
        if (count === 0)
            return html`<section class="card keep-outcome"><p class="soft">${retention.noneChosen}</p></section>`
        const lost = weighed === null ? "" : heldWords(this.text, this.language, weighed.lost)
        return html`
            <section class="card stack keep-outcome">
                <div class="stack-small" role="status">
                    <p class="keep-count">${retention.chosen(count)}</p>
                    ${
                        weighed === null
                            ? html`<p class="soft">${retention.weighing}</p>`
                            : html`<p class="soft">${weighed.freed === 0 ? retention.freedNothing : retention.freed(size(weighed.freed))}</p>`
                    }
                    ${
                        weighed === null
                            ? nothing
                            : lost === ""
                              ? html`<p class="soft">${retention.lostNothing}</p>`
                              : html`<p class="note note-danger"><span>${retention.lost(lost)}</span></p>`
                    }
                </div>
                <p>
                    <button class="button button-danger" type="button" ?disabled=${weighed === null || state.kind === "deleting"} @click=${this.delete}>
                        ${state.kind === "deleting" ? retention.deleting : retention.delete(count)}
                    </button>
                </p>
            </section>
        `
    }

    private readonly save: (rule: Parameters<RetentionSession["setRule"]>[0]) => void = (rule) => {
        void this.#session?.setRule(rule).then(() => this.changed())
    }

    private tick({ importId }: JudgedImport, event: Event): void {
        void this.#session?.tick(importId, (event.target as HTMLInputElement).checked)
    }

    private async delete(): Promise<void> {
        const { retention } = this.text
        const { state } = this
        if (state.kind !== "open" || state.weighed === null) return
        const count = state.chosen.size
        const lost = heldWords(this.text, this.language, state.weighed.lost)
        const question = {
            title: retention.askTitle(count),
            words: [
                ...(lost === "" ? [retention.lostNothing] : [retention.lost(lost)]),
                retention.askWords(count),
            ].join(" "),
            confirm: retention.delete(count),
        }
        if (!(await this.querySelector<ConfirmDialog>("bw-confirm-dialog")?.ask(question))) return
        await this.#session?.delete(state.chosen)
        this.changed()
    }

    private changed(): void {
        this.dispatchEvent(new Event("library-changed", { bubbles: true }))
    }
}

customElements.define("bw-retention-page", RetentionPage)
