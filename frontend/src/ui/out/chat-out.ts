/** The dialog in which a chat is saved or printed: form, extent, and what it will be. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../../bytes/unreachable.ts"
import { codeOf } from "../../engine/errors.ts"
import type { OutChoice, OutForm } from "../../reader/out/choice.ts"
import { saveFile } from "../chat/save-file.ts"
import { errorSentence } from "../error-sentence.ts"
import { icons } from "../icons.ts"
import { PageElement } from "../page-element.ts"
import { saveTarget } from "../save-target.ts"
import { troubleNote } from "../trouble-note.ts"
import { OutSession, type OutState } from "./out-session.ts"
import { printedView, runningView, savedView } from "./out-views.ts"
import type { OutEstimate, OutSource } from "./source.ts"

type Estimate =
    | { readonly kind: "counting" }
    | { readonly kind: "known"; readonly estimate: OutEstimate }
    | { readonly kind: "wrong-range" }
    | { readonly kind: "refused"; readonly code: string }

const forms: readonly OutForm[] = ["html", "print", "text", "csv", "json"]

/** From here on a person is told that it will be slow. */
const large = 300_000_000
const manyPages = 3000

export class ChatOut extends PageElement {
    static override properties = {
        source: { attribute: false },
        choice: { state: true },
        ranged: { state: true },
        estimate: { state: true },
        state: { state: true },
    }

    declare source: OutSource
    declare choice: OutChoice
    /** Whether the days are asked for; they are kept while they are not. */
    declare ranged: boolean
    declare estimate: Estimate
    declare state: OutState
    #session: OutSession | null = null
    #counting = 0

    constructor() {
        super()
        this.choice = { form: "html", from: null, to: null, person: null, media: true }
        this.ranged = false
        this.estimate = { kind: "counting" }
        this.state = { kind: "choosing" }
    }

