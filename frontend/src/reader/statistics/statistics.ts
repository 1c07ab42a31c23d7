/** A chat in numbers: one walk over its records. What the app wrote is no message; days are those of the phone's clock. */

import type { ChatRecord, Conversation, MediaKind } from "../conversation.ts"
import { Minutes } from "../merge/minutes.ts"
import { type Replies, ReplyTimes } from "./replies.ts"
import { type Counted, Vocabulary } from "./words.ts"

export interface ChatStatistics {
    readonly people: readonly PersonStatistics[]
    readonly messages: number
    readonly words: number
    /** Sent, whether the export holds the file or not. */
    readonly media: number
    /** `YYYY-MM-DD`; null where no message has a time. */
    readonly first: string | null
    readonly last: string | null
    /** On which something was written. */
    readonly days: number
    readonly streak: Span | null
    readonly silence: Span | null
    readonly over: Course
    /** Messages by weekday, Monday first, and hour. */
    readonly hours: readonly (readonly number[])[]
    readonly mediaOver: { readonly steps: readonly string[]; readonly kinds: readonly MediaOver[] }
    readonly topWords: readonly Counted[]
    readonly topEmoji: readonly Counted[]
}

export interface PersonStatistics {
    readonly name: string
    readonly messages: number
    readonly words: number
    readonly media: number
    readonly replies: Replies
}

/** From the first day to the last, both counted, or of a silence the days between. */
export interface Span {
    readonly days: number
    readonly from: string
    readonly to: string
}

/** Messages over time: by day in a short chat, else by month. Steps without a message are there too. */
export interface Course {
    readonly unit: "day" | "month"
    readonly steps: readonly string[]
    /** Of each person, in the order of `people`. */
    readonly counts: readonly (readonly number[])[]
}

export interface MediaOver {
    readonly kind: MediaKind
    readonly counts: readonly number[]
}

/** Up to so many days they are shown one by one. */
const shortChat = 92
/** A date that is wrong by a century would make a chat of a thousand months. */
const mostSteps = 1200
const mostListed = 30

export function statisticsOf({ people, records }: Pick<Conversation, "people" | "records">): ChatStatistics {
    const minutes = new Minutes()
    const vocabulary = new Vocabulary()
    const replies = new ReplyTimes()
    const each = people.map(() => ({ messages: 0, words: 0, media: 0 }))
    const days = new Map<string, number[]>()
    const media = new Map<MediaKind, Map<string, number>>()
    const hours = Array.from({ length: 7 }, () => new Array<number>(24).fill(0))
    for (const record of records) {
        const { kind, sender, time, text } = record
        if (kind === "system" || sender === null) continue
        const person = each[sender]
        if (person === undefined) continue
        person.messages++
        if (kind === "message" || kind === "poll") person.words += vocabulary.add(text)
        const sent = mediaOf(record)
        if (sent !== null) person.media++
        const at = minutes.of(time)
        if (at === null) continue
        const day = time.slice(0, 10)
        const ofDay = days.get(day) ?? people.map(() => 0)
        ofDay[sender] = (ofDay[sender] ?? 0) + 1
        days.set(day, ofDay)
        const ofHour = hours[weekday(at)]
        const hour = Math.floor((at % 1440) / 60)
        if (ofHour !== undefined) ofHour[hour] = (ofHour[hour] ?? 0) + 1
        if (sent !== null) countIn(media, sent, time.slice(0, 7))
        if (kind !== "call") replies.add(sender, at + Number(time.slice(17, 19)) / 60)
    }
    const sorted = [...days.keys()].toSorted()
    return {
        people: people.map((name, sender) => ({
            name,
            ...(each[sender] ?? { messages: 0, words: 0, media: 0 }),
            replies: replies.of(sender),
        })),
        messages: each.reduce((sum, { messages }) => sum + messages, 0),
        words: each.reduce((sum, { words }) => sum + words, 0),
        media: each.reduce((sum, one) => sum + one.media, 0),
        first: sorted[0] ?? null,
        last: sorted.at(-1) ?? null,
        days: sorted.length,
        streak: longest(sorted, streaks),
        silence: longest(sorted, silences),
        over: courseOf(people.length, days, sorted),
        hours,
        mediaOver: mediaOver(media),
        topWords: vocabulary.words(mostListed),
        topEmoji: vocabulary.emoji(mostListed),
    }
}

