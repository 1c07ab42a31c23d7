/** Days and times inside the documents, by language. A wall-clock time is written as the phone showed it. */

import type { OutSetting } from "./choice.ts"

type Language = OutSetting["language"]

const formats = new Map<string, Intl.DateTimeFormat>()

/** Made once: the browser takes long to make one, and a chat has thousands of days. */
function formatOf(language: Language, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const name = `${language} ${key}`
    const known = formats.get(name)
    if (known !== undefined) return known
    const made = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options)
    formats.set(name, made)
    return made
}

function written(language: Language, time: string, key: string, options: Intl.DateTimeFormatOptions): string {
    const date = new Date(`${time}Z`)
    // What is no time is shown as it stands.
    if (Number.isNaN(date.getTime())) return time
    return formatOf(language, key, { ...options, timeZone: "UTC" }).format(date)
}

/** `Friday 1 March 2024`, of a time or a day. */
export function longDay(language: Language, time: string): string {
    const day = `${time.slice(0, 10)}T00:00:00`
    const options = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const
    return time === "" ? "" : written(language, day, "long", options)
}

export function plainDay(language: Language, time: string): string {
    const options = { day: "numeric", month: "long", year: "numeric" } as const
    return written(language, `${time.slice(0, 10)}T00:00:00`, "plain", options)
}

/** Of `YYYY-MM`. */
export function monthOf(language: Language, month: string): string {
    return written(language, `${month}-01T00:00:00`, "month", { month: "long", year: "numeric" })
}

export const minuteOf = (time: string): string => time.slice(11, 16)

/** With seconds where they are known: a source without them is read as :00, so that :00 says nothing. */
export const secondOf = (time: string): string =>
    time.slice(17, 19) === "00" ? time.slice(11, 16) : time.slice(11, 19)

/** An instant in the person's own zone, which is named. */
export function instant(language: Language, time: string, zone: string): string {
    const date = new Date(time)
    if (Number.isNaN(date.getTime())) return time
    const options = { dateStyle: "long", timeStyle: "short", timeZone: zone } as const
    return `${formatOf(language, `instant ${zone}`, options).format(date)} (${zone})`
}

export function count(language: Language, value: number): string {
    return new Intl.NumberFormat(language).format(value)
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const

export function sizeOf(language: Language, bytes: number): string {
    let [step, left] = [0, bytes]
    while (left >= 999.5 && step < units.length - 1) {
        left /= 1000
        step += 1
    }
    const unit = units[step] ?? "byte"
    const unitDisplay = step === 0 ? "long" : "short"
    const maximumFractionDigits = step < 2 || left >= 99.95 ? 0 : 1
    return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay, maximumFractionDigits }).format(left)
}
