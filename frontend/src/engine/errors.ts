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
    /** Another device changed the key: this one has to unlock anew. */
    | "key-changed"
    | "not-prepared"
    // The ways to unlock.
    | "too-many-requests"
    /** The same, with the seconds after which it may be tried again. */
    | `too-many-requests:${number}`
    | "store-full"
    | "vault-refused"
    | "vault-unavailable"
    | "vault-staff"
    | "vault-interrupted"
    | "vault-too-weak"
    | "vault-tampered"
    | "pairing-refused"
    | "pairing-busy"
    // Adding and reading.
    | "unknown-preview"
    | "unknown-import"
    | "unknown-conversation"
    | "unknown-chat"
    | "unknown-file"
    | "too-many-bookmarks"
    | "too-many-transcripts"
    // WhatsApp's own backups.
    | "not-a-backup-key"
    | "wrong-backup-key"
    | "damaged-backup"
    | "import-running"
    | "too-many-entries"
    | "too-large-export"
    | "file-changed"
    | "file-unreadable"
    | "storage-full"
    // Restoring.
    | "restore-running"
    | "place-refused"
    /** Some of it lies under the old key still. */
    | "resealing"
    /** A file whose bytes are as they were stored, and not as the zip that was added had said. */
    | "wrong-checksum"
    | "second-reader"
    /** The program that reads databases does not run here, or broke off over this one. */
    | "database-reader"
    /** The file is no encrypted copy, or its end is missing. */
    | "not-a-copy"
    /** The file that was to be added as an export is an encrypted copy. */
    | "is-a-copy"
    // Voice notes as text.
    /** This browser, or this page in it, can start no threads that share memory. */
    | "no-threads"
    | "not-a-model"
    | "not-a-recording"
    | "too-long"
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
    constructor(options?: ErrorOptions, code: "network" | Extract<EngineErrorCode, `too-many${string}`> = "network") {
        super(code, options)
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

const vaultCodes = {
    "vault.no_record": "vault-refused",
    "vault.erased": "vault-refused",
    "vault.wrong_password": "vault-refused",
    "vault.malformed": "vault-refused",
    "vault.exchange_gone": "vault-interrupted",
    "vault.unavailable": "vault-unavailable",
    "vault.socket_needed": "vault-unavailable",
    "vault.staff": "vault-staff",
} as const satisfies Record<string, EngineErrorCode>

export type VaultRefusal = keyof typeof vaultCodes

/** The vault said no, with a reason of `docs/vault.md` §4: most of them are outcomes, and never reach the page as an error. */
export class VaultRefusedError extends EngineError {
    readonly refusal: VaultRefusal
    /** With `vault.wrong_password`: guesses left. */
    readonly left: number | null
    /** With `vault.erased`: how many guesses there were. */
    readonly guesses: number | null

    constructor(refusal: VaultRefusal, params: { readonly left?: number; readonly guesses?: number } = {}) {
        super(vaultCodes[refusal])
        this.refusal = refusal
        this.left = params.left ?? null
        this.guesses = params.guesses ?? null
    }
}

export function isVaultRefusal(code: string): code is VaultRefusal {
    return Object.hasOwn(vaultCodes, code)
}

const pairingCodes = {
    "pairing.none": "pairing-refused",
    "pairing.taken": "pairing-refused",
    "pairing.out_of_turn": "pairing-refused",
    "pairing.wrong_size": "pairing-refused",
    "pairing.over": "pairing-refused",
    "pairing.too_many": "pairing-busy",
} as const satisfies Record<string, EngineErrorCode>

export type PairingRefusal = keyof typeof pairingCodes

/** The post office said no, with a reason of `docs/pairing.md` §1. */
export class PairingRefusedError extends EngineError {
    readonly refusal: PairingRefusal

    constructor(refusal: PairingRefusal) {
        super(pairingCodes[refusal])
        this.refusal = refusal
    }
}

export function isPairingRefusal(code: string): code is PairingRefusal {
    return Object.hasOwn(pairingCodes, code)
}

/** For what may as well be done another time. */
export function unlessNetwork(error: unknown): void {
    if (!(error instanceof NetworkError)) throw error
}

/** All that crosses the border of an error. */
export function codeOf(error: unknown): EngineErrorCode {
    if (error instanceof EngineError || error instanceof DamagedObjectError || error instanceof RefusedSlotError)
        return error.code
    return "unexpected"
}
