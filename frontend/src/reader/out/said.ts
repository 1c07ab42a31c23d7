/** What a record says, piece by piece in the order of reading: every form writes the same pieces in its own way. */

import type { Attachment, ChatRecord, Poll, Reaction } from "../conversation.ts"
import type { OutText } from "./text.ts"

export type Said =
    | { readonly kind: "words"; readonly text: string }
    /** Said by the app or by this program, not by the sender. */
    | { readonly kind: "note"; readonly text: string }
    | { readonly kind: "quote"; readonly who: string | null; readonly text: string }
    | { readonly kind: "attachment"; readonly attachment: Attachment }
    | { readonly kind: "poll"; readonly poll: Poll }
    | { readonly kind: "reactions"; readonly reactions: readonly Reacted[] }

/** One emoji, and who gave it as far as is known. */
export interface Reacted {
    readonly emoji: string
    readonly count: number
    readonly names: readonly string[]
}

export function saidOf(record: ChatRecord, people: readonly string[], text: OutText): readonly Said[] {
    const { attachment, quote } = record
    const said: Said[] = []
    if (record.forwarded === true) said.push({ kind: "note", text: text.forwarded })
    if (quote !== undefined) said.push({ kind: "quote", who: nameOf(quote.sender, people), text: quote.text })
    if (attachment !== null) said.push({ kind: "attachment", attachment })
    said.push(...bodyOf(record, text))
    if (record.reactions !== undefined && record.reactions.length > 0)
        said.push({ kind: "reactions", reactions: reactedOf(record.reactions, people) })
    return said
}

function bodyOf(record: ChatRecord, text: OutText): readonly Said[] {
    const words: readonly Said[] = record.text === "" ? [] : [{ kind: "words", text: record.text }]
    switch (record.kind) {
        case "deleted":
            return [{ kind: "note", text: record.text === "" ? text.deleted : record.text }]
        case "view-once":
            return [{ kind: "note", text: text.viewOnce }, ...words]
        case "call":
        case "system":
            return record.text === "" ? [] : [{ kind: "note", text: record.text }]
        case "omitted": {
            const kind = record.omitted ?? null
            // The app's own sentence stands in the text when nothing was left out but a message has not arrived.
            if (kind === null && record.text !== "") return words
            return [{ kind: "note", text: text.omitted[kind ?? "unknown"] }, ...words]
        }
        case "poll":
            return [{ kind: "poll", poll: record.poll ?? { question: record.text, options: [] } }]
        case "location":
        case "message":
            return words
    }
}

export function nameOf(person: number | null, people: readonly string[]): string | null {
    return person === null ? null : (people[person] ?? null)
}

/** A name that turns the direction of writing would turn the words around it as well. */
export const withoutTurns = (name: string): string => name.replace(/[\u202a-\u202e\u2066-\u2069]/g, "")

export function reactedOf(reactions: readonly Reaction[], people: readonly string[]): readonly Reacted[] {
    const found = new Map<string, { count: number; names: string[] }>()
    for (const { emoji, person } of reactions) {
        const entry = found.get(emoji) ?? { count: 0, names: [] }
        entry.count += 1
        const name = nameOf(person, people)
        if (name !== null) entry.names.push(name)
        found.set(emoji, entry)
    }
    return [...found].map(([emoji, entry]) => ({ emoji, ...entry }))
}
