/**
 * `<bw-chat>`: a chat to read. It draws only what is in sight, and asks its source for records in windows and for files
 * when they come near. It is one element and its list: what can stand alone stands beside it, and what is left shares the
 * virtual list's state.
 */

import { VirtualizerController } from "@tanstack/lit-virtual"
import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit"
import { repeat } from "lit/directives/repeat.js"
import type { ChatRecord } from "../../reader/conversation.ts"
import { type Language, pageLanguage } from "../language.ts"
import { BookmarkShelf } from "./bookmark-shelf.ts"
import { type BubbleSetting, bubble, labelOf, noteOfRecord } from "./bubble.ts"
import { bubbleStyles } from "./bubble-styles.ts"
import { type PanelKind, panel, toolbar } from "./chat-panels.ts"
import { ChatSession } from "./chat-session.ts"
import { chatStyles } from "./chat-styles.ts"
import { dayOf, standingOf } from "./grouping.ts"
import { chatIcons, iconStyles } from "./icons.ts"
import "./light-box.ts"
import type { LightBox } from "./light-box.ts"
import "./photo.ts"
import "./message-menu.ts"
import type { MessageActions, MessageMenu } from "./message-menu.ts"
import { place } from "./place.ts"
import "./raw-record.ts"
import type { RawRecord } from "./raw-record.ts"
import { saveFile } from "./save-file.ts"
import { selfQuestion } from "./self-question.ts"
import { Sight } from "./sight.ts"
import type { ChatSource } from "./source.ts"
import { chatTexts } from "./text.ts"
import "./transcript.ts"
import type { Transcription } from "../transcription/transcription.ts"
import "./video.ts"
import "./voice.ts"

export type { ChatSource } from "./source.ts"

const usualHeight = 62
/** Below this width a pane lies over the chat. */
const narrow = 760

export class Chat extends LitElement {
    static override properties: PropertyDeclarations = {
        source: { attribute: false },
        language: {},
        transcription: { attribute: false },
        self: { state: true },
        asked: { state: true },
        failed: { state: true },
        focused: { state: true },
        atEnd: { state: true },
        panel: { state: true },
    }

    declare source: ChatSource | null
    declare language: Language
    declare transcription: Transcription | null
    /** The name under which the reader writes, once known. */
    declare private self: string | null
    declare private asked: boolean
    declare private failed: boolean
    /** The record that the keyboard is on; it stays drawn however far it is scrolled away. */
    declare private focused: number
    declare private atEnd: boolean
    /** What is open beside the chat, or null. */
    declare private panel: PanelKind | null

    private session: ChatSession | null = null
    private sight: Sight | null = null
    private setting: BubbleSetting | null = null
    private readonly unfolded = new Set<number>()
    private readonly measured = new WeakSet<Element>()
    private found = -1
    private readonly bookmarks = new BookmarkShelf(() => this.requestUpdate())
    /** What waits until all of the chat is here. */
    private readonly whenWhole: (() => void)[] = []

