/** Tries again what the network refuses, waiting longer each time, and says when it is waiting. */

import { NetworkError } from "./errors.ts"
import type { Clock } from "./ports.ts"

export interface Patience {
    readonly clock: Clock
    readonly signal: AbortSignal
    /** How many times to try; an import waits for as long as it takes. */
    readonly tries: number
    /** Something began to wait for the network, or got through again. */
    readonly onNetwork: (network: "fine" | "waiting") => void
}

const waitFirst = 500
const waitMost = 15_000

export async function persist<T>(patience: Patience, work: () => Promise<T>): Promise<T> {
    const { clock, signal, tries, onNetwork } = patience
    for (let attempt = 1, wait = waitFirst; ; attempt++, wait = Math.min(2 * wait, waitMost)) {
        try {
            const result = await work()
            if (attempt > 1) onNetwork("fine")
            return result
        } catch (error) {
            if (!(error instanceof NetworkError) || attempt >= tries) throw error
            onNetwork("waiting")
            await clock.sleep(wait, signal)
        }
    }
}
