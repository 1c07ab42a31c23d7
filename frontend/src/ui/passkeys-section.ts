/** The passkeys in the settings: which of them open the library, adding, renaming, removing. */

import { html, nothing, type TemplateResult } from "lit"
import { codeOf } from "../engine/errors.ts"
import type { PasskeyBook, SignInPasskey } from "../engine/page-ports.ts"
import type { Ways } from "../engine/protocol.ts"
import type { ConfirmDialog } from "./confirm-dialog.ts"
import { errorSentence } from "./error-sentence.ts"
import { day } from "./language.ts"
import type { LibrarySession } from "./library-session.ts"
import type { NameDialog } from "./name-dialog.ts"
import { PageElement } from "./page-element.ts"
import { type ListedPasskey, listedPasskeys } from "./passkey-list.ts"
import { PasskeySession, type PasskeyState } from "./passkey-session.ts"
import { troubleNote } from "./trouble-note.ts"
import "./confirm-dialog.ts"
import "./name-dialog.ts"
import "./passkey-adding.ts"

export class PasskeysSection extends PageElement {
    static override properties = {
        session: { attribute: false },
        ways: { attribute: false },
        book: { attribute: false },
        signIns: { state: true },
        adding: { state: true },
        said: { state: true },
        trouble: { state: true },
    }

    declare session: LibrarySession
    declare ways: Ways
    declare book: PasskeyBook
    /** Null while they are being asked for, or cannot be. */
    declare signIns: readonly SignInPasskey[] | null
    /** What is being added, or null: the list is shown. */
    declare adding: PasskeyState | null
    declare said: string | null
    declare trouble: string | null
    #steps: PasskeySession | null = null

    constructor() {
        super()
        this.signIns = null
        this.adding = null
        this.said = null
        this.trouble = null
    }

    protected override firstUpdated(): void {
        void this.load()
    }

    protected override render(): TemplateResult {
        const { passkeys } = this.text
        return html`
            <section class="card stack" id="passkeys-section">
                <h2>${passkeys.title}</h2>
                ${this.adding === null ? this.list() : html`<bw-passkey-adding .session=${this.steps()} .state=${this.adding} .finished=${this.finished}></bw-passkey-adding>`}
            </section>
            <bw-confirm-dialog></bw-confirm-dialog>
            <bw-name-dialog></bw-name-dialog>
        `
    }

    private list(): TemplateResult {
        const { passkeys } = this.text
        const listed = listedPasskeys(this.signIns ?? [], this.ways.passkeys)
        return html`
            ${this.said === null ? nothing : html`<p class="note" role="status"><span>${this.said}</span></p>`}
            ${troubleNote(this.trouble)}
            ${listed.length === 0 ? html`<p class="soft">${passkeys.none}</p>` : html`<ul class="things">${listed.map((one) => this.row(one))}</ul>`}
            ${
                this.book.supported()
                    ? html`<p><button class="button button-small ${listed.length === 0 ? "" : "button-quiet"}" type="button" @click=${this.add}>${passkeys.add}</button></p>`
                    : html`<p class="small soft">${passkeys.unsupported}</p>`
            }
        `
    }

    private row(one: ListedPasskey): TemplateResult {
        const { passkeys } = this.text
        const opens = one.slot !== null
        const used = one.lastUsed === null ? passkeys.neverUsed : passkeys.lastUsed(day(this.language, one.lastUsed))
        return html`
            <li class="thing">
                <div class="thing-words">
                    <span class="thing-name">${one.name} <span class="badge ${opens ? "" : "badge-plain"}">${opens ? passkeys.opens : passkeys.signsInOnly}</span></span>
                    <span class="small soft">${passkeys.created(day(this.language, one.created))}${one.signIn === null ? nothing : html` · ${used}`}</span>
                </div>
                <div class="thing-actions" role="group" aria-label=${passkeys.actionsFor(one.name)}>
                    ${opens || !this.book.supported() ? nothing : html`<button class="link-button small" type="button" @click=${() => this.use(one)}>${passkeys.letOpen}</button>`}
                    ${one.signIn === null ? nothing : html`<button class="link-button small" type="button" @click=${() => this.rename(one)}>${passkeys.rename}</button>`}
                    <button class="link-button small" type="button" @click=${() => this.removePasskey(one)}>${passkeys.remove}</button>
                </div>
            </li>
        `
    }

    private steps(): PasskeySession {
        this.#steps ??= new PasskeySession(
            this.session.engine,
            this.book,
            (state) => {
                this.adding = state
            },
            (ways) => this.session.knowWays(ways),
        )
        return this.#steps
    }

    private async load(): Promise<void> {
        try {
            this.signIns = await this.book.list()
        } catch {
            this.trouble = this.text.passkeys.away
        }
    }

    private readonly finished = async (): Promise<void> => {
        this.adding = null
        await this.load()
        await this.updateComplete
        this.querySelector<HTMLElement>("#passkeys-section > p:last-of-type button")?.focus()
    }

    private add(): void {
        this.begin()
        this.steps().begin()
    }

    private use(one: ListedPasskey): void {
        this.begin()
        this.steps().use(one.credential, one.name)
    }

    private begin(): void {
        this.said = null
        this.trouble = null
    }

    private async rename({ signIn, name }: ListedPasskey): Promise<void> {
        const { passkeys } = this.text
        const question = { title: passkeys.renameTitle, label: passkeys.nameLabel, name }
        const chosen = await this.querySelector<NameDialog>("bw-name-dialog")?.ask(question)
        if (signIn === null || !chosen) return
        await this.safely(async () => {
            const outcome = await this.book.rename(signIn, chosen)
            if (outcome.kind === "reauthenticate") this.adding = outcome
        })
    }

    private async removePasskey(one: ListedPasskey): Promise<void> {
        const { passkeys } = this.text
        const question = {
            title: passkeys.removeTitle(one.name),
            words: passkeys.removeWords,
            confirm: passkeys.remove,
        }
        if (!(await this.querySelector<ConfirmDialog>("bw-confirm-dialog")?.ask(question))) return
        await this.safely(async () => {
            const outcome = one.signIn === null ? { kind: "removed" as const } : await this.book.remove(one.signIn)
            if (outcome.kind === "reauthenticate") {
                this.adding = outcome
                return
            }
            if (one.slot !== null) this.session.knowWays(await this.session.engine.removePasskey(one.slot))
            this.said = passkeys.removed
        })
    }

    private async safely(work: () => Promise<void>): Promise<void> {
        this.begin()
        try {
            await work()
        } catch (error) {
            this.trouble = errorSentence(this.text, codeOf(error))
        }
        if (this.adding === null && this.trouble === null) await this.load()
    }
}

customElements.define("bw-passkeys-section", PasskeysSection)
