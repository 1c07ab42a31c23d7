/** One chat being read, and what can be done with it. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import { codeOf } from "../engine/errors.ts"
import type { ChatSummary, Engine, ImportSummary, OpenChat, SaveProgress } from "../engine/protocol.ts"
import type { ChatSource } from "./chat/source.ts"
import { type ChatDialogs, importsDialog, renameDialog } from "./chat-dialogs.ts"
import type { ConfirmDialog } from "./confirm-dialog.ts"
import { errorSentence } from "./error-sentence.ts"
import { icons } from "./icons.ts"
import { shortDay } from "./language.ts"
import { PageElement } from "./page-element.ts"
import { saveFile } from "./picked-files.ts"
import { hashOf } from "./routes.ts"
import "./chat/chat.ts"
import "./confirm-dialog.ts"
import "./files-view.ts"

type ChatState =
    | { readonly kind: "opening" }
    | { readonly kind: "open"; readonly chat: OpenChat; readonly source: ChatSource }
    | { readonly kind: "refused"; readonly words: string }

type SaveState =
    | { readonly kind: "nothing" }
    | { readonly kind: "saving"; readonly progress: SaveProgress }
    | { readonly kind: "refused"; readonly words: string }

export class ChatPage extends PageElement {
    static override properties = {
        engine: { attribute: false },
        summary: { attribute: false },
        importId: { attribute: false },
        state: { state: true },
        saving: { state: true },
    }

    declare engine: Engine
    declare summary: ChatSummary
    /** One export alone, or null for the newest state of all. */
    declare importId: string | null
    declare state: ChatState
    declare saving: SaveState
    #opened = ""

    constructor() {
        super()
        this.importId = null
        this.state = { kind: "opening" }
        this.saving = { kind: "nothing" }
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
            ${this.menu()} ${this.saved()}
            <div class="chat-body">${this.body()}</div>
            ${renameDialog(this.text, this.summary.name, this.dialogs)}
            ${importsDialog(this.text, this.language, this.summary, this.shown() ?? null, this.dialogs)}
            <bw-confirm-dialog></bw-confirm-dialog>
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
        return [library.messages(summary.messages), ...span].join(" · ")
    }

    private body(): TemplateResult {
        const { state } = this
        switch (state.kind) {
            case "opening":
                return html`<p class="quiet-place soft" role="status">${this.text.chat.opening}</p>`
            case "open":
                return this.summary.reader === "files"
                    ? html`<bw-files-view .chat=${state.chat} .engine=${this.engine}></bw-files-view>`
                    : html`<bw-chat .source=${state.source} .language=${this.language}></bw-chat>`
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
                ${newest === undefined ? nothing : html`<button type="button" @click=${() => this.save(this.shown() ?? newest)}>${icons.download}${chat.download}</button>`}
                <button type="button" @click=${() => this.dialog("chat-rename")}>${icons.pencil}${chat.rename}</button>
                <hr />
                <button class="danger" type="button" @click=${this.deleteChat}>${icons.bin}${chat.delete}</button>
            </div>
        `
    }

    private saved(): TemplateResult | typeof nothing {
        const { saving } = this
        switch (saving.kind) {
            case "nothing":
                return nothing
            case "saving":
                return html`
                    <div class="chat-strip" role="status">
                        <progress
                            max=${Math.max(1, saving.progress.total)}
                            value=${saving.progress.done}
                            aria-label=${this.text.chat.download}></progress>
                        <span class="small">${this.text.chat.downloading(this.text.size(saving.progress.done), this.text.size(saving.progress.total))}</span>
                    </div>
                `
            case "refused":
                return html`<p class="chat-strip note-danger" role="alert">${saving.words}</p>`
            default:
                return unreachable(saving)
        }
    }

    private readonly dialogs: ChatDialogs = {
        close: () => this.closeDialogs(),
        rename: (name) => void this.rename(name),
        save: (one) => void this.save(one),
        remove: (one) => void this.deleteImport(one),
    }

    private shown(): ImportSummary | undefined {
        const { state } = this
        return state.kind === "open"
            ? this.summary.imports.find((one) => one.importId === state.chat.importId)
            : undefined
    }

    private async openChat(wanted: string): Promise<void> {
        this.close()
        this.state = { kind: "opening" }
        const { engine } = this
        const { conversation } = this.summary
        try {
            const chat = await engine.openChat(conversation, this.importId)
            if (wanted !== this.#opened) {
                await engine.closeChat(chat.chatId)
                return
            }
            const source: ChatSource = {
                chat,
                records: (from, to) => engine.records(chat.chatId, from, to),
                openFile: (index) => engine.openFile(chat.chatId, index),
                setSelf: (name) => engine.setSelf(conversation, name),
            }
            this.state = { kind: "open", chat, source }
        } catch (error) {
            if (wanted === this.#opened)
                this.state = { kind: "refused", words: errorSentence(this.text, codeOf(error)) }
        }
    }

    /** What was opened is given back; that it is gone already is no news. */
    private close(): void {
        if (this.state.kind === "open") void this.engine.closeChat(this.state.chat.chatId).catch(() => undefined)
    }

    private again(): void {
        void this.openChat(this.#opened)
    }

    private async save(one: ImportSummary): Promise<void> {
        this.closeDialogs()
        this.saving = { kind: "saving", progress: { done: 0, total: one.size } }
        try {
            const file = await this.engine.saveOriginal(one.importId, (progress) => {
                this.saving = { kind: "saving", progress }
            })
            saveFile(file, one.fileName)
            this.saving = { kind: "nothing" }
        } catch (error) {
            this.saving = { kind: "refused", words: errorSentence(this.text, codeOf(error)) }
        }
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
        location.hash = hashOf(
            this.summary.imports.length > 1
                ? { kind: "chat", conversation: this.summary.conversation, importId: null }
                : { kind: "library" },
        )
        await this.change(this.engine.deleteImport(one.importId))
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
        await this.change(this.engine.deleteChat(conversation))
        location.hash = hashOf({ kind: "library" })
    }

    private keep(): void {
        location.hash = hashOf({ kind: "keep", conversation: this.summary.conversation })
    }

    private async ask(question: Parameters<ConfirmDialog["ask"]>[0]): Promise<boolean> {
        return (await this.querySelector<ConfirmDialog>("bw-confirm-dialog")?.ask(question)) ?? false
    }

    /** Waits for a change to be written, and lets the library's page read it. */
    private async change(done: Promise<void>): Promise<void> {
        try {
            await done
        } catch (error) {
            this.saving = { kind: "refused", words: errorSentence(this.text, codeOf(error)) }
        }
        this.dispatchEvent(new Event("library-changed", { bubbles: true }))
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
