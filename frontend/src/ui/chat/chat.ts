/**
 * `<bw-chat>`: a chat to read. It draws only what is in sight, and asks its source for records in windows and for files
 * when they come near.
 */

import { VirtualizerController } from "@tanstack/lit-virtual"
import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit"
import { repeat } from "lit/directives/repeat.js"
import type { FileSummary } from "../../engine/protocol.ts"
import type { ChatRecord } from "../../reader/conversation.ts"
import { type Language, pageLanguage } from "../language.ts"
import { type BubbleSetting, bubble, labelOf, timeOf } from "./bubble.ts"
import { bubbleStyles, chatStyles } from "./chat-styles.ts"
import { dayOf, standingOf } from "./grouping.ts"
import { chatIcons, iconStyles } from "./icons.ts"
import "./light-box.ts"
import type { LightBox, Picture, Pictures } from "./light-box.ts"
import { MediaShelf } from "./media-shelf.ts"
import { coloursOf } from "./person-colours.ts"
import "./photo.ts"
import { place } from "./place.ts"
import { rawText } from "./raw-text.ts"
import { findDay, RecordWindows } from "./record-windows.ts"
import { saveFile } from "./save-file.ts"
import { selfQuestion } from "./self-question.ts"
import { Sight } from "./sight.ts"
import type { ChatSource } from "./source.ts"
import { chatTexts } from "./text.ts"
import "./video.ts"
import "./voice.ts"
import { type Recording, VoicePlayer } from "./voice-player.ts"

export type { ChatSource } from "./source.ts"

/** What one opened chat needs while it is shown; made anew for another chat. */
interface Session {
    readonly source: ChatSource
    readonly windows: RecordWindows
    readonly shelf: MediaShelf
    readonly player: VoicePlayer
    readonly pictures: Pictures
    readonly files: ReadonlyMap<number, FileSummary>
    readonly colours: readonly number[]
}

const usualHeight = 62

export class Chat extends LitElement {
    static override properties: PropertyDeclarations = {
        source: { attribute: false },
        language: {},
        self: { state: true },
        asked: { state: true },
        failed: { state: true },
        raw: { state: true },
        focused: { state: true },
        atEnd: { state: true },
        span: { state: true },
    }

    declare source: ChatSource | null
    declare language: Language
    /** The name under which the reader writes, once known. */
    declare private self: string | null
    declare private asked: boolean
    declare private failed: boolean
    declare private raw: { readonly text: string | null; readonly label: string } | null
    /** The record that the keyboard is on; it stays drawn however far it is scrolled away. */
    declare private focused: number
    declare private atEnd: boolean
    /** First and last day of the chat, for the date field. */
    declare private span: { readonly first: string; readonly last: string } | null

