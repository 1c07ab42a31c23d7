/**
 * The first unlock: explain, show the sheet, ask one group back.
 *
 *     explain → making → sheet ⇄ ask → creating
 */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { Engine, RecoverySheet } from "../engine/protocol.ts"
import { askedGroup } from "./asked-group.ts"
import { type CheckCode, groupCount, groupsOf } from "./code-check.ts"
import { type CopiesState, CopySession, noCopies } from "./copy-session.ts"
import type { OfflinePage } from "./offline-page.ts"
import { PageElement } from "./page-element.ts"
import { saveFile } from "./picked-files.ts"
import "./copy-opening.ts"
import "./recovery-sheet.ts"

type FirstState =
    | { readonly kind: "explain"; readonly trouble: string | null }
    | { readonly kind: "making" }
    | { readonly kind: "sheet"; readonly sheet: RecoverySheet; readonly trouble: string | null }
    | { readonly kind: "ask"; readonly sheet: RecoverySheet; readonly group: number; readonly wrong: boolean }
    | { readonly kind: "creating" }

export class FirstUnlock extends PageElement {
    static override properties = {
        account: { type: String },
        prepare: { attribute: false },
        create: { attribute: false },
        engine: { attribute: false },
        check: { attribute: false },
        offline: { attribute: false },
        state: { state: true },
        copies: { state: true },
        stay: { state: true },
    }

    declare account: string
    /** Makes key and code; a sentence when that failed. */
    declare prepare: () => Promise<RecoverySheet | string>
    /** Sends the sealed slot; a sentence when that failed, otherwise this element is gone. */
    declare create: (options: { readonly proven: boolean; readonly stay: boolean }) => Promise<string | null>
    declare engine: Engine
    declare check: CheckCode
    declare offline: OfflinePage
    declare state: FirstState
    declare copies: CopiesState
    declare stay: boolean
    #copies: CopySession | null = null

    constructor() {
        super()
        this.copies = noCopies
        this.state = { kind: "explain", trouble: null }
        this.stay = false
    }

    protected override updated(): void {
        if (this.state.kind === "ask") this.querySelector<HTMLInputElement>("#asked-group")?.focus()
    }

    protected override render(): TemplateResult {
        const { first } = this.text
        switch (this.state.kind) {
            case "explain":
            case "making":
                return this.frame(
                    1,
                    html`
                        <span class="key-mark" aria-hidden="true"></span>
                        <h1>${first.title}</h1>
                        <p>${first.words}</p>
                        ${this.state.kind === "explain" ? this.trouble(this.state.trouble) : nothing}
                        <button class="button" type="button" ?disabled=${this.state.kind === "making"} @click=${this.make}>
                            ${this.state.kind === "making" ? this.text.common.working : first.make}
                        </button>
                        ${this.state.kind === "explain" ? this.fromCopy() : nothing}
                    `,
                )
            case "sheet":
                return this.frame(2, this.sheet(this.state.sheet, this.state.trouble))
            case "ask":
                return this.frame(3, this.ask(this.state))
            case "creating":
                return this.frame(3, html`<p role="status">${this.text.common.working}</p>`)
            default:
                return unreachable(this.state)
        }
    }

    private frame(step: number, content: TemplateResult): TemplateResult {
        return html`
            <div class="entrance ${step === 2 ? "entrance-wide" : ""}">
                <div class="card stack">
                    <p class="step-mark">${this.text.first.step(step)}</p>
                    ${content}
                </div>
            </div>
        `
    }

    /** Who comes with a copy needs no new key. */
    private fromCopy(): TemplateResult {
        const { open } = this.text.copy
        return html`
            <details class="from-copy">
                <summary>${open.newLink}</summary>
                <div class="stack">
                    <p>${open.newWords}</p>
                    <bw-copy-opening class="stack" entering .session=${this.copySession()} .state=${this.copies.opening} .check=${this.check}></bw-copy-opening>
                </div>
            </details>
        `
    }

    private copySession(): CopySession {
        const show = (state: CopiesState): void => {
            this.copies = state
            // What went wrong is read before the page goes on.
            if (state.opening.kind === "done") this.dispatchEvent(new Event("library-changed", { bubbles: true }))
        }
        this.#copies ??= new CopySession(this.engine, show, saveFile)
        return this.#copies
    }

    private trouble(words: string | null): TemplateResult | typeof nothing {
        return words === null ? nothing : html`<p class="note note-danger" role="alert"><span>${words}</span></p>`
    }

    private sheet(sheet: RecoverySheet, trouble: string | null): TemplateResult {
        const { first, unlock } = this.text
        return html`
            <h1>${first.sheetTitle}</h1>
            <p class="soft">${first.sheetWords}</p>
            <bw-recovery-sheet .sheet=${sheet} account=${this.account} .offline=${this.offline}></bw-recovery-sheet>
            <label class="check screen-only">
                <input type="checkbox" .checked=${this.stay} @change=${this.toggleStay} />
                <span>${unlock.stay}<br /><span class="help">${unlock.stayHelp}</span></span>
            </label>
            ${this.trouble(trouble)}
            <div class="row screen-only">
                <button class="button" type="button" @click=${() => this.askBack(sheet)}>${first.next}</button>
                <button class="button button-plain" type="button" @click=${() => this.finish(sheet, false)}>${this.text.common.later}</button>
            </div>
        `
    }

    private ask(state: Extract<FirstState, { kind: "ask" }>): TemplateResult {
        const { first, common } = this.text
        return html`
            <h1>${first.askTitle}</h1>
            <form class="stack" @submit=${(event: SubmitEvent) => this.answer(event, state)}>
                ${askedGroup(this.text, state)}
                <div class="row">
                    <button class="button" type="submit">${first.finish}</button>
                    <button class="button button-quiet" type="button" @click=${() => this.show(state.sheet)}>${first.backToSheet}</button>
                    <button class="button button-plain" type="button" @click=${() => this.finish(state.sheet, false)}>${common.later}</button>
                </div>
            </form>
        `
    }

    private async make(): Promise<void> {
        this.state = { kind: "making" }
        const made = await this.prepare()
        this.state =
            typeof made === "string"
                ? { kind: "explain", trouble: made }
                : { kind: "sheet", sheet: made, trouble: null }
    }

    private show(sheet: RecoverySheet): void {
        this.state = { kind: "sheet", sheet, trouble: null }
    }

    private toggleStay(event: Event): void {
        this.stay = (event.target as HTMLInputElement).checked
    }

    private askBack(sheet: RecoverySheet): void {
        const [chance = 0] = crypto.getRandomValues(new Uint8Array(1))
        this.state = { kind: "ask", sheet, group: (chance % groupCount) + 1, wrong: false }
    }

    private async answer(event: SubmitEvent, state: Extract<FirstState, { kind: "ask" }>): Promise<void> {
        event.preventDefault()
        const typed = String(new FormData(event.target as HTMLFormElement).get("group")).replace(/\D/g, "")
        if (typed === groupsOf(state.sheet.code)[state.group - 1]) await this.finish(state.sheet, true)
        else this.state = { ...state, wrong: true }
    }

    private async finish(sheet: RecoverySheet, proven: boolean): Promise<void> {
        this.state = { kind: "creating" }
        const trouble = await this.create({ proven, stay: this.stay })
        if (trouble !== null) this.state = { kind: "sheet", sheet, trouble }
    }
}

customElements.define("bw-first-unlock", FirstUnlock)
