/** Ways to unlock for tests: a library whose code was proven, changed by what a test needs. */

import type { PasskeyTouch, PasskeyWay, PasswordWay, Ways } from "../../src/engine/protocol.ts"

export const june = "2026-06-01T10:00:00Z"

export const setPassword = (left = 10): Extract<PasswordWay, { kind: "set" }> => ({
    kind: "set",
    since: june,
    left,
    of: 10,
    proven: june,
})

export const erasedPassword: PasswordWay = { kind: "erased", at: june, guesses: 10 }

export const passkeyWay = (credential: string): PasskeyWay => ({
    slot: "a".repeat(32),
    credential,
    label: "Phone",
    created: june,
})

export function someWays(parts: Partial<Ways> = {}): Ways {
    return { recoveryCode: { proven: june }, password: { kind: "none" }, passkeys: [], ...parts }
}

/** The key of a touch is never looked at by a page. */
export const touchOf = (credential: string) => ({ credential, key: {} }) as PasskeyTouch
