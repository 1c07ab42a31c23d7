/**
 * Joins overlapping exports of one chat into one history.
 *
 * Exports are joined in the order of their first message. Records are paired by minute, sender and words (`align.ts`), of
 * each pair the richer is kept, and what only one export holds is put where its time says. The order within each export
 * stays. A message that stands twice in an export stands twice in the history.
 */

import type { ChatRecord, Conversation } from "../conversation.ts"
import { isEncryptionNotice } from "../whatsapp/body.ts"
import { align, type Line } from "./align.ts"
import { Crowd, Echoes } from "./crowd.ts"
import { type ContentOf, mayBeSame, richer, substance } from "./likeness.ts"
import { Minutes, moved } from "./minutes.ts"
import { clockAhead, telling } from "./shift.ts"

/** One export, as it was read. */
export interface Imported extends Pick<Conversation, "people" | "self" | "records"> {
    /** Minutes by which its clock was ahead of the others', as the person said; null or absent: found out. */
    readonly ahead?: number | null
    readonly contentOf?: ContentOf
}

/** A record of the history. `from` says which of the exports it was read from: its file and its raw text lie there. */
export interface MergedRecord extends ChatRecord {
    readonly from: number
}

export interface Merged {
    readonly people: readonly string[]
    readonly self: string | null
    readonly records: readonly MergedRecord[]
    /** Of each export: the minutes by which its clock is ahead of the newest one's. Its records are shown without them. */
    readonly ahead: readonly number[]
}

export function merge(imports: readonly Imported[]): Merged {
    const minutes = new Minutes()
    const order = imports
        .map((_, number) => number)
        .toSorted((one, other) => before(imports[one], imports[other]) || one - other)
    const history = new History(minutes)
    for (const number of order) {
        const one = imports[number]
        if (one !== undefined) history.add(one, number)
    }
    return history.settle(imports)
}

/** What is compared of a record. */
interface Entry {
    readonly record: ChatRecord
    readonly from: number
    /** On the first export's clock. */
    readonly minute: number
    /** In the crowd; -1: nobody. */
    readonly sender: number
    readonly words: string
}

class History {
    readonly #minutes: Minutes
    readonly #crowd = new Crowd()
    readonly #ahead = new Map<number, number>()
    #entries: readonly Entry[] = []
    #notice: Entry | null = null
    /** The export that goes on longest, and its last minute. */
    #newest = 0
    #last = 0

    constructor(minutes: Minutes) {
        this.#minutes = minutes
    }

