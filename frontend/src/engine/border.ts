/** Errors at the border between two threads: a code crosses, and nothing else. */

import { codeOf, EngineError, type EngineErrorCode, NetworkError } from "./errors.ts"

/** All that is left of an error on its way: a message might quote what it was about. */
interface Refusal {
    readonly code: EngineErrorCode
}

/** A plain value, thrown: comlink carries it over as it is, where of an `Error` it would carry message and stack. */
export function refuse(error: unknown): never {
    const refusal: Refusal = { code: codeOf(error) }
    throw refusal
}

/** The other side's end of it: what may be tried again stays so. */
export function errorOf(thrown: unknown): EngineError {
    const code = isRefusal(thrown) ? thrown.code : "unexpected"
    return isNetwork(code) ? new NetworkError(undefined, code) : new EngineError(code)
}

function isNetwork(code: EngineErrorCode): code is NonNullable<ConstructorParameters<typeof NetworkError>[1]> {
    return code === "network" || code.startsWith("too-many-requests")
}

function isRefusal(value: unknown): value is Refusal {
    return typeof value === "object" && value !== null && "code" in value
}
