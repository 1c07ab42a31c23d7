/** Tells how far an import is, truthfully: bytes count when the server has confirmed them or had them before. */

import { Pace } from "./pace.ts"
import type { Clock } from "./ports.ts"
import type { ImportProgress } from "./protocol.ts"

const tellEvery = 200

export class ProgressTeller {
    readonly #clock: Clock
    readonly #tell: (progress: ImportProgress) => void
    #now: ImportProgress
    #pace: Pace
    #told = Number.NEGATIVE_INFINITY

    constructor(clock: Clock, total: number, tell: (progress: ImportProgress) => void) {
        this.#clock = clock
        this.#tell = tell
        this.#pace = new Pace(clock.now())
        this.#now = { phase: "comparing", done: 0, total, sent: 0, alreadyThere: 0, network: "fine", remaining: null }
    }

    get current(): ImportProgress {
        return this.#now
    }

    /** A new phase begins counting anew; what was sent stays sent. */
    begin(phase: ImportProgress["phase"], counted: Partial<Pick<ImportProgress, "done" | "alreadyThere">> = {}): void {
        this.#pace = new Pace(this.#clock.now())
        this.#set({ phase, remaining: null, ...counted }, true)
    }

    network(network: "fine" | "waiting"): void {
        if (network !== this.#now.network) this.#set({ network }, true)
    }

    found(bytes: number): void {
        const { done, alreadyThere } = this.#now
        this.#set({ done: done + bytes, alreadyThere: alreadyThere + bytes }, false)
    }

    /** Bytes of the export that an earlier try of this import had sent. */
    resumed(bytes: number): void {
        this.#set({ done: this.#now.done + bytes }, false)
    }

    /** Bytes of the export that would have to be sent. */
    compared(bytes: number): void {
        this.#set({ done: this.#upTo(bytes) }, false)
    }

    /** Sealed bytes of earlier tries, which count as sent. */
    sentBefore(sealed: number): void {
        this.#set({ sent: sealed }, false)
    }

    confirmed(bytes: number, sealed: number): void {
        this.#set({ done: this.#upTo(bytes), sent: this.#now.sent + sealed }, false)
    }

    finished(): void {
        this.#set({ done: this.#now.total, remaining: null }, true)
    }

    /** The file list goes with the rest, and is no part of the export. */
    #upTo(bytes: number): number {
        return Math.min(this.#now.total, this.#now.done + bytes)
    }

    #set(change: Partial<ImportProgress>, atOnce: boolean): void {
        const now = this.#clock.now()
        this.#now = { ...this.#now, ...change }
        if (!atOnce && now - this.#told < tellEvery) return
        this.#told = now
        const { done, total } = this.#now
        this.#now = { ...this.#now, remaining: this.#pace.remaining(now, done, total) }
        this.#tell(this.#now)
    }
}
