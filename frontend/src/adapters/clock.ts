/** The system's time. Waiting ends early when the network comes back. */

import { EngineError } from "../engine/errors.ts"
import type { Clock } from "../engine/ports.ts"

export const systemClock: Clock = {
    now: () => Date.now(),
    sleep: (milliseconds, signal) =>
        new Promise<void>((resolve, reject) => {
            const leave = (settle: () => void) => (): void => {
                clearTimeout(timer)
                globalThis.removeEventListener?.("online", wake)
                signal.removeEventListener("abort", stop)
                settle()
            }
            const wake = leave(resolve)
            const stop = leave(() => reject(new EngineError("stopped")))
            const timer = setTimeout(wake, milliseconds)
            globalThis.addEventListener?.("online", wake)
            signal.addEventListener("abort", stop)
            if (signal.aborted) stop()
        }),
}
