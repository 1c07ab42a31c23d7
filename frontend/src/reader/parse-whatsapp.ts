/**
 * Reads the text of a WhatsApp export, of any platform, language and year.
 *
 * The text is walked once for headers, the file's dialect is settled by them, and then every stretch between two
 * headers becomes one record. Nothing is dropped: the raw ranges of all records joined are the file.
 */
import type { Conversation } from "./conversation.ts"
import { FileList } from "./whatsapp/attachments.ts"
import { isJustWords, isSystemSentence, readBody, readSystemText } from "./whatsapp/body.ts"
import { trimMarks } from "./whatsapp/characters.ts"
import { type DateExample, type DateOrder, dayOf, decideOrder } from "./whatsapp/dates.ts"
import { type Header, HeaderReader, type Layout, standsAt } from "./whatsapp/header.ts"
import { findChatText, isNamedAsChat } from "./whatsapp/names.ts"
import { type Draft, People } from "./whatsapp/people.ts"

export { findChatText, titleFromNames } from "./whatsapp/names.ts"
export type { DateExample, DateOrder }

/** How this file is written; the same for all of its headers. */
export interface Dialect {
    readonly platform: "android" | "ios"
    readonly frame: Layout["frame"]
    readonly order: DateOrder
    readonly seconds: boolean
    readonly twelveHours: boolean
    /** Records were split by carriage returns, which is exact; else by headers. */
    readonly splitBy: "crlf" | "headers"
}

export interface ParsedChat extends Conversation {
    /** `ask`: day and month could not be told apart; the chat was read with the day first (or as asked for). */
    readonly dateOrder: "decided" | "ask"
    readonly dateExample: DateExample | null
    /** Attachments that are in the export, that are named but not in it, and that the app left out without a name. */
    readonly media: number
    readonly mediaMissing: number
    readonly mediaOmitted: number
    /** Indices of files that no record means. */
    readonly unusedFiles: readonly number[]
    /** Null when no header was found: the file is no chat. */
    readonly dialect: Dialect | null
}

export interface ParseOptions {
    readonly fileNames: readonly string[]
    /** The chat's name, as `titleFromNames` gives it. */
    readonly title?: string
    readonly dayFirst?: boolean | null
    /** Characters read, of all. */
    readonly onProgress?: (done: number, total: number) => void
}

/** Whether the beginning of a text file, together with the names around it, is a chat of WhatsApp. */
export function recogniseWhatsApp(sampleText: string, fileNames: readonly string[]): boolean {
    const chatText = findChatText(fileNames)
    const hinted = fileNames.some(isNamedAsChat)
    if (!hinted && fileNames.length > 0 && chatText === null) return false
    const headers = findHeaders(sampleText.slice(0, 20_000)).headers.slice(0, 20)
    const first = headers[0]
    if (first === undefined || /\S/.test(sampleText.slice(0, first.start).replace(/\uFEFF/g, ""))) return false
    if (hinted) return true
    // Program logs wear the same brackets: year first, and seconds where Android has none.
    const { frame, seconds, yearFirst, shape } = first.layout
    const likeLog = yearFirst && seconds && !shape.includes(",")
    const likeChat = frame === "bracket" ? seconds : frame === "dash" && !seconds
    const spoken = headers.some(({ rest }) => /^[^\n]{1,120}?: /.test(sampleText.slice(rest, rest + 130)))
    return likeChat && !likeLog && spoken
}

export function parseWhatsApp(text: string, options: ParseOptions): ParsedChat {
    const { headers: found, breaks } = findHeaders(text, options.onProgress)
    const spoken = ofOneDialect(found)
    const decision = decideOrder(text, spoken, options.dayFirst ?? null)
    const dated = spoken.filter((header) => dayOf(header, decision.order) !== null)
    const byCrlf = splitsByCrlf(dated, breaks)
    const headers = byCrlf ? dated.filter((header, place) => place === 0 || header.afterCrlf) : dated
    const first = headers[0]
    const files = new FileList(options.fileNames)
    const people = new People()
    const records = readRecords(text, headers, decision.order, files, people)
    const attachments = records.filter((record) => record.attachment !== null)
    const present = attachments.filter((record) => record.attachment?.file != null).length
    const result = people.settle(records)
    return {
        title: options.title ?? "",
        people: result.people,
        records,
        self: result.self,
        dateOrder: decision.ask ? "ask" : "decided",
        dateExample: decision.example,
        media: present,
        mediaMissing: attachments.length - present,
        mediaOmitted: records.filter((record) => record.kind === "omitted").length,
        unusedFiles: files.unused(findChatText(options.fileNames)),
        dialect:
            first === undefined
                ? null
                : {
                      platform: first.layout.frame === "dash" ? "android" : "ios",
                      frame: first.layout.frame,
                      order: decision.order,
                      seconds: first.layout.seconds,
                      twelveHours: first.layout.half !== null,
                      splitBy: byCrlf ? "crlf" : "headers",
                  },
    }
}

