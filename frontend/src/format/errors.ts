/** What a client says when it refuses (docs/format.md §8). Towards the server all of them look the same. */

import { MalformedBytesError } from "../bytes/errors.ts"
import { NotAuthenticError } from "../crypto/errors.ts"

export type DamageCode =
    | "truncated"
    | "too-large"
    | "unknown-version"
    | "unknown-flags"
    | "not-authentic"
    | "wrong-hash"
    | "wrong-id"
    | "wrong-library"
    | "bad-padding"
    | "malformed"
    | "missing"
    | "older-head"
    | "forked-head"

export class DamagedObjectError extends Error {
    override readonly name = "DamagedObjectError"
    readonly code: DamageCode

    constructor(code: DamageCode) {
        super(code)
        this.code = code
    }
}

/** Runs a step that opens a seal, and names its refusal. */
export async function authentic<Value>(step: Promise<Value>): Promise<Value> {
    try {
        return await step
    } catch (error) {
        if (error instanceof NotAuthenticError) throw new DamagedObjectError("not-authentic")
        throw error
    }
}

/** Runs a step that reads a body, and names its refusal. */
export function wellFormed<Value>(step: () => Value): Value {
    try {
        return step()
    } catch (error) {
        if (error instanceof MalformedBytesError) throw new DamagedObjectError("malformed")
        throw error
    }
}
