/** Tells how far a restore is: bytes count when they are written, files when they lie there under their names. */

import { Pace } from "./pace.ts"
import type { Clock } from "./ports.ts"
import type { RestoreProgress } from "./protocol.ts"

/** Every telling is painted: more often, it takes a tenth of the time that it tells of. */
const tellEvery = 300

export class RestoreTeller {
    readonly #clock: Clock
    readonly #tell: (progress: RestoreProgress) => void
    #now: RestoreProgress
    #pace: Pace
    #told = Number.NEGATIVE_INFINITY

    constructor(clock: Clock, total: number, filesTotal: number, tell: (progress: RestoreProgress) => void) {
        this.#clock = clock
        this.#tell = tell
        this.#pace = new Pace(clock.now())
        const nothing = { files: 0, done: 0, alreadyThere: 0, remaining: null }
        this.#now = { phase: "looking", ...nothing, total, filesTotal, network: "fine" }
        this.#set({}, true)
    }

    begin(phase: RestoreProgress["phase"]): void {
        this.#pace = new Pace(this.#clock.now())
        this.#set({ phase, remaining: null }, true)
    }

    network(network: "fine" | "waiting"): void {
        if (network !== this.#now.network) this.#set({ network }, true)
    }

    found(files: number, bytes: number): void {
        const { done, alreadyThere } = this.#now
        this.#set({ files: this.#now.files + files, done: done + bytes, alreadyThere: alreadyThere + bytes }, false)
    }

    wrote(bytes: number): void {
        this.#set({ done: this.#now.done + bytes }, false)
    }

    finishedFiles(files: number): void {
        this.#set({ files: this.#now.files + files }, false)
    }

    #set(change: Partial<RestoreProgress>, atOnce: boolean): void {
        const now = this.#clock.now()
        this.#now = { ...this.#now, ...change }
        if (!atOnce && now - this.#told < tellEvery) return
        this.#told = now
        const { done, total } = this.#now
        this.#now = { ...this.#now, remaining: this.#pace.remaining(now, done, total) }
        this.#tell(this.#now)
    }
}
