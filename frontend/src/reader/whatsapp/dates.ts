/** Which part of a written date is the day: decided by evidence, else asked, never guessed in silence. */
import { type Header, rawDate } from "./header.ts"

export type DateOrder = "dmy" | "mdy" | "ymd"

export interface DateExample {
    readonly raw: string
    /** The two readings, as `YYYY-MM-DD`. */
    readonly dayFirst: string
    readonly monthFirst: string
}

export interface DateDecision {
    readonly order: DateOrder
    /** True when the order was assumed and the person has to be asked. */
    readonly ask: boolean
    /** A date that the two orders read differently. */
    readonly example: DateExample | null
}

const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function exists(year: number, month: number, day: number): boolean {
    if (month < 1 || month > 12 || day < 1 || day > (longest[month - 1] ?? 0) || year < 1900 || year > 2399)
        return false
    return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))
}

/** The day under the given order as `YYYY-MM-DD`, or null when there is no such day. */
export function dayOf({ first, second, third }: Header, order: DateOrder): string | null {
    const year = order === "ymd" ? first : third
    const month = order === "mdy" ? first : second
    const day = order === "ymd" ? third : order === "dmy" ? first : second
    if (!exists(year, month, day)) return null
    return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`
}

/** What a run of dates says about its order. */
interface Evidence {
    firstAbove12: number
    secondAbove12: number
    dayFirstBackwards: number
    monthFirstBackwards: number
    firstChanges: number
    secondChanges: number
}

function weigh(headers: readonly Header[]): Evidence {
    const seen: Evidence = {
        firstAbove12: 0,
        secondAbove12: 0,
        dayFirstBackwards: 0,
        monthFirstBackwards: 0,
        firstChanges: 0,
        secondChanges: 0,
    }
    let before: Header | null = null
    for (const header of headers) {
        const { first, second, third } = header
        const years = before === null ? 0 : third - before.third
        const byFirst = before === null ? 0 : first - before.first
        const bySecond = before === null ? 0 : second - before.second
        if (before !== null && years === 0 && byFirst === 0 && bySecond === 0) continue
        if (first > 12 && second <= 12) seen.firstAbove12++
        if (second > 12 && first <= 12) seen.secondAbove12++
        if ((years || bySecond || byFirst) < 0) seen.dayFirstBackwards++
        if ((years || byFirst || bySecond) < 0) seen.monthFirstBackwards++
        if (byFirst !== 0) seen.firstChanges++
        if (bySecond !== 0) seen.secondChanges++
        before = header
    }
    return seen
}

/** Some dates may run backwards in an honest chat (journeys, system lines), so one reading must be far better. */
const farMore = (more: number, less: number, atLeast: number): boolean => more >= atLeast && more > 4 * less

function evidentOrder(headers: readonly Header[], dotted: boolean): DateOrder | null {
    const seen = weigh(headers)
    if (seen.firstAbove12 !== seen.secondAbove12) return seen.firstAbove12 > seen.secondAbove12 ? "dmy" : "mdy"
    if (dotted) return "dmy"
    if (farMore(seen.monthFirstBackwards, seen.dayFirstBackwards, 1)) return "dmy"
    if (farMore(seen.dayFirstBackwards, seen.monthFirstBackwards, 1)) return "mdy"
    if (farMore(seen.firstChanges, seen.secondChanges, 3)) return "dmy"
    if (farMore(seen.secondChanges, seen.firstChanges, 3)) return "mdy"
    return null
}

/** Decides for all headers of one file; `dayFirst` is the person's answer and yields to evidence only. */
export function decideOrder(text: string, headers: readonly Header[], dayFirst: boolean | null): DateDecision {
    const sample = headers[0]
    if (sample === undefined) return { order: "dmy", ask: false, example: null }
    if (sample.layout.yearFirst) return { order: "ymd", ask: false, example: null }
    const proven = evidentOrder(headers, sample.layout.separator === ".")
    if (proven !== null) return { order: proven, ask: false, example: null }
    const example = firstAmbiguous(text, headers)
    // When every date reads alike both ways (5/5), nothing has to be asked.
    return { order: dayFirst === false ? "mdy" : "dmy", ask: dayFirst === null && example !== null, example }
}

function firstAmbiguous(text: string, headers: readonly Header[]): DateExample | null {
    for (const header of headers) {
        const dayFirst = dayOf(header, "dmy")
        const monthFirst = dayOf(header, "mdy")
        if (dayFirst !== null && monthFirst !== null && dayFirst !== monthFirst)
            return { raw: rawDate(text, header), dayFirst, monthFirst }
    }
    return null
}
