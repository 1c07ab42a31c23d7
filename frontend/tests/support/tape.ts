/** Chance from a tape: the same seed gives the same bytes, for vectors and for tests that must not waver. */

import { sha256 } from "@noble/hashes/sha2.js"
import type { Random } from "../../src/crypto/random.ts"

export function tape(seed: string): Random {
    let block = 0
    return {
        bytes(count) {
            const bytes = new Uint8Array(count)
            for (let offset = 0; offset < count; offset += 32) {
                const part = sha256(new TextEncoder().encode(`${seed} ${block++}`))
                bytes.set(part.subarray(0, count - offset), offset)
            }
            return bytes
        },
    }
}
