/** What comes back, as what, and where to: chosen here, with what it will be before anything is written. */

import { html, nothing, type TemplateResult } from "lit"
import { codeOf } from "../engine/errors.ts"
import type { ChatSummary, Engine, RestoreEstimate, RestoreRequest, RestoreSubject } from "../engine/protocol.ts"
import { errorSentence } from "./error-sentence.ts"
import { icons } from "./icons.ts"
import { PageElement } from "./page-element.ts"
import { canPickFiles, canPickFolders, pickFile, pickFolder } from "./places.ts"
import type { Asked } from "./restore-session.ts"

type Estimate =
    | { readonly kind: "counting" }
    | { readonly kind: "known"; readonly estimate: RestoreEstimate }
    | { readonly kind: "refused"; readonly words: string }

export class RestoreChoice extends PageElement {
    static override properties = {
        engine: { attribute: false },
        chats: { attribute: false },
        conversation: { attribute: false },
        importId: { attribute: false },
        begin: { attribute: false },
        request: { state: true },
        estimate: { state: true },
        trouble: { state: true },
    }

    declare engine: Engine
    declare chats: readonly ChatSummary[]
    /** The chat and the export that the person came from, or null. */
    declare conversation: string | null
    declare importId: string | null
    declare begin: (asked: Asked) => void
    declare request: RestoreRequest
    declare estimate: Estimate
    declare trouble: string | null
    #cameFrom = ""
    #counting = 0

    constructor() {
        super()
        this.request = { what: { kind: "everything" }, form: "zip", repeats: "everywhere" }
        this.estimate = { kind: "counting" }
        this.trouble = null
    }

