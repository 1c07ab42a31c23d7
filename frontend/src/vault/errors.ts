/** What a client says when the vault's answer is none that it can go on with. */

import type { StretchingRefusal } from "../crypto/stretching.ts"

export type VaultAnswerRefusal =
    /** It does not follow docs/vault.md: no wrong password makes such an answer, only a changed one. */
    | "malformed"
    /** The parameters undercut what this client has compiled into it, or exceed it, or belong to another scheme. */
    | Exclude<StretchingRefusal, "malformed">

export class RefusedVaultAnswerError extends Error {
    override readonly name = "RefusedVaultAnswerError"
    readonly code: VaultAnswerRefusal

    constructor(code: VaultAnswerRefusal) {
        super(code)
        this.code = code
    }
}
