/** A chat while it is read: messages come in their order, and what answers what is settled at the end. */
import type { Attachment, ChatRecord, MediaKind, PartOfExport, Poll, Quote, Raw, Reaction } from "../conversation.ts"
import type { Draft } from "../whatsapp/people.ts"
import { Crowd } from "./people.ts"

/** A file of a message: in the export, missing from it, or left out by the app. */
export type SentFile = Attachment | { readonly omitted: MediaKind | null }

/** What a message answers: by the id of that message, and what is said of it in case it is not here. */
export interface Answer {
    readonly id: string
    readonly sender: number | null
    readonly text: string
}

/** All fields are always there: two hundred thousand objects of one shape are read several times faster. */
export interface Message {
    readonly kind: ChatRecord["kind"]
    readonly sender: number | null
    /** Null: the source does not say; it is shown with the time of the message before. */
    readonly time: string | null
    readonly text: string
    readonly raw: Raw
    /** Empty where the source has none. */
    readonly id: string
    readonly edited: boolean
    readonly forwarded: boolean
    readonly files: readonly SentFile[]
    readonly poll: Poll | null
    readonly reactions: readonly Reaction[]
    readonly answers: Answer | null
}

/** What a message says, apart from who says it and when. */
export type Content = Pick<Message, "kind" | "text" | "files" | "poll">

const nothing: readonly never[] = []

export const said = (text: string, files: readonly SentFile[] = nothing): Content => ({
    kind: "message",
    text,
    files,
    poll: null,
})

export const wordless = (kind: ChatRecord["kind"], text = ""): Content => ({ kind, text, files: nothing, poll: null })

/** How much of an answered message is shown above its answer, and of a broken one in its place. */
const longestQuote = 200
const longestBroken = 10_000

export class ChatDraft {
    readonly crowd = new Crowd()
    private readonly records: Draft[] = []
    private readonly byId = new Map<string, Draft>()
    private readonly numbers = new Map<string, number>()
    private readonly answers: { readonly record: Draft; readonly answer: Answer }[] = []
    private broken: Draft | null = null
    private time = ""

    get isEmpty(): boolean {
        return this.records.length === 0
    }

    /** One record, and one more for each file after the first. */
    add(message: Message): void {
        const { files, reactions, answers, forwarded } = message
        if (message.time !== null) this.time = message.time
        const id = message.id === "" ? "" : this.ownId(message.id)
        const first = this.push(message, message.kind, message.text, files[0], id)
        if (message.edited) first.edited = true
        if (message.poll !== null) first.poll = message.poll
        if (forwarded) first.forwarded = true
        if (reactions.length > 0) first.reactions = reactions
        if (answers !== null) this.answers.push({ record: first, answer: answers })
        if (id !== "") this.byId.set(id, first)
        for (let place = 1; place < files.length; place++) {
            const more = this.push(message, "message", "", files[place], id === "" ? "" : `${id}/${place + 1}`)
            if (forwarded) more.forwarded = true
        }
    }

    /** What could not be read is shown as it stands; pieces side by side are one. `text` is the whole text of the file. */
    addBroken(text: string, raw: Raw): void {
        const last = this.records.at(-1)
        const end = last === undefined ? 0 : last.raw.offset + last.raw.length
        const joins =
            last !== undefined &&
            last === this.broken &&
            last.raw.file === raw.file &&
            raw.offset - end < 64 &&
            /^[\s,]*$/.test(text.slice(end, raw.offset))
        if (last === undefined || !joins) {
            this.broken = this.push({ sender: null, raw }, "system", excerpt(text, raw), undefined, "")
            return
        }
        const { offset } = last.raw
        const whole = { ...raw, offset, length: raw.offset + raw.length - offset }
        if (last.raw.length < longestBroken) last.text = excerpt(text, whole)
        last.raw = whole
    }

    settle(title: string, part: string, self: string | null, nameless: string): PartOfExport {
        for (const { record, answer } of this.answers) record.quote = this.quote(answer)
        const people = this.crowd.settle(nameless)
        const place = self === null ? null : this.crowd.placeOf(self)
        return { part, title, people, records: this.records, self: place === null ? null : (people[place] ?? null) }
    }

    private push(
        { sender, raw }: { readonly sender: number | null; readonly raw: Raw },
        kind: ChatRecord["kind"],
        text: string,
        file: SentFile | undefined,
        id: string,
    ): Draft {
        const attachment = file === undefined || "omitted" in file ? null : file
        const omitted = file !== undefined && "omitted" in file ? file.omitted : undefined
        const record: Draft = {
            index: this.records.length,
            kind: omitted !== undefined && kind === "message" ? "omitted" : kind,
            sender,
            time: this.time,
            text,
            edited: false,
            attachment,
            raw,
        }
        if (id !== "") record.id = id
        if (record.kind === "omitted") record.omitted = omitted ?? null
        this.records.push(record)
        return record
    }

    /** A moment can be the name of several messages: the later ones are numbered. */
    private ownId(id: string): string {
        if (!this.byId.has(id)) return id
        const number = (this.numbers.get(id) ?? 1) + 1
        this.numbers.set(id, number)
        return `${id}#${number}`
    }

    private quote(answer: Answer): Quote {
        const record = this.find(answer)
        const text = answer.text === "" ? (record?.text ?? "") : answer.text
        return {
            sender: record?.sender ?? answer.sender,
            text: cut(text, longestQuote),
            id: record?.id ?? (answer.id || null),
        }
    }

    /** Of messages with one name, the one that is by the right person. */
    private find({ id, sender }: Answer): Draft | undefined {
        const first = this.byId.get(id)
        for (let number = 2, record = first; record !== undefined && number < 9; number++) {
            if (sender === null || record.sender === sender) return record
            record = this.byId.get(`${id}#${number}`)
        }
        return first
    }
}

function excerpt(text: string, { offset, length }: Raw): string {
    const shown = cut(text.slice(offset, offset + length), longestBroken)
    return shown.length < length ? `${shown}…` : shown
}

/** At most so many characters, without halving one. */
function cut(text: string, length: number): string {
    if (text.length <= length) return text
    const last = text.charCodeAt(length - 1)
    return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}

/** No two chats of an export have the same part: the later one is numbered. */
export function distinctParts(chats: readonly PartOfExport[]): readonly PartOfExport[] {
    const taken = new Map<string, number>()
    return chats.map((chat) => {
        const before = taken.get(chat.part) ?? 0
        taken.set(chat.part, before + 1)
        return before === 0 ? chat : { ...chat, part: `${chat.part}#${before + 1}` }
    })
}

/** A place as the chat shows it: words, and a link with its coordinates. */
export const placeText = (words: string, latitude: number, longitude: number): string =>
    `${words === "" ? "" : `${words}: `}https://maps.google.com/?q=${latitude},${longitude}`

/** A length of time in words. */
export function lasting(seconds: number): string {
    const whole = Math.max(0, Math.round(seconds))
    const minutes = Math.floor(whole / 60)
    if (minutes === 0) return `${whole} s`
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
