/** One record as it stands in the list: a bubble at a side, or a line in the middle. */

import { html, nothing, type TemplateResult } from "lit"
import type { FileSummary } from "../../engine/protocol.ts"
import type { Attachment, ChatRecord, MediaKind } from "../../reader/conversation.ts"
import { bytes } from "../language.ts"
import type { Transcription } from "../transcription/transcription.ts"
import { findTexts } from "./find-text.ts"
import { emojiAlone } from "./formatting.ts"
import type { Standing } from "./grouping.ts"
import { chatIcons } from "./icons.ts"
import type { MediaHost, ShownFile } from "./media-element.ts"
import { inline, messageText } from "./message-text.ts"
import { chatTexts } from "./text.ts"
import type { ShownNote } from "./transcript.ts"
import type { VoicePlayer } from "./voice-player.ts"

/** What a bubble needs to know beyond its record; the same for all bubbles of a chat. */
export interface BubbleSetting {
    readonly media: MediaHost
    readonly player: VoicePlayer
    /** Null where voice notes cannot become text. */
    readonly transcription: Transcription | null
    readonly open: (file: number) => Promise<Blob>
    readonly people: readonly string[]
    readonly colours: readonly number[]
    /** Index into `people`, or -1: unknown. */
    readonly self: number
    /** Names are left out where only one other person writes. */
    readonly named: boolean
    readonly file: (index: number) => FileSummary | null
    readonly unfolded: ReadonlySet<number>
    readonly unfold: (index: number) => void
    readonly save: (file: number, name: string) => void
    /** What can be done with the message; `button` is where it was asked for. */
    readonly openMenu: (record: ChatRecord, button: Element) => void
    readonly isMarked: (index: number) => boolean
    /** To the message that a reply answers, by its name in the source. */
    readonly goTo: (id: string) => void
}

export const timeOf = (record: ChatRecord): string => record.time.slice(11, 16)

const pictures: ReadonlySet<MediaKind> = new Set(["photo", "sticker", "video", "gif"])

/** Whether a picture stands for the bubble, so that the bubble has no air around it. */
const showsPicture = ({ attachment }: ChatRecord): boolean =>
    attachment !== null && attachment.file !== null && pictures.has(attachment.kind)

export function labelOf(record: ChatRecord, setting: BubbleSetting): string {
    const who = record.sender === null ? "" : (setting.people[record.sender] ?? "")
    return who === "" ? timeOf(record) : chatTexts[setting.media.language].message(who, timeOf(record))
}

export function bubble(record: ChatRecord, standing: Standing, setting: BubbleSetting): TemplateResult {
    const text = chatTexts[setting.media.language]
    const menu = findTexts[setting.media.language].actions
    const more = html`<button
        class="more"
        title=${menu}
        aria-label=${menu}
        aria-haspopup="menu"
        @click=${(event: Event) => setting.openMenu(record, event.currentTarget as Element)}
    >
        ${chatIcons.more}
    </button>`
    if (record.sender === null) {
        return html`<div class="centred">
            <div class="notice" dir="auto">${record.kind === "call" ? chatIcons.call : nothing}<span>${record.text}</span></div>
            ${record.attachment === null ? nothing : attachment(record, record.attachment, "", setting)}
            ${more}
        </div>`
    }
    const own = record.sender === setting.self
    const name = setting.people[record.sender] ?? ""
    const isNamed = standing.startsRun && !own && setting.named
    const bare = isBare(record)
    const classes = `bubble ${own ? "own" : ""} ${standing.endsRun ? "last" : ""} ${standing.startsRun ? "first" : ""} ${bare ? "bare" : ""} ${
        showsPicture(record) && !bare ? "picture" : ""
    }`
    return html`<div class="side ${own ? "own" : ""}">
        <div class=${classes}>
            ${isNamed ? html`<div class="name person-${setting.colours[record.sender] ?? 0}" dir="auto">${name}</div>` : nothing}
            ${record.forwarded === true ? html`<div class="facts with-icon">${chatIcons.forwarded} ${text.forwarded}</div>` : nothing}
            ${quote(record, setting)} ${content(record, name, setting)} ${reactions(record, setting)}
            <span class="meta">${setting.isMarked(record.index) ? html`<span class="marked">${chatIcons.marked}</span> ` : nothing}${record.edited ? html`<span>${text.edited}</span> ` : nothing}<time>${timeOf(record)}</time></span>
        </div>
        ${more}
    </div>`
}

