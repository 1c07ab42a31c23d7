/** Asks for the name under which a letter is refused. */

import { expect } from "vitest"
import { type LetterRefusal, RefusedLetterError } from "../../src/pairing/errors.ts"

/** A step that succeeds, or fails in any other way, fails the test. */
export async function letterRefusal(step: () => unknown): Promise<LetterRefusal> {
    try {
        await step()
    } catch (error) {
        if (error instanceof RefusedLetterError) return error.code
        throw error
    }
    return expect.unreachable("was not refused")
}
