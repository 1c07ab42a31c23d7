/** Wall-clock times as minutes, and back: records name few days and many minutes. */

/** Minutes since 1970 on the same wall clock; null for a record without a time. */
export class Minutes {
    readonly #days = new Map<string, number>()

    of(time: string): number | null {
        if (time === "") return null
        const day = time.slice(0, 10)
        let minutes = this.#days.get(day)
        if (minutes === undefined) {
            minutes = Date.parse(`${day}T00:00:00Z`) / 60_000
            this.#days.set(day, minutes)
        }
        return minutes + two(time, 11) * 60 + two(time, 14)
    }
}

/** The same moment on a clock that is so many minutes ahead; seconds stay. */
export function moved(time: string, minutes: number): string {
    if (time === "" || minutes === 0) return time
    return new Date(Date.parse(`${time}Z`) + minutes * 60_000).toISOString().slice(0, 19)
}

function two(time: string, place: number): number {
    return (time.charCodeAt(place) - 48) * 10 + time.charCodeAt(place + 1) - 48
}
