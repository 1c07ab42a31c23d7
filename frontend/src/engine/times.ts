/** Times as the format writes them. */

/** `YYYY-MM-DDTHH:MM:SSZ` */
export function utcTime(milliseconds: number): string {
    return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}

/** The wall-clock time of a DOS date and time, or null when they name no day: `YYYY-MM-DDTHH:MM:SS`. */
export function wallClockOfDos(time: number): string | null {
    const { year, month, day, hours, minutes, seconds } = partsOfDos(time)
    const date = new Date(Date.UTC(year, month - 1, day, hours, minutes, seconds))
    const written = date.toISOString().slice(0, 19)
    const expected = [year, month, day].map((part) => String(part).padStart(2, "0")).join("-")
    return written.startsWith(expected) && hours < 24 && minutes < 60 && seconds < 60 ? written : null
}

export interface DosParts {
    readonly year: number
    readonly month: number
    readonly day: number
    readonly hours: number
    readonly minutes: number
    readonly seconds: number
}

export function partsOfDos(time: number): DosParts {
    const date = Math.floor(time / 0x10000)
    const clock = time % 0x10000
    return {
        year: 1980 + (date >> 9),
        month: (date >> 5) & 15,
        day: date & 31,
        hours: clock >> 11,
        minutes: (clock >> 5) & 63,
        seconds: 2 * (clock & 31),
    }
}
