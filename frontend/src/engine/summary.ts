/** What a snapshot says of its chats in a few numbers and names. */

import type { Snapshot } from "../format/snapshot.ts"
import type { ChatRecord, Conversation } from "../reader/conversation.ts"

/** The part that an export of one chat holds. */
export const onlyPart = ""

/** Names that a summary tells; an account's export may hold thousands. */
const mostPeople = 50

type Chats = readonly Pick<Conversation, "people" | "records">[]

export interface Counts {
    readonly summary: Omit<Snapshot["summary"], "title">
    readonly mediaMissing: number
}

export function countsOf(chats: Chats): Counts {
    const people = [...new Set(chats.flatMap((chat) => chat.people))]
    let media = 0
    let mediaMissing = 0
    for (const { records } of chats)
        for (const { attachment } of records) {
            if (attachment === null) continue
            if (attachment.file === null) mediaMissing++
            else media++
        }
    const spans = chats.map(spanOf)
    const firsts = spans.flatMap(({ first }) => first ?? []).toSorted()
    const lasts = spans.flatMap(({ last }) => last ?? []).toSorted()
    return {
        summary: {
            people: chats.length === 1 ? people : people.slice(0, mostPeople),
            messages: chats.reduce((sum, chat) => sum + messagesIn(chat), 0),
            media,
            first: firsts[0] ?? null,
            last: lasts.at(-1) ?? null,
        },
        mediaMissing,
    }
}

/** What people wrote, without what the app wrote. */
export function messagesIn({ records }: { readonly records: readonly ChatRecord[] }): number {
    return records.reduce((sum, { kind }) => sum + (kind === "system" ? 0 : 1), 0)
}

/** First and last moment that the chat names. */
function spanOf({ records }: { readonly records: readonly ChatRecord[] }): {
    readonly first: string | null
    readonly last: string | null
} {
    const dated = (record: { readonly time: string }): boolean => record.time !== ""
    return { first: records.find(dated)?.time ?? null, last: records.findLast(dated)?.time ?? null }
}