/** How many characters pass between two reports of progress. */
const stride = 1 << 20

interface Found {
    readonly headers: readonly Header[]
    /** Lines that stand behind a carriage return and a line feed. */
    readonly breaks: number
}

function findHeaders(text: string, onProgress?: ParseOptions["onProgress"]): Found {
    const headers: Header[] = []
    const reader = new HeaderReader()
    let report = stride
    let afterCrlf = false
    let breaks = 0
    for (let start = 0; start < text.length; ) {
        const feed = text.indexOf("\n", start)
        const end = feed < 0 ? text.length : feed
        const header = reader.read(text, start, end, afterCrlf)
        if (header !== null) headers.push(header)
        if (afterCrlf) breaks++
        afterCrlf = feed > 0 && text.charCodeAt(feed - 1) === 0x0d
        start = end + 1
        if (start >= report) {
            onProgress?.(Math.min(start, text.length), text.length)
            report = start + stride
        }
    }
    onProgress?.(text.length, text.length)
    return { headers, breaks }
}

/** The shape that most of the first hundred headers have is the file's; what looks otherwise is part of a message. */
function ofOneDialect(headers: readonly Header[]): readonly Header[] {
    const counts = new Map<string, number>()
    for (const {
        layout: { shape },
    } of headers.slice(0, 100))
        counts.set(shape, (counts.get(shape) ?? 0) + 1)
    let best = ""
    for (const [shape, count] of counts) if (count > (counts.get(best) ?? 0)) best = shape
    return counts.size <= 1 && headers.length <= 100 ? headers : headers.filter(({ layout }) => layout.shape === best)
}

/**
 * iOS ends records, and nothing else, with carriage return and line feed. After an editor or a mail program that no
 * longer holds: then some line behind a CRLF is no header, or hardly any header stands behind one.
 */
function splitsByCrlf(headers: readonly Header[], breaks: number): boolean {
    if (headers[0]?.layout.frame !== "bracket") return false
    const behind = headers.filter((header) => header.afterCrlf).length
    if (behind * 2 <= headers.length - 1 || behind === 0) return false
    return breaks === behind
}

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)

/** Writes wall-clock times; days and times of day repeat, so each is written once. */
class Clock {
    private readonly order: DateOrder
    private readonly times: string[] = []
    private last: Header | null = null
    private day = ""

    constructor(order: DateOrder) {
        this.order = order
    }

    read(header: Header): string {
        const { last } = this
        if (last?.first !== header.first || last.second !== header.second || last.third !== header.third)
            this.day = dayOf(header, this.order) ?? ""
        this.last = header
        return this.day + (this.times[header.time] ?? this.write(header.time))
    }

    private write(time: number): string {
        const minutes = Math.floor(time / 60)
        const written = `T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(time % 60)}`
        this.times[time] = written
        return written
    }
}

