/** Every way in which the engine can refuse: a code that crosses the worker's border, and nothing else. */

import { type DamageCode, DamagedObjectError } from "../format/errors.ts"
import { RefusedSlotError } from "../keyring/errors.ts"

/** What the page may meet. The names of damaged objects are those of `docs/format.md` §8. */
export type EngineErrorCode =
    // The network and the server.
    | "network"
    | "stopped"
    | "session-expired"
    | "server-refused"
    | "server-failed"
    | "over-quota"
    | "not-stored"
    | "object-differs"
    | "head-moved"
    // The library.
    | "locked"
    | "library-absent"
    | "library-exists"
    | "library-changed"
    | "not-prepared"
    // Adding and reading.
    | "unknown-preview"
    | "unknown-import"
    | "unknown-conversation"
    | "unknown-chat"
    | "unknown-file"
    | "import-running"
    | "too-many-entries"
    | "too-large-export"
    | "file-changed"
    | "file-unreadable"
    | "storage-full"
    // Sealed objects that do not open.
    | DamageCode
    // A mistake of ours: nothing of its message crosses the border.
    | "unexpected"

export class EngineError extends Error {
    readonly code: EngineErrorCode

    constructor(code: EngineErrorCode, options?: ErrorOptions) {
        super(code, options)
        this.name = "EngineError"
        this.code = code
    }
}

/** The request did not get through, or the server could not answer just now: the same request may be sent again. */
export class NetworkError extends EngineError {
    constructor(options?: ErrorOptions) {
        super("network", options)
    }
}

/** The store has no room for what was announced; nothing was reserved. */
export class OverQuotaError extends EngineError {
    readonly missing: number

    constructor(missing: number) {
        super("over-quota")
        this.missing = missing
    }
}

/** Somebody else wrote a head in between: fetch it, build on it, try again. */
export class HeadMovedError extends EngineError {
    readonly sequence: number

    constructor(sequence: number) {
        super("head-moved")
        this.sequence = sequence
    }
}

/** Something the commit needs is not kept any more: what is missing has to be sent again. */
export class NotStoredError extends EngineError {
    constructor() {
        super("not-stored")
    }
}

/** All that crosses the border of an error. */
export function codeOf(error: unknown): EngineErrorCode {
    if (error instanceof EngineError || error instanceof DamagedObjectError || error instanceof RefusedSlotError)
        return error.code
    return "unexpected"
}
