/** A clock that a test moves on by hand: whoever waits for a time waits until then. */

import { EngineError } from "../../src/engine/errors.ts"
import type { Clock } from "../../src/engine/ports.ts"

export interface HandClock extends Clock {
    pass(milliseconds: number): void
}

export function handClock(start = Date.UTC(2026, 10, 23, 18, 0, 0)): HandClock {
    let now = start
    const waiting = new Set<{ readonly until: number; readonly wake: () => void }>()
    return {
        now: () => now,
        sleep: (milliseconds, signal) =>
            new Promise((resolve, reject) => {
                const one = { until: now + milliseconds, wake: resolve }
                waiting.add(one)
                const stop = (): void => {
                    waiting.delete(one)
                    reject(new EngineError("stopped"))
                }
                signal.addEventListener("abort", stop, { once: true })
                if (signal.aborted) stop()
            }),
        pass(milliseconds) {
            now += milliseconds
            for (const one of [...waiting]) {
                if (one.until > now) continue
                waiting.delete(one)
                one.wake()
            }
        },
    }
}
