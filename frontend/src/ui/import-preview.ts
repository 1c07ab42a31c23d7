/** What is in the export, before anything is sent; and the few things to decide. */

import { html, nothing, type TemplateResult } from "lit"
import type { BackupKey, ImportChoices, ImportPreview, LikelyChat } from "../engine/protocol.ts"
import "./backup-key.ts"
import { damagedNote } from "./damaged-note.ts"
import { day, dayAndTime, names, number } from "./language.ts"
import { PageElement } from "./page-element.ts"

export class ImportPreviewView extends PageElement {
    static override properties = {
        preview: { attribute: false },
        send: { attribute: false },
        order: { attribute: false },
        another: { attribute: false },
        unlock: { attribute: false },
        dayFirst: { attribute: false },
        own: { state: true },
    }

    declare preview: ImportPreview
    declare send: (choices: ImportChoices) => void
    declare order: (dayFirst: boolean) => void
    declare another: () => void
    declare unlock: (key: BackupKey) => Promise<string | null>
    declare dayFirst: boolean | null
    /** The id of the chat that was chosen, empty for a new one; null: nobody has chosen. */
    declare own: string | null

    constructor() {
        super()
        this.dayFirst = null
        this.own = null
    }

    protected override render(): TemplateResult {
        const { add } = this.text
        const { preview } = this
        const chat = preview.reader !== "files"
        return html`
            ${preview.encrypted ? html`<section class="card stack"><h1>${add.backupTitle}</h1><bw-backup-key .open=${this.unlock}></bw-backup-key></section>` : nothing}
            <form class="card stack" @submit=${this.submit}>
                <div>
                    <h1>${preview.encrypted ? add.backupAsFile : preview.chats > 1 ? add.previewTitleMany : chat ? add.previewTitle : add.previewTitleFiles}</h1>
                    <p class="soft">${add.nothingSent}</p>
                </div>
                ${chat || preview.encrypted ? nothing : html`<p class="note"><span>${add.notAChat}</span></p>`}
                ${preview.resumes ? html`<p class="note"><span>${add.resumes(this.text.size(preview.resumes.sentBytes))}</span></p>` : nothing}
                ${this.where()} ${this.facts()} ${this.known()} ${this.trouble()} ${this.dateOrder()}
                <details>
                    <summary>${add.seen}</summary>
                    <p class="soft">${add.seenWords(this.text.size(preview.unpackedSize))}</p>
                </details>
                <div class="row">
                    <button class="button" type="submit" ?disabled=${preview.dateOrder === "ask" && this.dayFirst === null}>
                        ${preview.resumes ? add.goOn : add.start}
                    </button>
                    <button class="button button-plain" type="button" @click=${this.another}>${add.another}</button>
                </div>
            </form>
        `
    }

    private where(): TemplateResult {
        const { add } = this.text
        const { same, title, reader } = this.preview
        const name = html`
            <div class="field">
                <label for="chat-name">${reader !== "files" ? add.name : add.nameFiles}</label>
                <input id="chat-name" name="title" required maxlength="200" .value=${title} />
            </div>
        `
        const [first] = same
        if (first === undefined) return name
        const chosen = this.chosen() ?? first
        const question = chosen.why === "none" ? add.where : add.sameAs(chosen.name)
        return html`
            <fieldset>
                <legend>${question}</legend>
                <label class="check">
                    <input type="radio" name="where" value="same" .checked=${!this.isOwn()} @change=${() => this.belongs(chosen.id)} />
                    <span>${add.toSame(chosen.name)}</span>
                </label>
                ${this.isOwn() || same.length === 1 ? nothing : this.others(same, chosen)}
                <label class="check">
                    <input type="radio" name="where" value="own" .checked=${this.isOwn()} @change=${() => this.belongs("")} />
                    <span>${add.toNew}</span>
                </label>
            </fieldset>
            ${this.isOwn() ? name : nothing}
        `
    }