    private readonly list = new VirtualizerController<HTMLElement, HTMLElement>(this, {
        count: 0,
        getScrollElement: () => this.renderRoot?.querySelector<HTMLElement>(".scroll") ?? null,
        estimateSize: () => usualHeight,
        overscan: 8,
        paddingStart: 12,
        paddingEnd: 20,
        anchorTo: "end",
        scrollEndThreshold: 4,
        rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
            const from = Math.max(0, startIndex - overscan)
            const to = Math.min(count - 1, endIndex + overscan)
            const rows = Array.from({ length: Math.max(0, to - from + 1) }, (_, step) => from + step)
            if (this.focused < 0 || this.focused >= count) return rows
            if (this.focused < from) rows.unshift(this.focused)
            if (this.focused > to) rows.push(this.focused)
            return rows
        },
    })

    constructor() {
        super()
        this.source = null
        this.language = pageLanguage()
        this.transcription = null
        this.self = null
        this.asked = false
        this.failed = false
        this.focused = -1
        this.atEnd = true
        this.panel = null
    }

    static override styles = [iconStyles, bubbleStyles, chatStyles]

    override connectedCallback(): void {
        super.connectedCallback()
        if (this.hasUpdated && this.source !== null && this.session === null) this.begin(this.source)
        this.addEventListener("bw-enlarge", this.enlarge)
        this.addEventListener("bw-may-grow", this.mayGrow)
        window.addEventListener("keydown", this.shortcut)
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        this.removeEventListener("bw-enlarge", this.enlarge)
        this.removeEventListener("bw-may-grow", this.mayGrow)
        window.removeEventListener("keydown", this.shortcut)
        this.end()
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has("source")) {
            const before = changed.get("source")?.chat.chatId
            if (this.source === null) this.end()
            else if (this.session !== null && isRestOf(this.source, changed.get("source"))) void this.grow(this.source)
            else if (this.session === null || this.source.chat.chatId !== before) this.begin(this.source)
            // The same chat, told anew: only who is reading can have changed.
            else this.self = this.source.chat.self ?? this.self
        }
        this.setting = this.makeSetting()
    }

    protected override updated(): void {
        const scroll = this.renderRoot.querySelector(".scroll")
        const all = this.renderRoot.querySelector<HTMLElement>(".all")
        const list = this.list.getVirtualizer()
        if (scroll !== null && this.sight === null) {
            // Bubbles need it to open their files, and it needs the list they stand in.
            this.sight = new Sight(scroll)
            this.requestUpdate()
        }
        if (all !== null) all.style.blockSize = `${list.getTotalSize()}px`
        // A ghost keeps the usual height: only what is really there may move its neighbours.
        for (const row of this.renderRoot.querySelectorAll<HTMLElement>(".row[data-here]")) {
            if (this.measured.has(row)) continue
            this.measured.add(row)
            list.measureElement(row)
        }
        list.measureElement(null)
        if (scroll !== null) this.atEnd = list.isAtEnd(120)
    }

    protected override render(): TemplateResult {
        const text = chatTexts[this.language]
        const { session } = this
        if (session === null) return html``
        const { chat } = session.source
        if (chat.records === 0) return html`<div class="view"><p class="empty">${text.empty}</p></div>`
        const question = !this.asked && this.selfIndex < 0 && chat.people.length > 1
        return html`${toolbar(this.language, session, this.panel, this.choosePanel, this.toStart)}
            ${question && this.panel === null ? selfQuestion(chat.people, text, this.answer) : nothing}
            ${
                this.failed
                    ? html`<div class="trouble" role="status">
                          ${text.broken}<button class="choice" @click=${this.retry}>${text.tryAgain}</button>
                      </div>`
                    : nothing
            }
            <div class="middle" @bw-go=${this.went}>
            <div class="view">
                <div class="scroll" tabindex="0" role="feed" aria-label=${text.list} @keydown=${this.key} @focusin=${this.focusIn}>
                    <div class="all">
                        ${repeat(
                            this.list.getVirtualizer().getVirtualItems(),
                            ({ key }) => key,
                            ({ index, start }) => this.row(index, start, session),
                        )}
                    </div>
                </div>
                ${this.pill(session)}
                ${
                    this.atEnd
                        ? nothing
                        : html`<button class="tool to-end" title=${text.toEnd} aria-label=${text.toEnd} @click=${this.toEnd}>
                              ${chatIcons.toEnd}
                          </button>`
                }
            </div>
            ${panel(this.language, session, this.panel, this.bookmarks, this.closePanel)}
            </div>
            <bw-message-menu .language=${this.language} .actions=${this.actions}></bw-message-menu>
            <bw-raw-record .language=${this.language}></bw-raw-record>
            <bw-light-box .pictures=${session} .language=${this.language}></bw-light-box>`
    }

    /** Scrolls to a record and marks it for a moment. */
    async goTo(index: number): Promise<void> {
        const { session } = this
        await session?.load(index)
        if (this.session !== session) return
        this.found = index
        this.list.getVirtualizer().scrollToIndex(index, { align: "center" })
        this.requestUpdate()
    }

    /** As `goTo`, by its place in all of the chat: as soon as that is shown. */
    async goToWhole(index: number): Promise<void> {
        if (this.session?.source.chat.whole === true) await this.goTo(index)
        else this.whenWhole.push(() => void this.goTo(index))
    }

    /** Every voice note that is in the export, as text. */
    async transcribeAll(): Promise<void> {
        const { session, setting, transcription } = this
        if (session === null || setting === null) return
        const records = await session.voices()
        const notes = records.map((record) => noteOfRecord(record, setting))
        transcription?.all(notes.filter((note) => note !== null))
    }

    // ------------------------------------------------------------ parts

    private row(index: number, start: number, session: ChatSession): TemplateResult {
        const { windows } = session
        const record = windows.at(index)
        const standing = record === null ? null : standingOf(windows.at(index - 1), record, windows.at(index + 1))
        const text = chatTexts[this.language]
        return html`<div
            class="row ${standing?.startsRun === true ? "begins" : ""} ${index === this.found ? "found" : ""}"
            data-index=${index}
            role="article"
            tabindex="-1"
            aria-posinset=${index + 1}
            aria-setsize=${session.source.chat.whole ? session.count : -1}
            aria-label=${record === null || this.setting === null ? text.loading : labelOf(record, this.setting)}
            ?data-here=${record !== null}
            ${place(start)}
        >
            ${
                record === null || standing === null || this.setting === null
                    ? html`<div class="ghost ghost-${index % 3}"></div>`
                    : html`${standing.startsDay ? html`<div class="day"><span>${this.dayName(dayOf(record))}</span></div>` : nothing}
                      ${bubble(record, standing, this.setting)}`
            }
        </div>`
    }

    /** The day of the topmost record, unless its own heading stands there. */
    private pill(session: ChatSession): TemplateResult {
        const list = this.list.getVirtualizer()
        // A chat that fits its frame was to be scrolled to its end, and could not.
        const farthest = Math.max(0, list.getTotalSize() - (list.scrollRect?.height ?? 0))
        const offset = Math.min(list.scrollOffset ?? 0, farthest)
        const top = list.getVirtualItems().find((item) => item.end > offset + 8)
        const record = top === undefined ? null : session.windows.peek(top.index)
        if (top === undefined || record === null || record.time === "")
            return html`<div class="pill away" aria-hidden="true"></div>`
        const heads = [top.index, top.index + 1].some((index) => {
            const item = list.getVirtualItems().find((candidate) => candidate.index === index)
            const here = session.windows.peek(index)
            const before = session.windows.peek(index - 1)
            const startsDay = here !== null && (index === 0 || (before !== null && dayOf(before) !== dayOf(here)))
            return startsDay && item !== undefined && item.start > offset - 40 && item.start < offset + 44
        })
        return html`<div class="pill ${heads ? "away" : ""}" aria-hidden="true">${this.dayName(dayOf(record))}</div>`
    }

    private makeSetting(): BubbleSetting | null {
        const { session, sight } = this
        if (session === null || sight === null) return null
        const { people } = session.source.chat
        const before = this.setting
        const same = before !== null && before.media.sight === sight && before.media.shelf === session.shelf
        const self = this.selfIndex
        return {
            // The same object while nothing changed, so that no picture is asked to draw itself anew.
            media:
                same && before.media.language === this.language
                    ? before.media
                    : { shelf: session.shelf, sight, language: this.language },
            player: session.player,
            transcription: this.transcription,
            open: session.open,
            people,
            colours: session.colours,
            self,
            named: self < 0 || people.length > 2,
            file: (index) => session.file(index),
            unfolded: this.unfolded,
            unfold: this.unfold,
            save: this.save,
            openMenu: this.openMenu,
            isMarked: (index) => this.bookmarks.isMarked(index),
            goTo: this.goToId,
        }
    }

    private get selfIndex(): number {
        return this.self === null ? -1 : (this.session?.source.chat.people.indexOf(this.self) ?? -1)
    }

    private dayName(day: string): string {
        const date = new Date(`${day}T00:00:00Z`)
        if (Number.isNaN(date.getTime())) return ""
        const written = this.language === "en" ? "en-GB" : this.language
        return new Intl.DateTimeFormat(written, { dateStyle: "full", timeZone: "UTC" }).format(date)
    }

    // ------------------------------------------------------------ beginning and end

    private begin(source: ChatSource): void {
        this.end()
        const session = new ChatSession(source, (outcome) => {
            this.failed = outcome === "failed"
            this.requestUpdate()
        })
        this.session = session
        this.self = source.chat.self
        this.asked = false
        this.failed = false
        this.focused = -1
        this.found = -1
        this.unfolded.clear()
        this.count(session)
        const list = this.list.getVirtualizer()
        list.measure()
        void this.updateComplete.then(() => list.scrollToEnd())
        void this.bookmarks.take(source)
    }

    /** The rest of the chat comes before what is read: the same bubbles stay where they are. */
    private async grow(source: ChatSource): Promise<void> {
        const { session } = this
        const sight = this.list
            .getVirtualizer()
            .getVirtualItems()
            .map(({ index }) => index)
        const grown = await session?.grow(source, sight).then(
            () => true,
            () => false,
        )
        if (session === null || this.session !== session) return
        if (grown !== true) {
            this.begin(source)
            return
        }
        this.self ??= source.chat.self
        const moved = [...this.unfolded].map((index) => index + session.grown)
        this.unfolded.clear()
        for (const index of moved) this.unfolded.add(index)
        if (this.focused >= 0) this.focused += session.grown
        if (this.found >= 0) this.found += session.grown
        this.count(session)
        void this.bookmarks.take(source)
        for (const go of this.whenWhole.splice(0)) go()
        this.requestUpdate()
    }

    /** Rows are known by their distance from the end: what comes before them moves none. */
    private count({ count }: ChatSession): void {
        const list = this.list.getVirtualizer()
        list.setOptions({ ...list.options, count, getItemKey: (index) => index - count })
        // At once: where the list is scrolled to has to be there when it is.
        const all = this.renderRoot.querySelector<HTMLElement>(".all")
        if (all !== null) all.style.blockSize = `${list.getTotalSize()}px`
    }

    private end(): void {
        this.session?.close()
        this.whenWhole.length = 0
        this.sight?.stop()
        this.session = null
        this.sight = null
        this.setting = null
    }

    // ------------------------------------------------------------ what the reader does

    private readonly answer = (name: string | null): void => {
        this.asked = true
        if (name === null) return
        this.self = name
        void this.session?.source.setSelf(name)
    }

    private readonly retry = (): void => {
        this.failed = false
    }

    private readonly unfold = (index: number): void => {
        if (!this.unfolded.delete(index)) this.unfolded.add(index)
        this.requestUpdate()
    }

    private readonly save = (file: number, name: string): void => {
        const { session } = this
        if (session === null) return
        void session.shelf.take(file).then((shelved) => {
            if (shelved.kind === "opened") saveFile(shelved.blob, name)
            session.shelf.release(file)
        })
    }

    /** Where a record stands in the text is known when the text is. */
    private readonly showRaw = (record: ChatRecord): void => {
        const { session, setting } = this
        if (session === null || setting === null) return
        if (!session.source.chat.whole) {
            const fromEnd = record.index - session.count
            this.whenWhole.push(async () => {
                const same = await session.windows.get(fromEnd + session.count).catch(() => null)
                if (same !== null && this.session === session) this.showRaw(same)
            })
            return
        }
        const dialog = this.renderRoot.querySelector<RawRecord>("bw-raw-record")
        void dialog?.show(session.source, record, labelOf(record, setting))
    }

    private readonly enlarge = (event: Event): void => {
        if (!(event instanceof CustomEvent)) return
        void this.renderRoot
            .querySelector<LightBox>("bw-light-box")
            ?.show(Number(event.detail) - (this.session?.count ?? 0))
    }

    /** A picture may take its own shape unless that would move what is being read. */
    private readonly mayGrow = (event: Event): void => {
        const element = event.target
        const scroll = this.renderRoot.querySelector(".scroll")
        if (this.atEnd || scroll === null || !(element instanceof Element)) return
        const inner = event.composedPath()[0]
        const shown = (inner instanceof Element ? inner : element).getBoundingClientRect()
        const seen = scroll.getBoundingClientRect()
        if (shown.bottom > seen.top && shown.top < seen.bottom) event.preventDefault()
    }

    /** On a phone the pane lies over the chat: it makes way, except for going from hit to hit. */
    private readonly went = (event: Event): void => {
        if (!(event instanceof CustomEvent)) return
        if (this.clientWidth < narrow) this.panel = null
        void this.goTo(Number(event.detail))
    }

    private readonly choosePanel = (kind: PanelKind): void => {
        this.panel = this.panel === kind ? null : kind
    }

    private readonly closePanel = (): void => {
        const { panel: closed } = this
        this.panel = null
        void this.updateComplete.then(() =>
            this.renderRoot.querySelector<HTMLElement>(`.tool[aria-pressed][data-kind="${closed}"]`)?.focus(),
        )
    }

    /** The browser would search only what is drawn. Asked a second time, it may. */
    private readonly shortcut = (event: KeyboardEvent): void => {
        if (event.key === "Escape" && this.panel !== null && event.composedPath().includes(this)) {
            this.closePanel()
            return
        }
        const wanted =
            event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
        if (!wanted || this.panel === "search" || this.session?.source.chat.whole !== true) return
        event.preventDefault()
        this.panel = "search"
    }

    private readonly goToId = (id: string): void => {
        void this.session?.source.placeOf(id).then((index) => (index === null ? undefined : this.goTo(index)))
    }

    private readonly openMenu = (record: ChatRecord, button: Element): void => {
        void this.renderRoot.querySelector<MessageMenu>("bw-message-menu")?.show(record, button)
    }

    private readonly actions: MessageActions = {
        bookmark: (record) => {
            void this.bookmarks.mark(record).then(
                () => {
                    this.panel = "bookmarks"
                },
                () => {
                    this.failed = true
                },
            )
        },
        raw: (record) => this.showRaw(record),
        isMarked: (record) => this.bookmarks.isMarked(record.index),
    }

    private readonly toStart = (): void => this.list.getVirtualizer().scrollToIndex(0, { align: "start" })

    private readonly toEnd = (): void => this.list.getVirtualizer().scrollToEnd()

    private readonly focusIn = (event: FocusEvent): void => {
        const row = event.target instanceof Element ? event.target.closest(".row") : null
        if (row != null) this.focused = Number(row.getAttribute("data-index"))
    }

    private readonly key = (event: KeyboardEvent): void => {
        const from = event.composedPath()[0]
        const typing = from instanceof HTMLElement && /^(?:input|select|video|audio|textarea)$/i.test(from.tagName)
        if (typing || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return
        const last = (this.session?.count ?? 0) - 1
        const list = this.list.getVirtualizer()
        const middle =
            list.getVirtualItemForOffset((list.scrollOffset ?? 0) + (list.scrollRect?.height ?? 0) / 2)?.index ?? 0
        switch (event.key) {
            case "ArrowDown":
                void this.focusRow(this.focused < 0 ? middle : Math.min(last, this.focused + 1))
                break
            case "ArrowUp":
                void this.focusRow(this.focused < 0 ? middle : Math.max(0, this.focused - 1))
                break
            case "Home":
                void this.focusRow(0)
                break
            case "End":
                void this.focusRow(last)
                break
            case "PageDown":
            case "PageUp":
                // The page scrolls by itself; the keyboard is then where the eye is.
                this.focused = -1
                this.renderRoot.querySelector<HTMLElement>(".scroll")?.focus({ preventScroll: true })
                return
            default:
                return
        }
        event.preventDefault()
    }

    private async focusRow(index: number): Promise<void> {
        this.focused = index
        const list = this.list.getVirtualizer()
        if (index === (this.session?.count ?? 0) - 1) list.scrollToEnd()
        else list.scrollToIndex(index, { align: index === 0 ? "start" : "auto" })
        // The list has to move before the row is drawn; meanwhile the keyboard stays within the list.
        for (let frames = 0; frames < 30 && this.focused === index; frames++) {
            const row = this.renderRoot.querySelector<HTMLElement>(`.row[data-index="${index}"]`)
            if (row !== null) {
                row.focus({ preventScroll: true })
                return
            }
            this.renderRoot.querySelector<HTMLElement>(".scroll")?.focus({ preventScroll: true })
            await new Promise((done) => requestAnimationFrame(done))
        }
    }
}

/** All of the chat whose end is shown. */
function isRestOf(source: ChatSource, shown: ChatSource | null | undefined): boolean {
    return (
        shown != null &&
        !shown.chat.whole &&
        source.chat.whole &&
        source.chat.continues &&
        shown.chat.importId === source.chat.importId
    )
}

customElements.define("bw-chat", Chat)

declare global {
    interface HTMLElementTagNameMap {
        "bw-chat": Chat
    }
}
