/** Opens the library on this device with the recovery code. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { CheckCode } from "./code-check.ts"
import type { CodeInput } from "./code-input.ts"
import { PageElement } from "./page-element.ts"
import { troubleNote } from "./trouble-note.ts"
import "./code-input.ts"

type UnlockState =
    | { readonly kind: "typing" }
    | { readonly kind: "opening" }
    | { readonly kind: "refused"; readonly words: string }

export class UnlockForm extends PageElement {
    static override properties = {
        check: { attribute: false },
        open: { attribute: false },
        stayChoice: { attribute: false },
        state: { state: true },
        code: { state: true },
    }

    declare check: CheckCode
    /** Tries the code. Answers with a sentence when it did not open; otherwise this element is gone. */
    declare open: (code: string) => Promise<string | null>
    declare stayChoice: TemplateResult
    declare state: UnlockState
    declare code: string | null

    constructor() {
        super()
        this.state = { kind: "typing" }
        this.code = null
    }

    protected override firstUpdated(): void {
        const input = this.querySelector<CodeInput>("bw-code-input")
        void input?.updateComplete.then(() => input.focus())
    }

    protected override render(): TemplateResult {
        const { unlock } = this.text
        const opening = this.state.kind === "opening"
        return html`
            <form class="stack" method="dialog" @submit=${this.submit}>
                <p class="soft">${unlock.words}</p>
                <bw-code-input
                    .check=${this.check}
                    .onChange=${(code: string | null) => this.typed(code)}
                    ?disabled=${opening}></bw-code-input>
                ${this.refusal()} ${this.stayChoice}
                <button class="button" type="submit" ?disabled=${opening}>${opening ? unlock.opening : unlock.submit}</button>
            </form>
        `
    }

    private refusal(): TemplateResult | typeof nothing {
        switch (this.state.kind) {
            case "typing":
            case "opening":
                return nothing
            case "refused":
                return troubleNote(this.state.words)
            default:
                return unreachable(this.state)
        }
    }

    private typed(code: string | null): void {
        this.code = code
        if (this.state.kind === "refused") this.state = { kind: "typing" }
    }

    private async submit(event: SubmitEvent): Promise<void> {
        event.preventDefault()
        if (this.state.kind === "opening") return
        if (this.code === null) {
            this.state = { kind: "refused", words: this.text.code.incomplete }
            return
        }
        this.state = { kind: "opening" }
        const words = await this.open(this.code)
        this.state = words === null ? { kind: "typing" } : { kind: "refused", words }
        if (words === null) this.querySelector<CodeInput>("bw-code-input")?.clear()
    }
}

customElements.define("bw-unlock-form", UnlockForm)
