/**
 * The header of a record: date and time in any of the phone's spellings, and where the rest of the line begins.
 *
 *     [DATE TIME] rest      DATE TIME - rest      DATE TIME: rest
 *
 * It is found on a normalised copy of the line's beginning, so every expression here runs over at most
 * `longestHeader` characters and never over a message.
 */
import { digitOf, isInvisible } from "./characters.ts"

/** How headers of one kind are written; shared by all of them. */
export interface Layout {
    /** What must be alike in all headers of one file: frame, separators, joint, seconds, AM/PM. */
    readonly shape: string
    readonly frame: "bracket" | "dash" | "colon"
    /** Between the parts of the date. */
    readonly separator: string
    readonly yearFirst: boolean
    readonly seconds: boolean
    /** The word for the half of the day, where there is one; the shape only says that there is. */
    readonly half: string | null
}

export interface Header {
    /** Where the line begins, and where what follows the header begins, in the text of the file. */
    readonly start: number
    readonly rest: number
    readonly layout: Layout
    /** The parts of the date in the order they are written; the year is already one of our calendar. */
    readonly first: number
    readonly second: number
    readonly third: number
    /** Seconds since midnight. */
    readonly time: number
    /** The line before ended with a carriage return and a line feed. */
    readonly afterCrlf: boolean
}

const longestHeader = 72

const meridiem =
    "[AaPp]\\.? ?[Mm]\\.?|[صم]|午前|午後|오전|오후|凌晨|清晨|早上|上午|中午|下午|晚上|ÖÖ|ÖS|SA|CH|[πμ]\\.? ?μ\\.?"
const date = "(\\d{1,4})([./-]) ?(\\d{1,2})([./-]) ?(\\d{1,4}|[A-Z]\\d{1,2})(\\.?)(?: (BE|г\\.))?"
const time = `(?:(${meridiem}) ?)?(\\d{1,2})([:.])(\\d{2})(?:[:.](\\d{2}))?(?: ?(${meridiem}))?`
const joint = "(,? (?:à |klo |um |kl\\. |at |в |о |v |às |alle |om )?)"
const end = "(\\] | [-–] |: )"
const dateFirst = new RegExp(`^(\\[?)${date}${joint}${time}${end}`)
const timeFirst = new RegExp(`^(\\[?)${time}, ${date}${end}`)

/** Eras of the Japanese calendar: the year before their first. */
const eras: Readonly<Record<string, number>> = { R: 2018, H: 1988, S: 1925, T: 1911, M: 1867 }

