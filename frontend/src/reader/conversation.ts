/** The one model into which every chat export is read. */

/** What kind of thing a file is, told by its name's shape and its ending. */
export type MediaKind = "photo" | "video" | "gif" | "voice" | "audio" | "sticker" | "document" | "contact"

export interface Attachment {
    readonly name: string
    readonly kind: MediaKind
    /** Index into the export's files, or null when the file is missing. */
    readonly file: number | null
}

export interface PollOption {
    readonly text: string
    /** Null where the export does not say. */
    readonly votes: number | null
}

export interface Poll {
    readonly question: string
    readonly options: readonly PollOption[]
}

/** What a message answers. */
export interface Quote {
    /** Index into `people`, or null where the source does not say. */
    readonly sender: number | null
    /** What is shown of it; may be empty (a picture without words). */
    readonly text: string
    /** The `id` of the record that is answered, where the source has ids. */
    readonly id: string | null
}

export interface Reaction {
    readonly emoji: string
    /** Index into `people`, or null where the source does not say. */
    readonly person: number | null
}

/** Where a record stands in its export: offset and length in UTF-16 code units of a decoded text file. */
export interface Raw {
    readonly offset: number
    readonly length: number
    /** Index into the export's files; absent: the chat's own text, of which all raw ranges joined are the file. */
    readonly file?: number
}

/**
 * One record of a chat.
 *
 * `text` is what is shown: without header, sender, attachment mark and edited mark. `raw` leads back to the export.
 */
export interface ChatRecord {
    readonly index: number
    /** Which of the exports that make up the history it was read from; absent: the first, or the only one. */
    readonly from?: number
    readonly kind: "message" | "system" | "deleted" | "omitted" | "call" | "poll" | "location" | "view-once"
    /** Index into `people`, or null for system texts. */
    readonly sender: number | null
    /** Wall-clock time `YYYY-MM-DDTHH:MM:SS`; seconds are 00 where the export has none. */
    readonly time: string
    readonly text: string
    readonly edited: boolean
    readonly attachment: Attachment | null
    /** Of an export that is a database: an empty range. */
    readonly raw: Raw
    /** Of a record of kind `omitted`: what was left out, or null when the export does not say. */
    readonly omitted?: MediaKind | null
    /** Of a record of kind `poll`; `text` is then its question. */
    readonly poll?: Poll
    /** How its source names it, where it has names: the same message has the same one in every export of the chat. */
    readonly id?: string
    readonly quote?: Quote
    readonly reactions?: readonly Reaction[]
    readonly forwarded?: boolean
}

export interface Conversation {
    readonly title: string
    readonly people: readonly string[]
    readonly records: readonly ChatRecord[]
    /** Own messages were recognised by their own form of the deleted mark, or null. */
    readonly self: string | null
}

/** One of the chats that an export holds: all exports but those of WhatsApp's *Export chat* may hold several. */
export interface PartOfExport extends Conversation {
    /** The source's own name of the chat, stable across exports. */
    readonly part: string
}
