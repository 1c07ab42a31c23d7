/** `<bw-raw-record>`: a record as it stands in the export, read from the chat's own text when somebody asks. */

import { css, html, LitElement, type TemplateResult } from "lit"
import type { ChatRecord } from "../../reader/conversation.ts"
import type { Language } from "../language.ts"
import type { ChatSource } from "./source.ts"
import { chatTexts } from "./text.ts"

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
        const text = chatTexts[this.language]
        this.raw = await source.raw(record.index).then(
            (raw) => raw ?? text.asExportedNothing,
            () => text.asExportedFailed,
        )
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
