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

/** A UTC time as a zip writes times, which know no zone. Before 1980 there was none. */
export function dosOfUtc(time: string): number {
    const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = time.match(/\d+/g)?.map(Number) ?? []
    if (year < 1980 || year > 2107) return 0x0021_0000
    return (((year - 1980) << 9) | (month << 5) | day) * 0x10000 + ((hours << 11) | (minutes << 5) | (seconds >> 1))
}
