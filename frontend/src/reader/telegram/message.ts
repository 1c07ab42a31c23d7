/** One message of Telegram: from the fields of its JSON object to what is shown. */
import type { MediaKind, Poll, Raw, Reaction } from "../conversation.ts"
import { type Answer, type ChatDraft, type Content, placeText, type SentFile, said, wordless } from "../parts/chat.ts"
import type { WallClock } from "../parts/clock.ts"
import { baseName, type ExportFiles, kindOf } from "../parts/files.ts"
import { type Fields, fieldsOf, isFields, joined, listOf, numberOf, textOf } from "../parts/json.ts"
import { serviceOf } from "./service.ts"

export interface Setting {
    readonly files: ExportFiles
    readonly clock: WallClock
    /** The file in which the message stands. */
    readonly file: number
}

const wallClock = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d/

/** Who a message is from: by an id where there is one, because names are null for accounts that are no more. */
export function personOf(chat: ChatDraft, name: unknown, id: unknown): number | null {
    const key = textOf(id)
    const shown = textOf(name)
    if (key === "" && shown === "") return null
    return chat.crowd.index(key === "" ? `name ${shown}` : key, shown)
}

export function readMessage(chat: ChatDraft, fields: Fields, raw: Raw, setting: Setting): void {
    const isService = fields["type"] === "service"
    const content = isService ? serviceContent(fields, setting) : contentOf(fields, setting)
    chat.add({
        kind: content.kind,
        sender: senderOf(chat, fields, content.kind),
        time: timeOf(fields, setting),
        text: content.text,
        raw,
        id: textOf(fields["id"]),
        edited: textOf(fields["edited"]) !== "" || textOf(fields["edited_unixtime"]) !== "",
        forwarded: "forwarded_from" in fields || "forwarded_from_id" in fields,
        files: content.files,
        poll: content.poll,
        reactions: reactionsOf(chat, fields["reactions"]),
        answers: answerOf(fields, isService),
    })
}

function senderOf(chat: ChatDraft, fields: Fields, kind: Content["kind"]): number | null {
    if (kind === "system") return null
    if (fields["type"] === "service") return personOf(chat, fields["actor"], fields["actor_id"])
    return personOf(chat, fields["from"], fields["from_id"]) ?? chat.crowd.nameless()
}

function serviceContent(fields: Fields, setting: Setting): Content {
    const { kind, text } = serviceOf(fields)
    return { ...wordless(kind, text), files: filesOf(fields, setting) }
}

/** `date` is the wall clock of the computer that exported; the moment beside it serves where that is unreadable. */
function timeOf(fields: Fields, setting: Setting): string | null {
    const date = textOf(fields["date"])
    if (wallClock.test(date)) return date.slice(0, 19)
    const seconds = numberOf(fields["date_unixtime"])
    return seconds === null ? null : setting.clock.read(seconds * 1000)
}

/** An answer to a message of another chat is not one to a message here. */
function answerOf(fields: Fields, isService: boolean): Answer | null {
    const id = textOf(fields["reply_to_message_id"]) || (isService ? textOf(fields["message_id"]) : "")
    return id === "" || "reply_to_peer_id" in fields ? null : { id, sender: null, text: "" }
}

/** What most messages have; only others are asked for polls, places and the like. */
const ordinary: ReadonlySet<string> = new Set(
    [
        [
            "id",
            "type",
            "date",
            "date_unixtime",
            "edited",
            "edited_unixtime",
            "from",
            "from_id",
            "text",
            "text_entities",
        ],
        ["reply_to_message_id", "forwarded_from", "forwarded_from_id", "reactions"],
    ].flat(),
)

function contentOf(fields: Fields, setting: Setting): Content {
    const text = wordsOf(fields)
    if (fields["type"] === "unsupported") return wordless("system", joined(["Unsupported message", text], ": "))
    for (const field in fields) if (!ordinary.has(field)) return richContent(fields, text, setting)
    return text === "" ? wordless("omitted") : said(text)
}

function richContent(fields: Fields, text: string, setting: Setting): Content {
    const poll = pollOf(fields["poll"])
    if (poll !== null) return { ...wordless("poll", joined([poll.question, text], "\n")), poll }
    const place = placeOf(fields)
    if (place !== null) return wordless("location", joined([text, place], "\n"))
    const files = filesOf(fields, setting)
    const destroys = numberOf(fields["self_destruct_period_seconds"]) !== null
    if (destroys && files.every((file) => "omitted" in file)) return wordless("view-once", text)
    const emoji = textOf(fields["sticker_emoji"])
    const absent = files.some((file) => "omitted" in file || file.file === null)
    const shown = joined([text, cardOf(fields), absent && text === "" ? emoji : ""], "\n")
    // Nothing of what it held is known to the export.
    return shown === "" && files.length === 0 ? wordless("omitted") : said(shown, files)
}

