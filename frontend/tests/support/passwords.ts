/** Passwords for tests, normalised as the app does it. */

import { expect } from "vitest"
import { normalise, type Password } from "../../src/vault/password.ts"

export function password(typed: string): Password {
    const normalised = normalise(typed)
    return normalised.kind === "normalised" ? normalised.password : expect.unreachable(normalised.why)
}