    private session: Session | null = null
    private sight: Sight | null = null
    private setting: BubbleSetting | null = null
    private readonly unfolded = new Set<number>()
    private readonly measured = new WeakSet<Element>()
    private found = -1

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
        this.self = null
        this.asked = false
        this.failed = false
        this.raw = null
        this.focused = -1
        this.atEnd = true
        this.span = null
    }

    static override styles = [iconStyles, bubbleStyles, chatStyles]

    override connectedCallback(): void {
        super.connectedCallback()
        if (this.hasUpdated && this.source !== null && this.session === null) this.begin(this.source)
        this.addEventListener("bw-enlarge", this.enlarge)
        this.addEventListener("bw-may-grow", this.mayGrow)
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        this.removeEventListener("bw-enlarge", this.enlarge)
        this.removeEventListener("bw-may-grow", this.mayGrow)
        this.end()
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has("source")) {
            const before = changed.get("source")?.chat.chatId
            if (this.source === null) this.end()
            else if (this.session === null || this.source.chat.chatId !== before) this.begin(this.source)
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
        for (const row of this.renderRoot.querySelectorAll<HTMLElement>(".row")) {
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
        return html`${this.bar()}
            ${question ? selfQuestion(chat.people, text, this.answer) : nothing}
            ${
                this.failed
                    ? html`<div class="trouble" role="status">
                          ${text.broken}<button class="choice" @click=${this.retry}>${text.tryAgain}</button>
                      </div>`
                    : nothing
            }
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
            ${this.rawDialog()}
            <bw-light-box .pictures=${session.pictures} .language=${this.language}></bw-light-box>`
    }

    /** Scrolls to a record and marks it for a moment. */
    goTo(index: number): void {
        this.found = index
        this.list.getVirtualizer().scrollToIndex(index, { align: "start" })
        this.requestUpdate()
    }

    // ------------------------------------------------------------ parts

    private bar(): TemplateResult {
        const text = chatTexts[this.language]
        return html`<div class="bar">
            <label>
                <span>${text.jumpToDay}</span>
                <input
                    type="date"
                    min=${this.span?.first ?? nothing}
                    max=${this.span?.last ?? nothing}
                    @change=${this.jump}
                />
            </label>
            <button class="tool" title=${text.toStart} aria-label=${text.toStart} @click=${this.toStart}>
                ${chatIcons.toStart}
            </button>
        </div>`
    }

    private row(index: number, start: number, session: Session): TemplateResult {
        const { setting } = this
        const { windows, source } = session
        const record = windows.at(index)
        if (record === null || setting === null) {
            return html`<div class="row" data-index=${index} ${place(start)}>
                <div class="ghost ghost-${index % 3}" aria-hidden="true"></div>
            </div>`
        }
        const standing = standingOf(windows.at(index - 1), record, windows.at(index + 1))
        return html`<div
            class="row ${standing.startsRun ? "begins" : ""} ${index === this.found ? "found" : ""}"
            data-index=${index}
            role="article"
            tabindex="-1"
            aria-posinset=${index + 1}
            aria-setsize=${source.chat.records}
            aria-label=${labelOf(record, setting)}
            ${place(start)}
        >
            ${standing.startsDay ? html`<div class="day"><span>${this.dayName(dayOf(record))}</span></div>` : nothing}
            ${bubble(record, standing, setting)}
        </div>`
    }

    /** The day of the topmost record, unless its own heading stands there. */
    private pill(session: Session): TemplateResult {
        const list = this.list.getVirtualizer()
        const offset = list.scrollOffset ?? 0
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

    private rawDialog(): TemplateResult {
        const text = chatTexts[this.language]
        return html`<dialog class="raw" aria-labelledby="raw-title" @close=${() => (this.raw = null)}>
            <h2 id="raw-title">${text.asExported}</h2>
            <p>${this.raw?.label ?? ""} · ${text.asExportedWhy}</p>
            <pre dir="auto" tabindex="0">${this.raw === null ? "" : (this.raw.text ?? text.asExportedFailed)}</pre>
            <form method="dialog"><button class="choice">${text.close}</button></form>
        </dialog>`
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
            people,
            colours: session.colours,
            self,
            named: self < 0 || people.length > 2,
            file: (index) => session.files.get(index) ?? null,
            unfolded: this.unfolded,
            unfold: this.unfold,
            save: this.save,
            showRaw: this.showRaw,
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
        const { chat } = source
        const windows = new RecordWindows(
            chat.records,
            (from, to) => source.records(from, to),
            (outcome) => {
                this.failed = outcome === "failed"
                this.requestUpdate()
            },
        )
        const shelf = new MediaShelf((index) => source.openFile(index))
        const voiceAfter = async ({ index }: Recording): Promise<Recording | null> => {
            const next = await windows.get(index + 1)
            const file = next?.attachment?.kind === "voice" ? next.attachment.file : null
            return file === null ? null : { index: index + 1, file }
        }
        this.session = {
            source,
            windows,
            shelf,
            player: new VoicePlayer(shelf, voiceAfter),
            pictures: {
                shelf,
                at: (index) => pictureAt(source, windows, index),
                beside: (index, step) => pictureBeside(source, windows, index, step),
            },
            files: new Map(chat.files.map((file) => [file.index, file])),
            colours: coloursOf(chat.people),
        }
        this.self = chat.self
        this.asked = false
        this.failed = false
        this.focused = -1
        this.found = -1
        this.span = null
        this.unfolded.clear()
        const list = this.list.getVirtualizer()
        list.setOptions({ ...list.options, count: chat.records })
        list.measure()
        void this.updateComplete.then(() => list.scrollToEnd())
        void this.learnSpan(this.session)
    }

    private end(): void {
        this.session?.player.stop()
        this.session?.shelf.clear()
        this.sight?.stop()
        this.session = null
        this.sight = null
        this.setting = null
    }

    private async learnSpan(session: Session): Promise<void> {
        const last = await session.windows.get(session.source.chat.records - 1).catch(() => null)
        const [first] = await session.source.records(0, 1).catch(() => [])
        if (this.session !== session || first === undefined || last === null) return
        this.span = { first: dayOf(first), last: dayOf(last) }
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

    private readonly showRaw = (record: ChatRecord): void => {
        const { session, setting } = this
        if (session === null || setting === null) return
        void rawText(session.source, record)
            .catch(() => null)
            .then(async (text) => {
                if (this.session !== session) return
                this.raw = { text, label: labelOf(record, setting) }
                await this.updateComplete
                this.renderRoot.querySelector<HTMLDialogElement>("dialog.raw")?.showModal()
            })
    }

    private readonly enlarge = (event: Event): void => {
        if (!(event instanceof CustomEvent)) return
        void this.renderRoot.querySelector<LightBox>("bw-light-box")?.show(Number(event.detail))
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

    private readonly jump = (event: Event): void => {
        const { session } = this
        if (session === null || !(event.target instanceof HTMLInputElement) || event.target.value === "") return
        const day = event.target.value
        void findDay(
            session.source.chat.records,
            day,
            async (index) => (await session.source.records(index, index + 1))[0] ?? null,
        )
            .then((index) => this.goTo(index))
            .catch(() => (this.failed = true))
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
        const last = (this.session?.source.chat.records ?? 0) - 1
        const list = this.list.getVirtualizer()
        const middle =
            list.getVirtualItemForOffset((list.scrollOffset ?? 0) + (list.scrollRect?.height ?? 0) / 2)?.index ?? 0
        switch (event.key) {
            case "ArrowDown":
                this.focusRow(this.focused < 0 ? middle : Math.min(last, this.focused + 1))
                break
            case "ArrowUp":
                this.focusRow(this.focused < 0 ? middle : Math.max(0, this.focused - 1))
                break
            case "Home":
                this.focusRow(0)
                break
            case "End":
                this.focusRow(last)
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

    private focusRow(index: number): void {
        this.focused = index
        const list = this.list.getVirtualizer()
        if (index === (this.session?.source.chat.records ?? 0) - 1) list.scrollToEnd()
        else list.scrollToIndex(index, { align: index === 0 ? "start" : "auto" })
        // Drawn at the next update, or the one after when the list has to move first.
        void this.updateComplete.then(async () => {
            this.requestUpdate()
            await this.updateComplete
            this.renderRoot.querySelector<HTMLElement>(`.row[data-index="${index}"]`)?.focus({ preventScroll: true })
        })
    }
}

function asPicture(source: ChatSource, record: ChatRecord | null): Picture | null {
    const attachment = record?.attachment
    if (record == null || attachment == null || attachment.file === null) return null
    if (attachment.kind !== "photo" && attachment.kind !== "video") return null
    const who = record.sender === null ? "" : (source.chat.people[record.sender] ?? "")
    const caption = [who, `${dayOf(record)} ${timeOf(record)}`, record.text.slice(0, 200)]
        .filter((part) => part !== "")
        .join(" · ")
    return {
        index: record.index,
        file: attachment.file,
        name: attachment.name,
        film: attachment.kind === "video",
        caption,
    }
}

async function pictureAt(source: ChatSource, windows: RecordWindows, index: number): Promise<Picture | null> {
    return asPicture(source, await windows.get(index).catch(() => null))
}

async function pictureBeside(
    source: ChatSource,
    windows: RecordWindows,
    index: number,
    step: -1 | 1,
): Promise<Picture | null> {
    for (let at = index + step; at >= 0 && at < source.chat.records; at += step) {
        const picture = asPicture(source, windows.peek(at) ?? (await windows.get(at).catch(() => null)))
        if (picture !== null) return picture
    }
    return null
}

customElements.define("bw-chat", Chat)

declare global {
    interface HTMLElementTagNameMap {
        "bw-chat": Chat
    }
}
