/** The chats of the library, newest first, and what is not finished yet. */

import { html, nothing, type TemplateResult } from "lit"
import type { LastCheck } from "../engine/last-check.ts"
import type { ChatSummary, Engine, PendingImport, QuotaState } from "../engine/protocol.ts"
import { avatar } from "./avatar.ts"
import { exportSteps } from "./export-steps.ts"
import { lastCheckWords } from "./health.ts"
import { icons } from "./icons.ts"
import { dayAndTime, shortDay } from "./language.ts"
import { PageElement } from "./page-element.ts"
import { hashOf } from "./routes.ts"
import { storageBar } from "./storage-bar.ts"
import type { Text } from "./text.ts"
import "./found-messages.ts"

/** What several exports hold together is counted when they are read: until then it is at least what the largest holds. */
export function messagesWords({ library }: Text, { imports, messages }: ChatSummary): string {
    return imports.length > 1 ? library.messagesAtLeast(messages) : library.messages(messages)
}

export class ChatList extends PageElement {
    static override properties = {
        engine: { attribute: false },
        chats: { attribute: false },
        pending: { attribute: false },
        quota: { attribute: false },
        checked: { attribute: false },
        current: { attribute: false },
        choose: { attribute: false },
        goOn: { attribute: false },
        discard: { attribute: false },
        sought: { state: true },
    }

    declare engine: Engine
    declare chats: readonly ChatSummary[]
    declare pending: readonly PendingImport[]
    declare quota: QuotaState
    declare checked: LastCheck | null
    /** The conversation that is being read, or null. */
    declare current: string | null
    declare choose: () => void
    declare goOn: (pending: PendingImport) => void
    declare discard: (pending: PendingImport) => void
    declare sought: string

    constructor() {
        super()
        this.sought = ""
    }

    protected override render(): TemplateResult {
        const { library } = this.text
        const empty = this.chats.length === 0
        return html`
            <div class="list-head">
                <h1>${library.title}</h1>
                ${empty ? nothing : html`<button class="button button-small" type="button" @click=${this.choose}>${icons.plus}${library.add}</button>`}
            </div>
            ${this.pending.map((pending) => this.unfinished(pending))}
            ${empty ? this.empty() : this.list()}
            ${empty ? nothing : html`<footer class="list-foot"><a class="storage-link" href=${hashOf({ kind: "room" })}>${storageBar(this.text, this.quota)}</a>${this.lastCheck()}</footer>`}
        `
    }

    private lastCheck(): TemplateResult {
        const words = lastCheckWords(this.text, this.language, this.checked, Date.now())
        return html`<a class="storage-link small soft" href=${hashOf({ kind: "check", conversation: null })}>${words}</a>`
    }

    private list(): TemplateResult {
        const { library } = this.text
        const sought = this.sought.toLocaleLowerCase(this.language)
        const shown = this.chats.filter((chat) => chat.name.toLocaleLowerCase(this.language).includes(sought))
        return html`
            <input class="list-search" type="search" aria-label=${library.search} placeholder=${library.search} @input=${this.search} />
            <ul class="chats">
                ${shown.map((chat) => html`<li>${this.row(chat)}</li>`)}
            </ul>
            ${this.sought === "" ? nothing : html`<bw-found-messages .engine=${this.engine} .sought=${this.sought}></bw-found-messages>`}
        `
    }

    private row(chat: ChatSummary): TemplateResult {
        const { library } = this.text
        const size = chat.imports.reduce((sum, one) => sum + one.size, 0)
        const facts = [
            ...(chat.reader !== "files" ? [messagesWords(this.text, chat)] : []),
            ...(chat.media > 0 ? [library.media(chat.media)] : []),
            this.text.size(size),
        ]
        const last = chat.last ?? chat.imports[0]?.added
        return html`
            <a
                class="chat-row"
                href=${hashOf({ kind: "chat", conversation: chat.conversation, importId: null })}
                aria-current=${chat.conversation === this.current ? "page" : nothing}>
                ${chat.reader === "files" ? html`<span class="avatar avatar-file" aria-hidden="true">${icons.file}</span>` : avatar(chat.name)}
                <span class="chat-row-words">
                    <span class="chat-row-top">
                        <span class="chat-row-name">${chat.name}</span>
                        ${last === undefined ? nothing : html`<time class="small soft">${shortDay(this.language, last)}</time>`}
                    </span>
                    <span class="small soft chat-row-facts">${facts.join(" · ")}</span>
                </span>
            </a>
        `
    }

    private empty(): TemplateResult {
        const { library } = this.text
        return html`
            <section class="empty card stack">
                <span class="empty-picture" aria-hidden="true"></span>
                <h2>${library.emptyTitle}</h2>
                <p>${library.emptyWords}</p>
                <p class="row"><button class="button" type="button" @click=${this.choose}>${library.choose}</button></p>
                ${exportSteps(this.text, true)}
            </section>
        `
    }

    private unfinished(pending: PendingImport): TemplateResult {
        const { pending: words } = this.text
        return html`
            <section class="note note-warm pending">
                <div class="stack">
                    <h2 class="pending-title">${words.title}</h2>
                    <p>
                        ${words.words(pending.title, this.text.size(pending.sentBytes))}
                        <span class="small soft">${words.begun(dayAndTime(this.language, pending.begun))}</span>
                    </p>
                    <p class="row">
                        <button class="button button-small" type="button" @click=${() => this.goOn(pending)}>
                            ${pending.hasHandle ? words.goOn : words.chooseAgain(pending.fileName)}
                        </button>
                        <button class="button button-plain button-small" type="button" @click=${() => this.discard(pending)}>${words.discard}</button>
                    </p>
                </div>
            </section>
        `
    }

    private search(event: Event): void {
        this.sought = (event.target as HTMLInputElement).value
    }
}

customElements.define("bw-chat-list", ChatList)
