/** Asks for the name of a refusal. */

import { expect } from "vitest"
import { type DamageCode, DamagedObjectError } from "../../src/format/errors.ts"

/** The name under which a step is refused. A step that succeeds, or fails in any other way, fails the test. */
export async function refusal(step: () => unknown): Promise<DamageCode> {
    try {
        await step()
    } catch (error) {
        if (error instanceof DamagedObjectError) return error.code
        throw error
    }
    return expect.unreachable("was not refused")
}
