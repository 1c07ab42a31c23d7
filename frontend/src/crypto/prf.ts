/** Keyed BLAKE2s (RFC 7693) over lines: a number that nobody without the cut key can foresee. */

import { createBLAKE2s } from "hash-wasm"
import type { Bytes } from "../bytes/bytes.ts"

/** The first four bytes of the 32-byte hash, as a big-endian number. */
export type LinePrf = (line: Bytes) => number

export const cutKeyLength = 32

/**
 * Hundreds of thousands of lines a second go through here, about a hundred bytes each. WebCrypto would cost a promise
 * for each of them, and BLAKE2s in JavaScript takes eight times as long as in WebAssembly.
 *
 * Make one for a library and use it for every file: each has a small WebAssembly memory of its own.
 */
export async function createLinePrf(cutKey: Bytes): Promise<LinePrf> {
    if (cutKey.length !== cutKeyLength) throw new RangeError("a cut key has 32 bytes")
    const hasher = await createBLAKE2s(256, cutKey)
    return (line) => {
        // A DataView would read this more plainly, and making one costs as much as the hash.
        const hash = hasher.init().update(line).digest("binary")
        return (((hash[0] ?? 0) << 24) | ((hash[1] ?? 0) << 16) | ((hash[2] ?? 0) << 8) | (hash[3] ?? 0)) >>> 0
    }
}
