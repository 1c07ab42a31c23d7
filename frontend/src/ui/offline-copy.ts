/**
 * The page without a site: opens a copy that lies on this computer, and gives its files back.
 *
 *     choose → reading → locked → open → choose
 */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { OfflineChat, OfflineCopy } from "../engine/copy/offline.ts"
import { codeOf } from "../engine/errors.ts"
import type { ChatSummary, ImportSummary, RestoreOutcome, SaveProgress } from "../engine/protocol.ts"
import type { ChatSource } from "./chat/source.ts"
import type { CheckCode } from "./code-check.ts"
import { copyTrouble } from "./copy-trouble.ts"
import { icons } from "./icons.ts"
import { shortDay } from "./language.ts"
import { PageElement } from "./page-element.ts"
import { chosenFile, droppedFile, inputFile, saveFile } from "./picked-files.ts"
import { saveTarget } from "./save-target.ts"
import { troubleNote } from "./trouble-note.ts"
import "./chat/chat.ts"
import "./files-view.ts"
import "./unlock-form.ts"

export type OfflineState =
    | { readonly kind: "choose"; readonly trouble: string | null }
    | { readonly kind: "reading" }
    | { readonly kind: "locked"; readonly copy: OfflineCopy }
    | { readonly kind: "open"; readonly copy: OfflineCopy; readonly chats: readonly ChatSummary[] }

interface Shown {
    readonly importId: string
    readonly opened: OfflineChat
    readonly as: "chat" | "files"
}

interface Saving {
    readonly importId: string
    readonly progress: SaveProgress
}

export class OfflineCopyView extends PageElement {
    static override properties = {
        read: { attribute: false },
        check: { attribute: false },
        state: { state: true },
        shown: { state: true },
        saving: { state: true },
        said: { state: true },
        trouble: { state: true },
    }

    declare read: (file: File) => Promise<OfflineCopy>
    declare check: CheckCode
    declare state: OfflineState
    /** The export that is read, or whose files are listed. */
    declare shown: Shown | null
    declare saving: Saving | null
    declare said: string | null
    declare trouble: string | null

    constructor() {
        super()
        this.state = { kind: "choose", trouble: null }
        this.shown = null
        this.saving = null
        this.said = null
        this.trouble = null
    }

    override connectedCallback(): void {
        super.connectedCallback()
        window.addEventListener("dragover", this.draggedOver)
        window.addEventListener("drop", this.dropped)
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        window.removeEventListener("dragover", this.draggedOver)
        window.removeEventListener("drop", this.dropped)
    }

    protected override render(): TemplateResult {
        const { state } = this
        switch (state.kind) {
            case "choose":
            case "reading":
                return this.frame(this.choosing(state))
            case "locked":
                return this.frame(html`
                    <h1>${this.text.offline.title}</h1>
                    <bw-unlock-form
                        .check=${this.check}
                        .open=${(code: string) => this.unlock(state.copy, code)}
                        .stayChoice=${html`<p class="small soft">${this.text.offline.why}</p>`}></bw-unlock-form>
                `)
            case "open":
                return this.open(state)
            default:
                return unreachable(state)
        }
    }

    private frame(content: TemplateResult): TemplateResult {
        return html`<div class="entrance"><section class="card stack">${content}</section></div>`
    }

    private choosing(state: Extract<OfflineState, { kind: "choose" | "reading" }>): TemplateResult {
        const { offline } = this.text
        const reading = state.kind === "reading"
        return html`
            <h1>${offline.title}</h1>
            <p>${offline.words}</p>
            <div class="stack" role="status">${reading ? html`<p>${offline.reading}</p>` : nothing}</div>
            ${reading ? nothing : troubleNote(state.trouble)}
            <button class="button" type="button" ?hidden=${reading} @click=${this.choose}>${offline.choose}</button>
            <input type="file" accept=".zip,application/zip" hidden @change=${this.chosen} />
            <p class="small soft">${offline.chooseHelp}</p>
        `
    }

