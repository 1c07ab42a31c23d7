/** Opens an encrypted copy and brings it in: in the settings, and in an account that has no library yet. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { CopySummary } from "../engine/protocol.ts"
import type { CheckCode } from "./code-check.ts"
import type { CopySession, OpeningState } from "./copy-session.ts"
import { copyTrouble } from "./copy-trouble.ts"
import { icons } from "./icons.ts"
import { dayAndTime } from "./language.ts"
import { PageElement } from "./page-element.ts"
import { chosenFile, inputFile } from "./picked-files.ts"
import { troubleNote } from "./trouble-note.ts"
import "./unlock-form.ts"

export class CopyOpening extends PageElement {
    static override properties = {
        session: { attribute: false },
        state: { attribute: false },
        check: { attribute: false },
        entering: { type: Boolean },
        stay: { state: true },
    }

    declare session: CopySession
    declare state: OpeningState
    declare check: CheckCode
    /** The account has no library: it takes over the one in the copy. */
    declare entering: boolean
    declare stay: boolean

    constructor() {
        super()
        this.entering = false
        this.stay = false
    }

    protected override render(): TemplateResult {
        return html`
            ${this.step()}
            <input type="file" accept=".zip,application/zip" hidden @change=${this.inputChanged} />
        `
    }

    private step(): TemplateResult {
        const { state } = this
        const { open } = this.text.copy
        switch (state.kind) {
            case "idle":
                return this.choosing(open.choose)
            case "reading":
                return html`<p role="status">${open.reading(state.fileName)}</p>`
            case "refused":
                return this.ended(troubleNote(copyTrouble(this.text, state.code)), open.another)
            case "locked":
                return this.locked(state.site)
            case "opened":
                return this.opened(state.copy)
            case "running":
                return this.running(state)
            case "done":
                return this.done(state)
            case "over-quota":
                return this.ended(troubleNote(open.over(this.text.size(state.missing))), open.another)
            case "stopped":
                return this.ended(
                    html`<p class="note note-warm" role="status"><span>${open.stopped}</span></p>`,
                    open.choose,
                )
            default:
                return unreachable(state)
        }
    }

    private choosing(words: string, more: TemplateResult | typeof nothing = nothing): TemplateResult {
        return html`<p class="row"><button class="button button-quiet" type="button" @click=${this.choose}>${words}</button>${more}</p>`
    }

    /** It may have come so far that the account has a library by now: then its chats are a click away. */
    private ended(note: TemplateResult | typeof nothing, words: string): TemplateResult {
        const leave = html`<button class="button button-plain" type="button" @click=${this.changed}>${this.text.copy.open.toChats}</button>`
        return html`${note} ${this.choosing(words, this.entering ? leave : nothing)}`
    }

    private locked(site: string): TemplateResult {
        const { open } = this.text.copy
        return html`
            <p>${this.entering ? nothing : `${open.locked} `}${site === "" ? nothing : html`<span class="soft">${open.from(site)}</span>`}</p>
            <bw-unlock-form .check=${this.check} .open=${this.unlock} .stayChoice=${html``}></bw-unlock-form>
        `
    }

    private opened(copy: CopySummary): TemplateResult {
        const { copy: words, unlock } = this.text
        const { open } = words
        const nothingNew = copy.into === "same" && copy.missing === 0
        return html`
            <p>${open.written(dayAndTime(this.language, copy.written), copy.sequence)}</p>
            ${copy.chats.length === 0 ? html`<p class="soft">${open.empty}</p>` : nothing}
            <ul class="things copy-chats">
                ${copy.chats.map(
                    (chat) => html`
                        <li class="thing">
                            <span class="thing-words">
                                <span class="thing-name">${chat.name}</span>
                                <span class="small soft">${open.exports(chat.imports)}</span>
                            </span>
                        </li>
                    `,
                )}
            </ul>
            <p>${nothingNew ? open.sameNothing : this.whither(copy)}</p>
            ${
                this.entering
                    ? html`
                        <label class="check">
                            <input type="checkbox" .checked=${this.stay} @change=${this.toggleStay} />
                            <span>${unlock.stay}<br /><span class="help">${unlock.stayHelp}</span></span>
                        </label>
                    `
                    : nothing
            }
            <p class="row">
                ${nothingNew ? nothing : html`<button class="button" type="button" @click=${this.bringIn}>${open.bringIn}</button>`}
                <button class="button button-quiet" type="button" @click=${this.choose}>${open.another}</button>
            </p>
        `
    }

    private whither(copy: CopySummary): string {
        const { open } = this.text.copy
        switch (copy.into) {
            case "same":
                return open.same(copy.missing, this.text.size(copy.size ?? 0))
            case "new":
                return open.intoNew
            case "other":
                return open.intoOther
        }
    }

    private running({ progress, stopping }: Extract<OpeningState, { kind: "running" }>): TemplateResult {
        const { open, save } = this.text.copy
        const { done = 0, total = 0, network = "fine" } = progress ?? {}
        return html`
            <p aria-live="polite">${stopping ? this.text.add.stopping : open.running}</p>
            <div class="progress">
                <progress max=${Math.max(1, total)} value=${progress === null ? nothing : done} aria-label=${open.running}></progress>
                ${progress === null ? nothing : html`<p class="progress-words"><b>${save.progress(this.text.size(done), this.text.size(total))}</b></p>`}
            </div>
            ${network === "waiting" ? html`<p class="note note-warm" role="status"><span>${open.waiting}</span></p>` : nothing}
            <p class="row">
                <button class="button button-quiet" type="button" ?disabled=${stopping} @click=${() => this.session.stop()}>${open.stop}</button>
            </p>
        `
    }

    private done({ imports, chunksChecked }: Extract<OpeningState, { kind: "done" }>): TemplateResult {
        const { open } = this.text.copy
        return html`
            <div class="note" role="status">
                ${icons.check}
                <p><b>${open.doneTitle}.</b> ${imports === 0 ? open.doneNothing : open.doneWords(imports, chunksChecked)}</p>
            </div>
            ${this.choosing(open.another)}
        `
    }

    // ------------------------------------------------------------ what happens

    private changed(): void {
        this.dispatchEvent(new Event("library-changed", { bubbles: true }))
    }

    private async choose(): Promise<void> {
        const input = this.querySelector<HTMLInputElement>("input[type=file]")
        const picked = input && (await chosenFile(input))
        if (picked) await this.session.read(picked.file)
    }

    private inputChanged(event: Event): void {
        const picked = inputFile(event.target as HTMLInputElement)
        if (picked !== null) void this.session.read(picked.file)
    }

    private readonly unlock = async (code: string): Promise<string | null> =>
        (await this.session.unlock(code)) ? null : this.text.unlock.wrongCode

    private toggleStay(event: Event): void {
        this.stay = (event.target as HTMLInputElement).checked
    }

    private async bringIn(): Promise<void> {
        await this.session.bringIn({ site: location.origin, stay: this.stay })
    }
}

customElements.define("bw-copy-opening", CopyOpening)
