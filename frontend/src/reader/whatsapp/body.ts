/** What a record is, told from its body: one question after the other, the certain ones first. */
import type { Attachment, ChatRecord, MediaKind, Poll } from "../conversation.ts"
import { type FileList, findAttachment } from "./attachments.ts"
import { comparableSentence, invisible, isMark, trimEndOfText, trimMarks, withPlainSpaces } from "./characters.ts"
import type { Layout } from "./header.ts"
import * as words from "./words.ts"

export interface ReadBody {
    readonly kind: ChatRecord["kind"]
    readonly text: string
    readonly edited: boolean
    readonly attachment: Attachment | null
    readonly omitted?: MediaKind | null
    readonly poll?: Poll
    /** The app wrote it about its owner: only the person who exported has this form. */
    readonly own?: boolean
    /** Begins with the app's mark, yet nothing known was found: decided when all senders are known. */
    readonly marked?: boolean
}

/** No sentence of the app is longer; longer bodies are spared the comparison. */
const longestSentence = 400

type Frame = Layout["frame"]

const message = (text: string, edited = false): ReadBody => ({ kind: "message", text, edited, attachment: null })

const begins = (sentence: string, beginnings: readonly string[]): boolean =>
    beginnings.some((beginning) => sentence.startsWith(beginning))

/** Whether the text is one of the app's about the chat. Only asked where the app is known to speak. */
export function isSystemSentence(text: string): boolean {
    const sentence = comparableSentence(text.slice(0, longestSentence))
    return isNotice(sentence) || begins(sentence, words.systemBeginnings) || words.systemPhrases.test(sentence)
}

const isNotice = (sentence: string): boolean => begins(sentence, words.noticeBeginnings)

const isCall = (sentence: string): boolean => words.calls.has(sentence) || begins(sentence, words.callBeginnings)

/** Whether it is the notice with which nearly every export begins. */
export function isEncryptionNotice(text: string): boolean {
    return isNotice(comparableSentence(text.slice(0, longestSentence)))
}

/** A line without a sender: the app's own, of Android. */
export function readSystemText(text: string): ReadBody {
    const shown = trimMarks(text)
    const call = shown.length <= longestSentence && isCall(comparableSentence(shown))
    return call ? asCall(shown) : { kind: "system", text: shown, edited: false, attachment: null }
}

/** The body behind `SENDER: `. `frame` is needed because only iOS marks the app's texts and only Android empties them. */
export function readBody(body: string, frame: Frame, files: FileList): ReadBody {
    const marked = isMark(body.charCodeAt(0))
    const { text: unedited, edited } = withoutEditedMark(body)
    const found = findAttachment(unedited, files)
    if (found !== null) return { kind: "message", text: trimMarks(found.text), edited, attachment: found.attachment }
    const text = trimMarks(unedited)
    if (text.trim() === "")
        return { ...message("", edited), kind: frame === "dash" && !edited ? "view-once" : "message" }
    const short = text.length <= longestSentence && (marked || beginsLikeTheApp(text)) ? comparableSentence(text) : ""
    return (
        (short === ""
            ? null
            : (gone(short, text) ?? leftOut(text, short, frame) ?? call(short, text, frame, marked))) ??
        (frame === "dash" ? null : leftOutBehindName(text)) ??
        poll(text, edited) ??
        location(text, short, marked) ??
        appText(body, text, short, frame, edited) ??
        message(text, edited)
    )
}

/**
 * What all marks of attachments, edits, polls, places and the app have: brackets, colons or invisible characters. Nine of
 * ten bodies have none of them and are just words.
 */
