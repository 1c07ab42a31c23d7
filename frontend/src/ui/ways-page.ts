/** Settings: every way to unlock, what is missing, and each with what can be done about it. */

import { html, nothing, type TemplateResult } from "lit"
import type { PasskeyBook } from "../engine/page-ports.ts"
import type { Ways } from "../engine/protocol.ts"
import type { CheckCode } from "./code-check.ts"
import type { LibrarySession, Unlocked } from "./library-session.ts"
import { PageElement } from "./page-element.ts"
import type { PasswordSection } from "./password-section.ts"
import type { RecoverySection } from "./recovery-section.ts"
import { settingsHead } from "./settings-head.ts"
import { waysStatus } from "./ways-status.ts"
import "./passkeys-section.ts"
import "./password-section.ts"
import "./recovery-section.ts"

export class WaysPage extends PageElement {
    static override properties = {
        session: { attribute: false },
        library: { attribute: false },
        ways: { attribute: false },
        passkeys: { attribute: false },
        account: { type: String },
        activity: { type: String },
        check: { attribute: false },
        prove: { attribute: false },
        asked: { state: true },
    }

    declare session: LibrarySession
    declare library: Unlocked
    declare ways: Ways | null
    declare passkeys: PasskeyBook
    declare account: string
    declare activity: string
    declare check: CheckCode
    declare prove: (code: string) => Promise<string | null>
    /** Whether the ways were asked for since this page was opened. */
    declare asked: boolean

    constructor() {
        super()
        this.account = ""
        this.activity = ""
        this.asked = false
    }

    async askCode(): Promise<void> {
        await this.updateComplete
        await this.querySelector<RecoverySection>("bw-recovery-section")?.askCode()
    }

    async askPassword(): Promise<void> {
        await this.updateComplete
        this.querySelector<PasswordSection>("bw-password-section")?.edit()
    }

    protected override firstUpdated(): void {
        void this.reload()
    }

    protected override render(): TemplateResult {
        const { ways } = this
        return html`
            <div class="narrow stack settings">
                ${settingsHead(this.text, this.text.ways.title, { kind: "settings" }, true)}
                ${ways === null ? this.away() : waysStatus(this.text, this.language, ways, this.library, Date.now())}
                <bw-recovery-section .proven=${this.library.recoveryProven} .check=${this.check} .prove=${this.prove}></bw-recovery-section>
                ${ways === null ? nothing : this.others(ways)}
            </div>
        `
    }

    private others(ways: Ways): TemplateResult {
        return html`
            <bw-password-section
                .session=${this.session}
                .way=${ways.password}
                account=${this.account}
                activity=${this.activity}
                .proveFirst=${() => void this.askCode()}></bw-password-section>
            <bw-passkeys-section .session=${this.session} .ways=${ways} .book=${this.passkeys}></bw-passkeys-section>
        `
    }

    private away(): TemplateResult {
        const { ways } = this.text
        if (!this.asked) return html`<p class="soft" role="status">${ways.loading}</p>`
        return html`
            <div class="note" role="status">
                <p>${ways.away} <button class="link-button" type="button" @click=${this.reload}>${ways.reload}</button></p>
            </div>
        `
    }

    private async reload(): Promise<void> {
        this.asked = false
        await this.session.refreshWays()
        this.asked = true
    }
}

customElements.define("bw-ways-page", WaysPage)
