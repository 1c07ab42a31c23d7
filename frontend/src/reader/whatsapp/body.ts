/** What a record is, told from its body: one question after the other, the certain ones first. */
import type { Attachment, ChatRecord, MediaKind, Poll } from "../conversation.ts"
import { type FileList, findAttachment } from "./attachments.ts"
import { comparableSentence, invisible, isInvisible, trimInvisible } from "./characters.ts"
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

/** A line without a sender: the app's own, of Android. */
export function readSystemText(text: string): ReadBody {
    const call = text.length <= longestSentence && isCall(comparableSentence(text))
    return { kind: call ? "call" : "system", text: trimInvisible(text), edited: false, attachment: null }
}

/** The body behind `SENDER: `. `frame` is needed because only iOS marks the app's texts and only Android empties them. */
export function readBody(body: string, frame: "bracket" | "dash" | "colon", files: FileList): ReadBody {
    const marked = body.length > 0 && isInvisible(body.charCodeAt(0))
    if (!marked && isPlain(body)) return shortBody(body, frame)
    const { text: unedited, edited } = withoutEditedMark(body)
    const found = findAttachment(unedited, files)
    if (found !== null)
        return { kind: "message", text: trimInvisible(found.text), edited, attachment: found.attachment }
    const text = trimInvisible(unedited)
    const short = text.length <= longestSentence ? comparableSentence(text) : ""
    return (
        gone(short, text) ??
        leftOut(text, short) ??
        poll(text, edited) ??
        location(text) ??
        (marked || frame !== "bracket" ? call(short, text, frame, marked) : null) ??
        appText(body, text, short, marked) ??
        message(text, edited)
    )
}

/** Nine of ten bodies hold nothing the app writes: no bracket, no address, and no sentence of its tables. */
const suspicious = /[<>):：）\u200e\u200f]/

function isPlain(body: string): boolean {
    return !suspicious.test(body)
}

function shortBody(body: string, frame: "bracket" | "dash" | "colon"): ReadBody {
    if (body.length > longestSentence) return message(body)
    if (body.trim() === "")
        return { kind: frame === "bracket" ? "message" : "view-once", text: "", edited: false, attachment: null }
    const short = comparableSentence(body)
    return (
        gone(short, body) ??
        leftOut(body, short) ??
        (frame === "bracket" ? null : call(short, body, frame, false)) ??
        location(body) ??
        notice(short, body) ??
        message(body)
    )
}

const notice = (short: string, text: string): ReadBody | null =>
    isNotice(short) ? { kind: "system", text, edited: false, attachment: null } : null

function withoutEditedMark(body: string): { text: string; edited: boolean } {
    const end = body.trimEnd()
    if (!end.endsWith(">")) return { text: body, edited: false }
    const open = end.lastIndexOf("<")
    if (open < 0 || end.length - open > 80 || !words.edited.has(comparableSentence(end.slice(open))))
        return { text: body, edited: false }
    return { text: trimInvisible(end.slice(0, open)).trimEnd(), edited: true }
}

function gone(short: string, text: string): ReadBody | null {
    const own = words.deletedByOneself.has(short) || short.startsWith("you deleted this message")
    if (!own && !words.deletedByOthers.has(short) && !begins(short, words.deletedBeginnings)) return null
    return { kind: "deleted", text, edited: false, attachment: null, own }
}

function leftOut(text: string, short: string): ReadBody | null {
    if (short === "") return null
    if (words.viewOnce.has(short)) return { kind: "view-once", text: "", edited: false, attachment: null }
    if (words.notYetArrived.has(short)) return { kind: "omitted", text, edited: false, attachment: null, omitted: null }
    const whole = words.omitted.get(short)
    if (whole !== undefined) return { kind: "omitted", text: "", edited: false, attachment: null, omitted: whole }
    // A document keeps its name in front of the mark, and a caption may stand there.
    const at = text.lastIndexOf("\u200e")
    const rest = at > 0 ? words.omitted.get(comparableSentence(text.slice(at))) : undefined
    if (rest === undefined) return null
    return {
        kind: "omitted",
        text: trimInvisible(text.slice(0, at)).trimEnd(),
        edited: false,
        attachment: null,
        omitted: rest,
    }
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
        const votes = /^(.*) \((\d+)[^()]{0,40}\)$/.exec(rest)
        return [votes === null ? { text: rest, votes: null } : { text: votes[1] ?? "", votes: Number(votes[2]) }]
    })
    const question = lines.slice(0, first).join("\n").trim()
    return { kind: "poll", text: question, edited, attachment: null, poll: { question, options } }
}

const mapAddress = /https:\/\/(?:maps\.google\.com\/\S{0,400}|foursquare\.com\/v\/\S{0,400})$/

function location(text: string): ReadBody | null {
    if (text.length > 1000) return null
    const place = (shown: string): ReadBody => ({ kind: "location", text: shown, edited: false, attachment: null })
    if (words.locationSentences.has(comparableSentence(text))) return place(text)
    const address = mapAddress.exec(text)
    if (address === null || text.includes("\n")) return null
    const before = text.slice(0, address.index)
    // An address in the middle of a sentence is a message; `WORD: address`, `Place (town): address` and the bare one are places.
    if (before === "" || words.locationWord.test(before)) return place(address[0])
    return /[:：] ?$/.test(before) && before.length <= 200 && address[0].includes("foursquare") ? place(text) : null
}

function call(short: string, text: string, frame: "bracket" | "dash" | "colon", marked: boolean): ReadBody | null {
    // On Android a person may well write "Voice call" or more; only the app's exact short sentence counts there.
    const yes = marked
        ? isCall(short)
        : frame !== "bracket" && begins(short, words.callBeginnings) && short.length <= 60
    return yes ? { kind: "call", text: text.replace(invisible, ""), edited: false, attachment: null } : null
}

function appText(body: string, text: string, short: string, marked: boolean): ReadBody | null {
    const system: ReadBody = { kind: "system", text, edited: false, attachment: null }
    if (isNotice(short)) return system
    if (!marked) return null
    // Two marks: nobody types that, the app does.
    const twice = isInvisible(body.charCodeAt(1))
    return twice || isSystemSentence(text) ? system : { ...message(text), marked: true }
}
