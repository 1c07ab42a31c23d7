/** How much time is left, by the pace of the last while: told after ten seconds, when there is a pace. */

const toldAfter = 10_000
/** The pace of this long decides. */
const over = 20_000

export class Pace {
    readonly #begun: number
    #samples: { readonly at: number; readonly done: number }[] = []

    constructor(begun: number) {
        this.#begun = begun
    }

    /** Seconds, or null while nobody can tell. */
    remaining(now: number, done: number, total: number): number | null {
        this.#samples.push({ at: now, done })
        while ((this.#samples[1]?.at ?? now) <= now - over) this.#samples.shift()
        const [first] = this.#samples
        if (first === undefined || now - this.#begun < toldAfter || done <= first.done) return null
        return Math.ceil(((now - first.at) * (total - done)) / (done - first.done) / 1000)
    }
}
