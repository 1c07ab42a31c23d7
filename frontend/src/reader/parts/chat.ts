/** A chat while it is read: messages come in their order, and what answers what is settled at the end. */
import type { Attachment, ChatRecord, MediaKind, PartOfExport, Poll, Quote, Raw, Reaction } from "../conversation.ts"
import type { Draft } from "../whatsapp/people.ts"
import { Crowd } from "./people.ts"

/** A file of a message: in the export, missing from it, or left out by the app. */
export type SentFile = Attachment | { readonly omitted: MediaKind | null }

/** What a message answers: by the key of that message, and what is said of it in case it is not here. */
export interface Answer {
    readonly key: string
    readonly id?: string
    readonly sender?: number | null
    readonly text?: string
}

export interface Message {
    readonly kind: ChatRecord["kind"]
    readonly sender: number | null
    /** Null: the source does not say; it is shown with the time of the message before. */
    readonly time: string | null
    readonly text: string
    readonly raw: Raw
    readonly id?: string
    /** By which answers find it; its `id` where nothing else is said. */
    readonly key?: string
    readonly edited?: boolean
    readonly files?: readonly SentFile[]
    readonly poll?: Poll
    readonly reactions?: readonly Reaction[]
    readonly forwarded?: boolean
    readonly answers?: Answer
}

/** How much of an answered message is shown above its answer, and of a broken one in its place. */
const longestQuote = 200
const longestBroken = 10_000

export class ChatDraft {
    readonly crowd = new Crowd()
    private readonly records: Draft[] = []
    private readonly byKey = new Map<string, Draft>()
    private readonly ids = new Map<string, number>()
    private readonly answers: { readonly record: Draft; readonly answer: Answer }[] = []
    private broken: Draft | null = null
    private time = ""

    get isEmpty(): boolean {
        return this.records.length === 0
    }

    /** One record, and one more for each file after the first. */
    add(message: Message): void {
        const { files = [], reactions = [], answers, id } = message
        if (message.time !== null) this.time = message.time
        const first = this.push(message, message.kind, message.text, files[0])
        if (message.edited === true) first.edited = true
        if (message.poll !== undefined) first.poll = message.poll
        if (message.forwarded === true) first.forwarded = true
        if (reactions.length > 0) first.reactions = reactions
        if (answers !== undefined) this.answers.push({ record: first, answer: answers })
        const own = id === undefined ? undefined : this.ownId(id)
        if (own !== undefined) first.id = own
        const key = message.key ?? own
        if (key !== undefined && !this.byKey.has(key)) this.byKey.set(key, first)
        for (let place = 1; place < files.length; place++) {
            const record = this.push(message, "message", "", files[place])
            if (own !== undefined) record.id = `${own}/${place + 1}`
            if (message.forwarded === true) record.forwarded = true
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
            this.broken = this.push({ sender: null, raw }, "system", excerpt(text, raw), undefined)
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
        if (record.kind === "omitted") record.omitted = omitted ?? null
        this.records.push(record)
        return record
    }

    /** The same moment can be the name of several messages: they are counted. */
    private ownId(id: string): string {
        const before = this.ids.get(id) ?? 0
        this.ids.set(id, before + 1)
        return before === 0 ? id : `${id}#${before + 1}`
    }

    private quote(answer: Answer): Quote {
        const record = this.byKey.get(answer.key)
        const said = answer.text ?? ""
        return {
            sender: record?.sender ?? answer.sender ?? null,
            text: cut(said === "" ? (record?.text ?? "") : said, longestQuote),
            id: record?.id ?? answer.id ?? null,
        }
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
