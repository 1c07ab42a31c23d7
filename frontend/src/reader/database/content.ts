/** What a message is, by the number that WhatsApp gives to its kind on Android. */

import type { MediaKind } from "../conversation.ts"
import { type Content, placeText, type SentFile, said, wordless } from "../parts/chat.ts"
import { kindOf } from "../parts/files.ts"
import { textOf } from "../parts/json.ts"
import type { MediaFiles } from "./media.ts"
import { type Row, wholeOf } from "./rows.ts"

/** What belongs to a message and lies in tables of its own. */
export interface Beside {
    readonly cards: readonly Row[]
    readonly options: readonly Row[]
}

export const systemType = 7
export const callTypes: ReadonlySet<number> = new Set([8, 10, 90])
/** Placeholders and what the app only needs itself: nothing of it is ever shown. */
export const silentTypes: ReadonlySet<number> = new Set([11])

const media: ReadonlyMap<number, MediaKind> = new Map([
    [1, "photo"],
    [2, "audio"],
    [3, "video"],
    [9, "document"],
    [13, "gif"],
    [20, "sticker"],
    [23, "photo"],
    [25, "photo"],
    [26, "document"],
    [28, "video"],
    [29, "gif"],
    [62, "video"],
    [81, "video"],
])
const contacts: ReadonlySet<number> = new Set([4, 14])
const places: ReadonlySet<number> = new Set([5, 16, 30])
const deleted: ReadonlySet<number> = new Set([15, 64])
const once: ReadonlySet<number> = new Set([42, 43, 82])
const polls: ReadonlySet<number> = new Set([66])

export function contentOf(row: Row, beside: Beside, files: MediaFiles): Content {
    const type = wholeOf(row["type"]) ?? 0
    const text = textOf(row["text"])
    if (deleted.has(type)) return wordless("deleted")
    if (once.has(type)) return wordless("view-once")
    if (polls.has(type) || beside.options.length > 0) return pollOf(text, beside.options)
    if (places.has(type)) return wordless("location", placeOf(row))
    if (contacts.has(type) || beside.cards.length > 0) return said("", cardsOf(row, beside.cards))
    const kind = media.get(type)
    if (kind !== undefined) return withFile(row, voiceOr(kind, row), files)
    if (textOf(row["path"]) !== "") return withFile(row, kindOf(textOf(row["mime"]), textOf(row["path"])), files)
    // A kind of tomorrow: its words, and where it has none, that something stands here.
    return text === "" && type !== 0 ? wordless("omitted") : said(text)
}

/** A voice message is a sound with a mark. */
const voiceOr = (kind: MediaKind, row: Row): MediaKind =>
    kind === "audio" && wholeOf(row["origin"]) === 1 ? "voice" : kind

const withFile = (row: Row, kind: MediaKind, files: MediaFiles): Content =>
    said(textOf(row["caption"]) || textOf(row["text"]), [
        files.read(textOf(row["path"]), textOf(row["media_name"]), kind),
    ])

/** Contacts are whole in the database, and no files of the export. */
function cardsOf(row: Row, cards: readonly Row[]): readonly SentFile[] {
    const names = cards.map(({ vcard }) => /^FN[^:\r\n]*:(.+)$/im.exec(textOf(vcard))?.[1]?.trim() ?? "")
    const shown = names.length > 0 ? names : [textOf(row["media_name"])]
    return shown.map((name) => ({ name: `${name || "Contact"}.vcf`, kind: "contact", file: null }))
}

function placeOf(row: Row): string {
    const words = [textOf(row["place"]), textOf(row["address"])].filter(Boolean).join(", ")
    const [latitude, longitude] = [row["latitude"], row["longitude"]]
    if (typeof latitude !== "number" || typeof longitude !== "number") return words || textOf(row["text"])
    return placeText(words, latitude, longitude)
}

function pollOf(question: string, rows: readonly Row[]): Content {
    const options = rows.map((row) => ({ text: textOf(row["text"]), votes: wholeOf(row["votes"]) }))
    return { ...wordless("poll", question), poll: { question, options } }
}
