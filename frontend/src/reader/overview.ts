/** What a chat holds, by day and by month: for the calendar and the gallery. */

import type { ChatRecord, MediaKind } from "./conversation.ts"

export interface Day {
    /** `YYYY-MM-DD`. */
    readonly day: string
    /** The first record of it, in the order of the chat. */
    readonly first: number
    readonly messages: number
}

/** Days on which something was written, in order. A time that runs backwards joins the day it names. */
export function daysOf(records: readonly ChatRecord[]): readonly Day[] {
    const days = new Map<string, { first: number; messages: number }>()
    records.forEach(({ time, kind }, index) => {
        const day = time.slice(0, 10)
        if (day === "" || kind === "system") return
        const known = days.get(day)
        if (known === undefined) days.set(day, { first: index, messages: 1 })
        else known.messages++
    })
    return [...days].map(([day, facts]) => ({ day, ...facts })).toSorted((one, other) => (one.day < other.day ? -1 : 1))
}

export interface Piece {
    /** The record it belongs to. */
    readonly record: number
    readonly file: number
    readonly name: string
    readonly kind: MediaKind
    readonly sender: number | null
    readonly time: string
}

/** Everything that was sent and is here, the newest first. Stickers are words, not pictures. */
export function mediaOf(records: readonly ChatRecord[]): readonly Piece[] {
    const pieces: Piece[] = []
    for (let record = records.length - 1; record >= 0; record--) {
        const { attachment, sender, time } = records[record] ?? {}
        if (attachment == null || attachment.file === null || attachment.kind === "sticker") continue
        const { file, name, kind } = attachment
        pieces.push({ record, file, name, kind, sender: sender ?? null, time: time ?? "" })
    }
    return pieces
}