    /** The title is no proof: any other chat may be meant. */
    private others(same: readonly LikelyChat[], chosen: LikelyChat): TemplateResult {
        return html`
            <select class="same-chat" aria-label=${this.text.add.anotherChat} @change=${(event: Event) => this.belongs((event.target as HTMLSelectElement).value)}>
                ${same.map(({ id, name }) => html`<option value=${id} ?selected=${id === chosen.id}>${name}</option>`)}
            </select>
        `
    }

    /** The chat it is to join: the one of its title, until somebody says otherwise; null: a new one. */
    private chosen(): LikelyChat | null {
        const { same } = this.preview
        if (this.own === null) return same.find(({ why }) => why === "title") ?? null
        return same.find(({ id }) => id === this.own) ?? null
    }

    private isOwn(): boolean {
        return this.chosen() === null
    }

    private facts(): TemplateResult {
        const { add } = this.text
        const { preview } = this
        const fact = (term: string, value: string | null) =>
            value === null || value === "" ? nothing : html`<div><dt>${term}</dt><dd>${value}</dd></div>`
        const chat = preview.reader !== "files"
        return html`
            <dl class="facts">
                ${preview.reader === "files" || preview.reader === "whatsapp" ? nothing : fact(add.source, add.sources[preview.reader])}
                ${preview.chats > 1 ? fact(add.chats, number(this.language, preview.chats)) : nothing}
                ${fact(add.people, names(this.language, preview.people, 6, add.morePeople))}
                ${fact(add.from, preview.first && dayAndTime(this.language, preview.first))}
                ${fact(add.until, preview.last && dayAndTime(this.language, preview.last))}
                ${fact(add.messages, chat ? number(this.language, preview.messages) : null)}
                ${chat ? fact(add.media, number(this.language, preview.media)) : fact(this.text.chat.files, number(this.language, preview.files))}
                ${fact(add.size, this.text.size(preview.size))}
            </dl>
        `
    }

    private known(): TemplateResult | typeof nothing {
        const { known } = this.preview
        if (known === null || known.there === 0) return nothing
        const { size } = this.text
        return html`<p class="note"><span>${this.text.add.known(size(known.there), size(known.toSend))}</span></p>`
    }

    private trouble(): TemplateResult {
        const { add } = this.text
        const { mediaMissing, damaged } = this.preview
        return html`
            ${mediaMissing > 0 ? html`<p class="small soft">${add.mediaMissing(mediaMissing)}</p>` : nothing}
            ${damagedNote(this.text, damaged)}
        `
    }

    private dateOrder(): TemplateResult | typeof nothing {
        const { add } = this.text
        const { dateOrder, dateExample } = this.preview
        if (dateOrder === "decided" || dateExample === null) return nothing
        const choice = (dayFirst: boolean, time: string) => html`
            <label class="check">
                <input type="radio" name="date" .checked=${this.dayFirst === dayFirst} @change=${() => this.orders(dayFirst)} />
                <span>${day(this.language, time)}</span>
            </label>
        `
        return html`
            <fieldset>
                <legend>${add.dateTitle}</legend>
                <p class="soft">${add.dateWords(dateExample.raw)}</p>
                ${choice(true, dateExample.dayFirst)} ${choice(false, dateExample.monthFirst)}
            </fieldset>
        `
    }

    /** Empty: to none of those that are here. */
    private belongs(id: string): void {
        this.own = id
    }

    private orders(dayFirst: boolean): void {
        this.order(dayFirst)
    }

    private submit(event: SubmitEvent): void {
        event.preventDefault()
        const { preview } = this
        const typed = new FormData(event.target as HTMLFormElement).get("title")
        const title = typeof typed === "string" && typed.trim() !== "" ? typed.trim() : preview.title
        const same = this.chosen()
        this.send({
            previewId: preview.id,
            conversation: same?.id ?? null,
            title: same?.name ?? title,
            dayFirst: this.dayFirst,
            self: null,
        })
    }
}

customElements.define("bw-import-preview", ImportPreviewView)
