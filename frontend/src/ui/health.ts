/** How the backup is, as the library's page tells it: when it was last checked, and whether to say so. Never a wall. */

import { type Drill, type DrillStage, drillStage } from "../engine/drill.ts"
import type { LastCheck } from "../engine/last-check.ts"
import type { ChatSummary } from "../engine/protocol.ts"
import { day, type Language } from "./language.ts"
import type { Text } from "./text.ts"

type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">

const oneDay = 24 * 3_600_000
const youngest = 7 * oneDay
const longAgo = 90 * oneDay
const quietFor = 30 * oneDay
const quietKey = "check-quiet-until"
const drillKey = "drill-asked"

/** "today", "yesterday", "on 3 November 2026": by the calendar of whoever reads. */
export function whenWords({ check }: Text, language: Language, time: string, now: number): string {
    const nights = Math.round((midnight(now) - midnight(Date.parse(time))) / oneDay)
    if (nights <= 0) return check.today
    return nights === 1 ? check.yesterday : check.on(day(language, time))
}

export function lastCheckWords(text: Text, language: Language, last: LastCheck | null, now: number): string {
    if (last === null) return text.check.never
    const when = whenWords(text, language, last.at, now)
    return last.opened === last.pieces
        ? text.check.lastAll(when)
        : text.check.lastSample(when, last.opened, last.pieces)
}

/** What to remind of, or null: a library that is a week old and was never checked, or not for three months. */
export function checkNudge(
    last: LastCheck | null,
    chats: readonly ChatSummary[],
    now: number,
    storage: Pick<Storage, "getItem"> = localStorage,
): "never" | "long-ago" | null {
    if (now < Number(storage.getItem(quietKey) ?? 0)) return null
    if (last !== null) return now - Date.parse(last.at) > longAgo ? "long-ago" : null
    const added = chats.flatMap(({ imports }) => imports.map((one) => Date.parse(one.added)))
    return added.some((time) => now - time > youngest) ? "never" : null
}

export function rememberCheckLater(now: number, storage: Pick<Storage, "setItem"> = localStorage): void {
    storage.setItem(quietKey, String(now + quietFor))
}

/** Where the drill stands on this device: it remembers which one it asked for. */
export function drillHere(drill: Drill, now: number, storage: Pick<Storage, "getItem"> = localStorage): DrillStage {
    return drillStage(drill, storage.getItem(drillKey), now)
}

export function rememberDrill(id: string | null, storage: Kept = localStorage): void {
    if (id === null) storage.removeItem(drillKey)
    else storage.setItem(drillKey, id)
}

function midnight(time: number): number {
    return new Date(time).setHours(0, 0, 0, 0)
}
