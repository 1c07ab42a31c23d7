/** How a record stands among its neighbours: whether a day begins, and whose run of bubbles it belongs to. */

import type { ChatRecord } from "../../reader/conversation.ts"

export interface Standing {
    readonly startsDay: boolean
    /** First and last of a run by one person on one day: the first carries the name, the last the corner. */
    readonly startsRun: boolean
    readonly endsRun: boolean
}

/** After a longer silence the same person begins anew. */
const silence = 20 * 60

export const dayOf = (record: ChatRecord): string => record.time.slice(0, 10)

export const isCentred = (record: ChatRecord): boolean => record.sender === null

function secondsBetween(before: ChatRecord, after: ChatRecord): number {
    return (Date.parse(`${after.time}Z`) - Date.parse(`${before.time}Z`)) / 1000
}

function belongTogether(before: ChatRecord, after: ChatRecord): boolean {
    return (
        before.sender === after.sender &&
        !isCentred(after) &&
        dayOf(before) === dayOf(after) &&
        !(secondsBetween(before, after) > silence)
    )
}

/** A neighbour that is not loaded yet is null, like none: the row is drawn anew when it comes. */
export function standingOf(before: ChatRecord | null, record: ChatRecord, after: ChatRecord | null): Standing {
    return {
        startsDay: record.time !== "" && (before === null ? record.index === 0 : dayOf(before) !== dayOf(record)),
        startsRun: before === null || !belongTogether(before, record),
        endsRun: after === null || !belongTogether(record, after),
    }
}
