/** Settings: a new key in place of the old one, step by step, and how far sealing anew has come. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { PasskeyWay, RecoverySheet, ResealProgress, Ways } from "../engine/protocol.ts"
import { askedGroup } from "./asked-group.ts"
import { groupCount, groupsOf } from "./code-check.ts"
import { errorSentence } from "./error-sentence.ts"
import { icons } from "./icons.ts"
import type { ChangeState, KeySession } from "./key-session.ts"
import type { Unlocked } from "./library-session.ts"
import type { OfflinePage } from "./offline-page.ts"
import { PageElement } from "./page-element.ts"
import { hashOf } from "./routes.ts"
import { settingsHead } from "./settings-head.ts"
import "./recovery-sheet.ts"

export class KeyPage extends PageElement {
    static override properties = {
        session: { attribute: false },
        library: { attribute: false },
        ways: { attribute: false },
        account: { type: String },
        offline: { attribute: false },
    }

    declare session: KeySession
    declare library: Unlocked
    declare ways: Ways | null
    declare account: string
    declare offline: OfflinePage

    protected override updated(): void {
        if (this.session.change.kind === "ask") this.querySelector<HTMLInputElement>("#asked-group")?.focus()
    }

    protected override render(): TemplateResult {
        return html`
            <div class="narrow stack settings">
                ${settingsHead(this.text, this.text.key.title, { kind: "settings" }, true)}
                ${this.change(this.session.change)} ${this.sealing()}
            </div>
        `
    }

    private change(state: ChangeState): TemplateResult | typeof nothing {
        const { key, common } = this.text
        switch (state.kind) {
            case "explain":
                // One thing after the other: what an earlier change left is sealed anew first.
                return this.library.resealing > 0 || this.session.reseal.kind !== "idle"
                    ? nothing
                    : this.explain(state.trouble)
            case "making":
                return html`<section class="card stack"><p role="status">${key.making}</p></section>`
            case "sheet":
                return this.sheet(state.sheet)
            case "ask":
                return this.ask(state)
            case "passkeys":
                return this.passkeys(state)
            case "changing":
                return html`<section class="card stack"><p role="status">${key.changing}</p><progress aria-label=${key.changing}></progress></section>`
            case "failed":
                return html`
                    <section class="card stack" role="alert">
                        <h2>${state.code === "network" ? key.maybeTitle : key.failedTitle}</h2>
                        <p>${state.code === "network" ? key.maybe : errorSentence(this.text, state.code)}</p>
                        ${state.code === "network" ? nothing : html`<p class="soft">${key.stays}</p>`}
                        <p class="row"><button class="button" type="button" @click=${() => void this.session.finish()}>${common.tryAgain}</button></p>
                    </section>
                `
            case "changed":
                return html`
                    <section class="card stack done">
                        <span class="done-mark" aria-hidden="true">${icons.check}</span>
                        <div role="status"><h2>${key.changedTitle}</h2></div>
                        <p>${key.changedWords} ${key.changedPassword}</p>
                        <p class="row"><a class="button button-quiet" href=${hashOf({ kind: "ways" })}>${key.changedNext}</a></p>
                    </section>
                `
            default:
                return unreachable(state)
        }
    }

    private explain(trouble: string | null): TemplateResult {
        const { key } = this.text
        return html`
            <section class="card stack">
                <p>${key.why}</p>
                <h2>${key.happensTitle}</h2>
                <ol class="key-steps">
                    ${key.happens.map((step) => html`<li>${step}</li>`)}
                </ol>
                <p class="small soft">${key.limit}</p>
                ${trouble === null ? nothing : html`<p class="note note-danger" role="alert"><span>${errorSentence(this.text, trouble)}</span></p>`}
                <p class="row">
                    <button class="button" type="button" ?disabled=${this.ways === null} @click=${() => void this.session.begin(this.ways?.passkeys ?? [])}>
                        ${key.begin}
                    </button>
                </p>
            </section>
        `
    }

    private sheet(sheet: RecoverySheet): TemplateResult {
        const { key } = this.text
        return html`
            <section class="card stack">
                <p class="step-mark">${key.step(1, this.session.steps)}</p>
                <h2>${key.sheetTitle}</h2>
                <p class="soft">${key.sheetWords}</p>
                <bw-recovery-sheet .sheet=${sheet} account=${this.account} .offline=${this.offline}></bw-recovery-sheet>
                <p class="row screen-only"><button class="button" type="button" @click=${() => this.askBack(sheet)}>${this.text.first.next}</button></p>
            </section>
        `
    }

    private ask(state: Extract<ChangeState, { kind: "ask" }>): TemplateResult {
        const { key, first } = this.text
        return html`
            <section class="card stack">
                <p class="step-mark">${key.step(2, this.session.steps)}</p>
                <h2>${first.askTitle}</h2>
                <form class="stack" @submit=${(event: SubmitEvent) => this.answer(event, state)}>
                    ${askedGroup(this.text, state)}
                    <div class="row">
                        <button class="button" type="submit">${this.session.steps > 2 ? key.next : key.change}</button>
                        <button class="button button-quiet" type="button" @click=${() => this.session.sheet(state.sheet)}>${first.backToSheet}</button>
                    </div>
                </form>
            </section>
        `
    }

    private passkeys(state: Extract<ChangeState, { kind: "passkeys" }>): TemplateResult {
        const { key } = this.text
        return html`
            <section class="card stack">
                <p class="step-mark">${key.step(3, this.session.steps)}</p>
                <h2>${key.passkeysTitle}</h2>
                <p>${key.passkeysWords}</p>
                <ul class="way-list">
                    ${state.passkeys.map((passkey) => this.passkey(state, passkey))}
                </ul>
                <p class="row">
                    <button class="button" type="button" ?disabled=${state.touching !== null} @click=${() => void this.session.finish()}>${key.change}</button>
                </p>
            </section>
        `
    }

    private passkey(state: Extract<ChangeState, { kind: "passkeys" }>, passkey: PasskeyWay): TemplateResult {
        const { key } = this.text
        const taken = state.taken.includes(passkey.slot)
        const trouble = state.trouble?.slot === passkey.slot ? state.trouble.why : null
        return html`
            <li class="stack-small">
                <div class="settings-row">
                    <span><b>${passkey.label}</b><br /><span class="small soft" role="status">${taken ? key.taken : key.leave}</span></span>
                    ${
                        taken
                            ? icons.check
                            : html`<button
                                  class="button button-quiet button-small"
                                  type="button"
                                  ?disabled=${state.touching !== null}
                                  aria-label=${`${key.take}: ${passkey.label}`}
                                  @click=${() => void this.session.take(passkey)}>
                                  ${state.touching === passkey.slot ? key.taking : key.take}
                              </button>`
                    }
                </div>
                ${trouble === null ? nothing : html`<p class="errorlist" role="alert">${trouble === "failed" ? key.touchTrouble : key.notThisOne}</p>`}
            </li>
        `
    }

    private sealing(): TemplateResult | typeof nothing {
        const { key, room, size } = this.text
        const state = this.session.reseal
        switch (state.kind) {
            case "idle":
                return this.library.resealing === 0 ? nothing : this.stillToSeal(nothing)
            case "running":
                return html`
                    <section class="card stack">
                        <h2>${key.resealTitle}</h2>
                        ${this.progress(state.progress)}
                        <p class="soft small">${key.mayLeave}</p>
                        <p class="row">
                            <button class="button button-quiet" type="button" ?disabled=${state.stopping} @click=${() => void this.session.pause()}>
                                ${state.stopping ? key.pausing : key.pause}
                            </button>
                        </p>
                    </section>
                `
            case "over-quota":
                return this.stillToSeal(html`
                    <p class="note note-warm" role="alert"><span>${key.over(size(state.missing))} <a href=${hashOf({ kind: "room" })}>${room.look}</a></span></p>
                `)
            case "failed":
                return this.stillToSeal(
                    html`<p class="note note-danger" role="alert"><span>${errorSentence(this.text, state.code)}</span></p>`,
                )
            case "done":
                return html`
                    <section class="card stack done">
                        <span class="done-mark" aria-hidden="true">${icons.check}</span>
                        <div role="status"><h2>${key.doneTitle}</h2></div>
                        <p>${key.doneWords}</p>
                    </section>
                `
            default:
                return unreachable(state)
        }
    }

    private stillToSeal(trouble: TemplateResult | typeof nothing): TemplateResult {
        const { key } = this.text
        return html`
            <section class="card stack">
                <h2>${key.resealTitle}</h2>
                <p>${key.resealWords(this.library.resealing)}</p>
                ${trouble}
                <p class="soft small">${key.mayLeave}</p>
                <p class="row"><button class="button" type="button" @click=${() => void this.session.goOn()}>${key.goOn}</button></p>
            </section>
        `
    }

    private progress(progress: ResealProgress | null): TemplateResult {
        const { key, size } = this.text
        if (progress === null) return html`<progress aria-label=${key.resealTitle}></progress>`
        return html`
            <div class="progress">
                <progress max=${Math.max(1, progress.total)} value=${progress.done} aria-label=${key.resealTitle}></progress>
                <p class="progress-words">
                    <b>${key.progress(size(progress.done), size(progress.total))}</b>
                    <span class="soft">${key.left(progress.left)}</span>
                </p>
            </div>
            ${progress.network === "waiting" ? html`<p class="note note-warm" role="status"><span>${key.waiting}</span></p>` : nothing}
        `
    }

    private askBack(sheet: RecoverySheet): void {
        const [chance = 0] = crypto.getRandomValues(new Uint8Array(1))
        this.session.ask(sheet, (chance % groupCount) + 1)
    }

    private answer(event: SubmitEvent, state: Extract<ChangeState, { kind: "ask" }>): void {
        event.preventDefault()
        const typed = String(new FormData(event.target as HTMLFormElement).get("group")).replace(/\D/g, "")
        void this.session.answer(typed === groupsOf(state.sheet.code)[state.group - 1])
    }
}

customElements.define("bw-key-page", KeyPage)