function mediaOf({ kind, attachment, omitted }: ChatRecord): MediaKind | null {
    if (attachment !== null) return attachment.kind
    return kind === "omitted" || kind === "view-once" ? (omitted ?? null) : null
}

/** 0 is Monday; the first of January 1970 was a Thursday. */
function weekday(minute: number): number {
    return (Math.floor(minute / 1440) + 3) % 7
}

function countIn(counts: Map<MediaKind, Map<string, number>>, kind: MediaKind, step: string): void {
    const ofKind = counts.get(kind) ?? new Map<string, number>()
    ofKind.set(step, (ofKind.get(step) ?? 0) + 1)
    counts.set(kind, ofKind)
}

// ---------------------------------------------------------------- days

const number = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000
const named = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)

function* streaks(days: readonly string[]): Iterable<Span> {
    let from = 0
    for (let at = 1; at <= days.length; at++) {
        const [before = "", day = ""] = [days[at - 1], days[at]]
        if (at < days.length && number(day) === number(before) + 1) continue
        yield { days: at - from, from: days[from] ?? "", to: before }
        from = at
    }
}

function* silences(days: readonly string[]): Iterable<Span> {
    for (let at = 1; at < days.length; at++) {
        const [before, day] = [number(days[at - 1] ?? ""), number(days[at] ?? "")]
        if (day - before > 1) yield { days: day - before - 1, from: named(before + 1), to: named(day - 1) }
    }
}

function longest(days: readonly string[], spans: (days: readonly string[]) => Iterable<Span>): Span | null {
    let best: Span | null = null
    if (days.length > 0) for (const span of spans(days)) if (best === null || span.days > best.days) best = span
    return best
}

// ---------------------------------------------------------------- steps

function courseOf(people: number, days: ReadonlyMap<string, readonly number[]>, sorted: readonly string[]): Course {
    const [first, last] = [sorted[0], sorted.at(-1)]
    if (first === undefined || last === undefined) return { unit: "day", steps: [], counts: [] }
    const unit = number(last) - number(first) < shortChat ? "day" : "month"
    const steps = unit === "day" ? daysBetween(first, last) : monthsBetween(first.slice(0, 7), last.slice(0, 7))
    const places = new Map(steps.map((step, at) => [step, at]))
    const counts = Array.from({ length: people }, () => new Array<number>(steps.length).fill(0))
    for (const [day, ofDay] of days) {
        const at = places.get(unit === "day" ? day : day.slice(0, 7))
        if (at === undefined) continue
        ofDay.forEach((count, person) => {
            const ofPerson = counts[person]
            if (ofPerson !== undefined) ofPerson[at] = (ofPerson[at] ?? 0) + count
        })
    }
    return { unit, steps, counts }
}

function mediaOver(media: ReadonlyMap<MediaKind, ReadonlyMap<string, number>>): ChatStatistics["mediaOver"] {
    const months = [...media.values()].flatMap((ofKind) => [...ofKind.keys()]).toSorted()
    const [first, last] = [months[0], months.at(-1)]
    const steps = first === undefined || last === undefined ? [] : monthsBetween(first, last)
    const kinds = Array.from(media, ([kind, ofKind]) => ({ kind, counts: steps.map((step) => ofKind.get(step) ?? 0) }))
    const sum = ({ counts }: MediaOver): number => counts.reduce((total, count) => total + count, 0)
    return { steps, kinds: kinds.toSorted((one, other) => sum(other) - sum(one)) }
}

function daysBetween(first: string, last: string): readonly string[] {
    const from = number(first)
    return Array.from({ length: number(last) - from + 1 }, (_, at) => named(from + at))
}

function monthsBetween(first: string, last: string): readonly string[] {
    const months: string[] = []
    let [year = 0, month = 1] = first.split("-").map(Number)
    for (; months.length < mostSteps; month++) {
        if (month > 12) {
            month = 1
            year++
        }
        const name = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`
        months.push(name)
        if (name >= last) break
    }
    return months
}