    private open({ chats }: Extract<OfflineState, { kind: "open" }>): TemplateResult {
        const { offline } = this.text
        if (this.shown?.as === "chat") return this.reading(this.shown.opened)
        return html`
            <div class="narrow stack offline-open">
                <div class="row offline-head">
                    <h1>${chats.length === 0 ? offline.nothing : offline.opened(chats.length)}</h1>
                    <button class="button button-quiet button-small" type="button" @click=${this.close}>${offline.close}</button>
                </div>
                <div role="status">${this.said === null ? nothing : html`<p class="note">${icons.check}<span>${this.said}</span></p>`}</div>
                ${troubleNote(this.trouble)} ${chats.map((chat) => this.chat(chat))}
            </div>
        `
    }

    private reading(opened: OfflineChat): TemplateResult {
        const { chat } = opened
        // Who of them one is, is kept in the library, and a copy is not written to.
        const source: ChatSource = { ...opened, bookmarks: null, setSelf: async () => undefined }
        return html`
            <div class="trial-reading">
                <header class="chat-head">
                    <button class="button button-round" type="button" aria-label=${this.text.common.back} @click=${this.hide}>${icons.back}</button>
                    <div class="chat-title"><h1>${chat.title}</h1></div>
                </header>
                <div class="chat-body" aria-label=${chat.title}>
                    <bw-chat .source=${source} .language=${this.language}></bw-chat>
                </div>
            </div>
        `
    }

    private chat(chat: ChatSummary): TemplateResult {
        const { library } = this.text
        const facts = chat.reader !== "files" ? [library.messages(chat.messages), library.media(chat.media)] : []
        return html`
            <section class="card stack" aria-label=${chat.name}>
                <div>
                    <h2>${chat.name}</h2>
                    ${facts.length === 0 ? nothing : html`<p class="small soft">${facts.join(" · ")}</p>`}
                </div>
                <ul class="things">
                    ${chat.imports.map((one) => this.exportRow(chat, one))}
                </ul>
            </section>
        `
    }

    private exportRow(chat: ChatSummary, one: ImportSummary): TemplateResult {
        const { offline, chat: words, size } = this.text
        const open = this.shown?.importId === one.importId && this.shown.as === "files"
        const when =
            one.first !== null && one.last !== null
                ? words.span(shortDay(this.language, one.first), shortDay(this.language, one.last))
                : words.added(shortDay(this.language, one.added))
        return html`
            <li class="thing">
                <div class="thing-words">
                    <span class="thing-name">${one.fileName}</span>
                    <span class="small soft">${when} · ${size(one.size)}</span>
                </div>
                <div class="row">
                    <button class="button button-small" type="button" ?disabled=${this.saving !== null} aria-label="${offline.saveZip}: ${one.fileName}" @click=${() => this.save(one)}>
                        ${icons.download}${offline.saveZip}
                    </button>
                    ${
                        chat.reader !== "files"
                            ? html`<button class="button button-quiet button-small" type="button" aria-label="${offline.read}: ${one.fileName}" @click=${() => this.show(chat, one, "chat")}>${offline.read}</button>`
                            : nothing
                    }
                    <button class="button button-quiet button-small" type="button" aria-expanded=${open ? "true" : "false"} @click=${() => (open ? this.hide() : this.show(chat, one, "files"))}>
                        ${open ? offline.hideFiles : offline.showFiles}
                    </button>
                </div>
                ${this.progress(one)}
                ${open && this.shown !== null ? this.files(this.shown.opened) : nothing}
            </li>
        `
    }

    private progress(one: ImportSummary): TemplateResult | typeof nothing {
        if (this.saving?.importId !== one.importId) return nothing
        const { done, total } = this.saving.progress
        const words = this.text.offline.saving(this.text.size(done), this.text.size(total))
        return html`
            <div class="progress offline-wide">
                <progress max=${Math.max(1, total)} value=${done} aria-label=${words}></progress>
                <p class="progress-words"><span>${words}</span></p>
            </div>
        `
    }

