/**
 * The header of a record: date and time in any of the phone's spellings, and where the rest of the line begins.
 *
 *     [DATE TIME] rest      DATE TIME - rest      DATE TIME: rest
 *
 * It is found on a normalised copy of the line's beginning, so every expression here runs over at most
 * `longestHeader` characters and never over a message.
 */
import { digitOf, isInvisible } from "./characters.ts"

export interface Header {
    /** Where the line begins, and where what follows the header begins, in the text of the file. */
    readonly start: number
    readonly rest: number
    /** What must be alike in all headers of one file: frame, separators, joint, seconds, AM/PM. */
    readonly shape: string
    readonly frame: "bracket" | "dash" | "colon"
    /** The three parts of the date in the order they are written; a year of a Japanese era is already resolved. */
    readonly date: readonly [number, number, number]
    readonly yearFirst: boolean
    /** The date as it is written, for the question which part is the day. */
    readonly rawDate: string
    readonly seconds: boolean
    readonly twelveHours: boolean
    /** `HH:MM:SS`. */
    readonly time: string
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

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)

function clock(hours: number, minutes: number, seconds: number, half: string | undefined): string | null {
    if (hours > 24 || minutes > 59 || seconds > 60) return null
    let hour = hours === 24 ? 0 : hours
    if (half !== undefined && hours <= 12) {
        const first = half.charAt(0)
        if (half === "中午") hour = hours < 11 ? hours + 12 : hours
        else if ("PpمC".includes(first) || first === "μ" || /^(?:午後|오후|下午|晚上|ÖS)$/.test(half))
            hour = (hours % 12) + 12
        else hour = hours % 12
    }
    return `${two(hour)}:${two(minutes)}:${two(Math.min(seconds, 59))}`
}

function yearOf(written: string, calendar: string | undefined): number {
    const era = eras[written.charAt(0)]
    if (era !== undefined) return era + Number(written.slice(1))
    const year = Number(written)
    if (calendar === "BE") return (written.length <= 2 ? 2500 + year : year) - 543
    if (written.length <= 2) return 2000 + year
    // Nobody has exported a chat from the 25th century: a Buddhist year without its mark.
    return year >= 2400 && year < 2700 ? year - 543 : year
}

/** Reads the header of the line that begins at `start`, or says that there is none. */
export function readHeader(text: string, start: number, lineEnd: number, afterCrlf: boolean): Header | null {
    if (!mayBegin(text, start)) return null
    const line = normalise(text.slice(start, Math.min(lineEnd, start + longestHeader)))
    const byDate = dateFirst.exec(line.text)
    const found = byDate ?? timeFirst.exec(line.text)
    if (found === null) return null
    const open = found[1] ?? ""
    const at = byDate === null ? { date: 8, time: 2 } : { date: 2, time: 10 }
    const [first = "", separator = "", second = "", separatorAgain = "", third = "", dot = "", calendar] = found.slice(
        at.date,
        at.date + 7,
    )
    const [halfBefore, hours = "", colon = "", minutes = "", seconds, halfAfter] = found.slice(at.time, at.time + 6)
    const link = byDate === null ? "time first" : (found[9] ?? "")
    const close = found[byDate === null ? 15 : 16] ?? ""
    if ((open === "[") !== (close === "] ") || separator !== separatorAgain) return null
    const yearFirst = first.length >= 3
    if (yearFirst && third.length > 2) return null
    if (!yearFirst && third.length !== 2 && third.length !== 4 && eras[third.charAt(0)] === undefined) return null
    const wall = clock(Number(hours), Number(minutes), Number(seconds ?? 0), halfBefore ?? halfAfter)
    if (wall === null) return null
    const frame = open === "[" ? "bracket" : close === ": " ? "colon" : "dash"
    const half = halfBefore !== undefined ? "before" : halfAfter !== undefined ? "after" : "none"
    const length = found[0].length
    return {
        start,
        rest: start + (line.places === null ? length : (line.places[length] ?? length)),
        shape: `${frame}|${separator}${dot}|${link}|${colon}|${seconds === undefined ? "" : "s"}|${half}|${yearFirst ? "y" : third.length}`,
        frame,
        date: yearFirst
            ? [yearOf(first, calendar), Number(second), Number(third)]
            : [Number(first), Number(second), yearOf(third, calendar)],
        yearFirst,
        rawDate: `${first}${separator}${second}${separator}${third}`,
        seconds: seconds !== undefined,
        twelveHours: half !== "none",
        time: wall,
        afterCrlf,
    }
}