function readRecords(
    text: string,
    headers: readonly Header[],
    order: DateOrder,
    files: FileList,
    people: People,
): Draft[] {
    const records: Draft[] = []
    const clock = new Clock(order)
    const firstStart = headers[0]?.start ?? text.length
    // What stands before the first header is shown too, unless it is blank or a byte order mark: that joins the first record.
    const before = trimMarks(text.slice(0, firstStart).replaceAll("\r\n", "\n").trimEnd())
    const preamble = firstStart > 0 && (before !== "" || headers.length === 0)
    if (preamble) {
        records.push({
            index: 0,
            kind: "system",
            sender: null,
            time: headers[0] === undefined ? "" : clock.read(headers[0]),
            text: before,
            edited: false,
            attachment: null,
            raw: { offset: 0, length: firstStart },
        })
    }
    const senders = new Senders()
    for (let place = 0; place < headers.length; place++) {
        const header = headers[place]
        if (header === undefined) break
        const end = headers[place + 1]?.start ?? text.length
        const begin = place === 0 && !preamble ? 0 : header.start
        const last = bodyEnd(text, header, end)
        const named = senders.find(text, header.rest, last)
        const sender =
            named === "" ||
            (header.layout.frame === "dash" && senders.isFalse(named, text, header.rest + named.length, last))
                ? ""
                : named
        const behind = text.slice(header.rest + (sender === "" ? 0 : sender.length + 2), last)
        const lines = behind.includes("\r") ? behind.replaceAll("\r\n", "\n") : behind
        const raw = { offset: begin, length: end - begin }
        // Most records take this way: nothing is made for them but what is kept.
        if (sender !== "" && isJustWords(lines)) {
            const id = people.spoke(sender)
            records.push(draft(records.length, id, clock.read(header), lines, raw))
            continue
        }
        const body = sender === "" ? readSystemText(lines) : readBody(lines, header.layout.frame, files)
        const record = draft(records.length, null, clock.read(header), body.text, raw)
        record.kind = body.kind
        record.edited = body.edited
        record.attachment = body.attachment
        if (body.omitted !== undefined) record.omitted = body.omitted
        if (body.poll !== undefined) record.poll = body.poll
        if (sender !== "") {
            const id = people.id(sender)
            if (record.kind !== "system") record.sender = id
            people.note(record, id, body)
        }
        records.push(record)
    }
    return records
}

function draft(index: number, sender: number | null, time: string, text: string, raw: Draft["raw"]): Draft {
    return { index, kind: "message", sender, time, text, edited: false, attachment: null, raw }
}

/** No sender's name is longer; a colon further on belongs to a system text. */
const longestSender = 160

/** The record's own line end is left out. */
function bodyEnd(text: string, header: Header, end: number): number {
    let last = end
    if (text.charCodeAt(last - 1) === 0x0a) last--
    if (text.charCodeAt(last - 1) === 0x0d) last--
    return Math.max(last, header.rest)
}

/** Senders that are tried first, before a line is looked through. */
const mostRecent = 8

/** Remembers what was found out about each sender: most of a chat comes from few people. */
class Senders {
    private readonly known = new Map<string, boolean | readonly string[]>()
    /** Those that came first, and each with the colon and space behind it. */
    private readonly recent: { readonly name: string; readonly named: string }[] = []

    /** What stands before the first colon and space of a line; empty where there is none. */
    find(text: string, start: number, end: number): string {
        for (const { name, named } of this.recent)
            if (start + named.length <= end && standsAt(text, named, start)) return name
        const last = Math.min(end, start + longestSender + 2)
        for (let at = start; at + 1 < last; at++) {
            const code = text.charCodeAt(at)
            if (code === 0x0a) return ""
            if (code !== 0x3a || text.charCodeAt(at + 1) !== 0x20) continue
            if (at === start) return ""
            const name = text.slice(start, at)
            if (this.recent.length < mostRecent) this.recent.push({ name, named: `${name}: ` })
            return name
        }
        return ""
    }

    /** A group's name may hold a colon: what stands before it is then the beginning of a system text. */
    isFalse(sender: string, text: string, from: number, to: number): boolean {
        let answer = this.known.get(sender)
        if (answer === undefined) {
            const told = sender.length > 12 && sender.includes(" ") && isSystemSentence(sender)
            answer = told || openQuotes(sender)
            this.known.set(sender, answer)
        }
        if (typeof answer === "boolean") return answer
        // Somebody may be called `Anna 5"`: the app closes what it opens.
        if (answer.length === 0) return false
        const told = text.slice(from, to)
        return answer.some((closing) => told.includes(closing))
    }
}

const quotes = ["“”", "«»", "「」", "『』"]

/** The marks that would close what the name leaves open. */
function openQuotes(name: string): readonly string[] {
    const closing = name.split('"').length % 2 === 0 ? ['"'] : []
    for (const [open = "", close = ""] of name.includes("„") ? ["„“"] : quotes)
        if (name.includes(open) && name.lastIndexOf(open) > name.lastIndexOf(close)) closing.push(close)
    return closing
}
