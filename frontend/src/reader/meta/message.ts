/** One message of Messenger or Instagram, in either form of their downloads. */
import type { MediaKind, Raw, Reaction } from "../conversation.ts"
import { type ChatDraft, type Content, lasting, type SentFile, said, wordless } from "../parts/chat.ts"
import type { WallClock } from "../parts/clock.ts"
import { baseName, type ExportFiles } from "../parts/files.ts"
import { type Fields, fieldsOf, isFields, joined, listOf, numberOf, textOf } from "../parts/json.ts"
import { mediaKind } from "../whatsapp/attachments.ts"
import { repaired } from "./mojibake.ts"

/** The words of a form: the end-to-end encrypted one has names of its own, and its texts are not spoilt. */
export interface Form {
    readonly sender: string
    readonly time: string
    readonly text: string
    readonly unsent: string
    readonly repair: (text: string) => string
}

export const download: Form = {
    sender: "sender_name",
    time: "timestamp_ms",
    text: "content",
    unsent: "is_unsent",
    repair: repaired,
}

export const endToEnd: Form = {
    sender: "senderName",
    time: "timestamp",
    text: "text",
    unsent: "isUnsent",
    repair: (text) => text,
}

export interface Setting {
    readonly files: ExportFiles
    readonly clock: WallClock
}

export interface Sent {
    readonly fields: Fields
    readonly raw: Raw
    /** The file in which the message stands. */
    readonly file: number
    readonly form: Form
}

export function readMessage(chat: ChatDraft, { fields, raw, file, form }: Sent, { files, clock }: Setting): void {
    const moment = textOf(fields[form.time])
    const person = (name: unknown): number | null => {
        const shown = form.repair(textOf(name))
        return shown === "" ? null : chat.crowd.index(shown, shown)
    }
    const find = (uri: string): number | null => (/^https?:/.test(uri) ? null : files.find(uri, file))
    const content = contentOf(fields, form, find)
    chat.add({
        kind: content.kind,
        sender: content.kind === "system" ? null : (person(fields[form.sender]) ?? chat.crowd.nameless()),
        time: clock.read(numberOf(moment)),
        text: content.text,
        raw,
        // Messages have no names here: the moment is one, and is counted where it is that of several.
        id: moment,
        edited: false,
        forwarded: false,
        files: content.files,
        poll: null,
        reactions: reactionsOf(fields, form, person),
        answers: null,
    })
}

function contentOf(fields: Fields, form: Form, find: (uri: string) => number | null): Content {
    const text = form.repair(textOf(fields[form.text]))
    if (fields[form.unsent] === true) return wordless("deleted", text)
    const type = textOf(fields["type"])
    if ("call_duration" in fields || type === "Call") return wordless("call", text || callText(fields))
    if (type === "Subscribe" || type === "Unsubscribe")
        return wordless("system", joined([text, names(fields, form, text)], "\n"))
    const files = filesOf(fields, form, find)
    const share = fieldsOf(fields["share"])
    const link = form.repair(textOf(share["link"]))
    if (files.length === 0 && isPlace(link)) return wordless("location", joined([text, link], "\n"))
    const words = [text, form.repair(textOf(share["share_text"])), text.includes(link) ? "" : link]
    const shown = joined(words, "\n")
    return shown === "" && files.length === 0 ? wordless("omitted") : said(shown, files)
}

function callText(fields: Fields): string {
    const seconds = numberOf(fields["call_duration"]) ?? 0
    if (fields["missed"] === true) return "Missed call"
    return seconds > 0 ? `Call, ${lasting(seconds)}` : "Call"
}

/** Who came or went, as far as the text does not say so already. */
const names = (fields: Fields, form: Form, text: string): string =>
    joined(
        listOf(fields["users"])
            .map((user) => form.repair(textOf(fieldsOf(user)["name"])))
            .filter((name) => !text.includes(name)),
        ", ",
    )

const isPlace = (link: string): boolean =>
    /^https:\/\/(?:maps\.google\.[a-z.]{2,10}|(?:www\.)?google\.[a-z.]{2,10}\/maps|maps\.apple\.com|(?:www\.)?bing\.com\/maps)[/?]/.test(
        link,
    )

/** Which field holds what; null: told by the file's name. */
const lists: readonly (readonly [field: string, kind: MediaKind | null])[] = [
    ["photos", "photo"],
    ["videos", "video"],
    ["audio_files", "voice"],
    ["gifs", "gif"],
    ["files", null],
    ["media", null],
]

function filesOf(fields: Fields, form: Form, find: (uri: string) => number | null): SentFile[] {
    const found: SentFile[] = []
    const add = (value: unknown, known: MediaKind | null): void => {
        const uri = form.repair(textOf(fieldsOf(value)["uri"]))
        if (uri === "") return
        const name = baseName(uri.replace(/[?#].*$/, ""))
        found.push({ name, kind: known ?? kindByName(name), file: find(uri) })
    }
    for (const [field, kind] of lists) for (const value of listOf(fields[field])) add(value, kind)
    add(fields["sticker"], "sticker")
    return found
}

const kindByName = (name: string): MediaKind => (/^audioclip-/.test(name) ? "voice" : mediaKind(name))

const reactionsOf = (fields: Fields, form: Form, person: (name: unknown) => number | null): Reaction[] =>
    listOf(fields["reactions"])
        .filter(isFields)
        .map((reaction) => ({ emoji: form.repair(textOf(reaction["reaction"])), person: person(reaction["actor"]) }))
