/** Wall-clock time of moments, for sources that write milliseconds since 1970 and no zone. */

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)
const quarter = 15 * 60_000
/** The years 1 to 9998: beyond them a year has not four digits in every zone. */
const earliest = -62_135_596_800_000
const latest = 253_370_764_800_000

export class WallClock {
    /** Null: the zone of this device, which `Date` knows by itself. */
    private readonly format: Intl.DateTimeFormat | null
    /** Zones change their distance to UTC at full quarters of an hour: within one, it is asked for once. */
    private readonly distances = new Map<number, number>()

    /** `zone` as IANA names it; one that is not known is the device's. */
    constructor(zone?: string) {
        this.format = zone === undefined ? null : formatOf(zone)
    }

    /** `YYYY-MM-DDTHH:MM:SS`, or null for what is no moment. */
    read(milliseconds: number | null): string | null {
        if (milliseconds === null || !(milliseconds >= earliest && milliseconds < latest)) return null
        const moment = Math.floor(milliseconds)
        const { format } = this
        if (format !== null) return new Date(moment + this.distance(format, moment)).toISOString().slice(0, 19)
        const date = new Date(moment)
        const day = `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
        return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
    }

    private distance(format: Intl.DateTimeFormat, moment: number): number {
        const start = Math.floor(moment / quarter) * quarter
        let distance = this.distances.get(start)
        if (distance === undefined) {
            const parts = new Map(format.formatToParts(start).map(({ type, value }) => [type, Number(value)]))
            const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
            const wall = new Date(0)
            wall.setUTCFullYear(part("year"), part("month") - 1, part("day"))
            wall.setUTCHours(part("hour"), part("minute"), part("second"))
            distance = wall.getTime() - start
            this.distances.set(start, distance)
        }
        return distance
    }
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
    try {
        return new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
            timeZone,
            hourCycle: "h23",
            year: "numeric",
            month: "numeric",
            day: "numeric",
            hour: "numeric",
            minute: "numeric",
            second: "numeric",
        })
    } catch {
        return null
    }
}
