/** What a device says when a letter of a pairing is not what it has to be: somebody on the way changed it. */

export type LetterRefusal =
    /** It does not follow docs/pairing.md. */
    | "malformed"
    /** A second letter where there can only be one. */
    | "out-of-turn"
    /** Sealed by somebody else, for somebody else, or changed. */
    | "not-authentic"
    /** The gift names another library or epoch than the account's keyring. */
    | "wrong-library"
    /** The gift's root key has another `check` than the account's keyring. */
    | "wrong-id"

export class RefusedLetterError extends Error {
    override readonly name = "RefusedLetterError"
    readonly code: LetterRefusal

    constructor(code: LetterRefusal) {
        super(code)
        this.code = code
    }
}
