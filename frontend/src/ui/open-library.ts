/** The opened library: the list of chats beside the place one is at. Whatever is dropped on it is read. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { DeviceBook, PasskeyBook, PictureReader, RoomDesk } from "../engine/page-ports.ts"
import type { PendingImport, PendingRestore } from "../engine/protocol.ts"
import { checkNote } from "./check-note.ts"
import { CheckSession, type CheckState } from "./check-session.ts"
import type { CheckCode } from "./code-check.ts"
import type { ConfirmDialog } from "./confirm-dialog.ts"
import { type CopiesState, CopySession, isBusy, noCopies } from "./copy-session.ts"
import type { FoundChoice } from "./found-messages.ts"
import { rememberCheckLater } from "./health.ts"
import { icons } from "./icons.ts"
import { ImportSession, type ImportState, type Picked } from "./import-session.ts"
import { keyNote } from "./key-note.ts"
import { KeySession } from "./key-session.ts"
import { erasedNote, newsNote, rememberErasedSeen } from "./library-news.ts"
import type { AppState, LibrarySession } from "./library-session.ts"
import type { OfflinePage } from "./offline-page.ts"
import { PageElement } from "./page-element.ts"
import { chosenFile, droppedFile, inputFile, keptFile, saveFile } from "./picked-files.ts"
import { mayWrite } from "./places.ts"
import { type PendingRestoreActions, pendingRestoreNote } from "./restore-note.ts"
import { runningWords } from "./restore-page.ts"
import { RestoreSession, type RestoreState } from "./restore-session.ts"
import { type RoomNews, rememberRoomSeen, roomNote } from "./room-note.ts"
import { hashOf, type Route, readRoute } from "./routes.ts"
import type { AccountLinks } from "./settings-page.ts"
import type { OpenTranscription } from "./transcription/transcription.ts"
import type { WaysPage } from "./ways-page.ts"
import "./add-export.ts"
import "./chat-list.ts"
import "./chat-page.ts"
import "./check-page.ts"
import "./confirm-dialog.ts"
import "./copy-page.ts"
import "./devices-page.ts"
import "./drill-card.ts"
import "./drill-page.ts"
import "./key-page.ts"
import "./restore-page.ts"
import "./retention-page.ts"
import "./room-page.ts"
import "./settings-page.ts"
import "./still-card.ts"
import "./ways-page.ts"

type Open = Extract<AppState, { readonly kind: "open" }>

export class OpenLibrary extends PageElement {
    static override properties = {
        session: { attribute: false },
        state: { attribute: false },
        account: { type: String },
        links: { attribute: false },
        passkeys: { attribute: false },
        transcribe: { attribute: false },
        devices: { attribute: false },
        pictures: { attribute: false },
        desk: { attribute: false },
        check: { attribute: false },
        offline: { attribute: false },
        prove: { attribute: false },
        route: { state: true },
        adding: { state: true },
        restoring: { state: true },
        halfRestored: { state: true },
        checking: { state: true },
        copies: { state: true },
        dragging: { state: true },
        target: { state: true },
    }

    declare session: LibrarySession
    declare state: Open
    declare account: string
    declare links: AccountLinks
    declare passkeys: PasskeyBook
    declare transcribe: OpenTranscription
    declare devices: DeviceBook
    declare pictures: PictureReader
    declare desk: RoomDesk
    declare check: CheckCode
    declare offline: OfflinePage
    declare prove: (code: string) => Promise<string | null>
    declare route: Route
    declare adding: ImportState
    declare restoring: RestoreState
    /** A restore that an earlier visit began, or null. */
    declare halfRestored: PendingRestore | null
    declare checking: CheckState
    declare copies: CopiesState
    declare dragging: boolean
    /** The message that was chosen in the list, or null. */
    declare target: FoundChoice | null
    #import: ImportSession | null = null
    #key: KeySession | null = null
    #restore: RestoreSession | null = null
    #check: CheckSession | null = null
    #copies: CopySession | null = null
    /** The file that is being chosen is one to go on with. */
    #goesOn = false

    constructor() {
        super()
        this.route = readRoute(location.hash)
        this.adding = { kind: "idle" }
        this.restoring = { kind: "idle" }
        this.halfRestored = null
        this.checking = { kind: "idle" }
        this.copies = noCopies
        this.dragging = false
        this.target = null
    }

    protected override firstUpdated(): void {
        void this.lookForHalfRestored()
    }

    override connectedCallback(): void {
        super.connectedCallback()
        // After a reload nothing is being added: the list shows what was interrupted.
        if (this.route.kind === "add") location.replace(hashOf({ kind: "library" }))
        window.addEventListener("hashchange", this.moved)
        window.addEventListener("beforeunload", this.leaving)
        window.addEventListener("dragover", this.draggedOver)
        window.addEventListener("dragleave", this.draggedAway)
        window.addEventListener("drop", this.dropped)
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        window.removeEventListener("hashchange", this.moved)
        window.removeEventListener("beforeunload", this.leaving)
        window.removeEventListener("dragover", this.draggedOver)
        window.removeEventListener("dragleave", this.draggedAway)
        window.removeEventListener("drop", this.dropped)
    }

    protected override render(): TemplateResult {
        const { state, route } = this
        return html`
            <div class="library" data-place=${route.kind}>
                <aside class="library-list" aria-label=${this.text.common.chats}>
                    ${newsNote(this.text, state.news, this.links.activity, () => this.session.tell(null))}
                    ${erasedNote(this.text, this.language, state.ways, this.links.activity, this.erasedSeen)}
                    ${route.kind === "room" ? nothing : roomNote(this.text, state.quota, this.roomSeen)}
                    ${this.banner()} ${this.still()} ${this.health()} ${this.runningStrip()} ${this.restoringStrip()}
                    ${route.kind === "key" ? nothing : keyNote(this.text, state.library.resealing, this.keySession().reseal)}
                    <bw-chat-list
                        .engine=${this.session.engine}
                        @found-chosen=${this.foundChosen}
                        .chats=${state.chats}
                        .pending=${this.unfinished()}
                        .quota=${state.quota}
                        .checked=${state.library.checked}
                        .current=${route.kind === "chat" ? route.conversation : null}
                        .choose=${this.choose}
                        .goOn=${this.goOn}
                        .discard=${this.discard}></bw-chat-list>
                    <nav class="library-foot" aria-label=${this.text.settings.title}>
                        <a class="button button-plain button-small" href=${hashOf({ kind: "settings" })}>${icons.gear}${this.text.settings.title}</a>
                        <button class="button button-plain button-small" type="button" @click=${this.lock}>${icons.lock}${this.text.app.lock}</button>
                    </nav>
                </aside>
                <section class="library-place">${this.place()}</section>
            </div>
            <input id="export-file" type="file" hidden @change=${this.inputChanged} />
            <bw-confirm-dialog></bw-confirm-dialog>
            ${this.dragging ? html`<div class="drop-veil" aria-hidden="true"><p>${this.text.library.drop}</p></div>` : nothing}
        `
    }

    private place(): TemplateResult {
        const { route, state } = this
        switch (route.kind) {
            case "library":
                return html`<p class="quiet-place soft">${state.chats.length === 0 ? nothing : this.text.app.nothingChosen}</p>`
            case "add":
                return html`<bw-add-export
                    .state=${this.adding}
                    .session=${this.importSession()}
                    .engine=${this.session.engine}
                    .choose=${this.choose}></bw-add-export>`
            case "restore":
                return html`<bw-restore-page
                    .engine=${this.session.engine}
                    .session=${this.restoreSession()}
                    .state=${this.restoring}
                    .chats=${state.chats}
                    .conversation=${route.conversation}
                    .importId=${route.importId}
                    .pending=${this.halfRestored}
                    .unfinishedActions=${this.halfRestoredActions}></bw-restore-page>`
            case "settings":
                return html`<bw-settings-page
                    .library=${state.library}
                    .ways=${state.ways}
                    .quota=${state.quota}
                    .links=${this.links}
                    .stay=${this.stay}></bw-settings-page>`
            case "ways":
                return html`<bw-ways-page
                    .session=${this.session}
                    .library=${state.library}
                    .ways=${state.ways}
                    .passkeys=${this.passkeys}
                    .account=${this.account}
                    .activity=${this.links.activity}
                    .check=${this.check}
                    .prove=${this.prove}></bw-ways-page>`
            case "devices":
                return html`<bw-devices-page
                    .engine=${this.session.engine}
                    .book=${this.devices}
                    .pictures=${this.pictures}
                    .sessions=${this.links.sessions}
                    .activity=${this.links.activity}></bw-devices-page>`
            case "check":
                return html`<bw-check-page
                    .session=${this.checkSession()}
                    .state=${this.checking}
                    .library=${state.library}
                    .chats=${state.chats}
                    .conversation=${route.conversation}></bw-check-page>`
            case "drill":
                return html`<bw-drill-page .session=${this.session} .library=${state.library} .chats=${state.chats}></bw-drill-page>`
            case "keep":
                return html`<bw-retention-page
                    .engine=${this.session.engine}
                    .conversation=${route.conversation}
                    .sequence=${state.library.sequence}></bw-retention-page>`
            case "copy":
                return html`<bw-copy-page
                    .session=${this.copySession()}
                    .state=${this.copies}
                    .check=${this.check}
                    .offline=${this.offline}></bw-copy-page>`
            case "room":
                return html`<bw-room-page
                    .session=${this.session}
                    .desk=${this.desk}
                    .quota=${state.quota}
                    .chats=${state.chats}></bw-room-page>`
            case "key":
                return html`<bw-key-page
                    .session=${this.keySession()}
                    .library=${state.library}
                    .ways=${state.ways}
                    .offline=${this.offline}
                    account=${this.account}></bw-key-page>`
            case "chat":
                return this.chat(route)
            default:
                return unreachable(route)
        }
    }

    private chat(route: Extract<Route, { kind: "chat" }>): TemplateResult {
        const summary = this.state.chats.find((chat) => chat.conversation === route.conversation)
        if (summary === undefined) return html`<p class="quiet-place soft" role="status">${this.text.errors.gone}</p>`
        return html`<bw-chat-page
            .engine=${this.session.engine}
            .summary=${summary}
            .others=${this.state.chats.filter((one) => one !== summary && one.reader === summary.reader)}
            .importId=${route.importId}
            .transcribe=${this.transcribe}
            .target=${this.target?.conversation === route.conversation && route.importId === null ? this.target : null}></bw-chat-page>`
    }

    private readonly foundChosen = (event: CustomEvent<FoundChoice>): void => {
        this.target = event.detail
        location.hash = hashOf({ kind: "chat", conversation: event.detail.conversation, importId: null })
    }

    private banner(): TemplateResult | typeof nothing {
        if (this.state.library.recoveryProven !== null) return nothing
        const { banner } = this.text
        return html`
            <div class="note banner">
                ${icons.paper}
                <p>${banner.unproven} <button class="link-button" type="button" @click=${this.proveNow}>${banner.check}</button></p>
            </div>
        `
    }

    /** One thing at a time: who has to check the code first is not asked whether it is still known. */
    private still(): TemplateResult | typeof nothing {
        const { state, route } = this
        if (state.ways === null || state.library.recoveryProven === null || route.kind === "ways") return nothing
        return html`<bw-still-card
            .session=${this.session}
            .ways=${state.ways}
            .check=${this.check}
            .prove=${this.prove}
            .setNew=${this.setNewPassword}></bw-still-card>`
    }

    private health(): TemplateResult {
        const { state, route } = this
        return html`
            <bw-drill-card
                .session=${this.session}
                .drill=${state.library.drill}
                .chats=${state.chats}
                .prove=${() => void this.proveNow()}></bw-drill-card>
            ${route.kind === "check" ? nothing : checkNote(this.text, this.language, state, this.checking, this.checkLater)}
        `
    }

    private readonly checkLater = (): void => {
        rememberCheckLater(Date.now())
        this.requestUpdate()
    }

    private checkSession(): CheckSession {
        this.#check ??= new CheckSession(this.session.engine, (state) => {
            this.checking = state
            if (state.kind === "done") void this.session.refresh()
        })
        return this.#check
    }

    private runningStrip(): TemplateResult | typeof nothing {
        const { adding } = this
        if (adding.kind !== "running" || this.route.kind === "add") return nothing
        const total = Math.max(1, adding.progress?.total ?? 1)
        return html`
            <a class="note running-strip" href=${hashOf({ kind: "add" })}>
                <span>${this.text.app.runningHere(adding.title)}<progress max=${total} value=${adding.progress?.done ?? 0} aria-hidden="true"></progress></span>
            </a>
        `
    }

    private restoringStrip(): TemplateResult | typeof nothing {
        const { restoring } = this
        if (this.route.kind === "restore") return nothing
        if (restoring.kind !== "running")
            return pendingRestoreNote(this.text, this.language, this.halfRestored, this.halfRestoredActions)
        const total = Math.max(1, restoring.progress?.total ?? 1)
        return html`
            <a class="note running-strip" href=${hashOf({ kind: "restore", conversation: null, importId: null })}>
                <span>${runningWords(this.text, restoring.asked)}<progress max=${total} value=${restoring.progress?.done ?? 0} aria-hidden="true"></progress></span>
            </a>
        `
    }

    private readonly halfRestoredActions: PendingRestoreActions = {
        goOn: (pending) => void this.restoreOn(pending),
        forget: () => void this.forgetHalfRestored(),
    }

    private restoreSession(): RestoreSession {
        this.#restore ??= new RestoreSession(this.session.engine, (state) => {
            this.restoring = state
            if (state.kind !== "running") void this.lookForHalfRestored()
        })
        return this.#restore
    }

    private async lookForHalfRestored(): Promise<void> {
        this.halfRestored = await this.session.engine.pendingRestore().catch(() => null)
    }

    /** Asked at the click: browsers give leave to a gesture only. */
    private async restoreOn(pending: PendingRestore): Promise<void> {
        const allowed = await mayWrite(pending.place)
        location.hash = hashOf({ kind: "restore", conversation: null, importId: null })
        if (allowed) await this.restoreSession().goOn(pending)
    }

    private async forgetHalfRestored(): Promise<void> {
        await this.session.engine.discardRestore().catch(() => undefined)
        await this.lookForHalfRestored()
    }

    /** What is being sent right now is no unfinished business. */
    private unfinished(): readonly PendingImport[] {
        return this.adding.kind === "running" ? [] : this.state.pending
    }

    private importSession(): ImportSession {
        this.#import ??= new ImportSession(this.session.engine, (state) => {
            const ended = this.adding.kind === "running" && state.kind !== "running"
            this.adding = state
            if (ended) void this.session.refresh()
        })
        return this.#import
    }

    private keySession(): KeySession {
        this.#key ??= new KeySession(
            this.session.engine,
            this.passkeys,
            () => {
                this.requestUpdate()
                this.querySelector<PageElement>("bw-key-page")?.requestUpdate()
            },
            () => this.session.refresh(),
        )
        return this.#key
    }

    private copySession(): CopySession {
        const show = (state: CopiesState): void => {
            const ended = this.copies.opening.kind === "running" && state.opening.kind !== "running"
            this.copies = state
            if (ended) void this.session.refresh()
        }
        this.#copies ??= new CopySession(this.session.engine, show, saveFile)
        return this.#copies
    }

    private take(picked: Picked | null): void {
        if (picked === null) return
        location.hash = hashOf({ kind: "add" })
        void (this.#goesOn ? this.importSession().goOn(picked) : this.importSession().read(picked))
    }

    private readonly choose = async (): Promise<void> => await this.chooseFile(false)

    private async chooseFile(goesOn: boolean): Promise<void> {
        const input = this.querySelector<HTMLInputElement>("#export-file")
        this.#goesOn = goesOn
        if (input) this.take(await chosenFile(input))
    }

    private readonly goOn = async (pending: PendingImport): Promise<void> => {
        const handle = pending.hasHandle
            ? await this.session.engine.pendingHandle(pending.importId).catch(() => null)
            : null
        const kept = handle && (await keptFile(handle))
        this.#goesOn = true
        if (kept) this.take(kept)
        else await this.chooseFile(true)
    }

    private readonly discard = async (pending: PendingImport): Promise<void> => {
        const { pending: words } = this.text
        const question = { title: words.discardTitle, words: words.discardWords, confirm: words.discard }
        if (!(await this.querySelector<ConfirmDialog>(":scope > bw-confirm-dialog")?.ask(question))) return
        await this.session.engine.discardPending(pending.importId).catch(() => undefined)
        await this.session.refresh()
    }

    private readonly stay = async (stay: boolean): Promise<void> => {
        await this.session.engine.setStayUnlocked(stay).catch(() => undefined)
        await this.session.refresh()
    }

    private async lock(): Promise<void> {
        await Promise.all([this.importSession().stop(), this.restoreSession().stop(), this.#check?.stop()])
        await this.session.engine.lock().catch(() => undefined)
        await this.session.refresh()
    }

    private async proveNow(): Promise<void> {
        await (await this.waysPage())?.askCode()
    }

    private readonly setNewPassword = async (): Promise<void> => {
        await (await this.waysPage())?.askPassword()
    }

    private async waysPage(): Promise<WaysPage | null> {
        location.hash = hashOf({ kind: "ways" })
        this.route = { kind: "ways" }
        await this.updateComplete
        return this.querySelector<WaysPage>("bw-ways-page")
    }

    private readonly erasedSeen = (at: string): void => {
        rememberErasedSeen(at)
        this.requestUpdate()
    }

    private readonly roomSeen = (news: RoomNews): void => {
        rememberRoomSeen(news, this.state.quota)
        this.requestUpdate()
    }

    private inputChanged(event: Event): void {
        this.take(inputFile(event.target as HTMLInputElement))
    }

    private readonly moved = (): void => {
        this.route = readRoute(location.hash)
        // An end that was seen is over: the next look at this place begins anew.
        if (this.route.kind !== "add" && this.adding.kind !== "preview") this.#import?.clear()
        if (this.route.kind !== "key") this.#key?.clear()
        if (this.route.kind !== "restore") this.#restore?.clear()
        if (this.route.kind !== "check") this.#check?.clear()
        if (this.route.kind !== "copy") void this.#copies?.leave()
        window.scrollTo(0, 0)
    }

    private readonly leaving = (event: BeforeUnloadEvent): void => {
        const isRunning = this.adding.kind === "running" || this.restoring.kind === "running"
        if (isRunning || isBusy(this.copies)) event.preventDefault()
    }

    private readonly draggedOver = (event: DragEvent): void => {
        if (!event.dataTransfer?.types.includes("Files")) return
        event.preventDefault()
        this.dragging = true
    }

    private readonly draggedAway = (event: DragEvent): void => {
        if (event.relatedTarget === null) this.dragging = false
    }

    private readonly dropped = async (event: DragEvent): Promise<void> => {
        event.preventDefault()
        this.dragging = false
        this.#goesOn = false
        if (event.dataTransfer) this.take(await droppedFile(event.dataTransfer))
    }
}

customElements.define("bw-open-library", OpenLibrary)
