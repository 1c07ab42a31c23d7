/** One chat being read, and what can be done with it. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import { codeOf } from "../engine/errors.ts"
import type { ChatSummary, Engine, ImportSummary, OpenChat } from "../engine/protocol.ts"
import type { Chat } from "./chat/chat.ts"
import "./chat/chat.ts"
import { type ChatSource, sourceOf } from "./chat/source.ts"
import { clockQuestion } from "./chat-clock.ts"
import { type ChatDialogs, importsDialog, joinDialog, renameDialog } from "./chat-dialogs.ts"
import { messagesWords } from "./chat-list.ts"
import type { ConfirmDialog } from "./confirm-dialog.ts"
import { errorSentence } from "./error-sentence.ts"
import { icons } from "./icons.ts"
import { number, shortDay } from "./language.ts"
import { PageElement } from "./page-element.ts"
import { hashOf } from "./routes.ts"
import { keptSealed } from "./transcription/kept-sealed.ts"
import { transcriptionTexts } from "./transcription/text.ts"
import type { OpenTranscription, Transcription } from "./transcription/transcription.ts"
import "./confirm-dialog.ts"
import "./files-view.ts"
import "./transcription/model-dialog.ts"
import "./transcription/queue-strip.ts"

type ChatState =
    | { readonly kind: "opening" }
    | { readonly kind: "open"; readonly chat: OpenChat; readonly source: ChatSource }
    | { readonly kind: "refused"; readonly words: string }

/** A message that a search over all chats found. */
export interface ChatTarget {
    readonly part: string
    readonly record: number
}

export class ChatPage extends PageElement {
    static override properties = {
        engine: { attribute: false },
        summary: { attribute: false },
        others: { attribute: false },
        target: { attribute: false },
        importId: { attribute: false },
        state: { state: true },
        refusal: { state: true },
        restFailed: { state: true },
        counting: { state: true },
        transcribe: { attribute: false },
        transcription: { state: true },
    }

    declare engine: Engine
    declare summary: ChatSummary
    /** Chats that it may be joined with. */
    declare others: readonly ChatSummary[]
    /** Where to go once all of the chat is here, or null. */
    declare target: ChatTarget | null
    /** One export alone, or null for all of them as one history. */
    declare importId: string | null
    declare state: ChatState
    /** Why a change was not made, or null. */
    declare refusal: string | null
    /** Why only the newest messages are here, or null. */
    declare restFailed: string | null
    /** The chat is shown in numbers. */
    declare counting: boolean
    /** Null where voice notes cannot become text. */
    declare transcribe: OpenTranscription | null
    declare transcription: Transcription | null
    #opened = ""
    #reached: ChatTarget | null = null
    /** The end of the chat goes on being read until the whole has taken its place on the page. */
    #ends: readonly string[] = []

    constructor() {
        super()
        this.others = []
        this.target = null
        this.importId = null
        this.state = { kind: "opening" }
        this.refusal = null
        this.restFailed = null
        this.counting = false
        this.transcribe = null
        this.transcription = null
    }

