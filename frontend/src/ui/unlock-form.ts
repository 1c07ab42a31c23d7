/** Opens the library on this device with the recovery code. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { CheckCode } from "./code-check.ts"
import type { CodeInput } from "./code-input.ts"
import { PageElement } from "./page-element.ts"

type UnlockState =
    | { readonly kind: "typing" }
    | { readonly kind: "opening" }
    | { readonly kind: "refused"; readonly words: string }

export class UnlockForm extends PageElement {
    static override properties = {
        check: { attribute: false },
        open: { attribute: false },
        state: { state: true },
        code: { state: true },
    }

    declare check: CheckCode
    /** Tries the code. Answers with a sentence when it did not open; otherwise this element is gone. */
    declare open: (code: string, stay: boolean) => Promise<string | null>
    declare state: UnlockState
    declare code: string | null

    constructor() {
        super()
        this.state = { kind: "typing" }
        this.code = null
    }

    protected override firstUpdated(): void {
        this.querySelector<CodeInput>("bw-code-input")?.focus()
    }

    protected override render(): TemplateResult {
        const { unlock } = this.text
        return html`
            <form class="entrance" @submit=${this.submit}>
                <div class="card stack">
                    <span class="key-mark" aria-hidden="true"></span>
                    <h1>${unlock.title}</h1>
                    <p class="soft">${unlock.words}</p>
                    <bw-code-input
                        .check=${this.check}
                        .onChange=${(code: string | null) => this.typed(code)}
                        ?disabled=${this.state.kind === "opening"}></bw-code-input>
                    <label class="check">
                        <input type="checkbox" name="stay" />
                        <span>${unlock.stay}<br /><span class="help">${unlock.stayHelp}</span></span>
                    </label>
                    ${this.refusal()}
                    <button class="button" type="submit" ?disabled=${this.state.kind === "opening"}>
                        ${this.state.kind === "opening" ? unlock.opening : unlock.submit}
                    </button>
                </div>
                <details class="small soft">
                    <summary>${unlock.lost}</summary>
                    <p>${unlock.lostWords}</p>
                </details>
            </form>
        `
    }

    private refusal(): TemplateResult | typeof nothing {
        switch (this.state.kind) {
            case "typing":
            case "opening":
                return nothing
            case "refused":
                return html`<p class="note note-danger" role="alert"><span>${this.state.words}</span></p>`
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
        const stay = new FormData(event.target as HTMLFormElement).has("stay")
        this.state = { kind: "opening" }
        const words = await this.open(this.code, stay)
        this.state = words === null ? { kind: "typing" } : { kind: "refused", words }
        if (words === null) this.querySelector<CodeInput>("bw-code-input")?.clear()
    }
}

customElements.define("bw-unlock-form", UnlockForm)