/** What is answered, above the answer; a click leads there. */
function quote({ quote: quoted }: ChatRecord, setting: BubbleSetting): TemplateResult | typeof nothing {
    if (quoted === undefined) return nothing
    const text = chatTexts[setting.media.language]
    const who = quoted.sender === null ? "" : (setting.people[quoted.sender] ?? "")
    const { id } = quoted
    const colour = quoted.sender === null ? "" : `person-${setting.colours[quoted.sender] ?? 0}`
    const words = html`<span class="quoted-name ${colour}" dir="auto">${who}</span>
        <span class="quoted-words" dir="auto">${quoted.text === "" ? text.aPicture : quoted.text}</span>`
    return id === null
        ? html`<div class="quoted" role="note" aria-label=${text.replyTo(who)}>${words}</div>`
        : html`<button class="quoted" aria-label=${`${text.replyTo(who)}: ${quoted.text}`} @click=${() => setting.goTo(id)}>${words}</button>`
}

/** Equal ones as one, with their number; who it was says the title. */
function reactions(record: ChatRecord, setting: BubbleSetting): TemplateResult | typeof nothing {
    if (record.reactions === undefined || record.reactions.length === 0) return nothing
    const people = new Map<string, string[]>()
    for (const { emoji, person } of record.reactions)
        people.set(emoji, [...(people.get(emoji) ?? []), person === null ? "" : (setting.people[person] ?? "")])
    return html`<ul class="reactions" aria-label=${chatTexts[setting.media.language].reactions}>
        ${Array.from(people, ([emoji, names]) => {
            const who = names.filter(Boolean).join(", ")
            return html`<li title=${who}><span>${emoji}</span>${names.length > 1 ? names.length : nothing}<span class="unseen">${who}</span></li>`
        })}
    </ul>`
}

/** Stickers and large emoji stand on the paper itself. */
function isBare(record: ChatRecord): boolean {
    if (record.attachment !== null) return record.attachment.kind === "sticker" && record.attachment.file !== null
    return record.kind === "message" && emojiAlone(record.text) > 0
}

function content(record: ChatRecord, who: string, setting: BubbleSetting): TemplateResult {
    const text = chatTexts[setting.media.language]
    switch (record.kind) {
        case "deleted":
            return quiet(chatIcons.gone, text.deleted)
        case "view-once":
            return quiet(chatIcons.once, text.viewOnce)
        case "omitted":
            return html`${leftOut(record, setting)}${words(record, setting)}`
        case "call":
            return html`<div class="card">${mark("call")}<span class="words" dir="auto">${record.text}</span></div>`
        case "poll":
            return poll(record, setting)
        case "location":
            return place(record, setting)
        case "message":
        case "system":
            return html`${record.attachment === null ? nothing : attachment(record, record.attachment, who, setting)}${words(record, setting)}`
    }
}

function words(record: ChatRecord, setting: BubbleSetting): TemplateResult | typeof nothing {
    if (record.text === "") return nothing
    const unfolding = { unfolded: setting.unfolded.has(record.index), toggle: () => setting.unfold(record.index) }
    return messageText(record.text, unfolding, chatTexts[setting.media.language])
}

const quiet = (icon: TemplateResult, words: string): TemplateResult =>
    html`<div class="quiet">${icon}<em>${words}</em></div>`

const mark = (kind: keyof typeof chatIcons): TemplateResult => html`<span class="mark">${chatIcons[kind]}</span>`

const iconOf: Readonly<Record<MediaKind, keyof typeof chatIcons>> = {
    photo: "photo",
    video: "video",
    gif: "video",
    voice: "voice",
    audio: "voice",
    sticker: "sticker",
    document: "document",
    contact: "contact",
}

function leftOut(record: ChatRecord, setting: BubbleSetting): TemplateResult | typeof nothing {
    const kind = record.omitted ?? null
    // The app's own sentence stands in the text when nothing was left out but a message has not arrived.
    if (kind === null && record.text !== "") return nothing
    return html`<div class="absent">
        ${chatIcons[kind === null ? "photo" : iconOf[kind]]}
        <span>${chatTexts[setting.media.language].omitted[kind ?? "unknown"]}</span>
    </div>`
}

function attachment(
    record: ChatRecord,
    { kind, name, file }: Attachment,
    who: string,
    setting: BubbleSetting,
): TemplateResult {
    const text = chatTexts[setting.media.language]
    if (file === null) {
        return html`<div class="absent">
            ${chatIcons[iconOf[kind]]}<span><bdi>${kind === "document" ? name : text.kinds[kind]}</bdi> ${text.missing}</span>
        </div>`
    }
    const shown: ShownFile = shownFile(record, name, file, who, setting)
    switch (kind) {
        case "photo":
            return html`<bw-photo .host=${setting.media} .shown=${shown}></bw-photo>`
        case "sticker":
            return html`<bw-photo sticker .host=${setting.media} .shown=${shown}></bw-photo>`
        case "video":
        case "gif":
            return html`<bw-video .silent=${kind === "gif"} .host=${setting.media} .shown=${shown}></bw-video>`
        case "voice":
        case "audio":
            return html`<bw-voice .player=${setting.player} .host=${setting.media} .shown=${shown}></bw-voice>
                <bw-transcript .transcription=${setting.transcription} .note=${noteOf(shown, setting)} .language=${setting.media.language}></bw-transcript>`
        case "document":
        case "contact":
            return fileCard(shown, kind, setting)
    }
}

