/** Asks for a new name of something. */

import { html, type TemplateResult } from "lit"
import { PageElement } from "./page-element.ts"

export interface NameQuestion {
    readonly title: string
    readonly label: string
    readonly name: string
}

/** As long as the server keeps. */
const longestName = 60

export class NameDialog extends PageElement {
    static override properties = { question: { state: true } }

    declare question: NameQuestion | null
    #answer: (name: string | null) => void = () => undefined

    constructor() {
        super()
        this.question = null
    }

    /** The new name, or null when it stays as it is. */
    async ask(question: NameQuestion): Promise<string | null> {
        this.question = question
        await this.updateComplete
        const field = this.querySelector("input")
        if (field) field.value = question.name
        this.querySelector("dialog")?.showModal()
        field?.select()
        return await new Promise((resolve) => {
            this.#answer = resolve
        })
    }

    protected override render(): TemplateResult {
        return html`
            <dialog aria-labelledby="name-title" @close=${this.closed}>
                <form class="stack" method="dialog">
                    <h2 id="name-title">${this.question?.title}</h2>
                    <div class="field">
                        <label for="new-name">${this.question?.label}</label>
                        <input id="new-name" autocomplete="off" maxlength=${longestName} required />
                    </div>
                    <div class="row row-end">
                        <button class="button button-quiet" value="no" formnovalidate>${this.text.common.cancel}</button>
                        <button class="button" value="yes">${this.text.common.save}</button>
                    </div>
                </form>
            </dialog>
        `
    }

    private closed(event: Event): void {
        const dialog = event.target as HTMLDialogElement
        const name = this.querySelector("input")?.value.trim() ?? ""
        const changed = dialog.returnValue === "yes" && name !== "" && name !== this.question?.name
        this.#answer(changed ? name : null)
        dialog.returnValue = ""
    }
}

customElements.define("bw-name-dialog", NameDialog)
