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

/**
 * One record of a chat.
 *
 * `text` is what is shown: without header, sender, attachment mark and edited mark. `raw` leads back to the export:
 * offset and length in UTF-16 code units of the decoded text; all raw ranges joined are the file.
 */
export interface ChatRecord {
    readonly index: number
    readonly kind: "message" | "system" | "deleted" | "omitted" | "call" | "poll" | "location" | "view-once"
    /** Index into `people`, or null for system texts. */
    readonly sender: number | null
    /** Wall-clock time `YYYY-MM-DDTHH:MM:SS`; seconds are 00 where the export has none. */
    readonly time: string
    readonly text: string
    readonly edited: boolean
    readonly attachment: Attachment | null
    readonly raw: { readonly offset: number; readonly length: number }
    /** Of a record of kind `omitted`: what was left out, or null when the export does not say. */
    readonly omitted?: MediaKind | null
    /** Of a record of kind `poll`; `text` is then its question. */
    readonly poll?: Poll
}

export interface Conversation {
    readonly title: string
    readonly people: readonly string[]
    readonly records: readonly ChatRecord[]
    /** Own messages were recognised by their own form of the deleted mark, or null. */
    readonly self: string | null
}