    add(one: Imported, from: number): void {
        const read = this.#read(one, from)
        const first = this.#entries.length === 0
        const known = first ? null : telling(spoken(this.#entries))
        const ahead = one.ahead ?? (known === null ? 0 : clockAhead(known, telling(spoken(read))))
        this.#ahead.set(from, ahead)
        const last = (read.at(-1)?.minute ?? 0) - ahead
        const newer = last > this.#last
        if (newer || first) [this.#newest, this.#last] = [from, last]
        const set = ahead === 0 ? read : read.map((entry) => ({ ...entry, minute: entry.minute - ahead }))
        const places = this.#placesOf(one, set, newer)
        const placed = set.map((entry) => inCrowd(entry, places))
        this.#entries = first ? placed : joined(this.#entries, placed)
    }

    settle(imports: readonly Imported[]): Merged {
        const clock = this.#ahead.get(this.#newest) ?? 0
        const ahead = imports.map((_, number) => (this.#ahead.get(number) ?? 0) - clock)
        const people = this.#crowd.names
        const all = this.#notice === null ? this.#entries : [this.#notice, ...this.#entries]
        const used = new Map<number, number>()
        const placeOf = (sender: number): number => {
            const known = used.get(sender)
            if (known !== undefined) return known
            used.set(sender, used.size)
            return used.size - 1
        }
        const named = (person: number | null): number | null => (person === null ? null : placeOf(person))
        const records = all.map(
            ({ record, from, sender }, index): MergedRecord => ({
                ...record,
                index,
                from,
                sender: sender < 0 ? null : placeOf(sender),
                time: moved(record.time, -(ahead[from] ?? 0)),
                ...(record.quote && { quote: { ...record.quote, sender: named(record.quote.sender) } }),
                ...(record.reactions && {
                    reactions: record.reactions.map((one) => ({ ...one, person: named(one.person) })),
                }),
            }),
        )
        const self = imports.find((one) => one.self !== null)?.self ?? null
        return {
            people: [...used.keys()].map((sender) => people[sender] ?? ""),
            self: self === null ? null : (people[this.#crowd.place(self)] ?? self),
            records,
            ahead,
        }
    }

    /** The notice that opens every export bears that export's time: one of them opens the history. */
    #read(one: Imported, from: number): Entry[] {
        const entries: Entry[] = []
        let minute = 0
        for (const record of one.records) {
            minute = this.#minutes.of(record.time) ?? minute
            const words = substance(record, one.contentOf ?? unknown)
            const entry = { record, from, minute, sender: record.sender ?? -1, words }
            if (record.kind === "system" && entries.length === 0 && isEncryptionNotice(record.text))
                this.#notice = earlier(this.#notice, entry)
            else entries.push(entry)
        }
        return entries
    }

    /** Of each person of an export the place in the crowd. */
    #placesOf(one: Imported, entries: readonly Entry[], newer: boolean): number[] {
        const strangers = one.people.filter((name) => !this.#crowd.knows(name))
        if (this.#entries.length > 0 && strangers.length > 0) {
            const echoes = this.#echoes(entries)
            const known = one.people.filter((name) => this.#crowd.knows(name))
            const taken = new Set(known.map((name) => this.#crowd.place(name)))
            one.people.forEach((name, person) => {
                const same = this.#crowd.knows(name) ? null : echoes.sameAs(person)
                if (same === null || taken.has(same)) return
                taken.add(same)
                this.#crowd.alsoCalled(same, name, newer)
            })
        }
        return one.people.map((name) => this.#crowd.place(name))
    }

    #echoes(entries: readonly Entry[]): Echoes {
        const said = new Map<string, number>()
        const key = ({ minute, words }: Entry): string => `${minute} ${words}`
        for (const entry of this.#entries) said.set(key(entry), said.has(key(entry)) ? -2 : entry.sender)
        const echoes = new Echoes()
        for (const entry of entries) {
            const sender = said.get(key(entry)) ?? -2
            if (sender >= 0 && entry.sender >= 0) echoes.heard(sender, entry.sender)
        }
        return echoes
    }
}

const unknown = (): null => null

function earlier(one: Entry | null, other: Entry): Entry {
    return one !== null && one.minute <= other.minute ? one : other
}

/** Whom an entry names, by their places in the crowd. */
function inCrowd(entry: Entry, places: readonly number[]): Entry {
    const placed = (person: number | null): number | null => (person === null ? null : (places[person] ?? null))
    const sender = placed(entry.record.sender) ?? -1
    const { quote, reactions } = entry.record
    if (quote === undefined && reactions === undefined) return { ...entry, sender }
    const record = {
        ...entry.record,
        ...(quote && { quote: { ...quote, sender: placed(quote.sender) } }),
        ...(reactions && { reactions: reactions.map((one) => ({ ...one, person: placed(one.person) })) }),
    }
    return { ...entry, record, sender }
}

function* spoken(entries: readonly Entry[]): Iterable<readonly [words: string, minute: number]> {
    for (const { record, minute, words } of entries)
        if (record.kind === "message" && record.attachment === null) yield [words, minute]
}

function joined(ones: readonly Entry[], others: readonly Entry[]): readonly Entry[] {
    const numbers = new Map<string, number>()
    const lineOf = (entries: readonly Entry[]): Line => ({
        keys: Int32Array.from(entries, ({ minute, sender, words }) => {
            const key = `${minute} ${sender} ${words}`
            const number = numbers.get(key) ?? numbers.size
            if (number === numbers.size) numbers.set(key, number)
            return number
        }),
        minutes: Float64Array.from(entries, ({ minute }) => minute),
        senders: Int32Array.from(entries, ({ sender }) => sender),
    })
    const pairs = align(lineOf(ones), lineOf(others), (one, other) => {
        const [first, second] = [ones[one], others[other]]
        return first !== undefined && second !== undefined && mayBeSame(first.record, second.record)
    })
    const entries: Entry[] = []
    let from = 0
    let otherFrom = 0
    const upTo = (to: number, otherTo: number): void => {
        while (from < to || otherFrom < otherTo) {
            const one = from < to ? ones[from] : undefined
            const other = otherFrom < otherTo ? others[otherFrom] : undefined
            const second = one === undefined || (other !== undefined && other.minute < one.minute)
            const next = second ? other : one
            if (next !== undefined) entries.push(next)
            if (second) otherFrom++
            else from++
        }
    }
    pairs.ones.forEach((place, at) => {
        upTo(place, pairs.others[at] ?? 0)
        const [one, other] = [ones[from++], others[otherFrom++]]
        if (one !== undefined && other !== undefined) entries.push(asOne(one, other))
    })
    upTo(ones.length, others.length)
    return entries
}

/** The richer record, with what only the other knows. */
function asOne(one: Entry, other: Entry): Entry {
    const best = richer(other.record, one.record) === one.record ? one : other
    const rest = best === one ? other : one
    const { time, id, quote, reactions, forwarded } = rest.record
    // Both stand in the same minute, whatever their clocks say.
    const finer = best.record.time.endsWith(":00") && !time.endsWith(":00")
    if (!finer && id === undefined && quote === undefined && reactions === undefined && forwarded === undefined)
        return best
    const known = {
        ...(id !== undefined && { id }),
        ...(quote !== undefined && { quote }),
        ...(reactions !== undefined && { reactions }),
        ...(forwarded !== undefined && { forwarded }),
    }
    const seconds = finer ? { time: best.record.time.slice(0, 17) + time.slice(17) } : {}
    return { ...best, record: { ...known, ...best.record, ...seconds } }
}

function before(one: Imported | undefined, other: Imported | undefined): number {
    const [first, second] = [firstTime(one), firstTime(other)]
    if (first !== second) return first < second ? -1 : 1
    return (other?.records.length ?? 0) - (one?.records.length ?? 0)
}

function firstTime(one: Imported | undefined): string {
    const spoken = one?.records.find(({ kind, time }) => kind !== "system" && time !== "") ?? one?.records[0]
    return spoken?.time.slice(0, 16) ?? ""
}
