/** Settings: the signed-in devices, unlocking a new one, and the way to the security events. */

import { html, nothing, type TemplateResult } from "lit"
import { codeOf } from "../engine/errors.ts"
import type { Device, DeviceBook, PictureReader } from "../engine/page-ports.ts"
import type { Engine } from "../engine/protocol.ts"
import type { ConfirmDialog } from "./confirm-dialog.ts"
import { errorSentence } from "./error-sentence.ts"
import { dayAndTime } from "./language.ts"
import type { NameDialog } from "./name-dialog.ts"
import { PageElement } from "./page-element.ts"
import { settingsHead } from "./settings-head.ts"
import { troubleNote } from "./trouble-note.ts"
import "./confirm-dialog.ts"
import "./give-key.ts"
import "./name-dialog.ts"

export class DevicesPage extends PageElement {
    static override properties = {
        engine: { attribute: false },
        book: { attribute: false },
        pictures: { attribute: false },
        activity: { type: String },
        sessions: { type: String },
        devices: { state: true },
        said: { state: true },
        trouble: { state: true },
    }

    declare engine: Engine
    declare book: DeviceBook
    declare pictures: PictureReader
    declare activity: string
    /** Address of the server's page about sessions: there all others are signed out at once. */
    declare sessions: string
    /** Null while they are being asked for, or cannot be. */
    declare devices: readonly Device[] | null
    declare said: string | null
    declare trouble: string | null

    constructor() {
        super()
        this.activity = ""
        this.sessions = ""
        this.devices = null
        this.said = null
        this.trouble = null
    }

    protected override firstUpdated(): void {
        void this.load()
    }

    protected override render(): TemplateResult {
        const { devices, pairing } = this.text
        return html`
            <div class="narrow stack settings">
                ${settingsHead(this.text, devices.title, { kind: "settings" }, true)}
                <section class="card stack">
                    <h2>${pairing.giveTitle}</h2>
                    <bw-give-key .engine=${this.engine} .pictures=${this.pictures}></bw-give-key>
                </section>
                <section class="card stack" aria-label=${devices.title}>
                    <p class="soft">${devices.words}</p>
                    ${this.said === null ? nothing : html`<p class="note" role="status"><span>${this.said}</span></p>`}
                    ${troubleNote(this.trouble)} ${this.list()}
                </section>
                <section class="card">
                    <ul class="links">
                        <li><a href=${this.sessions}>${devices.everywhere}</a></li>
                        <li><a href=${this.activity}>${devices.activity}<span class="small soft"> ${devices.activityWords}</span></a></li>
                    </ul>
                </section>
            </div>
            <bw-confirm-dialog></bw-confirm-dialog>
            <bw-name-dialog></bw-name-dialog>
        `
    }

    private list(): TemplateResult {
        if (this.devices === null)
            return html`<p class="soft" role="status">${this.trouble === null ? this.text.common.working : nothing}</p>`
        return html`<ul class="things">${this.devices.map((device) => this.row(device))}</ul>`
    }

    private row(device: Device): TemplateResult {
        const { devices } = this.text
        const where = device.system === "" || device.name.includes(device.system) ? nothing : html`${device.system} · `
        return html`
            <li class="thing">
                <div class="thing-words">
                    <span class="thing-name">${device.name} ${device.current ? html`<span class="badge">${devices.current}</span>` : nothing}</span>
                    <span class="small soft">${where}${devices.lastSeen(dayAndTime(this.language, device.lastSeen))}</span>
                </div>
                <div class="thing-actions" role="group" aria-label=${devices.actionsFor(device.name)}>
                    <button class="link-button small" type="button" @click=${() => this.rename(device)}>${devices.rename}</button>
                    ${device.current ? nothing : html`<button class="link-button small" type="button" @click=${() => this.signOut(device)}>${devices.signOut}</button>`}
                </div>
            </li>
        `
    }

    private async load(): Promise<void> {
        try {
            this.devices = await this.book.list()
        } catch {
            this.trouble = this.text.devices.away
        }
    }

    private async rename({ id, name }: Device): Promise<void> {
        const { devices } = this.text
        const question = { title: devices.renameTitle, label: devices.nameLabel, name }
        const chosen = await this.querySelector<NameDialog>("bw-name-dialog")?.ask(question)
        if (chosen) await this.change(() => this.book.rename(id, chosen), null)
    }

    private async signOut({ id, name }: Device): Promise<void> {
        const { devices } = this.text
        const question = { title: devices.signOutTitle(name), words: devices.signOutWords, confirm: devices.signOut }
        if (await this.querySelector<ConfirmDialog>("bw-confirm-dialog")?.ask(question))
            await this.change(() => this.book.revoke(id), devices.signedOut(name))
    }

    private async change(work: () => Promise<readonly Device[]>, said: string | null): Promise<void> {
        this.trouble = null
        this.said = null
        try {
            this.devices = await work()
            this.said = said
        } catch (error) {
            this.trouble = errorSentence(this.text, codeOf(error))
        }
    }
}

customElements.define("bw-devices-page", DevicesPage)