    /** Opens the dialog for a chat. */
    async open(source: OutSource): Promise<void> {
        this.#session?.stop()
        this.source = source
        this.#session = new OutSession(source, (state) => {
            this.state = state
        })
        this.state = { kind: "choosing" }
        this.ranged = false
        this.choice = { ...this.choice, from: source.first, to: source.last, person: null }
        await this.updateComplete
        this.querySelector("dialog")?.showModal()
        void this.count()
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        this.closed()
    }

    protected override render(): TemplateResult {
        return html`
            <dialog class="dialog-wide" aria-labelledby="out-title" @close=${this.closed}>
                ${this.source === undefined ? nothing : this.body()}
            </dialog>
        `
    }

    private body(): TemplateResult {
        const { state } = this
        switch (state.kind) {
            case "choosing":
                return this.choosing(null)
            case "running":
                return runningView(this.text, state, this.total(), this.stop)
            case "saved":
                return savedView(this.text, state, this.ways)
            case "printed":
                return printedView(this.text, state.notOpened, this.ways)
            case "stopped":
                return this.choosing(
                    html`<p class="note note-warm" role="status"><span>${this.text.out.stopped}</span></p>`,
                )
            case "failed":
                return this.choosing(troubleNote(errorSentence(this.text, state.code)))
            default:
                return unreachable(state)
        }
    }

    private choosing(note: TemplateResult | typeof nothing | null): TemplateResult {
        const { out, common } = this.text
        const ready = this.estimate.kind === "known" && this.estimate.estimate.records > 0
        const printing = this.choice.form === "print"
        return html`
            <form class="stack" method="dialog" @submit=${this.submitted}>
                <h2 id="out-title">${out.title}</h2>
                ${note ?? nothing}
                <fieldset>
                    <legend>${out.form}</legend>
                    ${forms.map((form) => this.radio("out-form", out.forms[form], form === this.choice.form ? out.formHelp[form] : null, form === this.choice.form, () => this.ask({ form })))}
                </fieldset>
                ${this.extent()} ${this.person()} ${this.media()}
                <p aria-live="polite" class=${ready || this.estimate.kind === "counting" ? "" : "soft"}>${this.facts()}</p>
                ${this.warning()}
                <p class="small soft">${out.unsealed}${printing ? ` ${out.printHelp}` : ""}</p>
                <div class="row row-end">
                    <button class="button button-quiet" type="button" @click=${this.close}>${common.cancel}</button>
                    <button class="button ${printing ? "button-quiet" : ""}" type="button" ?disabled=${!ready} @click=${this.save}>${icons.download}${out.save}</button>
                    ${printing ? html`<button class="button" type="button" ?disabled=${!ready} @click=${this.print}>${icons.print}${out.print}</button>` : nothing}
                </div>
            </form>
        `
    }

    private extent(): TemplateResult | typeof nothing {
        const { out } = this.text
        const { first, last } = this.source
        if (first === null || last === null) return nothing
        const day = (
            id: string,
            words: string,
            value: string | null,
            set: (day: string) => void,
        ): TemplateResult => html`
            <div class="field">
                <label for=${id}>${words}</label>
                <input id=${id} type="date" required min=${first} max=${last} .value=${value ?? ""}
                    @change=${(event: Event) => set((event.target as HTMLInputElement).value)} />
            </div>
        `
        return html`
            <fieldset>
                <legend>${out.extent}</legend>
                ${this.radio("out-extent", out.all, null, !this.ranged, () => this.askRange(false))}
                ${this.radio("out-extent", out.range, null, this.ranged, () => this.askRange(true))}
                ${
                    this.ranged
                        ? html`<div class="row out-days">
                              ${day("out-from", out.from, this.choice.from, (from) => this.ask({ from: from || first }))}
                              ${day("out-to", out.to, this.choice.to, (to) => this.ask({ to: to || last }))}
                          </div>`
                        : nothing
                }
            </fieldset>
        `
    }

    private person(): TemplateResult | typeof nothing {
        const { out } = this.text
        const { people } = this.source
        if (people.length < 2) return nothing
        const change = (event: Event): void => {
            const { value } = event.target as HTMLSelectElement
            this.ask({ person: value === "" ? null : Number(value) })
        }
        const chosen = this.choice.person
        return html`
            <div class="field">
                <label for="out-person">${out.person}</label>
                <select id="out-person" @change=${change}>
                    <option value="" .selected=${chosen === null}>${out.everybody}</option>
                    ${people.map((name, index) => html`<option value=${index} .selected=${chosen === index}>${name}</option>`)}
                </select>
                ${chosen === null ? nothing : html`<p class="help">${out.onlyPerson}</p>`}
            </div>
        `
    }

    private media(): TemplateResult | typeof nothing {
        const { out } = this.text
        const { form, media } = this.choice
        if (form !== "html" && form !== "print") return nothing
        const [words, help] = form === "html" ? [out.media, out.mediaHelp] : [out.pictures, out.picturesHelp]
        const change = (event: Event): void => this.ask({ media: (event.target as HTMLInputElement).checked })
        return html`
            <label class="check">
                <input type="checkbox" .checked=${media} @change=${change} />
                <span>${words}<span class="help">${help}</span></span>
            </label>
        `
    }

    private radio(
        name: string,
        words: string,
        help: string | null,
        checked: boolean,
        choose: () => void,
    ): TemplateResult {
        return html`
            <label class="check">
                <input type="radio" name=${name} .checked=${checked} @change=${choose} />
                <span>${words}${help === null ? nothing : html`<span class="help">${help}</span>`}</span>
            </label>
        `
    }

    private facts(): string {
        const { out, size } = this.text
        const { estimate } = this
        switch (estimate.kind) {
            case "counting":
                return out.counting
            case "wrong-range":
                return out.wrongRange
            case "refused":
                return errorSentence(this.text, estimate.code)
            case "known": {
                const { records, files, bytes, pages } = estimate.estimate
                if (records === 0) return out.nothing
                if (this.choice.form === "print") return out.estimatePages(records, pages)
                return files > 0 ? out.estimateFiles(records, files, size(bytes)) : out.estimate(records, size(bytes))
            }
            default:
                return unreachable(estimate)
        }
    }

    private warning(): TemplateResult | typeof nothing {
        const { out } = this.text
        if (this.estimate.kind !== "known") return nothing
        const { form } = this.choice
        const { bytes, pages } = this.estimate.estimate
        const words =
            form === "print" && pages > manyPages ? out.manyPages : form === "html" && bytes > large ? out.large : null
        return words === null ? nothing : html`<p class="note note-warm"><span>${words}</span></p>`
    }

    private ask(change: Partial<OutChoice>): void {
        this.choice = { ...this.choice, ...change }
        void this.count()
    }

    private askRange(ranged: boolean): void {
        this.ranged = ranged
        void this.count()
    }

    /** What is asked for: the days of the fields count only while the fields are there. */
    private asked(): OutChoice {
        return this.ranged ? this.choice : { ...this.choice, from: null, to: null }
    }

    /** Of two questions the later one's answer is shown. */
    private async count(): Promise<void> {
        this.#counting += 1
        const mine = this.#counting
        const choice = this.asked()
        if (choice.from !== null && choice.to !== null && choice.from > choice.to) {
            this.estimate = { kind: "wrong-range" }
            return
        }
        if (this.estimate.kind !== "known") this.estimate = { kind: "counting" }
        let estimate: Estimate
        try {
            estimate = { kind: "known", estimate: await this.source.estimate(choice) }
        } catch (error) {
            estimate = { kind: "refused", code: codeOf(error) }
        }
        if (mine === this.#counting) this.estimate = estimate
    }

    private async save(): Promise<void> {
        const session = this.#session
        const choice = this.asked()
        const name = this.source.fileName(choice)
        const target = await saveTarget(name)
        if (target.kind === "cancelled" || session === null) return
        await session.save(choice, target.kind === "chosen" ? target.handle : null)
        const { state } = session
        if (state.kind === "saved" && state.made.file !== "saved") saveFile(state.made.file, name)
    }

    private async print(): Promise<void> {
        await this.#session?.print(this.asked())
    }

    private submitted(event: Event): void {
        // Enter in a field of the dialog chooses nothing yet.
        event.preventDefault()
    }

    private readonly stop = (): void => this.#session?.stop()

    private readonly ways = { again: () => this.#session?.clear(), close: () => this.close() }

    private total(): number {
        return this.estimate.kind === "known" ? Math.max(1, this.estimate.estimate.bytes) : 1
    }

    private close(): void {
        this.querySelector("dialog")?.close()
    }

    /** Whoever closes the window has had enough of it. */
    private closed(): void {
        this.#session?.stop()
        this.#session?.clear()
    }
}

customElements.define("bw-chat-out", ChatOut)

declare global {
    interface HTMLElementTagNameMap {
        "bw-chat-out": ChatOut
    }
}
