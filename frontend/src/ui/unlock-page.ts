/** The locked library: one calm card with the way one would take first, and quiet links to the others. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import { codeOf } from "../engine/errors.ts"
import type { PasskeyBook } from "../engine/page-ports.ts"
import type { PasskeyTouch, Ways } from "../engine/protocol.ts"
import type { CheckCode } from "./code-check.ts"
import { errorSentence } from "./error-sentence.ts"
import { day, names } from "./language.ts"
import type { LibrarySession } from "./library-session.ts"
import { PageElement } from "./page-element.ts"
import type { PasswordAnswer } from "./password-form.ts"
import { firstWay, offeredWays, type WayName } from "./unlock-ways.ts"
import "./passkey-form.ts"
import "./password-form.ts"
import "./receive-key.ts"
import "./unlock-form.ts"

/** A touch made while signing in is used before anything is asked. */
type Entrance = "looking" | "opening" | "asking"

export class UnlockPage extends PageElement {
    static override properties = {
        session: { attribute: false },
        ways: { attribute: false },
        keyChanged: { type: Boolean },
        passkeys: { attribute: false },
        check: { attribute: false },
        openWithCode: { attribute: false },
        entrance: { state: true },
        chosen: { state: true },
        stay: { state: true },
    }

    declare session: LibrarySession
    declare ways: Ways | null
    /** The key was changed elsewhere while this page was open. */
    declare keyChanged: boolean
    declare passkeys: PasskeyBook
    declare check: CheckCode
    /** Tries a recovery code: a sentence when it did not open. */
    declare openWithCode: (code: string, stay: boolean) => Promise<string | null>
    declare entrance: Entrance
    declare chosen: WayName | null
    declare stay: boolean

    constructor() {
        super()
        this.entrance = "looking"
        this.keyChanged = false
        this.chosen = null
        this.stay = false
    }

    protected override firstUpdated(): void {
        void this.useHandedOver()
    }

    protected override render(): TemplateResult {
        switch (this.entrance) {
            case "looking":
                return html`<p class="quiet-place soft" role="status">${this.text.app.starting}</p>`
            case "opening":
                return html`<p class="quiet-place soft" role="status">${this.text.unlock.opening}</p>`
            case "asking":
                return this.card()
            default:
                return unreachable(this.entrance)
        }
    }

    private card(): TemplateResult {
        const { unlock } = this.text
        const offered = offeredWays(this.ways, this.passkeys.supported())
        const way = this.chosen !== null && offered.includes(this.chosen) ? this.chosen : firstWay(offered)
        return html`
            <div class="entrance unlock">
                <div class="card stack">
                    <span class="key-mark" aria-hidden="true"></span>
                    <h1>${unlock.title}</h1>
                    ${this.keyChanged ? html`<p class="note note-warm" role="status"><span>${this.text.key.elsewhere}</span></p>` : nothing}
                    ${this.notice(offered)}
                    ${this.form(way)}
                    <nav class="other-ways" aria-label=${unlock.others}>
                        ${offered
                            .filter((other) => other !== way)
                            .map(
                                (other) =>
                                    html`<button class="link-button" type="button" @click=${() => this.choose(other)}>${unlock.use[other]}</button>`,
                            )}
                    </nav>
                </div>
                <div class="stack entrance-notes">
                    ${this.limit()}
                    <details class="small soft">
                        <summary>${unlock.lost}</summary>
                        <p>${unlock.lostWords}</p>
                    </details>
                </div>
            </div>
        `
    }

    private form(way: WayName): TemplateResult {
        switch (way) {
            case "passkey":
                return html`<bw-passkey-form .open=${this.openWithPasskey} .stayChoice=${this.stayChoice()}></bw-passkey-form>`
            case "password":
                return html`<bw-password-form .way=${this.ways?.password} .attempt=${this.attempt} .stayChoice=${this.stayChoice()}></bw-password-form>`
            case "device":
                return html`<bw-receive-key
                    .engine=${this.session.engine}
                    .stay=${this.stay}
                    .stayChoice=${this.stayChoice()}
                    .received=${this.received}></bw-receive-key>`
            case "recovery-code":
                return html`<bw-unlock-form .check=${this.check} .open=${this.open} .stayChoice=${this.stayChoice()}></bw-unlock-form>`
            default:
                return unreachable(way)
        }
    }

