/** What of a chat goes out: which records, in which form; and what that will be, counted before anything is written. */

import type { ChatRecord } from "../conversation.ts"

export type OutForm = "html" | "json" | "csv" | "text" | "print"

export interface OutChoice {
    readonly form: OutForm
    /** Days `YYYY-MM-DD`, both included; null: from the first, to the last. */
    readonly from: string | null
    readonly to: string | null
    /** Index into `people`: only what this person wrote; null: everything. */
    readonly person: number | null
    /** Of `html` and `print`: with the files themselves. The other forms only name them. */
    readonly media: boolean
}

export interface OutFile {
    readonly name: string
    /** Hexadecimal, or null where nobody knows. */
    readonly sha256: string | null
    readonly added: string
}

export interface OutChat {
    readonly title: string
    readonly people: readonly string[]
    readonly self: string | null
    /** All records in order, window by window. May be gone through more than once: some forms count before they write. */
    records(): AsyncIterable<readonly ChatRecord[]>
    /** The files that the chat was read from. */
    readonly sources: readonly OutFile[]
}

/** Who makes it, when, and in which language it speaks. */
export interface OutSetting {
    readonly language: "de" | "en"
    /** An instant with `Z`. */
    readonly made: string
    /** The person's time zone by its IANA name. */
    readonly zone: string
    /** Name and version. */
    readonly program: string
}

/** What is chosen, counted. */
export interface Measure {
    readonly records: number
    /** Without the app's own notices. */
    readonly messages: number
    readonly first: string | null
    readonly last: string | null
    /** Messages of each person, by index into `people`. */
    readonly perPerson: readonly number[]
    /** Indices of the files that are named and there. */
    readonly files: ReadonlySet<number>
    /** `YYYY-MM` in the order of the chat. */
    readonly months: readonly string[]
}

export const dayOf = (record: ChatRecord): string => record.time.slice(0, 10)

/** The number by which a record is cited: its place in the whole chat, whatever is chosen of it. */
export const numberOf = (record: ChatRecord): number => record.index + 1

/** A record without a time belongs to no range of days. */
export function* choose(records: Iterable<ChatRecord>, { from, to, person }: OutChoice): Generator<ChatRecord> {
    for (const record of records) {
        const day = dayOf(record)
        if (person !== null && record.sender !== person) continue
        if ((from !== null || to !== null) && day === "") continue
        if ((from === null || day >= from) && (to === null || day <= to)) yield record
    }
}

/** Windows of a chat that is in memory anyway. */
export function windowsOf(records: readonly ChatRecord[], size = 1000): () => AsyncIterable<readonly ChatRecord[]> {
    return async function* () {
        for (let at = 0; at < records.length; at += size) yield records.slice(at, at + size)
    }
}

export async function* chosen(chat: OutChat, choice: OutChoice): AsyncGenerator<ChatRecord> {
    for await (const window of chat.records()) yield* choose(window, choice)
}

export async function measure(chat: OutChat, choice: OutChoice): Promise<Measure> {
    const perPerson = chat.people.map(() => 0)
    const files = new Set<number>()
    const months: string[] = []
    let [records, messages] = [0, 0]
    let first: string | null = null
    let last: string | null = null
    for await (const window of chat.records()) {
        for (const record of choose(window, choice)) {
            records += 1
            if (record.sender !== null) {
                messages += 1
                perPerson[record.sender] = (perPerson[record.sender] ?? 0) + 1
            }
            if (record.attachment?.file != null) files.add(record.attachment.file)
            if (record.time === "") continue
            // A chat may step back in time where a phone's clock was wrong.
            if (first === null || record.time < first) first = record.time
            if (last === null || record.time > last) last = record.time
            const month = record.time.slice(0, 7)
            if (months.at(-1) !== month) months.push(month)
        }
    }
    return { records, messages, first, last, perPerson, files, months }
}
