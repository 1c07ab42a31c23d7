/** `<bw-backup-key>`: asks for the key of WhatsApp's encrypted backup. It is used once and kept nowhere. */

import { html, nothing, type TemplateResult } from "lit"
import type { BackupKey } from "../engine/protocol.ts"
import { icons } from "./icons.ts"
import { PageElement } from "./page-element.ts"

export class BackupKeyForm extends PageElement {
    static override properties = {
        open: { attribute: false },
        busy: { state: true },
        trouble: { state: true },
    }

    /** Gives what is wrong, in words, or null when the backup is open. */
    declare open: (key: BackupKey) => Promise<string | null>
    declare busy: boolean
    declare trouble: string | null

    constructor() {
        super()
        this.busy = false
        this.trouble = null
    }

    protected override render(): TemplateResult {
        const { add } = this.text
        return html`
            <form class="stack backup-key" @submit=${this.submit}>
                <p>${add.backupWords}</p>
                <div class="field">
                    <label for="backup-key">${add.backupKey}</label>
                    <input
                        id="backup-key"
                        name="key"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        maxlength="120"
                        aria-describedby="backup-key-hint"
                        ?disabled=${this.busy} />
                    <p class="small soft" id="backup-key-hint">${add.backupKeyHint}</p>
                </div>
                ${this.trouble === null ? nothing : html`<p class="note note-danger" role="alert"><span>${this.trouble}</span></p>`}
                <p class="row">
                    <button class="button" ?disabled=${this.busy}>${this.busy ? add.backupOpening : add.backupOpen}</button>
                    <button class="button button-quiet" type="button" ?disabled=${this.busy} @click=${this.choose}>${icons.file}${add.backupKeyFile}</button>
                    <input type="file" hidden @change=${this.chosen} />
                </p>
            </form>
        `
    }

    private submit(event: SubmitEvent): void {
        event.preventDefault()
        const digits = String(new FormData(event.target as HTMLFormElement).get("key") ?? "")
        void this.tries({ kind: "digits", digits })
    }

    private choose(): void {
        this.querySelector<HTMLInputElement>("input[type=file]")?.click()
    }

    private chosen(event: Event): void {
        const file = (event.target as HTMLInputElement).files?.[0]
        if (file !== undefined) void this.tries({ kind: "file", file })
    }

    private async tries(key: BackupKey): Promise<void> {
        this.busy = true
        this.trouble = await this.open(key)
        this.busy = false
        const field = this.querySelector<HTMLInputElement>("#backup-key")
        if (field !== null && this.trouble === null) field.value = ""
    }
}

customElements.define("bw-backup-key", BackupKeyForm)