interface Line {
    readonly text: string
    /** For each character of `text` its distance from the start of the line, or null when they are the same. */
    readonly places: readonly number[] | null
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether anything lies beyond ASCII.
const plain = /^[\x00-\x7f]*$/

function normalise(raw: string): Line {
    if (plain.test(raw)) return { text: raw, places: null }
    let text = ""
    const places: number[] = []
    for (let at = 0; at < raw.length; at++) {
        const code = raw.charCodeAt(at)
        if (isInvisible(code)) continue
        const digit = digitOf(code)
        if (digit >= 0) text += digit
        else if (code === 0x00a0 || code === 0x202f || code === 0x2009) text += " "
        else if (code === 0x060c) text += ","
        else text += raw.charAt(at)
        places.push(at)
    }
    places.push(raw.length)
    return { text, places }
}

/** Cheap refusal of nearly every line that is no header. */
function mayBegin(text: string, at: number): boolean {
    const code = text.charCodeAt(at)
    if (code < 0x80) return (code >= 0x30 && code <= 0x39) || code === 0x5b
    return isInvisible(code) || digitOf(code) >= 0 || "صم午오凌清早上中下晚Öπμ".includes(text.charAt(at))
}

/** Seconds since midnight, or null when no clock shows this. */
function clock(hours: number, minutes: number, seconds: number, half: string | null): number | null {
    if (hours > 24 || minutes > 59 || seconds > 60) return null
    let hour = hours === 24 ? 0 : hours
    if (half !== null && hours <= 12) {
        if (half === "中午") hour = hours < 11 ? hours + 12 : hours
        else hour = (hours % 12) + (isAfternoon(half) ? 12 : 0)
    }
    return hour * 3600 + minutes * 60 + Math.min(seconds, 59)
}

const isAfternoon = (half: string): boolean => /^(?:[Ppμم]|CH|ÖS|午後|오후|下午|晚上)/.test(half)

function yearOf(written: string, calendar: string | undefined): number {
    const era = eras[written.charAt(0)]
    if (era !== undefined) return era + Number(written.slice(1))
    const year = Number(written)
    if (calendar === "BE") return (written.length <= 2 ? 2500 + year : year) - 543
    if (written.length <= 2) return 2000 + year
    // Nobody has exported a chat from the 25th century: a Buddhist year without its mark.
    return year >= 2400 && year < 2700 ? year - 543 : year
}

/** Reads a header by the full expression. */
function readSlowly(text: string, start: number, lineEnd: number, afterCrlf: boolean): Header | null {
    const line = normalise(text.slice(start, Math.min(lineEnd, start + longestHeader)))
    const byDate = dateFirst.exec(line.text)
    const found = byDate ?? timeFirst.exec(line.text)
    if (found === null) return null
    const at = byDate === null ? { date: 8, time: 2, close: 15 } : { date: 2, time: 10, close: 16 }
    const [first = "", separator = "", second = "", again, third = "", dot = "", calendar] = found.slice(at.date)
    const [halfBefore, hours, colon, minutes, seconds, halfAfter] = found.slice(at.time)
    const open = found[1] ?? ""
    const close = found[at.close] ?? ""
    if ((open === "[") !== (close === "] ") || separator !== again) return null
    const yearFirst = first.length >= 3
    const yearLength = yearFirst ? first.length : third.length
    const isEra = eras[third.charAt(0)] !== undefined
    if (yearFirst ? third.length > 2 : yearLength !== 2 && yearLength !== 4 && !isEra) return null
    const half = halfBefore ?? halfAfter ?? null
    const time = clock(Number(hours), Number(minutes), Number(seconds ?? 0), half)
    if (time === null) return null
    const frame = open === "[" ? "bracket" : close === ": " ? "colon" : "dash"
    const link = byDate === null ? "time first" : (found[9] ?? "")
    const halfPlace = half === null ? "none" : halfBefore === undefined ? "after" : "before"
    const year = isEra ? "era" : `${yearFirst ? "first" : "last"} ${yearLength}`
    const length = found[0].length
    return {
        start,
        // Behind the header's own last character: a mark that follows belongs to what comes next.
        rest: start + (line.places === null ? length : (line.places[length - 1] ?? length - 1) + 1),
        layout: {
            shape: [
                frame,
                separator,
                dot,
                link,
                colon,
                seconds === undefined ? "minutes" : "seconds",
                halfPlace,
                year,
            ].join("|"),
            frame,
            separator,
            yearFirst,
            seconds: seconds !== undefined,
            half,
        },
        first: yearFirst ? yearOf(first, calendar) : Number(first),
        second: Number(second),
        third: yearFirst ? Number(third) : yearOf(third, calendar),
        time,
        afterCrlf,
    }
}

/** A header's raw form with its numbers taken out: how most headers of the file look. */
interface Template {
    readonly layout: Layout
    /** What stands before the first number, between the numbers, and after the last. */
    readonly literals: readonly string[]
    /** How many digits each number has; a day may have one or two, a year not. */
    readonly digits: readonly number[]
    /** Where the hour, and the first part of the date, stand among the numbers. */
    readonly hour: number
    readonly date: number
}

function templateOf(text: string, header: Header): Template | null {
    const raw = text.slice(header.start, header.rest)
    const literals = raw.split(/[0-9]+/)
    const digits = (raw.match(/[0-9]+/g) ?? []).map((number) => number.length)
    const { layout } = header
    if (digits.length !== (layout.seconds ? 6 : 5)) return null
    const timeFirst = layout.shape.includes("|time first|")
    const template = { layout, literals, digits, hour: timeFirst ? 0 : 3, date: timeFirst ? digits.length - 3 : 0 }
    // Other calendars and scripts do not come out the same: those headers stay with the full expression.
    const again = readByTemplate(text, header.start, template, header.afterCrlf)
    const same =
        again !== null &&
        again.rest === header.rest &&
        again.first === header.first &&
        again.second === header.second &&
        again.third === header.third &&
        again.time === header.time
    return same ? template : null
}

/** As `startsWith`, which is slow on the strings that browsers decode. */
export function standsAt(text: string, wanted: string, at: number): boolean {
    for (let step = 0; step < wanted.length; step++)
        if (text.charCodeAt(at + step) !== wanted.charCodeAt(step)) return false
    return true
}

const numbers = [0, 0, 0, 0, 0, 0]

/** Reads the header by a template learned from an earlier one: one walk over it, nothing made but the result. */
function readByTemplate(text: string, start: number, template: Template, afterCrlf: boolean): Header | null {
    const { literals, digits, layout, hour, date } = template
    const year = layout.yearFirst ? date : date + 2
    let at = start
    for (let place = 0; place < literals.length; place++) {
        const literal = literals[place] ?? ""
        if (!standsAt(text, literal, at)) return null
        at += literal.length
        if (place === digits.length) break
        const from = at
        let value = 0
        for (
            let code = text.charCodeAt(at);
            code >= 0x30 && code <= 0x39 && at - from < 5;
            code = text.charCodeAt(++at)
        )
            value = value * 10 + code - 0x30
        const length = at - from
        // Minutes and seconds are written with two digits, the rest of a date and a clock with one or two.
        const exact = place > hour && place <= hour + (layout.seconds ? 2 : 1)
        const fits = place === year ? length === digits[place] && value < 2400 : exact ? length === 2 : length <= 2
        if (length === 0 || !fits) return null
        numbers[place] = place === year && length <= 2 ? 2000 + value : value
    }
    const time = clock(
        numbers[hour] ?? 0,
        numbers[hour + 1] ?? 0,
        layout.seconds ? (numbers[hour + 2] ?? 0) : 0,
        layout.half,
    )
    if (time === null) return null
    return {
        start,
        rest: at,
        layout,
        first: numbers[date] ?? 0,
        second: numbers[date + 1] ?? 0,
        third: numbers[date + 2] ?? 0,
        time,
        afterCrlf,
    }
}

/** How many ways of writing a header are remembered: a joined file has two, each with two halves of the day. */
const remembered = 6

/** Reads headers, and learns from each how the next one probably looks. */
export class HeaderReader {
    private readonly templates: Template[] = []

    /** The header of the line that begins at `start`, or null. */
    read(text: string, start: number, lineEnd: number, afterCrlf: boolean): Header | null {
        if (!mayBegin(text, start)) return null
        for (const template of this.templates) {
            const header = readByTemplate(text, start, template, afterCrlf)
            if (header !== null) return header
        }
        const header = readSlowly(text, start, lineEnd, afterCrlf)
        if (header !== null && this.templates.length < remembered) {
            const template = templateOf(text, header)
            if (template !== null) this.templates.push(template)
        }
        return header
    }
}

/** The date of a header as it is written. */
export function rawDate(text: string, header: Header): string {
    const { text: written } = normalise(text.slice(header.start, header.rest))
    return (/\d{1,4}([./-]) ?\d{1,2}\1 ?\w{1,4}/.exec(written)?.[0] ?? written).replaceAll(" ", "")
}
