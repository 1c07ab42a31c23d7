/** `<bw-raw-record>`: a record as it stands in the export, read from the chat's own text when somebody asks. */

import { css, html, LitElement, type TemplateResult } from "lit"
import type { ChatRecord } from "../../reader/conversation.ts"
import { findChatText } from "../../reader/parse-whatsapp.ts"
import type { Language } from "../language.ts"
import type { ChatSource } from "./source.ts"
import { chatTexts } from "./text.ts"

async function readRaw(source: ChatSource, record: ChatRecord): Promise<string | null> {
    const { files } = source.chat
    const name = findChatText(files.map((file) => file.name))
    const file = files.findLast((candidate) => candidate.name === name)
    if (file === undefined) return null
    const opened = await source.openFile(file.index)
    if (opened.kind === "refused") return null
    const bytes = new Uint8Array(await opened.blob.arrayBuffer())
    // As the engine reads it: the byte order mark counts as a character.
    const wide = bytes[0] === 0xff && bytes[1] === 0xfe
    const text = new TextDecoder(wide ? "utf-16le" : "utf-8", { ignoreBOM: true }).decode(bytes)
    return text.slice(record.raw.offset, record.raw.offset + record.raw.length)
}

export class RawRecord extends LitElement {
    static override properties = { language: {}, label: { state: true }, raw: { state: true } }

    declare language: Language
    declare private label: string
    declare private raw: string

    constructor() {
        super()
        this.language = "en"
        this.label = ""
        this.raw = ""
    }

    static override styles = css`
        dialog {
            inline-size: min(640px, calc(100vw - 32px));
            padding: var(--space-5);
            border: 0;
            border-radius: var(--radius);
            color: var(--ink);
            background: var(--paper-raised);
            box-shadow: var(--shadow);
        }

        dialog::backdrop {
            background: var(--veil, rgb(0 0 0 / 45%));
        }

        h2 {
            margin: 0 0 var(--space-1);
            font-size: var(--text-large);
        }

        p {
            margin: 0 0 var(--space-3);
            color: var(--ink-soft);
            font-size: var(--text-small);
        }

        pre {
            max-block-size: 50dvh;
            margin: 0 0 var(--space-4);
            padding: var(--space-3);
            border-radius: var(--radius-small);
            overflow: auto;
            font-family: var(--font-code, ui-monospace, monospace);
            font-size: var(--text-small);
            white-space: pre-wrap;
            overflow-wrap: anywhere;
            background: var(--paper-sunken);
        }

        button {
            min-block-size: 42px;
            padding: 6px 18px;
            border: 1px solid var(--line);
            border-radius: 999px;
            color: var(--ink);
            font: inherit;
            background: none;
            cursor: pointer;
        }

        :focus-visible {
            outline: 3px solid var(--accent);
            outline-offset: 2px;
        }
    `

    async show(source: ChatSource, record: ChatRecord, label: string): Promise<void> {
        this.label = label
        this.raw = (await readRaw(source, record).catch(() => null)) ?? chatTexts[this.language].asExportedFailed
        await this.updateComplete
        const dialog = this.renderRoot.querySelector("dialog")
        if (this.isConnected && dialog?.open === false) dialog.showModal()
    }

    protected override render(): TemplateResult {
        const text = chatTexts[this.language]
        return html`<dialog aria-labelledby="title">
            <h2 id="title">${text.asExported}</h2>
            <p><bdi>${this.label}</bdi> · ${text.asExportedWhy}</p>
            <pre dir="auto" tabindex="0">${this.raw}</pre>
            <form method="dialog"><button>${text.close}</button></form>
        </dialog>`
    }
}

customElements.define("bw-raw-record", RawRecord)
