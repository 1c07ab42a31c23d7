/** Finds a record again after the chat was read anew, merged with other exports, or exported once more. */

import type { ChatRecord } from "./conversation.ts"
import { comparableWords } from "./merge/likeness.ts"

/** What is remembered of a record: enough to know it, whatever number it has by then. */
export interface Anchor {
    /** Wall-clock time as it was shown. */
    readonly time: string
    readonly sender: string
    /** The beginning of its words, or the name of its file. */
    readonly words: string
}

const longestWords = 120

export function anchorOf(record: ChatRecord, people: readonly string[]): Anchor {
    return { time: record.time, sender: senderOf(record, people), words: wordsOf(record) }
}

/** The record of the same words nearest in time, the same sender first; null: it is not in this chat. */
export function findAnchor(records: readonly ChatRecord[], people: readonly string[], anchor: Anchor): number | null {
    let best: number | null = null
    let distance = Number.POSITIVE_INFINITY
    const wanted = Date.parse(`${anchor.time}Z`) || 0
    records.forEach((record, index) => {
        if (record.time.slice(0, 7) !== anchor.time.slice(0, 7) || wordsOf(record) !== anchor.words) return
        const other = senderOf(record, people) === anchor.sender ? 0 : 1
        const away = Math.abs((Date.parse(`${record.time}Z`) || 0) - wanted) + other
        if (away >= distance) return
        distance = away
        best = index
    })
    return best
}

function senderOf({ sender }: ChatRecord, people: readonly string[]): string {
    return sender === null ? "" : (people[sender] ?? "")
}

/** A place holder and the picture itself are the same message. */
function wordsOf({ kind, text, attachment }: ChatRecord): string {
    const words = comparableWords(text).slice(0, longestWords)
    if (words !== "") return words
    return attachment !== null || kind === "omitted" ? "" : kind
}
