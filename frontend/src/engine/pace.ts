/** How long something takes that goes on as it lately went. */

const remainingAfter = 10_000
/** The pace of this long decides how much time is left. */
const paceOver = 20_000

interface Sample {
    readonly at: number
    readonly done: number
}

export class Pace {
    readonly #begun: number
    #samples: Sample[] = []

    constructor(now: number) {
        this.#begun = now
    }

    /** Seconds, or null as long as nobody can know. */
    remaining(now: number, done: number, total: number): number | null {
        this.#samples.push({ at: now, done })
        while ((this.#samples[1]?.at ?? now) <= now - paceOver) this.#samples.shift()
        const [first] = this.#samples
        if (first === undefined || now - this.#begun < remainingAfter || done <= first.done) return null
        return Math.ceil(((now - first.at) * (total - done)) / (done - first.done) / 1000)
    }
}