    /** Another chat, another export or a changed list of exports is opened anew; a new name is not. */
    protected override willUpdate(): void {
        const wanted = [
            this.summary.conversation,
            this.importId,
            ...this.summary.imports.map((one) => one.importId),
        ].join()
        if (wanted === this.#opened) return
        this.#opened = wanted
        void this.openChat(wanted)
    }

    protected override updated(): void {
        void this.goToTarget()
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        this.close()
        this.#opened = ""
    }

    protected override render(): TemplateResult {
        return html`
            <header class="chat-head">
                <a class="button button-round chat-back" href=${hashOf({ kind: "library" })} aria-label=${this.text.common.back}>${icons.back}</a>
                <div class="chat-title">
                    <h1>${this.summary.name}</h1>
                    <p class="small soft">${this.facts()}</p>
                </div>
                <button class="button button-round" type="button" popovertarget="chat-menu" aria-label=${this.text.chat.actions}>${icons.more}</button>
            </header>
            ${this.menu()} ${this.refused()} ${this.rest()} ${this.clock()} ${this.parts()}
            <bw-transcription-strip .transcription=${this.transcription}></bw-transcription-strip>
            <div class="chat-body">${this.body()}</div>
            ${renameDialog(this.text, this.summary.name, this.dialogs)}
            ${this.others.length === 0 ? nothing : joinDialog(this.text, this.others, this.dialogs)}
            ${importsDialog(this.text, this.language, this.summary, this.shown() ?? null, this.dialogs)}
            <bw-speech-model .transcription=${this.transcription}></bw-speech-model>
            <bw-confirm-dialog></bw-confirm-dialog>
            <bw-chat-out></bw-chat-out>
        `
    }

    private facts(): string {
        const { summary } = this
        const { library, chat } = this.text
        if (summary.reader === "files") return library.exports(summary.imports.length)
        const span =
            summary.first && summary.last
                ? [chat.span(shortDay(this.language, summary.first), shortDay(this.language, summary.last))]
                : []
        const { state } = this
        const whole = state.kind === "open" && state.chat.whole
        return [whole ? library.messages(state.chat.messages) : messagesWords(this.text, summary), ...span].join(" · ")
    }

    private body(): TemplateResult {
        const { state } = this
        switch (state.kind) {
            case "opening":
                return html`<p class="quiet-place soft" role="status">${this.text.chat.opening}</p>`
            case "open":
                if (this.counting) return this.figures(state.chat)
                return this.summary.reader === "files"
                    ? html`<bw-files-view .chat=${state.chat} .engine=${this.engine}></bw-files-view>`
                    : html`<bw-chat .source=${state.source} .language=${this.language} .transcription=${this.transcription}></bw-chat>`
            case "refused":
                return html`
                    <section class="quiet-place stack" role="alert">
                        <h2>${this.text.chat.openingFailed}</h2>
                        <p>${state.words}</p>
                        <p><button class="button" type="button" @click=${this.again}>${this.text.common.tryAgain}</button></p>
                    </section>
                `
            default:
                return unreachable(state)
        }
    }

    private menu(): TemplateResult {
        const { chat } = this.text
        const newest = this.summary.imports[0]
        return html`
            <div class="menu" id="chat-menu" popover @click=${this.closeMenu}>
                <button type="button" @click=${() => this.dialog("chat-imports")}>${icons.stack}${chat.exports}</button>
                ${this.summary.imports.length > 1 ? html`<button type="button" @click=${this.keep}>${icons.clock}${this.text.retention.open}</button>` : nothing}
                ${this.mayGoOut() ? html`<button type="button" @click=${() => void this.inNumbers()}>${icons.chart}${this.text.figures.open}</button>` : nothing}
                ${this.mayGoOut() ? html`<button type="button" @click=${() => void this.goOut()}>${icons.paper}${this.text.out.open}</button>` : nothing}
                <button type="button" @click=${this.check}>${icons.check}${this.text.check.open}</button>
                ${newest === undefined ? nothing : html`<button type="button" @click=${() => this.save(this.shown() ?? newest)}>${icons.download}${chat.download}</button>`}
                <button type="button" @click=${() => this.dialog("chat-rename")}>${icons.pencil}${chat.rename}</button>
                ${this.others.length === 0 ? nothing : html`<button type="button" @click=${() => this.dialog("chat-join")}>${icons.stack}${chat.join}</button>`}
                ${this.transcribesAll() ? html`<button type="button" @click=${this.transcribeAll}>${icons.pencil}${transcriptionTexts[this.language].all}</button>` : nothing}
                ${this.transcription === null ? nothing : html`<button type="button" @click=${() => this.transcription?.choose()}>${icons.gear}${transcriptionTexts[this.language].choose}</button>`}
                <hr />
                <button class="danger" type="button" @click=${this.deleteChat}>${icons.bin}${chat.delete}</button>
            </div>
        `
    }

    private rest(): TemplateResult | typeof nothing {
        const { restFailed, state } = this
        if (restFailed === null || state.kind !== "open") return nothing
        return html`
            <p class="chat-strip note-danger" role="alert">
                <span>${this.text.chat.restFailed} ${restFailed}</span>
                <button class="button button-quiet button-small" type="button" @click=${() => this.openRest(this.#opened, state.chat)}>${this.text.common.tryAgain}</button>
            </p>
        `
    }

    private clock(): TemplateResult | typeof nothing {
        const { state } = this
        return state.kind === "open"
            ? clockQuestion(this.text, this.summary, state.chat, (clocks) => void this.setClocks(clocks))
            : nothing
    }

    /** Of an export that holds several chats, which one is read. */
    private parts(): TemplateResult | typeof nothing {
        const { state } = this
        if (state.kind !== "open" || state.chat.parts.length === 0) return nothing
        const { part, parts } = state.chat
        return html`
            <label class="chat-strip chat-parts">
                <span class="small soft">${this.text.chat.part}</span>
                <select @change=${(event: Event) => void this.openPart((event.target as HTMLSelectElement).value)}>
                    ${parts.map(
                        (one) =>
                            html`<option value=${one.part} ?selected=${one.part === part}>${one.title} (${number(this.language, one.messages)})</option>`,
                    )}
                </select>
            </label>
        `
    }

    private refused(): TemplateResult | typeof nothing {
        return this.refusal === null
            ? nothing
            : html`<p class="chat-strip note-danger" role="alert">${this.refusal}</p>`
    }

    private readonly dialogs: ChatDialogs = {
        close: () => this.closeDialogs(),
        rename: (name) => void this.rename(name),
        remove: (one) => void this.deleteImport(one),
        join: (into) => void this.join(into),
        split: (one) => void this.split(one),
    }

    private shown(): ImportSummary | undefined {
        const { state } = this
        return state.kind === "open"
            ? this.summary.imports.find((one) => one.importId === state.chat.importId)
            : undefined
    }

    private async openChat(wanted: string): Promise<void> {
        this.close()
        this.restFailed = null
        this.counting = false
        this.state = { kind: "opening" }
        const { engine } = this
        const { conversation } = this.summary
        try {
            const chat = await engine.openChat(conversation, this.importId)
            if (wanted !== this.#opened) {
                await engine.closeChat(chat.chatId)
                return
            }
            this.state = { kind: "open", chat, source: sourceOf(engine, chat) }
            if (chat.whole) {
                void this.openTranscription(wanted, chat)
                return
            }
            this.#ends = [chat.chatId]
            void this.openRest(wanted, chat)
        } catch (error) {
            if (wanted === this.#opened)
                this.state = { kind: "refused", words: errorSentence(this.text, codeOf(error)) }
        }
    }

    /** The newest messages are shown already; the others join them when they are here. */
    private async openRest(wanted: string, end: OpenChat): Promise<void> {
        const { engine } = this
        this.restFailed = null
        try {
            const chat = await engine.wholeChat(end.chatId)
            if (wanted !== this.#opened) {
                await engine.closeChat(chat.chatId)
                return
            }
            this.state = { kind: "open", chat, source: sourceOf(engine, chat) }
            void this.openTranscription(wanted, chat)
        } catch (error) {
            if (wanted === this.#opened) this.restFailed = errorSentence(this.text, codeOf(error))
        }
    }

    /** Once all of the chat is here, so that none is left out. */
    private transcribesAll(): boolean {
        return this.transcription !== null && this.state.kind === "open" && this.state.chat.whole
    }

    private transcribeAll(): void {
        void this.querySelector<Chat>("bw-chat")?.transcribeAll()
    }

    private async openTranscription(wanted: string, { chatId }: OpenChat): Promise<void> {
        const { transcribe, engine } = this
        if (transcribe === null || this.summary.reader === "files") return
        const transcription = await keptSealed(engine, chatId)
            .then(transcribe)
            .catch(() => null)
        if (wanted === this.#opened) this.transcription = transcription
    }

    /** What was opened is given back; that it is gone already is no news. */
    private close(): void {
        const open = this.state.kind === "open" ? [this.state.chat.chatId, ...this.#ends] : []
        for (const chatId of open) void this.engine.closeChat(chatId).catch(() => undefined)
        this.#ends = []
        this.transcription?.close()
        this.transcription = null
    }

    /** A target is gone to once, when all of the chat is here. */
    private async goToTarget(): Promise<void> {
        const { state, target } = this
        if (target === null || target === this.#reached || state.kind !== "open" || !state.chat.whole) return
        if (target.part !== state.chat.part) {
            await this.openPart(target.part)
            return
        }
        this.#reached = target
        const chat = this.querySelector("bw-chat")
        await chat?.updateComplete
        await chat?.goToWhole(target.record)
    }

    private async openPart(part: string): Promise<void> {
        const { state, engine } = this
        if (state.kind !== "open" || state.chat.part === part) return
        const wanted = this.#opened
        const chat = await engine.openPart(state.chat.chatId, part)
        if (wanted !== this.#opened) return
        // What it was opened from stays as long as the page does.
        this.#ends = [...this.#ends, state.chat.chatId]
        this.state = { kind: "open", chat, source: sourceOf(engine, chat) }
    }

    private async setClocks(clocks: Readonly<Record<string, number>>): Promise<void> {
        if (await this.change(this.engine.setClocks(clocks))) this.again()
    }

    private async join(into: string): Promise<void> {
        const { conversation } = this.summary
        if (await this.change(this.engine.joinChats(conversation, into)))
            location.hash = hashOf({ kind: "chat", conversation: into, importId: null })
    }

    private async split({ importId }: ImportSummary): Promise<void> {
        this.closeDialogs()
        let own = ""
        const splitting = this.engine.splitImport(importId, this.text.chat.splitName(this.summary.name))
        const done = await this.change(
            splitting.then((id) => {
                own = id
            }),
        )
        if (done) location.hash = hashOf({ kind: "chat", conversation: own, importId: null })
    }

    private figures({ chatId, title }: OpenChat): TemplateResult {
        const back = (): void => {
            this.counting = false
        }
        return html`<bw-chat-figures .name=${title} .count=${() => this.engine.statisticsOf(chatId)} .back=${back}></bw-chat-figures>`
    }

    private async inNumbers(): Promise<void> {
        await import("./figures/chat-figures.ts")
        this.counting = true
    }

    private mayGoOut(): boolean {
        return this.state.kind === "open" && this.state.chat.whole && this.state.chat.records > 0
    }

    /** Few visits save or print a chat. */
    private async goOut(): Promise<void> {
        const { state } = this
        if (state.kind !== "open") return
        try {
            const [{ outOfChat }] = await Promise.all([import("./chat-out.ts"), import("./out/chat-out.ts")])
            const out = await outOfChat(this.summary, state.source, this.language)
            await this.querySelector("bw-chat-out")?.open(out)
        } catch (error) {
            this.refusal = errorSentence(this.text, codeOf(error))
        }
    }

    private again(): void {
        void this.openChat(this.#opened)
    }

    private save({ importId }: ImportSummary): void {
        location.hash = hashOf({ kind: "restore", conversation: this.summary.conversation, importId })
    }

    private async rename(name: string): Promise<void> {
        if (name === "" || name === this.summary.name) return
        await this.change(this.engine.renameChat(this.summary.conversation, name))
    }

    private async deleteImport(one: ImportSummary): Promise<void> {
        this.closeDialogs()
        const { chat } = this.text
        const question = {
            title: chat.deleteImportTitle(one.fileName),
            words: chat.deleteImportWords,
            confirm: chat.deleteConfirm,
        }
        if (!(await this.ask(question))) return
        const { conversation, imports } = this.summary
        const others = imports.length > 1
        if (others) location.hash = hashOf({ kind: "chat", conversation, importId: null })
        const deleted = await this.change(this.engine.deleteImport(one.importId))
        if (deleted && !others) location.hash = hashOf({ kind: "library" })
    }

    private async deleteChat(): Promise<void> {
        const { chat } = this.text
        const { conversation, name, imports } = this.summary
        const question = {
            title: chat.deleteTitle(name),
            words: chat.deleteWords(imports.length),
            confirm: chat.deleteConfirm,
        }
        if (!(await this.ask(question))) return
        if (await this.change(this.engine.deleteChat(conversation))) location.hash = hashOf({ kind: "library" })
    }

    private check(): void {
        location.hash = hashOf({ kind: "check", conversation: this.summary.conversation })
    }

    private keep(): void {
        location.hash = hashOf({ kind: "keep", conversation: this.summary.conversation })
    }

    private async ask(question: Parameters<ConfirmDialog["ask"]>[0]): Promise<boolean> {
        return (await this.querySelector<ConfirmDialog>("bw-confirm-dialog")?.ask(question)) ?? false
    }

    /** Waits for a change to be written, and lets the library's page read it. False: it was refused, and the page says so. */
    private async change(done: Promise<void>): Promise<boolean> {
        const written = await done.then(
            () => true,
            (error: unknown) => {
                this.refusal = errorSentence(this.text, codeOf(error))
                return false
            },
        )
        this.dispatchEvent(new Event("library-changed", { bubbles: true }))
        return written
    }

    private dialog(id: string): void {
        this.querySelector<HTMLDialogElement>(`#${id}`)?.showModal()
    }

    private closeDialogs(): void {
        for (const dialog of this.querySelectorAll("dialog")) dialog.close()
    }

    private closeMenu(event: Event): void {
        const menu = event.currentTarget as HTMLElement
        menu.hidePopover()
    }
}

customElements.define("bw-chat-page", ChatPage)
