/** The page's language, and numbers, sizes and times in it. */

export type Language = "de" | "en"

/** The server decided and wrote it on the page. */
export function pageLanguage(): Language {
    return document.documentElement.lang.startsWith("de") ? "de" : "en"
}

/** The form of a word that goes with a number. */
export function plural(language: Language, count: number, one: string, other: string): string {
    return new Intl.PluralRules(language).select(count) === "one" ? one : other
}

export function number(language: Language, value: number): string {
    return new Intl.NumberFormat(language).format(value)
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const

/** Sizes as people read them, in steps of a thousand: three digits at most, none of them made up. */
export function bytes(language: Language, value: number): string {
    let step = 0
    let left = value
    while (left >= 999.5 && step < units.length - 1) {
        left /= 1000
        step += 1
    }
    const digits = step < 2 || left >= 99.95 ? 0 : 1
    return new Intl.NumberFormat(language, {
        style: "unit",
        unit: units[step] ?? "byte",
        unitDisplay: step === 0 ? "long" : "short",
        maximumFractionDigits: digits,
    }).format(left)
}

/** A wall-clock time is shown as the phone showed it, whatever zone this device is in. */
function read(time: string): { date: Date; timeZone: string | undefined } {
    return time.endsWith("Z")
        ? { date: new Date(time), timeZone: undefined }
        : { date: new Date(`${time}Z`), timeZone: "UTC" }
}

function format(language: Language, time: string, options: Intl.DateTimeFormatOptions): string {
    const { date, timeZone } = read(time)
    return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
        ...options,
        ...(timeZone === undefined ? {} : { timeZone }),
    }).format(date)
}

export function day(language: Language, time: string): string {
    return format(language, time, { day: "numeric", month: "long", year: "numeric" })
}

/** Of `YYYY-MM`. */
export function month(language: Language, of: string): string {
    return format(language, `${of}-01T00:00:00`, { month: "long", year: "numeric" })
}

export function shortDay(language: Language, time: string): string {
    return format(language, time, { day: "2-digit", month: "2-digit", year: "numeric" })
}

export function dayAndTime(language: Language, time: string): string {
    return format(language, time, {
        day: "numeric",
        month: "short",
        year: "numeric",
        hour: "2-digit",
        minute: "2-digit",
    })
}

/** Names, joined as the language joins them; of many only the first few. */
export function names(
    language: Language,
    all: readonly string[],
    most: number,
    more: (count: string) => string,
): string {
    const shown = all.length <= most ? all : [...all.slice(0, most), more(number(language, all.length - most))]
    return new Intl.ListFormat(language, { type: "conjunction" }).format(shown)
}

/** The person's time zone by its IANA name. */
export function pageZone(): string {
    return Intl.DateTimeFormat().resolvedOptions().timeZone
}