    private files({ chat, openFile }: OfflineChat): TemplateResult {
        const engine = { openFile: (_: string, index: number) => openFile(index) }
        return html`<bw-files-view class="offline-wide" .chat=${chat} .engine=${engine}></bw-files-view>`
    }

    // ------------------------------------------------------------ what happens

    private async take(file: File): Promise<void> {
        this.state = { kind: "reading" }
        try {
            this.state = { kind: "locked", copy: await this.read(file) }
        } catch (error) {
            this.state = { kind: "choose", trouble: copyTrouble(this.text, codeOf(error)) }
        }
    }

    private async unlock(copy: OfflineCopy, code: string): Promise<string | null> {
        try {
            if (!(await copy.unlock(code))) return this.text.unlock.wrongCode
            this.state = { kind: "open", copy, chats: await copy.chats() }
            return null
        } catch (error) {
            return copyTrouble(this.text, codeOf(error))
        }
    }

    private async save(one: ImportSummary): Promise<void> {
        const { state } = this
        if (state.kind !== "open") return
        const target = await saveTarget(one.fileName)
        if (target.kind === "cancelled") return
        this.said = null
        this.trouble = null
        this.saving = { importId: one.importId, progress: { done: 0, total: one.size } }
        try {
            const handle = target.kind === "chosen" ? target.handle : null
            const outcome = await state.copy.saveOriginal(one.importId, handle, (progress) => {
                this.saving = { importId: one.importId, progress }
            })
            const code = troubleOf(outcome)
            if (code !== null) this.trouble = copyTrouble(this.text, code)
            else this.saved(outcome, one.fileName)
        } catch (error) {
            this.trouble = copyTrouble(this.text, codeOf(error))
        }
        this.saving = null
    }

    private saved(outcome: RestoreOutcome, fileName: string): void {
        if (outcome.kind !== "done") return
        if (outcome.file !== null) saveFile(outcome.file, fileName)
        this.said = this.text.offline.saved(fileName)
    }

    private hide(): void {
        this.shown = null
    }

    private async show({ conversation }: ChatSummary, { importId }: ImportSummary, as: Shown["as"]): Promise<void> {
        const { state } = this
        if (state.kind !== "open") return
        this.trouble = null
        try {
            this.shown = { importId, opened: await state.copy.openChat(conversation, importId), as }
        } catch (error) {
            this.trouble = copyTrouble(this.text, codeOf(error))
        }
    }

    /** Nothing of it stays in the page. */
    private close(): void {
        location.reload()
    }

    private async choose(): Promise<void> {
        const input = this.querySelector<HTMLInputElement>("input[type=file]")
        const picked = input && (await chosenFile(input))
        if (picked) await this.take(picked.file)
    }

    private chosen(event: Event): void {
        const picked = inputFile(event.target as HTMLInputElement)
        if (picked !== null) void this.take(picked.file)
    }

    private readonly draggedOver = (event: DragEvent): void => {
        if (event.dataTransfer?.types.includes("Files")) event.preventDefault()
    }

    private readonly dropped = async (event: DragEvent): Promise<void> => {
        event.preventDefault()
        const picked = event.dataTransfer === null ? null : await droppedFile(event.dataTransfer)
        if (picked !== null && this.state.kind === "choose") await this.take(picked.file)
    }
}

/** What went wrong, or null: a file that does not come back as it was added counts, even if all others do. */
function troubleOf(outcome: RestoreOutcome): string | null {
    if (outcome.kind === "failed") return outcome.code
    return outcome.kind === "done" ? (outcome.refused[0]?.code ?? null) : null
}

customElements.define("bw-offline-copy", OfflineCopyView)
