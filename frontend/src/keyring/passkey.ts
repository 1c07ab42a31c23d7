/**
 * A passkey as a way to hold the root key: its PRF output makes the wrapping key (docs/format.md §3).
 *
 *     parameters    version(1) ‖ credential id (1 to 1,023 bytes)
 *
 * The output is key material of this page alone. It becomes a key that cannot be read, and its bytes are overwritten.
 */

import { type Bytes, concat } from "../bytes/bytes.ts"
import { derivePasskeyWrappingKey } from "../crypto/derive.ts"
import { sha256 } from "../crypto/hash.ts"
import { hkdfKeySource } from "../crypto/kdf.ts"
import type { PasskeySource, WrappingKey } from "../crypto/keys.ts"
import { labels } from "../crypto/labels.ts"
import { RefusedSlotError } from "./errors.ts"

const version = 1
const longestCredential = 1_023
const outputLength = 32

/** What the authenticator is asked: the same for everybody, for its own secret makes the difference. */
export function prfInput(): Promise<Bytes> {
    return sha256(labels.passkeyPrf)
}

/** Takes the output over and overwrites it: who hands it in keeps no copy. */
export async function passkeySource(output: Bytes): Promise<PasskeySource> {
    try {
        if (output.length !== outputLength) throw new RangeError("a PRF output has 32 bytes")
        return (await hkdfKeySource(output)) as PasskeySource
    } finally {
        output.fill(0)
    }
}

/** For a key that came over the border of a worker, where its type is lost. */
export function asPasskeySource(key: CryptoKey): PasskeySource {
    const fits = key.algorithm.name === "HKDF" && !key.extractable && key.usages.join() === "deriveKey"
    if (!fits) throw new RangeError("not what a passkey's output becomes")
    return key as PasskeySource
}

export function passkeyWrappingKey(source: PasskeySource, library: Bytes, slotId: Bytes): Promise<WrappingKey> {
    return derivePasskeyWrappingKey(source, library, concat(labels.passkey, new Uint8Array([0]), slotId))
}

export function passkeyParameters(credential: Bytes): Bytes {
    if (credential.length < 1 || credential.length > longestCredential)
        throw new RangeError("a credential id has 1 to 1,023 bytes")
    return concat(new Uint8Array([version]), credential)
}

/** The credential id. */
export function readPasskeyParameters(parameters: Bytes): Bytes {
    const fits = parameters.length > 1 && parameters.length <= 1 + longestCredential && parameters[0] === version
    if (!fits) throw new RefusedSlotError("malformed")
    return parameters.slice(1)
}
