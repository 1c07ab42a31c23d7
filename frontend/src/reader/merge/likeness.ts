/**
 * What makes two records the same message: minute, sender and words, without what an export may change.
 *
 * Words are compared composed, without invisible marks and with single spaces. An attachment is compared by its content
 * where that is known, else by its name; one that was left out has neither, and is paired by its place (`align.ts`).
 */

import type { ChatRecord } from "../conversation.ts"
import { invisible } from "../whatsapp/characters.ts"

/** A file's content, told by anything that is equal for equal contents only; null: not known. */
export type ContentOf = (file: number) => string | null

const loose = /[\u00A0\u202F\s]+/g
const unusual = /[^\x21-\x7E ]| {2}/

/** Of longer texts the beginning and the length are compared. */
const longestText = 200_000

/** Words as they are compared; most are plain and stay what they are. */
export function comparableWords(text: string): string {
    if (text.length > longestText) return `${text.length} ${comparableWords(text.slice(0, longestText))}`
    return unusual.test(text) ? text.normalize("NFC").replace(invisible, "").replace(loose, " ").trim() : text.trim()
}

/** What a record says, apart from when and by whom. Empty: it says nothing that could be compared. */
export function substance(record: ChatRecord, contentOf: ContentOf): string {
    const { kind, attachment, poll } = record
    if (attachment !== null) {
        const content = attachment.file === null ? null : contentOf(attachment.file)
        return content === null ? `name ${attachment.name}` : `content ${content}`
    }
    switch (kind) {
        case "omitted":
        case "deleted":
        case "view-once":
            // The app says it in the language of the phone.
            return kind
        case "poll":
            return `poll ${comparableWords([record.text, ...(poll?.options ?? []).map(({ text }) => text)].join("\n"))}`
        case "system":
            return `system ${comparableWords(record.text).replace(/\.$/, "")}`
        default:
            return `said ${comparableWords(record.text)}`
    }
}

/** Whether one may be the other in another export although they do not say the same. */
export function mayBeSame(one: ChatRecord, other: ChatRecord): boolean {
    if (one.kind === "system" || other.kind === "system") return false
    if (isMedia(one) && isMedia(other)) {
        const held = (record: ChatRecord): boolean => record.attachment?.file != null
        return !(held(one) && held(other)) && fitsKind(one, other)
    }
    if (isMedia(one) || isMedia(other)) return one.kind === "deleted" || other.kind === "deleted"
    if (one.kind === "deleted" || other.kind === "deleted") return one.kind !== other.kind
    if (one.kind === "call" || other.kind === "call") return one.kind === other.kind
    if (one.kind === "poll" || other.kind === "poll") return one.kind === other.kind && one.text === other.text
    if (one.kind === "location" || other.kind === "location") return one.kind === other.kind && one.text === ""
    return one.edited !== other.edited
}

function isMedia(record: ChatRecord): boolean {
    return record.attachment !== null || record.kind === "omitted" || record.kind === "view-once"
}

/** An export that leaves a picture out may say that it was one. */
function fitsKind(one: ChatRecord, other: ChatRecord): boolean {
    const kind = (record: ChatRecord) => record.attachment?.kind ?? record.omitted ?? null
    const [first, second] = [kind(one), kind(other)]
    return first === null || second === null || first === second || (isFilm(first) && isFilm(second))
}

function isFilm(kind: string): boolean {
    return kind === "video" || kind === "gif"
}

/** Of two records that are one message the one that tells more; `later` comes from the export made later. */
export function richer(later: ChatRecord, earlier: ChatRecord): ChatRecord {
    const [one, other] = [worth(later), worth(earlier)]
    return other > one ? earlier : later
}

function worth({ kind, attachment, text, id, edited }: ChatRecord): number {
    if (kind === "deleted") return 0
    const file = attachment === null ? 0 : attachment.file === null ? 2 : 8
    return 1 + file + (text === "" ? 0 : 2) + (id === undefined ? 0 : 1) + (edited ? 1 : 0)
}
