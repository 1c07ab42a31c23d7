/**
 * Finds messages while somebody types.
 *
 * Everything that can be found is one long folded text with a mark between two records. A term is looked for with the
 * engine's own `indexOf`; from where it stands follows which record it is in. Whoever types on searches only what was
 * found before.
 */

import type { ChatRecord, MediaKind } from "./conversation.ts"
import { fold, termsOf } from "./fold.ts"

export type SearchKind = "picture" | "video" | "voice" | "document" | "link" | "place" | "contact"

export interface SearchQuery {
    readonly text: string
    /** Index into `people`. */
    readonly person: number | null
    readonly kind: SearchKind | null
    /** Days `YYYY-MM-DD`, both included. */
    readonly from: string | null
    readonly to: string | null
}

/** Where a text has it, it is searched as a space. */
const mark = "\u0000"
/** Pieces are joined in steps: one string of many small ones would be a tree that every search has to flatten. */
const step = 4096

/** No messenger sends longer messages: what comes behind that is no message, and not searched. */
const longestText = 200_000

/** What of a record is found beside its text, for instance what a voice note says. */
export type MoreOf = (record: ChatRecord) => string

export class SearchIndex {
    readonly #records: readonly ChatRecord[]
    readonly #text: string
    /** Where each record's text begins. */
    readonly #starts: Uint32Array
    #last: { readonly terms: readonly string[]; readonly hits: Uint32Array } | null = null

    constructor(records: readonly ChatRecord[], people: readonly string[], more: MoreOf = () => "") {
        this.#records = records
        const names = people.map((name) => fold(name))
        const starts = new Uint32Array(records.length + 1)
        const blocks: string[] = []
        let pieces: string[] = []
        let length = 0
        records.forEach((record, index) => {
            starts[index] = length
            const piece = wordsOf(record, names, more)
            pieces.push(piece)
            length += piece.length
            if (pieces.length < step) return
            blocks.push(pieces.join(""))
            pieces = []
        })
        starts[records.length] = length
        blocks.push(pieces.join(""))
        this.#text = blocks.join("")
        this.#starts = starts
    }

    /** Indices of what fits all of the query, in the order of the chat. A query that asks for nothing finds nothing. */
    find(query: SearchQuery): Uint32Array {
        const terms = termsOf(query.text)
        const filtered = query.person !== null || query.kind !== null || query.from !== null || query.to !== null
        if (terms.length === 0 && !filtered) return new Uint32Array(0)
        const found = terms.length === 0 ? null : this.#said(terms)
        return filtered ? this.#filtered(found, query) : (found ?? new Uint32Array(0))
    }

    #said(terms: readonly string[]): Uint32Array {
        const before = this.#last
        const narrower = before?.terms.every((term) => terms.some((wanted) => wanted.includes(term))) === true
        // The longest term is the rarest, mostly.
        const [first = "", ...rest] = terms.toSorted((one, other) => other.length - one.length)
        const hits = narrower
            ? this.#within(before.hits, [first, ...rest])
            : this.#within(this.#everywhere(first), rest)
        this.#last = { terms, hits }
        return hits
    }

    #everywhere(term: string): Uint32Array {
        const hits: number[] = []
        let record = 0
        for (let at = this.#text.indexOf(term); at >= 0; ) {
            record = this.#recordAt(at, record)
            hits.push(record)
            at = this.#text.indexOf(term, this.#starts[record + 1] ?? this.#text.length)
        }
        return Uint32Array.from(hits)
    }

    /** The record that a place of the text belongs to; not before `from`. */
    #recordAt(place: number, from: number): number {
        let [low, high] = [from, from + 1]
        for (let stride = 1; high < this.#records.length && (this.#starts[high] ?? 0) <= place; stride *= 2) {
            low = high
            high = Math.min(this.#records.length, high + stride)
        }
        while (high - low > 1) {
            const middle = (low + high) >>> 1
            if ((this.#starts[middle] ?? 0) <= place) low = middle
            else high = middle
        }
        return low
    }

    #within(hits: Uint32Array, terms: readonly string[]): Uint32Array {
        if (terms.length === 0) return hits
        return hits.filter((index) => {
            const piece = this.#text.slice(this.#starts[index], this.#starts[index + 1])
            return terms.every((term) => piece.includes(term))
        })
    }

    #filtered(hits: Uint32Array | null, { person, kind, from, to }: SearchQuery): Uint32Array {
        const fits = (index: number): boolean => {
            const record = this.#records[index]
            if (record === undefined || (person !== null && record.sender !== person)) return false
            const day = record.time.slice(0, 10)
            if ((from !== null && day < from) || (to !== null && (day > to || day === ""))) return false
            return kind === null || isOfKind(record, kind)
        }
        if (hits !== null) return hits.filter(fits)
        const all: number[] = []
        for (let index = 0; index < this.#records.length; index++) if (fits(index)) all.push(index)
        return Uint32Array.from(all)
    }
}

function wordsOf(record: ChatRecord, names: readonly string[], more: MoreOf): string {
    const { sender, text, attachment, poll } = record
    let words = fold(text.slice(0, longestText))
    if (attachment !== null) words += `\n${fold(attachment.name)}`
    if (poll !== undefined) words += `\n${fold(poll.options.map((option) => option.text).join("\n"))}`
    const further = more(record)
    if (further !== "") words += `\n${fold(further)}`
    return `${sender === null ? "" : (names[sender] ?? "")}\n${words.replaceAll(mark, " ")}${mark}`
}

const media: Readonly<Partial<Record<MediaKind, SearchKind>>> = {
    photo: "picture",
    gif: "picture",
    sticker: "picture",
    video: "video",
    voice: "voice",
    audio: "voice",
    document: "document",
    contact: "contact",
}

function isOfKind({ kind, text, attachment, omitted }: ChatRecord, wanted: SearchKind): boolean {
    if (wanted === "link") return /https?:\/\//i.test(text)
    if (wanted === "place") return kind === "location"
    const held = attachment?.kind ?? omitted ?? null
    return held !== null && media[held] === wanted
}