/** The same object for the same record, so that nothing is drawn anew for it. */
const shownFiles = new WeakMap<ChatRecord, ShownFile>()

function shownFile(record: ChatRecord, name: string, file: number, who: string, setting: BubbleSetting): ShownFile {
    const known = shownFiles.get(record)
    if (known !== undefined) return known
    const size = setting.file(file)?.size ?? 0
    const shown = { index: record.index, file, name, size, who, when: timeOf(record) }
    shownFiles.set(record, shown)
    return shown
}

/** The same object for the same file, for the same reason. */
const notes = new WeakMap<ShownFile, ShownNote>()

function noteOf(shown: ShownFile, { open }: BubbleSetting): ShownNote {
    const known = notes.get(shown)
    if (known !== undefined) return known
    const { file, who, when } = shown
    const note = { key: String(file), who, when, open: () => open(file) }
    notes.set(shown, note)
    return note
}

/** Null: this record holds no file. */
export function noteOfRecord(record: ChatRecord, setting: BubbleSetting): ShownNote | null {
    const { attachment, sender } = record
    if (attachment === null || attachment.file === null) return null
    const who = sender === null ? "" : (setting.people[sender] ?? "")
    return noteOf(shownFile(record, attachment.name, attachment.file, who, setting), setting)
}

function fileCard(shown: ShownFile, kind: "document" | "contact", setting: BubbleSetting): TemplateResult {
    const { language } = setting.media
    const text = chatTexts[language]
    // iOS numbers what it exports; the number is not part of the name people know.
    const name = shown.name.replace(/^\d{8}-/, "")
    const shownName = kind === "contact" ? name.replace(/\.vcf$/i, "") : name
    const ending = /\.(\w{1,5})$/.exec(name)?.[1]?.toUpperCase() ?? ""
    const facts =
        kind === "contact" ? text.kinds.contact : [ending, bytes(language, shown.size)].filter(Boolean).join(" · ")
    return html`<div class="card">
        ${mark(iconOf[kind])}
        <span class="words"><bdi class="file">${shownName}</bdi><span class="facts">${facts}</span></span>
        <button class="round" title=${text.save} aria-label=${text.saveNamed(name)} @click=${() => setting.save(shown.file, name)}>
            ${chatIcons.save}
        </button>
    </div>`
}

function poll(record: ChatRecord, setting: BubbleSetting): TemplateResult {
    const text = chatTexts[setting.media.language]
    const options = record.poll?.options ?? []
    const most = Math.max(1, ...options.map(({ votes }) => votes ?? 0))
    return html`<div class="poll">
        <div class="facts with-icon">${chatIcons.poll} ${text.poll}</div>
        <div class="question" dir="auto">${inline(record.poll?.question ?? record.text)}</div>
        <ul>
            ${options.map(
                ({ text: option, votes }) => html`<li>
                    <span dir="auto">${option}</span>
                    ${votes === null ? nothing : html`<span class="facts">${text.votes(votes)}</span><meter min="0" max=${most} value=${votes}></meter>`}
                </li>`,
            )}
        </ul>
    </div>`
}

function place(record: ChatRecord, setting: BubbleSetting): TemplateResult {
    const text = chatTexts[setting.media.language]
    const address = /https:\/\/\S+$/.exec(record.text)?.[0] ?? null
    const said = (address === null ? record.text : record.text.slice(0, -address.length))
        .replace(/[:：]\s*$/, "")
        .trim()
    const coordinates = address === null ? null : /[?&]q=(-?\d+\.?\d*),(-?\d+\.?\d*)/.exec(address)
    const facts = coordinates === null ? "" : `${coordinates[1]}, ${coordinates[2]}`
    return html`<div class="card">
        ${mark("place")}
        <span class="words">
            <bdi class="file">${said === "" ? text.location : said}</bdi>
            <span class="facts">${facts}</span>
            ${
                address === null
                    ? nothing
                    : html`<a href=${address} target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer">${text.openMap}</a>`
            }
        </span>
    </div>`
}
