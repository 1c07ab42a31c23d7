/**
 * How slow a guess at a password must be: the parameters of Argon2id (docs/vault.md §2).
 *
 *     scheme(1) = 1 ‖ memory in KiB(4) ‖ passes(1) ‖ lanes(1)        7 bytes
 *
 * They come from the vault and stand in the associated data of what the password opens. The limits are compiled in: a
 * vault that asks for less would make offline guessing cheap, one that asks for more would stop the device.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"

export interface Stretching {
    /** KiB */
    readonly memory: number
    readonly passes: number
    readonly lanes: number
}

export type ReadStretching =
    | { readonly kind: "read"; readonly stretching: Stretching }
    | { readonly kind: "refused"; readonly why: StretchingRefusal }

export type StretchingRefusal = "malformed" | "unknown-scheme" | "too-weak" | "too-heavy"

export const stretchingLength = 7
/** RFC 9106's second recommended choice, and the least that is accepted. */
export const leastStretching: Stretching = { memory: 65_536, passes: 3, lanes: 4 }
export const mostStretching: Stretching = { memory: 1_048_576, passes: 16, lanes: 16 }

/** One vault with OPAQUE. Others are kept for several vaults that share a secret. */
const scheme = 1

export function writeStretching({ memory, passes, lanes }: Stretching): Bytes {
    return new ByteWriter(stretchingLength).u8(scheme).u32(memory).u8(passes).u8(lanes).finish()
}

export function readStretching(parameters: Bytes): ReadStretching {
    if (parameters.length !== stretchingLength) return refused("malformed")
    const reader = new ByteReader(parameters)
    if (reader.u8() !== scheme) return refused("unknown-scheme")
    const stretching = { memory: reader.u32(), passes: reader.u8(), lanes: reader.u8() }
    if (!atLeast(stretching, leastStretching)) return refused("too-weak")
    if (!atLeast(mostStretching, stretching)) return refused("too-heavy")
    return { kind: "read", stretching }
}

function atLeast(one: Stretching, other: Stretching): boolean {
    return one.memory >= other.memory && one.passes >= other.passes && one.lanes >= other.lanes
}

function refused(why: StretchingRefusal): ReadStretching {
    return { kind: "refused", why }
}
