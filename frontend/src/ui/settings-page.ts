/** The ways to unlock in short, this device, storage, and the way to the account's own pages. */

import { html, nothing, type TemplateResult } from "lit"
import type { QuotaState, Ways } from "../engine/protocol.ts"
import { lastCheckWords, whenWords } from "./health.ts"
import type { Language } from "./language.ts"
import type { Unlocked } from "./library-session.ts"
import { PageElement } from "./page-element.ts"
import { hashOf } from "./routes.ts"
import { safetyOf } from "./safety.ts"
import { settingsHead } from "./settings-head.ts"
import { storageBar } from "./storage-bar.ts"
import { chooseTheme, storedTheme, type Theme } from "./theme.ts"
import { safetyWords } from "./ways-status.ts"

/** Addresses of the server's pages about the account. */
export interface AccountLinks {
    readonly email: string
    readonly password: string
    readonly passkeys: string
    readonly sessions: string
    /** The security events. */
    readonly activity: string
    /** What the server has about the person, and the way out. */
    readonly data: string
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
        ways: { attribute: false },
        quota: { attribute: false },
        links: { attribute: false },
        stay: { attribute: false },
    }

    declare library: Unlocked
    /** Null while they are not known. */
    declare ways: Ways | null
    declare quota: QuotaState
    declare links: AccountLinks
    declare stay: (stay: boolean) => void

    protected override render(): TemplateResult {
        const { settings } = this.text
        return html`
            <div class="narrow stack settings">
                ${settingsHead(this.text, settings.title, { kind: "library" }, false)}
                ${this.safety()} ${this.health()}
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
                    ${this.quota.reserved > 0 ? html`<p class="small soft">${this.text.room.reserved(this.text.size(this.quota.reserved))}</p>` : nothing}
                    <ul class="links">
                        <li><a href=${hashOf({ kind: "room" })}>${this.text.room.all}</a></li>
                    </ul>
                    <p><a href=${hashOf({ kind: "keep", conversation: null })}>${this.text.retention.title}</a> <span class="small soft">${this.text.retention.link}</span></p>
                    <p><a href=${hashOf({ kind: "restore", conversation: null, importId: null })}>${this.text.restore.all}</a> <span class="small soft">${this.text.restore.allWords}</span></p>
                </section>
                <section class="card stack">
                    <h2>${this.text.copy.title}</h2>
                    <p class="small soft">${this.text.copy.link}</p>
                    <ul class="links">
                        <li><a href=${hashOf({ kind: "copy" })}>${this.text.copy.all}</a></li>
                    </ul>
                </section>
                <section class="card stack">
                    <h2>${settings.state}</h2>
                    <p class="state-code"><span>${settings.sequence(this.library.sequence)}</span><code>${this.library.headCode}</code></p>
                    <p class="small soft">${settings.stateWords}</p>
                </section>
                <section class="card stack">
                    <h2>${settings.account}</h2>
                    <ul class="links">
                        <li><a href=${this.links.email}>${settings.email}</a></li>
                        <li><a href=${this.links.password}>${settings.password}</a></li>
                        <li><a href=${this.links.passkeys}>${settings.passkeys}</a></li>
                        <li><a href=${this.links.activity}>${this.text.devices.activity}</a></li>
                        <li><a href=${this.links.data}>${settings.data}<span class="small soft"> ${settings.dataWords}</span></a></li>
                        <li><a href=${this.links.logout}>${settings.logout}</a></li>
                    </ul>
                </section>
            </div>
        `
    }

    private safety(): TemplateResult {
        const { ways, devices } = this.text
        return html`
            <section class="card stack">
                <h2>${ways.title}</h2>
                ${this.ways === null ? nothing : html`<p>${safetyWords(ways, safetyOf(this.ways, Date.now()))}</p>`}
                <ul class="links">
                    <li><a href=${hashOf({ kind: "ways" })}>${ways.toWays}</a></li>
                    <li><a href=${hashOf({ kind: "devices" })}>${devices.all}</a></li>
                    <li><a href=${hashOf({ kind: "key" })}>${this.text.key.title}<span class="small soft"> ${this.text.key.link}</span></a></li>
                </ul>
            </section>
        `
    }

    private health(): TemplateResult {
        const { check, drill } = this.text
        const { checked, drill: drilled } = this.library
        const last =
            drilled.done === null ? drill.never : whenWords(this.text, this.language, drilled.done.at, Date.now())
        return html`
            <section class="card stack">
                <h2>${check.heading}</h2>
                <ul class="links">
                    <li><a href=${hashOf({ kind: "check", conversation: null })}>${check.title}<span class="small soft"> ${lastCheckWords(this.text, this.language, checked, Date.now())}</span></a></li>
                    <li><a href=${hashOf({ kind: "drill" })}>${drill.title}<span class="small soft"> ${last}</span></a></li>
                </ul>
            </section>
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
}

customElements.define("bw-settings-page", SettingsPage)
