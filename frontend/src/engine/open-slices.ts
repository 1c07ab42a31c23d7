/** What one hand does: fetches the ranges of some slices, opens and checks every frame, and sums each slice up. */

import { chunkOf, type FrameSource, openWindow } from "./chunks.ts"
import { crc32 } from "./crc32.ts"
import { EngineError } from "./errors.ts"
import type { Clock, ObjectStore, OpenedSlice, Openers, OpeningHands } from "./ports.ts"
import type { Patience } from "./retry.ts"

type Slices = Parameters<OpeningHands["open"]>[0]

/** Once: who asked for the slices knows how long to wait, and asks again. */
export async function openSlices(
    source: FrameSource,
    slices: Slices,
    clock: Clock,
    signal: AbortSignal,
): Promise<readonly OpenedSlice[]> {
    const patience: Patience = { clock, signal, tries: 1, onNetwork: () => undefined }
    const frames = await openWindow(source, slices.flat(), patience)
    return slices.map((places) => {
        const chunks = places.map((place) => chunkOf(frames, place))
        return { chunks, crc32: chunks.reduce(crc32, 0) }
    })
}

/** No other hands than the engine's own. */
export class OwnHands implements Openers {
    readonly #store: ObjectStore
    readonly #clock: Clock

    constructor(store: ObjectStore, clock: Clock) {
        this.#store = store
        this.#clock = clock
    }

    start(keys: Parameters<Openers["start"]>[0]): OpeningHands {
        const source: FrameSource = { keys, store: this.#store }
        let closed = false
        return {
            width: 2,
            open: async (slices, signal) => {
                if (closed) throw new EngineError("stopped")
                return await openSlices(source, slices, this.#clock, signal)
            },
            close: () => {
                closed = true
            },
        }
    }
}