/** The text is a string, or a list of strings and objects; the list of entities is always one of objects. */
function wordsOf(fields: Fields): string {
    const entities = listOf(fields["text_entities"])
    const text = fields["text"]
    if (entities.length === 1) return wordOf(entities[0])
    if (entities.length === 0 && !Array.isArray(text)) return textOf(text)
    return (entities.length > 0 ? entities : listOf(text)).map(wordOf).join("")
}

function wordOf(part: unknown): string {
    if (!isFields(part)) return textOf(part)
    const text = textOf(part["text"])
    const address = textOf(part["href"])
    // Behind other words an address would be lost.
    return address === "" || address === text ? text : `${text} (${address})`
}

const kinds: ReadonlyMap<string, MediaKind> = new Map([
    ["sticker", "sticker"],
    ["video_message", "video"],
    ["voice_message", "voice"],
    ["animation", "gif"],
    ["video_file", "video"],
    ["audio_file", "audio"],
])

function filesOf(fields: Fields, setting: Setting): SentFile[] {
    const name = textOf(fields["file_name"])
    const type = textOf(fields["mime_type"])
    const found: SentFile[] = []
    const add = (path: unknown, kind: MediaKind | null, ownName: string): void => {
        const text = textOf(path)
        if (text === "") return
        const file = setting.files.find(text, setting.file)
        const shown = ownName === "" ? baseName(text) : ownName
        const known = kind ?? kindOf(type, shown)
        // Where the app left a file out, a sentence in brackets stands for the path.
        if (file === null && /\([^()]+\)$/.test(text)) found.push({ omitted: known })
        else found.push({ name: shown, kind: known, file })
    }
    add(fields["photo"], "photo", "")
    add(fields["file"], kinds.get(textOf(fields["media_type"])) ?? null, name)
    add(fields["contact_vcard"], "contact", "")
    return found
}

/** What stands in fields of its own: contacts, games, invoices, lists. */
function cardOf(fields: Fields): string {
    const contact = fieldsOf(fields["contact_information"])
    const invoice = fieldsOf(fields["invoice_information"])
    const tasks = fieldsOf(fields["todo_list"])
    const amount = joined([textOf(invoice["amount"]), textOf(invoice["currency"])], " ")
    const items = listOf(tasks["items"] ?? tasks["answers"]).map((item) => wordOf(fieldsOf(item)))
    const lines = [
        joined([textOf(contact["first_name"]), textOf(contact["last_name"])], " "),
        textOf(contact["phone_number"]),
        ...["game_title", "game_description", "game_link"].map((field) => textOf(fields[field])),
        ...[textOf(invoice["title"]), textOf(invoice["description"]), amount],
        ...[pollText(tasks["title"]), ...items.map((item) => (item === "" ? "" : `- ${item}`))],
    ]
    return joined(lines, "\n")
}

function placeOf(fields: Fields): string | null {
    const place = fieldsOf(fields["location_information"])
    const latitude = numberOf(place["latitude"])
    const longitude = numberOf(place["longitude"])
    const words = joined([textOf(fields["place_name"]), textOf(fields["address"])], ", ")
    if (latitude === null || longitude === null) return words === "" ? null : words
    return placeText(words, latitude, longitude)
}

function pollOf(value: unknown): Poll | null {
    if (!isFields(value)) return null
    const options = listOf(value["answers"]).map((answer) => {
        const fields = fieldsOf(answer)
        return { text: pollText(fields["text"]), votes: numberOf(fields["voters"]) }
    })
    return { question: pollText(value["question"]), options }
}

/** A text of a poll: a string, or an object that holds one. */
const pollText = (value: unknown): string => (Array.isArray(value) ? value.map(wordOf).join("") : wordOf(value))

/** So many nameless reactions of one kind are told: a channel's post can have more than anybody counts. */
const mostNameless = 100

const none: readonly Reaction[] = []

function reactionsOf(chat: ChatDraft, value: unknown): readonly Reaction[] {
    if (!Array.isArray(value)) return none
    return listOf(value).flatMap((each) => {
        const fields = fieldsOf(each)
        const emoji = emojiOf(fields)
        const known = listOf(fields["recent"]).map((recent) => {
            const { from, from_id: id } = fieldsOf(recent) as { from?: unknown; from_id?: unknown }
            return { emoji, person: personOf(chat, from, id) }
        })
        const nameless = Math.min((numberOf(fields["count"]) ?? 1) - known.length, mostNameless)
        return [...known, ...new Array<Reaction>(Math.max(0, Math.floor(nameless))).fill({ emoji, person: null })]
    })
}

/** Emoji of somebody's own making are pictures: a sign stands for them. */
function emojiOf(fields: Fields): string {
    const emoji = textOf(fields["emoji"])
    if (emoji !== "" && fields["type"] !== "custom_emoji") return emoji
    return fields["type"] === "paid" ? "⭐" : "❔"
}
