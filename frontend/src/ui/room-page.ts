/** Settings: how full the storage is, what takes the most of it, and asking for more. */

import { html, nothing, type TemplateResult } from "lit"
import { codeOf } from "../engine/errors.ts"
import type { RoomDesk } from "../engine/page-ports.ts"
import type { ChatSummary, QuotaState, RoomRequest } from "../engine/protocol.ts"
import { errorSentence } from "./error-sentence.ts"
import { icons } from "./icons.ts"
import { day } from "./language.ts"
import type { LibrarySession } from "./library-session.ts"
import { PageElement } from "./page-element.ts"
import { freshAnswer } from "./room-note.ts"
import { hashOf } from "./routes.ts"
import { settingsHead } from "./settings-head.ts"
import { freeOf, levelOf, levelWords, storageBar } from "./storage-bar.ts"
import { troubleNote } from "./trouble-note.ts"
import "./tidy-card.ts"

const mostShown = 5
const choices = 4
/** As long as the server keeps. */
const longestReason = 300

/** Round amounts above a limit, in the steps 1, 2, 5: what somebody would say aloud. */
export function amountsAbove(limit: number): readonly number[] {
    const found: number[] = []
    for (let unit = 10 ** 6; found.length < choices; unit *= 10)
        for (const step of [unit, 2 * unit, 5 * unit]) if (step > limit && found.length < choices) found.push(step)
    return found
}

export class RoomPage extends PageElement {
    static override properties = {
        session: { attribute: false },
        desk: { attribute: false },
        quota: { attribute: false },
        chats: { attribute: false },
        busy: { state: true },
        trouble: { state: true },
    }

    declare session: LibrarySession
    declare desk: RoomDesk
    declare quota: QuotaState
    declare chats: readonly ChatSummary[]
    declare busy: boolean
    declare trouble: string | null

    constructor() {
        super()
        this.busy = false
        this.trouble = null
    }

    protected override firstUpdated(): void {
        void this.session.refreshRoom()
    }

    protected override render(): TemplateResult {
        const { room } = this.text
        return html`
            <div class="narrow stack settings">
                ${settingsHead(this.text, room.title, { kind: "settings" }, true)}
                <section class="card stack" aria-label=${room.title}>${this.facts()} ${this.level()}</section>
                <section class="card stack">
                    <h2>${room.largest}</h2>
                    ${this.largest()}
                </section>
                <bw-tidy-card .engine=${this.session.engine} .tidied=${() => void this.session.refresh()}></bw-tidy-card>
                <section class="card stack" aria-live="polite">
                    <h2>${room.ask}</h2>
                    ${this.asking()}
                </section>
            </div>
        `
    }

    private facts(): TemplateResult {
        const { room, size } = this.text
        const { quota } = this
        const facts = [
            ...(quota.reserved > 0 ? [room.reserved(size(quota.reserved))] : []),
            ...(levelOf(quota) === "fine" ? [room.free(size(freeOf(quota)))] : []),
            ...(quota.plan === null ? [] : [room.plan(quota.plan)]),
        ]
        return storageBar(this.text, quota, facts)
    }

    private level(): TemplateResult | typeof nothing {
        const told = levelWords(this.text, this.quota)
        if (told === null) return nothing
        return html`
            <div class="note note-warm" role="status">
                ${icons.alert}
                <p><b>${told.title}.</b> ${told.words}</p>
            </div>
        `
    }

    private largest(): TemplateResult {
        const { room, size } = this.text
        const weight = (chat: ChatSummary) => chat.imports.reduce((sum, one) => sum + one.size, 0)
        const heaviest = [...this.chats].sort((a, b) => weight(b) - weight(a)).slice(0, mostShown)
        if (heaviest.length === 0) return html`<p class="soft">${room.nothingYet}</p>`
        return html`
            <p class="small soft">${room.largestWords}</p>
            <ul class="things">
                ${heaviest.map(
                    (chat) => html`
                        <li class="thing">
                            <a class="thing-words" href=${hashOf({ kind: "chat", conversation: chat.conversation, importId: null })}>
                                <span class="thing-name">${chat.name}</span>
                                <span class="small soft">${size(weight(chat))} · ${room.exports(chat.imports.length)}</span>
                            </a>
                        </li>
                    `,
                )}
            </ul>
            <p class="small"><a href=${hashOf({ kind: "keep", conversation: null })}>${this.text.retention.title}</a></p>
        `
    }

    private asking(): TemplateResult {
        const { request } = this.quota
        const trouble = troubleNote(this.trouble)
        if (request !== null && request.decided === null) return html`${this.waiting(request)} ${trouble}`
        return html`${this.answer()} ${this.form()} ${trouble}`
    }

    private waiting(request: RoomRequest): TemplateResult {
        const { room, size } = this.text
        return html`
            <p>${room.waiting(size(request.wanted), day(this.language, request.made))}</p>
            ${request.reason === "" ? nothing : html`<blockquote class="soft">${request.reason}</blockquote>`}
            <p class="small soft">${room.waitingWords}</p>
            <p class="row">
                <button class="button button-quiet" type="button" ?disabled=${this.busy} @click=${this.withdraw}>${room.withdraw}</button>
            </p>
        `
    }

    private answer(): TemplateResult | typeof nothing {
        const answer = freshAnswer(this.quota, Date.now())
        if (answer === null) return nothing
        const { room } = this.text
        const words = answer.granted ? room.granted : room.refused
        return html`
            <div class="note ${answer.granted ? "" : "note-warm"}" role="status">
                ${answer.granted ? icons.check : icons.alert}
                <p>${words(this.text.size(this.quota.limit))}</p>
            </div>
        `
    }

    private form(): TemplateResult {
        const { room, size } = this.text
        return html`
            <p class="small soft">${room.askWords}</p>
            <form class="stack" @submit=${this.ask}>
                <fieldset class="amounts">
                    <legend class="label">${room.amount}</legend>
                    ${amountsAbove(this.quota.limit).map(
                        (amount, index) => html`
                            <label class="amount">
                                <input type="radio" name="wanted" value=${amount} ?checked=${index === 0} />
                                <span>${size(amount)}</span>
                            </label>
                        `,
                    )}
                </fieldset>
                <div class="field">
                    <label for="room-reason">${room.reason}</label>
                    <textarea id="room-reason" name="reason" rows="2" maxlength=${longestReason} aria-describedby="room-reason-help"></textarea>
                    <span id="room-reason-help" class="small soft">${room.reasonHelp}</span>
                </div>
                <p class="row"><button class="button" ?disabled=${this.busy}>${room.send}</button></p>
            </form>
        `
    }

    private ask(event: SubmitEvent): void {
        event.preventDefault()
        const form = new FormData(event.target as HTMLFormElement)
        const [wanted, reason] = [Number(form.get("wanted")), String(form.get("reason") ?? "").trim()]
        void this.change(() => this.desk.ask(wanted, reason))
    }

    private withdraw(): void {
        void this.change(() => this.desk.withdraw())
    }

    /** Also after a refusal the server is asked how things stand: another device may have been first. */
    private async change(work: () => Promise<void>): Promise<void> {
        this.busy = true
        this.trouble = null
        try {
            await work()
        } catch (error) {
            this.trouble = errorSentence(this.text, codeOf(error))
        }
        await this.session.refreshRoom()
        this.busy = false
    }
}

customElements.define("bw-room-page", RoomPage)