const noticeable = /[<>():：\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/

/** The first letters of every sentence that is known: nine of ten bodies begin otherwise and are spared the rest. */
const beginnings: ReadonlySet<string> = new Set(
    [
        ...words.omitted.keys(),
        ...words.viewOnce,
        ...words.notYetArrived,
        ...words.deletedByOthers,
        ...words.deletedByOneself,
        ...words.deletedBeginnings,
        ...words.locationSentences,
        ...words.callBeginnings,
        ...words.calls,
        ...words.noticeBeginnings,
    ].map((sentence) => sentence.slice(0, 6)),
)

/** Whether `readBody` would take a body for the words of a message and nothing else. */
export function isJustWords(body: string): boolean {
    return !noticeable.test(body) && !beginsLikeTheApp(body) && body.trim() !== ""
}

const initials: ReadonlySet<number> = new Set(
    [...beginnings].flatMap((beginning) => [beginning, beginning.toUpperCase()].map((one) => one.charCodeAt(0))),
)

/** A first character beyond ASCII may be one that is passed over. */
function beginsLikeTheApp(text: string): boolean {
    const first = text.charCodeAt(0)
    if (first < 0x80 && !initials.has(first)) return false
    return beginnings.has(withPlainSpaces(text.slice(0, 12)).slice(0, 6).toLowerCase())
}

function withoutEditedMark(body: string): { text: string; edited: boolean } {
    if (!body.slice(-4).includes(">")) return { text: body, edited: false }
    const end = trimEndOfText(body)
    const open = end.lastIndexOf("<")
    if (
        open < 0 ||
        end.length - open > 80 ||
        !words.edited.has(comparableSentence(end.slice(open)).replace(/\.>$/, ">"))
    )
        return { text: body, edited: false }
    return { text: trimEndOfText(end.slice(0, open)), edited: true }
}

function gone(short: string, text: string): ReadBody | null {
    const own = words.deletedByOneself.has(short) || short.startsWith("you deleted this message as admin")
    if (!own && !words.deletedByOthers.has(short) && !begins(short, words.deletedBeginnings)) return null
    return { kind: "deleted", text, edited: false, attachment: null, own }
}

function leftOut(text: string, short: string, frame: Frame): ReadBody | null {
    if (words.notYetArrived.has(short)) return { ...message(text), kind: "omitted", omitted: null }
    // Between pointed brackets any phone may write it, with the caption in the next line; without them only iOS does.
    const lineEnd = short.startsWith("<") ? text.indexOf("\n") : -1
    const caption = lineEnd < 0 ? "" : trimMarks(text.slice(lineEnd + 1))
    const shown = caption.trim() === "" ? "" : caption
    const sentence = lineEnd < 0 ? short : comparableSentence(text.slice(0, lineEnd))
    if (words.viewOnce.has(sentence)) return { ...message(shown), kind: "view-once" }
    const kind = frame === "dash" && !sentence.startsWith("<") ? undefined : words.omitted.get(sentence)
    return kind === undefined ? null : { ...message(shown), kind: "omitted", omitted: kind }
}

/** A document keeps its name in front of the mark, and a caption may stand there. */
function leftOutBehindName(text: string): ReadBody | null {
    const at = Math.max(text.lastIndexOf("\u200e"), text.lastIndexOf("\u200f"))
    if (at <= 0 || text.length - at > longestSentence) return null
    const kind = words.omitted.get(comparableSentence(text.slice(at)))
    return kind === undefined ? null : { ...message(trimEndOfText(text.slice(0, at))), kind: "omitted", omitted: kind }
}

function poll(text: string, edited: boolean): ReadBody | null {
    const begin = words.pollMark.exec(text)
    if (begin === null) return null
    const lines = text.slice(begin[0].length).replace(invisible, "").split("\n")
    const first = lines.findIndex((line) => words.pollOption.test(line))
    if (first < 0) return null
    const options = lines.slice(first).flatMap((line) => {
        const option = words.pollOption.exec(line)
        if (option === null) return line.trim() === "" ? [] : [{ text: line, votes: null }]
        const rest = line.slice(option[0].length)
        const votes = /^(.*) \((\d{1,9})[^()]{0,40}\)$/s.exec(rest)
        return [votes === null ? { text: rest, votes: null } : { text: votes[1] ?? "", votes: Number(votes[2]) }]
    })
    const question = lines.slice(0, first).join("\n").trim()
    return { kind: "poll", text: question, edited, attachment: null, poll: { question, options } }
}

const foursquare = "https://foursquare.com/"
const mapAddress = /https:\/\/(?:maps\.google\.com\/\S{0,400}|foursquare\.com\/v\/\S{0,400})$/

function location(text: string, short: string, marked: boolean): ReadBody | null {
    const place = (shown: string): ReadBody => ({ kind: "location", text: shown, edited: false, attachment: null })
    if (words.locationSentences.has(short)) return place(text)
    if (text.length > 1000 || !text.includes("https://")) return null
    const address = mapAddress.exec(text)
    if (address === null || text.includes("\n")) return null
    const before = text.slice(0, address.index)
    // An address in the middle of a sentence is a message; `WORD: address`, `Place (town): address` and the bare one are places.
    if (before === "") return place(text)
    if (!/[:：] ?$/.test(before)) return null
    if (address[0].startsWith(foursquare)) return before.length <= 201 ? place(text) : null
    return marked || words.locations.has(comparableSentence(before.replace(/[:：] ?$/, ""))) ? place(address[0]) : null
}

function call(short: string, text: string, frame: Frame, marked: boolean): ReadBody | null {
    // Without a mark a person may well write "Voice call", or go on behind "Missed voice call".
    const yes = marked ? isCall(short) : frame === "dash" && words.callBeginnings.includes(short)
    return yes ? asCall(text) : null
}

const asCall = (text: string): ReadBody => ({
    kind: "call",
    text: text.replace(invisible, ""),
    edited: false,
    attachment: null,
})

function appText(body: string, text: string, short: string, frame: Frame, edited: boolean): ReadBody | null {
    const system: ReadBody = { kind: "system", text, edited: false, attachment: null }
    const marked = isMark(body.charCodeAt(0))
    // On Android the app speaks without a sender: there a person has pasted it.
    if (isNotice(short) && (marked || frame !== "dash")) return system
    if (!marked) return null
    // Two marks: nobody types that, the app does.
    const twice = isMark(body.charCodeAt(1))
    return twice || isSystemSentence(text) ? system : { ...message(text, edited), marked: true }
}
