/** Recovery code, this device, storage, and the way to the account's own pages. */

import { html, nothing, type TemplateResult } from "lit"
import type { QuotaState } from "../engine/protocol.ts"
import type { CheckCode } from "./code-check.ts"
import type { CodeInput } from "./code-input.ts"
import { icons } from "./icons.ts"
import { day, type Language } from "./language.ts"
import type { Unlocked } from "./library-session.ts"
import { PageElement } from "./page-element.ts"
import { hashOf } from "./routes.ts"
import { storageBar } from "./storage-bar.ts"
import { chooseTheme, storedTheme, type Theme } from "./theme.ts"
import "./code-input.ts"

/** Addresses of the server's pages about the account. */
export interface AccountLinks {
    readonly email: string
    readonly password: string
    readonly passkeys: string
    readonly sessions: string
    readonly logout: string
}

const themes: readonly Theme[] = ["system", "light", "dark"]
const languages: readonly { readonly code: Language; readonly name: string }[] = [
    { code: "de", name: "Deutsch" },
    { code: "en", name: "English" },
]

export class SettingsPage extends PageElement {
    static override properties = {
        library: { attribute: false },
        quota: { attribute: false },
        links: { attribute: false },
        check: { attribute: false },
        prove: { attribute: false },
        stay: { attribute: false },
        code: { state: true },
        words: { state: true },
    }

    declare library: Unlocked
    declare quota: QuotaState
    declare links: AccountLinks
    declare check: CheckCode
    /** Types the recovery code back: a sentence when it was not right. */
    declare prove: (code: string) => Promise<string | null>
    declare stay: (stay: boolean) => void
    declare code: string | null
    declare words: string | null

    constructor() {
        super()
        this.code = null
        this.words = null
    }

    /** Opens the dialog in which the code is typed back. */
    async askCode(): Promise<void> {
        await this.updateComplete
        this.words = null
        this.querySelector<HTMLDialogElement>("#prove-code")?.showModal()
        this.querySelector<CodeInput>("bw-code-input")?.focus()
    }

    protected override render(): TemplateResult {
        const { settings } = this.text
        return html`
            <div class="narrow stack settings">
                <div class="settings-head">
                    <a class="button button-round chat-back" href=${hashOf({ kind: "library" })} aria-label=${this.text.common.back}>${icons.back}</a>
                    <h1>${settings.title}</h1>
                </div>
                ${this.recovery()}
                <section class="card stack">
                    <h2>${settings.device}</h2>
                    <p class="soft">${this.library.staysUnlocked ? settings.stayOn : settings.stayOff}</p>
                    <label class="check">
                        <input type="checkbox" .checked=${this.library.staysUnlocked} @change=${this.toggleStay} />
                        <span>${settings.stay}</span>
                    </label>
                    <div class="settings-row"><span class="label" id="theme-label">${settings.theme}</span>${this.themes()}</div>
                    <div class="settings-row"><span class="label" id="language-label">${settings.language}</span>${this.languages()}</div>
                </section>
                <section class="card stack">
                    <h2>${settings.storage}</h2>
                    ${storageBar(this.text, this.quota)}
                    ${this.quota.reserved > 0 ? html`<p class="small soft">${settings.reserved(this.text.size(this.quota.reserved))}</p>` : nothing}
                </section>
                <section class="card stack">
                    <h2>${settings.account}</h2>
                    <ul class="links">
                        <li><a href=${this.links.email}>${settings.email}</a></li>
                        <li><a href=${this.links.password}>${settings.password}</a></li>
                        <li><a href=${this.links.passkeys}>${settings.passkeys}</a></li>
                        <li><a href=${this.links.sessions}>${settings.sessions}</a></li>
                        <li><a href=${this.links.logout}>${settings.logout}</a></li>
                    </ul>
                </section>
            </div>
        `
    }

    private recovery(): TemplateResult {
        const { settings, common } = this.text
        const { recoveryProven, headCode, sequence } = this.library
        return html`
            <section class="card stack">
                <h2>${settings.key}</h2>
                <p>${recoveryProven === null ? settings.unproven : settings.proven(day(this.language, recoveryProven))}</p>
                <p>
                    <button class="button ${recoveryProven === null ? "" : "button-quiet"} button-small" type="button" @click=${this.askCode}>
                        ${recoveryProven === null ? settings.prove : settings.proveAgain}
                    </button>
                </p>
                <h3>${settings.state}</h3>
                <p class="state-code"><span>${settings.sequence(sequence)}</span><code>${headCode}</code></p>
                <p class="small soft">${settings.stateWords}</p>
            </section>
            <dialog id="prove-code" class="dialog-wide" aria-labelledby="prove-title" @close=${this.closed}>
                <form class="stack" @submit=${this.submit}>
                    <h2 id="prove-title">${settings.proveTitle}</h2>
                    <bw-code-input .check=${this.check} .onChange=${(code: string | null) => this.typed(code)}></bw-code-input>
                    ${this.words === null ? nothing : html`<p class="note" role="status"><span>${this.words}</span></p>`}
                    <div class="row row-end">
                        <button class="button button-quiet" type="button" @click=${this.closeDialog}>${common.close}</button>
                        <button class="button">${settings.prove}</button>
                    </div>
                </form>
            </dialog>
        `
    }

    private themes(): TemplateResult {
        const { settings } = this.text
        return html`
            <div class="segments" role="group" aria-labelledby="theme-label">
                ${themes.map((theme) => html`<button class="segment" type="button" aria-pressed=${storedTheme() === theme} @click=${() => this.paint(theme)}>${settings.themes[theme]}</button>`)}
            </div>
        `
    }

    /** The server keeps the language, so that its own pages and letters speak it too. */
    private languages(): TemplateResult {
        const token = document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? ""
        return html`
            <form action="/i18n/setlang/" method="post">
                <input type="hidden" name="csrfmiddlewaretoken" value=${token} />
                <input type="hidden" name="next" value="/app/settings/" />
                <div class="segments" role="group" aria-labelledby="language-label">
                    ${languages.map((one) => html`<button class="segment" name="language" value=${one.code} lang=${one.code} aria-pressed=${one.code === this.language}>${one.name}</button>`)}
                </div>
            </form>
        `
    }

    private paint(theme: Theme): void {
        chooseTheme(theme)
        this.requestUpdate()
    }

    private toggleStay(event: Event): void {
        this.stay((event.target as HTMLInputElement).checked)
    }

    private typed(code: string | null): void {
        this.code = code
    }

    private async submit(event: SubmitEvent): Promise<void> {
        event.preventDefault()
        if (this.code === null) {
            this.words = this.text.code.incomplete
            return
        }
        const refused = await this.prove(this.code)
        this.words = refused ?? this.text.settings.proveDone
        if (refused === null) this.querySelector<CodeInput>("bw-code-input")?.clear()
    }

    private closeDialog(): void {
        this.querySelector<HTMLDialogElement>("#prove-code")?.close()
    }

    private closed(): void {
        this.querySelector<CodeInput>("bw-code-input")?.clear()
    }
}

customElements.define("bw-settings-page", SettingsPage)