    protected override willUpdate(): void {
        const cameFrom = `${this.conversation}/${this.importId}`
        if (cameFrom === this.#cameFrom) return
        this.#cameFrom = cameFrom
        const [first] = this.subjects()
        this.ask({ what: first?.what ?? { kind: "everything" }, form: canPickFolders() ? "files" : "zip" })
    }

    protected override render(): TemplateResult {
        const { restore } = this.text
        return html`
            <section class="card stack">
                <h1>${restore.title}</h1>
                <p>${restore.words}</p>
                <fieldset>
                    <legend>${restore.what}</legend>
                    ${this.subjects().map(({ what, words }) => this.radio("what", words, null, sameSubject(what, this.request.what), () => this.ask({ what })))}
                </fieldset>
                ${this.forms()} ${this.repeats()}
                <p aria-live="polite" class=${this.estimate.kind === "refused" ? "" : "soft"}>${this.facts()}</p>
                ${this.places()}
                ${this.trouble === null ? nothing : html`<p class="note note-danger" role="alert">${this.trouble}</p>`}
                <p class="small soft">${restore.stays}</p>
            </section>
        `
    }

    /** The nearest to where the person came from stands first. */
    private subjects(): readonly { readonly what: RestoreSubject; readonly words: string }[] {
        const { restore } = this.text
        const chat = this.chats.find(({ conversation }) => conversation === this.conversation)
        const one = chat?.imports.find(({ importId }) => importId === this.importId)
        const everything = { what: { kind: "everything" }, words: restore.everything(this.chats.length) } as const
        if (chat === undefined) return [everything]
        const { conversation, name, imports } = chat
        const whole = {
            what: { kind: "conversation", conversation },
            words: restore.chat(name, imports.length),
        } as const
        if (one === undefined) return [whole, everything]
        const alone = {
            what: { kind: "import", importId: one.importId },
            words: restore.thisExport(one.fileName),
        } as const
        return imports.length === 1 ? [alone, everything] : [alone, whole, everything]
    }

    private forms(): TemplateResult {
        const { restore } = this.text
        const { what, form } = this.request
        const alone = what.kind === "import"
        const folders = canPickFolders()
        const help = folders ? (alone ? restore.filesAlone : restore.filesHelp) : restore.noFolders
        const asItWas = alone && !this.isZip()
        return html`
            <fieldset>
                <legend>${restore.form}</legend>
                ${this.radio("form", restore.files, help, form === "files", () => this.ask({ form: "files" }), !folders)}
                ${this.radio("form", asItWas ? restore.asItWas : restore.zip, asItWas ? null : restore.zipHelp, form === "zip", () => this.ask({ form: "zip" }))}
            </fieldset>
        `
    }

    private repeats(): TemplateResult | typeof nothing {
        const { restore } = this.text
        if (this.request.what.kind === "import" || !this.chats.some(({ imports }) => imports.length > 1)) return nothing
        const change = (event: Event): void =>
            this.ask({ repeats: (event.target as HTMLInputElement).checked ? "once" : "everywhere" })
        return html`
            <label class="check">
                <input type="checkbox" .checked=${this.request.repeats === "once"} @change=${change} />
                <span>${restore.once}<span class="help">${restore.onceHelp}</span></span>
            </label>
        `
    }

    private facts(): string {
        const { restore, size } = this.text
        const { estimate } = this
        if (estimate.kind === "counting") return restore.counting
        if (estimate.kind === "refused") return estimate.words
        const { files, exports, bytes } = estimate.estimate
        return restore.estimate(files, exports, size(bytes))
    }

    private places(): TemplateResult {
        const { restore } = this.text
        const ready = this.estimate.kind === "known"
        if (this.request.form === "files")
            return html`<p class="row"><button class="button" type="button" ?disabled=${!ready} @click=${() => this.pick(pickFolder)}>${restore.chooseFolder}</button></p>`
        const download = html`
            <button class="button ${canPickFiles() ? "button-quiet" : ""}" type="button" ?disabled=${!ready} @click=${() => this.go(null)}>
                ${icons.download}${restore.download}
            </button>
        `
        if (!canPickFiles()) return html`<p class="row">${download}</p>`
        return html`
            <p class="row">
                <button class="button" type="button" ?disabled=${!ready} @click=${() => this.pick(() => pickFile(this.name()))}>${restore.choosePlace}</button>
                ${download}
            </p>
        `
    }

    private radio(
        name: string,
        words: string,
        help: string | null,
        checked: boolean,
        choose: () => void,
        disabled = false,
    ): TemplateResult {
        return html`
            <label class="check">
                <input type="radio" name=${name} .checked=${checked} ?disabled=${disabled} @change=${choose} />
                <span>${words}${help === null ? nothing : html`<span class="help">${help}</span>`}</span>
            </label>
        `
    }

    private ask(change: Partial<RestoreRequest>): void {
        this.request = { ...this.request, ...change }
        void this.count()
    }

    /** Of two questions the later one's answer is shown. */
    private async count(): Promise<void> {
        this.#counting += 1
        const mine = this.#counting
        this.estimate = { kind: "counting" }
        let estimate: Estimate
        try {
            estimate = { kind: "known", estimate: await this.engine.estimateRestore(this.request) }
        } catch (error) {
            estimate = { kind: "refused", words: errorSentence(this.text, codeOf(error)) }
        }
        if (mine === this.#counting) this.estimate = estimate
    }

    private async pick(picking: () => Promise<Asked["place"]>): Promise<void> {
        this.trouble = null
        try {
            const place = await picking()
            if (place !== null) this.go(place)
        } catch {
            this.trouble = this.text.errors.placeRefused
        }
    }

    private go(place: Asked["place"]): void {
        this.begin({ request: this.request, place, name: this.name() })
    }

    private name(): string {
        return this.estimate.kind === "known" ? this.estimate.estimate.name : ""
    }

    private isZip(): boolean {
        return this.name().toLowerCase().endsWith(".zip") || this.name() === ""
    }
}

function sameSubject(one: RestoreSubject, other: RestoreSubject): boolean {
    return JSON.stringify(one) === JSON.stringify(other)
}

customElements.define("bw-restore-choice", RestoreChoice)
