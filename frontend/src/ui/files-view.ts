/** The files of an import that was not recognised as a chat: kept as they are, to open and to save one by one. */

import { html, nothing, type TemplateResult } from "lit"
import { codeOf } from "../engine/errors.ts"
import type { Engine, FileSummary, OpenChat } from "../engine/protocol.ts"
import { errorSentence } from "./error-sentence.ts"
import { icons } from "./icons.ts"
import { PageElement } from "./page-element.ts"
import { saveFile } from "./picked-files.ts"

export class FilesView extends PageElement {
    static override properties = {
        chat: { attribute: false },
        engine: { attribute: false },
        trouble: { state: true },
    }

    declare chat: Pick<OpenChat, "chatId" | "files">
    declare engine: Pick<Engine, "openFile">
    declare trouble: string | null

    constructor() {
        super()
        this.trouble = null
    }

    protected override render(): TemplateResult {
        const { chat } = this.text
        const files = this.chat.files.filter((file) => !file.folder)
        return html`
            <div class="narrow stack files">
                <p class="soft">${chat.filesCount(files.length)}</p>
                ${this.trouble === null ? nothing : html`<p class="note note-danger" role="alert"><span>${this.trouble}</span></p>`}
                <ul class="file-list">
                    ${files.map((file) => this.row(file))}
                </ul>
            </div>
        `
    }

    private row(file: FileSummary): TemplateResult {
        const { chat } = this.text
        return html`
            <li class="file-row">
                ${icons.file}
                <span class="file-name">${file.name}<br /><span class="small soft">${this.text.size(file.size)}</span></span>
                <button class="button button-quiet button-small" type="button" aria-label="${chat.saveFile}: ${file.name}" @click=${() => this.save(file)}>
                    ${icons.download}${chat.saveFile}
                </button>
            </li>
        `
    }

    private async save(file: FileSummary): Promise<void> {
        this.trouble = null
        try {
            const opened = await this.engine.openFile(this.chat.chatId, file.index)
            if (opened.kind === "opened") saveFile(opened.blob, file.name.split("/").at(-1) ?? file.name)
            else this.trouble = errorSentence(this.text, opened.code)
        } catch (error) {
            this.trouble = errorSentence(this.text, codeOf(error))
        }
    }
}

customElements.define("bw-files-view", FilesView)
