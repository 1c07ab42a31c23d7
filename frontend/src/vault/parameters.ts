/** The parameters of a vault's record, as this client sets them and as it accepts them. */

import type { Bytes } from "../bytes/bytes.ts"
import { leastStretching, readStretching, type Stretching, writeStretching } from "../crypto/stretching.ts"
import { RefusedVaultAnswerError } from "./errors.ts"

/** What a new password gets. */
export function newParameters(): Bytes {
    return writeStretching(leastStretching)
}

/** Before a password is stretched with them. */
export function acceptParameters(parameters: Bytes): Stretching {
    const read = readStretching(parameters)
    if (read.kind === "refused") throw new RefusedVaultAnswerError(read.why)
    return read.stretching
}
