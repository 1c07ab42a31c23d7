/** Asks before something goes for good: says what happens, and closes without doing it as easily as it does it. */

import { html, type TemplateResult } from "lit"
import { PageElement } from "./page-element.ts"

export interface Question {
    readonly title: string
    readonly words: string
    readonly confirm: string
}

export class ConfirmDialog extends PageElement {
    static override properties = { question: { state: true } }

    declare question: Question | null
    #answer: (yes: boolean) => void = () => undefined

    constructor() {
        super()
        this.question = null
    }

    async ask(question: Question): Promise<boolean> {
        this.question = question
        await this.updateComplete
        this.querySelector("dialog")?.showModal()
        return await new Promise((resolve) => {
            this.#answer = resolve
        })
    }

    protected override render(): TemplateResult {
        return html`
            <dialog aria-labelledby="confirm-title" @close=${this.closed}>
                <form class="stack" method="dialog">
                    <h2 id="confirm-title">${this.question?.title}</h2>
                    <p>${this.question?.words}</p>
                    <div class="row row-end">
                        <button class="button button-quiet" value="no" autofocus>${this.text.common.cancel}</button>
                        <button class="button button-danger" value="yes">${this.question?.confirm}</button>
                    </div>
                </form>
            </dialog>
        `
    }

    private closed(event: Event): void {
        const dialog = event.target as HTMLDialogElement
        this.#answer(dialog.returnValue === "yes")
        dialog.returnValue = ""
    }
}

customElements.define("bw-confirm-dialog", ConfirmDialog)
