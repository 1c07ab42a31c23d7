/**
 * Whether two exports of one chat were made in different time zones: every time is written as the phone's clock showed it
 * on the day of the export, so that a message stands an hour or several later in one than in the other.
 */

/** What can be told apart by its words alone: said once in each export. */
export interface Telling {
    /** Words with their sender → minutes. */
    readonly once: ReadonlyMap<string, number>
}

/** Shorter words are said too often to tell anything. */
const shortest = 8
const enough = 5
const mostly = 0.6
/** No two zones lie further apart. */
const farthest = 26 * 60

export function telling(said: Iterable<readonly [words: string, minutes: number]>): Telling {
    const once = new Map<string, number>()
    const often = new Set<string>()
    for (const [words, minutes] of said) {
        if (words.length < shortest || often.has(words)) continue
        if (once.delete(words)) often.add(words)
        else once.set(words, minutes)
    }
    return { once }
}

/** Minutes by which the other's clock is ahead: whole hours, zero where nothing else is clear. */
export function clockAhead(one: Telling, other: Telling): number {
    const counts = new Map<number, number>()
    let compared = 0
    for (const [words, minutes] of other.once) {
        const here = one.once.get(words)
        if (here === undefined) continue
        const ahead = minutes - here
        if (Math.abs(ahead) > farthest) continue
        compared++
        counts.set(ahead, (counts.get(ahead) ?? 0) + 1)
    }
    const [best, count] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0])
    return best % 60 === 0 && count >= enough && count >= compared * mostly ? best : 0
}
