/**
 * How long people take to answer. An answer is the first message after one of somebody else, within twelve hours: what
 * comes later begins a new talk. Sources without seconds tell whole minutes.
 */

/** Upper ends in minutes; the last one is where answers end. */
export const replyBounds = [1, 5, 30, 120, 720] as const

export interface Replies {
    readonly count: number
    /** Minutes, or null without answers. */
    readonly median: number | null
    /** How many took no longer than each of the bounds, and longer than the one before. */
    readonly buckets: readonly number[]
}

export class ReplyTimes {
    readonly #minutes: Map<number, number[]> = new Map()
    #last: { readonly sender: number; readonly at: number } | null = null

    add(sender: number, at: number): void {
        const before = this.#last
        if (before !== null && before.sender !== sender) {
            const took = at - before.at
            if (took >= 0 && took <= replyBounds[4]) {
                const known = this.#minutes.get(sender)
                if (known === undefined) this.#minutes.set(sender, [took])
                else known.push(took)
            }
        }
        this.#last = { sender, at }
    }

    of(sender: number): Replies {
        const minutes = Float64Array.from(this.#minutes.get(sender) ?? []).sort()
        const middle = minutes[Math.floor((minutes.length - 1) / 2)]
        const buckets = replyBounds.map((bound, at) => {
            const above = at === 0 ? -1 : (replyBounds[at - 1] ?? 0)
            return minutes.reduce((sum, took) => sum + (took <= bound && took > above ? 1 : 0), 0)
        })
        return { count: minutes.length, median: middle ?? null, buckets }
    }
}
