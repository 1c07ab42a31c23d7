/** Settings: an encrypted copy of everything, to save, to open, and the page that opens it without this site. */

import { html, type TemplateResult } from "lit"
import type { CheckCode } from "./code-check.ts"
import type { CopiesState, CopySession } from "./copy-session.ts"
import { type OfflinePage, offlinePageCard } from "./offline-page.ts"
import { PageElement } from "./page-element.ts"
import { settingsHead } from "./settings-head.ts"
import "./copy-opening.ts"
import "./copy-saving.ts"

export class CopyPage extends PageElement {
    static override properties = {
        session: { attribute: false },
        state: { attribute: false },
        check: { attribute: false },
        offline: { attribute: false },
    }

    declare session: CopySession
    declare state: CopiesState
    declare check: CheckCode
    declare offline: OfflinePage

    protected override render(): TemplateResult {
        const { copy } = this.text
        return html`
            <div class="narrow stack settings">
                ${settingsHead(this.text, copy.title, { kind: "settings" }, true)}
                <section class="card stack">
                    <h2>${copy.save.title}</h2>
                    <p>${copy.save.words}</p>
                    <p class="soft">${copy.save.needs}</p>
                    <bw-copy-saving class="stack" .session=${this.session} .state=${this.state.saving} .offline=${this.offline}></bw-copy-saving>
                </section>
                ${offlinePageCard(this.text, this.offline)}
                <section class="card stack">
                    <h2>${copy.open.title}</h2>
                    <p>${copy.open.words}</p>
                    <bw-copy-opening class="stack" .session=${this.session} .state=${this.state.opening} .check=${this.check}></bw-copy-opening>
                </section>
            </div>
        `
    }
}

customElements.define("bw-copy-page", CopyPage)
