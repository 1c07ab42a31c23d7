/** Bytes by chance, of our own kind. */

import fc from "fast-check"
import type { Bytes } from "../../src/bytes/bytes.ts"

export function bytes(limits: fc.IntArrayConstraints = {}): fc.Arbitrary<Bytes> {
    return fc.uint8Array(limits).map((made) => made.slice())
}
