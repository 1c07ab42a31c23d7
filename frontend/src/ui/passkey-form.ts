/** Opens the library on this device with one touch of a passkey. */

import { html, type TemplateResult } from "lit"
import { PageElement } from "./page-element.ts"
import { troubleNote } from "./trouble-note.ts"

export class PasskeyForm extends PageElement {
    static override properties = {
        open: { attribute: false },
        stayChoice: { attribute: false },
        touching: { state: true },
        words: { state: true },
    }

    /** Asks for a touch and tries it. A sentence when it did not open; otherwise this element is gone. */
    declare open: () => Promise<string | null>
    declare stayChoice: TemplateResult
    declare touching: boolean
    declare words: string | null

    constructor() {
        super()
        this.touching = false
        this.words = null
    }

    protected override firstUpdated(): void {
        this.querySelector<HTMLButtonElement>("button[type=submit]")?.focus()
    }

    protected override render(): TemplateResult {
        const { unlock } = this.text
        return html`
            <form class="stack" method="dialog" @submit=${this.submit}>
                <p class="soft">${unlock.passkeyWords}</p>
                ${troubleNote(this.words)} ${this.stayChoice}
                <button class="button" type="submit" ?disabled=${this.touching}>
                    ${this.touching ? unlock.passkeyWaiting : unlock.passkeyButton}
                </button>
            </form>
        `
    }

    private async submit(event: SubmitEvent): Promise<void> {
        event.preventDefault()
        if (this.touching) return
        this.touching = true
        this.words = null
        this.words = await this.open()
        this.touching = false
    }
}

customElements.define("bw-passkey-form", PasskeyForm)