    /** Stands within the way's own form, above its button. */
    private stayChoice(): TemplateResult {
        const { unlock } = this.text
        return html`
            <label class="check">
                <input type="checkbox" name="stay" .checked=${this.stay} @change=${(event: Event) => this.toggleStay(event)} />
                <span>${unlock.stay}<br /><span class="help">${unlock.stayHelp}</span></span>
            </label>
        `
    }

    /** What happened to the password, if it cannot be used. */
    private notice(offered: readonly WayName[]): TemplateResult | typeof nothing {
        const { unlock } = this.text
        if (this.ways === null) return html`<p class="small soft" role="status">${unlock.waysAway}</p>`
        const { password } = this.ways
        switch (password.kind) {
            case "none":
            case "set":
                return nothing
            case "unavailable":
                return password.why === "staff"
                    ? nothing
                    : html`<p class="small soft" role="status">${unlock.vaultAway}</p>`
            case "erased": {
                const left = names(
                    this.language,
                    offered.map((way) => unlock.named[way]),
                    4,
                    (count) => count,
                )
                return html`
                    <div class="note note-warm" role="alert">
                        <div class="stack-small">
                            <p><strong>${unlock.erasedTitle}</strong></p>
                            <p>${unlock.erasedWords(day(this.language, password.at), password.guesses)}</p>
                            <p>${unlock.erasedWays(left)} ${unlock.erasedAfter}</p>
                        </div>
                    </div>
                `
            }
            default:
                return unreachable(password)
        }
    }

    private limit(): TemplateResult | typeof nothing {
        if (this.ways?.password.kind !== "set") return nothing
        const { unlock } = this.text
        return html`
            <details class="small soft">
                <summary>${unlock.limit}</summary>
                <div class="stack-small">${unlock.limitWords.map((words) => html`<p>${words}</p>`)}</div>
            </details>
        `
    }

    private async useHandedOver(): Promise<void> {
        const touch = await this.passkeys.handedOver().catch(() => null)
        if (touch !== null) {
            this.entrance = "opening"
            // Whatever kept it from opening: nobody asked for this touch, so the page simply asks.
            if ((await this.openByTouch(touch, false)) === null) return
        }
        this.entrance = "asking"
    }

    private choose(way: WayName): void {
        this.chosen = way
    }

    private toggleStay(event: Event): void {
        this.stay = (event.target as HTMLInputElement).checked
    }

    private readonly open = (code: string) => this.openWithCode(code, this.stay)

    private readonly received = () => this.session.refresh()

    private readonly openWithPasskey = async (): Promise<string | null> => {
        const { unlock } = this.text
        const outcome = await this.passkeys
            .touch((this.ways?.passkeys ?? []).map(({ credential }) => credential))
            .catch(() => ({ kind: "failed" }) as const)
        switch (outcome.kind) {
            case "touched":
                return await this.openByTouch(outcome.touch, this.stay)
            case "no-output":
                return unlock.passkeyNoOutput
            case "cancelled":
                return unlock.passkeyCancelled
            case "unsupported":
            case "failed":
                return unlock.passkeyFailed
            default:
                return unreachable(outcome)
        }
    }

    /** Null when it opened. */
    private async openByTouch(touch: PasskeyTouch, stay: boolean): Promise<string | null> {
        try {
            const outcome = await this.session.engine.unlockWithPasskey(touch, { stay })
            if (outcome.kind === "not-this-one") return this.text.unlock.passkeyNotThis
            await this.session.refresh()
            return null
        } catch (error) {
            return errorSentence(this.text, codeOf(error))
        }
    }

    private readonly attempt = async (password: string): Promise<PasswordAnswer> => {
        const { session, stay } = this
        try {
            const outcome = await session.guess(() => session.engine.unlockWithPassword(password, { stay }))
            if (outcome.kind === "opened") {
                if (outcome.renewed) session.tell({ kind: "renewed" })
                await session.refresh()
            } else await session.refreshWays()
            return outcome
        } catch (error) {
            return { kind: "refused", words: errorSentence(this.text, codeOf(error)) }
        }
    }
}

customElements.define("bw-unlock-page", UnlockPage)
