/** When the library asks "still know it?": one way at a time, seldom, and not again for a while when it was skipped. */

import type { Ways } from "../engine/protocol.ts"

export type AskedWay = "password" | "recovery-code"

const day = 24 * 60 * 60 * 1000
const passwordAge = 30 * day
const codeAge = 60 * day
const pauseAfterAnswer = 7 * day
const pauseAfterSkip = 14 * day

/** Nobody is asked to spend one of the last guesses. */
const fewGuesses = 3

const key = "still-know-quiet-until"

/** What to ask now, or null. A code that was never typed back has its own banner and is not asked for here. */
export function askedNow(ways: Ways, now: number, storage: Pick<Storage, "getItem"> = localStorage): AskedWay | null {
    if (now < Number(storage.getItem(key) ?? 0)) return null
    const { password, recoveryCode } = ways
    if (
        password.kind === "set" &&
        password.left > fewGuesses &&
        older(password.proven ?? password.since, passwordAge, now)
    )
        return "password"
    if (recoveryCode.proven !== null && older(recoveryCode.proven, codeAge, now)) return "recovery-code"
    return null
}

export function rememberAnswered(now: number, storage: Pick<Storage, "setItem"> = localStorage): void {
    storage.setItem(key, String(now + pauseAfterAnswer))
}

export function rememberSkipped(now: number, storage: Pick<Storage, "setItem"> = localStorage): void {
    storage.setItem(key, String(now + pauseAfterSkip))
}

/** Whether the recovery code was proven longer ago than it is asked for. */
export function isStale(ways: Ways, now: number): boolean {
    return ways.recoveryCode.proven !== null && older(ways.recoveryCode.proven, codeAge, now)
}

function older(time: string, age: number, now: number): boolean {
    return now - Date.parse(time) > age
}
