/** The sheet with the recovery code: to copy, to save, to print. Printed, it is a page of its own. */

import { html, type TemplateResult } from "lit"
import type { RecoverySheet } from "../engine/protocol.ts"
import { groupsOf } from "./code-check.ts"
import { icons } from "./icons.ts"
import { day } from "./language.ts"
import type { OfflinePage } from "./offline-page.ts"
import { PageElement } from "./page-element.ts"
import { saveFile } from "./picked-files.ts"
import { qrPicture } from "./qr-picture.ts"

export class RecoverySheetView extends PageElement {
    static override properties = {
        sheet: { attribute: false },
        account: { type: String },
        offline: { attribute: false },
        copied: { state: true },
    }

    declare sheet: RecoverySheet
    declare account: string
    declare offline: OfflinePage
    declare copied: boolean

    constructor() {
        super()
        this.copied = false
    }

    protected override render(): TemplateResult {
        const { sheet } = this.text
        return html`
            <article class="sheet" aria-label=${sheet.title}>
                <header class="sheet-head">
                    <span class="brand"><span class="brand-mark"></span>Backupweb</span>
                    <h2>${sheet.title}</h2>
                </header>
                <ol class="sheet-groups">
                    ${groupsOf(this.sheet.code).map((group, index) => html`<li><span>${index + 1}</span><b>${group}</b></li>`)}
                </ol>
                <div class="sheet-foot">
                    <div class="sheet-qr">${qrPicture(this.sheet.code, sheet.qr)}</div>
                    <dl>
                        <div><dt>${sheet.site}</dt><dd>${location.host}</dd></div>
                        <div><dt>${sheet.account}</dt><dd>${this.account}</dd></div>
                        <div><dt>${sheet.made}</dt><dd>${day(this.language, this.sheet.made)}</dd></div>
                        <div class="print-only"><dt>${sheet.state}</dt><dd class="sheet-line"></dd></div>
                    </dl>
                </div>
                <div class="sheet-words print-only">
                    <p>${sheet.words}</p>
                    <p>${sheet.how}</p>
                    <p>${sheet.stateHelp}</p>
                    <p>${this.text.copy.page.sheet(this.offline.address)}</p>
                </div>
            </article>
            <div class="row screen-only">
                <button class="button button-quiet button-small" type="button" @click=${this.copy}>
                    ${this.copied ? icons.check : icons.copy}<span aria-live="polite">${this.copied ? sheet.copied : sheet.copy}</span>
                </button>
                <button class="button button-quiet button-small" type="button" @click=${this.save}>${icons.download}${sheet.save}</button>
                <button class="button button-quiet button-small" type="button" @click=${() => window.print()}>${icons.print}${sheet.print}</button>
                <a class="button button-plain button-small" href=${this.offline.address} download="backupweb-open.html">${this.text.copy.page.kit}</a>
            </div>
        `
    }

    private async copy(): Promise<void> {
        await navigator.clipboard.writeText(groupsOf(this.sheet.code).join(" "))
        this.copied = true
    }

    private save(): void {
        const { sheet } = this.text
        const groups = groupsOf(this.sheet.code)
        const rows = [0, 4, 8, 12].map((from) => groups.slice(from, from + 4).join("  "))
        const facts = [
            `${sheet.site}: ${location.origin}`,
            `${sheet.account}: ${this.account}`,
            `${sheet.made}: ${day(this.language, this.sheet.made)}`,
        ]
        const page = this.text.copy.page.sheet(this.offline.address)
        const lines = [`Backupweb – ${sheet.title}`, "", ...rows, "", ...facts, "", sheet.words, sheet.how, page, ""]
        saveFile(new Blob([lines.join("\r\n")], { type: "text/plain" }), sheet.fileName)
    }
}

customElements.define("bw-recovery-sheet", RecoverySheetView)
