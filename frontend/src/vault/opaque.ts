/** OPAQUE's client (RFC 9807), loaded when it is first needed: half a megabyte of WebAssembly. */

import { fromBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import type { Stretching } from "../crypto/stretching.ts"
import { RefusedVaultAnswerError } from "./errors.ts"

type Opaque = typeof import("@serenity-kit/opaque")

export type OpaqueClient = Opaque["client"]

export async function opaqueClient(): Promise<OpaqueClient> {
    const { client, ready } = await import("@serenity-kit/opaque")
    await ready
    return client
}

/** How the library calls Argon2id's parameters. */
export function argon2id({ memory, passes, lanes }: Stretching) {
    return { "argon2id-custom": { memory, iterations: passes, parallelism: lanes } }
}

/** The library says with an exception that a message is none: here it has a name. */
export function readAnswer<Read>(answer: Bytes, length: number, read: () => Read): Read {
    if (answer.length !== length) throw new RefusedVaultAnswerError("malformed")
    try {
        return read()
    } catch {
        throw new RefusedVaultAnswerError("malformed")
    }
}

export function made(text: string, length: number): Bytes {
    const bytes = fromBase64url(text)
    if (bytes.length !== length) throw new Error("OPAQUE made a message of another length")
    return bytes
}
