/** Keyed BLAKE2s (RFC 7693) over lines: a number that nobody without the cut key can foresee. */

import { blake2s } from "@noble/hashes/blake2.js"
import type { Bytes } from "../bytes/bytes.ts"

/** The first four bytes of the hash, as a big-endian number. */
export type LinePrf = (line: Bytes) => number

/** Hundreds of thousands of lines a second go through here: one state and one output are used again and again. */
export function createLinePrf(cutKey: Bytes): LinePrf {
    if (cutKey.length !== 32) throw new RangeError("a cut key has 32 bytes")
    const keyed = blake2s.create({ key: cutKey, dkLen: 32 })
    const state = keyed.clone()
    const output = new Uint8Array(32)
    const view = new DataView(output.buffer)
    return (line) => {
        keyed._cloneInto(state)
        state.update(line).digestInto(output)
        return view.getUint32(0)
    }
}
