/** Opening hands in workers of their own: keys go in by structured clone, opened bytes come back without being copied. */

import { proxy, type Remote, wrap } from "comlink"
import type { LibraryKeys } from "../crypto/keys.ts"
import { errorOf } from "../engine/border.ts"
import { EngineError } from "../engine/errors.ts"
import type { OpenedSlice, Openers, OpeningHands } from "../engine/ports.ts"

type Slices = Parameters<OpeningHands["open"]>[0]

/** What an opening worker exposes. Refusals are plain values with a code. */
export interface OpeningDoor {
    start(keys: LibraryKeys, csrfToken: () => Promise<string>): Promise<void>
    open(slices: Slices): Promise<readonly OpenedSlice[]>
}

/** More hands than these wait for the network and the disk. */
const mostWorkers = 4
/** One stretch is fetched while another is opened. */
const callsEach = 2

export class WorkerOpeners implements Openers {
    readonly #start: () => Worker
    readonly #csrfToken: () => Promise<string>
    readonly #size: number

    constructor(start: () => Worker, csrfToken: () => Promise<string>, processors: number) {
        this.#start = start
        this.#csrfToken = csrfToken
        this.#size = Math.max(1, Math.min(processors, mostWorkers))
    }

    start(keys: LibraryKeys): OpeningHands {
        const workers = Array.from({ length: this.#size }, () => new Hand(this.#start(), keys, this.#csrfToken))
        return {
            width: callsEach * this.#size,
            open: async (slices, signal) => {
                const idlest = workers.reduce((one, other) => (other.busy < one.busy ? other : one))
                return await idlest.open(slices, signal)
            },
            close: () => {
                for (const worker of workers) worker.close()
            },
        }
    }
}

class Hand {
    busy = 0
    readonly #worker: Worker
    readonly #door: Remote<OpeningDoor>
    readonly #started: Promise<void>
    readonly #over: Promise<never>
    #end: (error: EngineError) => void = () => undefined

    constructor(worker: Worker, keys: LibraryKeys, csrfToken: () => Promise<string>) {
        this.#worker = worker
        this.#over = new Promise((_, reject) => {
            this.#end = reject
        })
        this.#over.catch(() => undefined)
        this.#worker.addEventListener("error", () => this.#end(new EngineError("unexpected")))
        this.#door = wrap<OpeningDoor>(this.#worker)
        this.#started = this.#door.start(keys, proxy(csrfToken))
        this.#started.catch(() => undefined)
    }

    async open(slices: Slices, signal: AbortSignal): Promise<readonly OpenedSlice[]> {
        const aborted = stopped(signal)
        this.busy += 1
        try {
            return await Promise.race([this.#started.then(() => this.#door.open(slices)), this.#over, aborted.promise])
        } catch (error) {
            throw error instanceof EngineError ? error : errorOf(error)
        } finally {
            aborted.release()
            this.busy -= 1
        }
    }

    close(): void {
        this.#end(new EngineError("stopped"))
        this.#worker.terminate()
    }
}

/** Rejects when the signal is aborted, as long as nobody releases it. */
function stopped(signal: AbortSignal): { readonly promise: Promise<never>; readonly release: () => void } {
    let release = (): void => undefined
    const promise = new Promise<never>((_, reject) => {
        const stop = (): void => reject(new EngineError("stopped"))
        signal.addEventListener("abort", stop)
        if (signal.aborted) stop()
        release = () => signal.removeEventListener("abort", stop)
    })
    promise.catch(() => undefined)
    return { promise, release }
}
