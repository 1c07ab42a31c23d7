/** The restore drill on the device that asks: what to do on the other one, and that it works. */

import { html, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import { type AskedDrill, type DoneDrill, drillNumber } from "../engine/drill.ts"
import { codeOf } from "../engine/errors.ts"
import type { ChatSummary } from "../engine/protocol.ts"
import { errorSentence } from "./error-sentence.ts"
import { drillHere, rememberDrill, whenWords } from "./health.ts"
import { icons } from "./icons.ts"
import type { LibrarySession, Unlocked } from "./library-session.ts"
import { PageElement } from "./page-element.ts"
import { qrPicture } from "./qr-picture.ts"
import { settingsHead } from "./settings-head.ts"
import { troubleNote } from "./trouble-note.ts"

export class DrillPage extends PageElement {
    static override properties = {
        session: { attribute: false },
        library: { attribute: false },
        chats: { attribute: false },
        busy: { state: true },
        trouble: { state: true },
    }

    declare session: LibrarySession
    declare library: Unlocked
    declare chats: readonly ChatSummary[]
    declare busy: boolean
    declare trouble: string | null

    constructor() {
        super()
        this.busy = false
        this.trouble = null
    }

    protected override render(): TemplateResult {
        const { drill } = this.text
        return html`
            <div class="narrow stack settings">
                ${settingsHead(this.text, drill.title, { kind: "settings" }, true)} ${this.body()} ${troubleNote(this.trouble)}
            </div>
        `
    }

    private body(): TemplateResult {
        const stage = drillHere(this.library.drill, Date.now())
        switch (stage.kind) {
            case "idle":
            // Whoever was asked may ask as well; that the answer is wanted from here stands above the chats.
            case "invited":
                return this.beginning(this.library.drill.done)
            case "waiting":
                return this.waiting(stage.asked)
            case "works":
                return this.works(stage.done)
            default:
                return unreachable(stage)
        }
    }

    private beginning(last: DoneDrill | null): TemplateResult {
        const { drill, common } = this.text
        return html`
            <p class="soft">${drill.words} <b class="check-last">${last === null ? drill.never : drill.last(this.when(last.at))}</b></p>
            ${
                this.chats.length === 0
                    ? html`<p class="card">${drill.nothing}</p>`
                    : html`
                          <form class="card stack" @submit=${this.ask}>
                              <div class="field">
                                  <label for="drill-which">${drill.which}</label>
                                  <select id="drill-which">
                                      ${this.chats.map((chat) => html`<option value=${chat.conversation}>${chat.name}</option>`)}
                                  </select>
                              </div>
                              <p class="row"><button class="button" type="submit" ?disabled=${this.busy}>${this.busy ? common.working : drill.start}</button></p>
                          </form>
                      `
            }
        `
    }

    private waiting({ importId, fingerprint }: AskedDrill): TemplateResult {
        const { drill } = this.text
        const address = location.origin
        return html`
            <section class="card stack">
                <div class="drill-way">
                    <ol class="damage-steps">
                        ${[drill.firstStep(address), ...drill.steps].map((step) => html`<li>${step}</li>`)}
                    </ol>
                    <div class="drill-qr">${qrPicture(`${address}/app/`, drill.picture)}</div>
                </div>
                <p>${drill.number} <b class="drill-number">${drillNumber(fingerprint)}</b></p>
                <p class="soft" role="status">${drill.waiting(chatOf(this.chats, importId))}</p>
                <p class="row"><button class="button button-quiet" type="button" ?disabled=${this.busy} @click=${this.callOff}>${drill.callOff}</button></p>
            </section>
        `
    }

    private works({ by }: DoneDrill): TemplateResult {
        const { drill } = this.text
        return html`
            <section class="card stack done">
                <span class="done-mark" aria-hidden="true">${icons.check}</span>
                <div role="status"><h2>${drill.worksTitle}</h2></div>
                <p>${by === "recovery-code" ? drill.worksCode : drill.worksOther}</p>
                <p class="row"><button class="button button-quiet" type="button" @click=${this.again}>${drill.again}</button></p>
            </section>
        `
    }

    private when(time: string): string {
        return whenWords(this.text, this.language, time, Date.now())
    }

    private ask(event: Event): void {
        event.preventDefault()
        const conversation = this.querySelector<HTMLSelectElement>("#drill-which")?.value ?? ""
        void this.change(async () => rememberDrill((await this.session.engine.askDrill(conversation)).id))
    }

    private callOff(): void {
        void this.change(async () => {
            await this.session.engine.callOffDrill()
            rememberDrill(null)
        })
    }

    private again(): void {
        rememberDrill(null)
        this.requestUpdate()
    }

    private async change(work: () => Promise<void>): Promise<void> {
        this.busy = true
        this.trouble = null
        try {
            await work()
            await this.session.refresh()
        } catch (error) {
            this.trouble = errorSentence(this.text, codeOf(error))
        }
        this.busy = false
    }
}

/** The name of the chat that an import belongs to; nothing if it is gone. */
export function chatOf(chats: readonly ChatSummary[], importId: string): string {
    return chats.find(({ imports }) => imports.some((one) => one.importId === importId))?.name ?? "…"
}

customElements.define("bw-drill-page", DrillPage)
