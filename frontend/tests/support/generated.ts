/** Inputs that both languages can make from a few numbers (tests/vectors/README.md describes them). */

import { fromBase64url } from "../../src/bytes/base64url.ts"
import type { Bytes } from "../../src/bytes/bytes.ts"
import { concat } from "../../src/bytes/bytes.ts"

export type Input =
    | { readonly kind: "bytes"; readonly bytes: string }
    | { readonly kind: "noise"; readonly seed: number; readonly size: number; readonly prefix: string }
    | { readonly kind: "lines"; readonly seed: number; readonly size: number; readonly longest: number }

export function generate(input: Input): Bytes {
    switch (input.kind) {
        case "bytes":
            return fromBase64url(input.bytes)
        case "noise": {
            const next = numbers(input.seed)
            const noise = Uint8Array.from({ length: input.size }, () => next() % 256)
            return concat(fromBase64url(input.prefix), noise)
        }
        case "lines":
            return lines(numbers(input.seed), input.size, input.longest)
    }
}

/** Lines of 1 to `longest` letters a–z, each with a line feed, cut off at `size` bytes. */
function lines(next: () => number, size: number, longest: number): Bytes {
    const text = new Uint8Array(size)
    for (let offset = 0; offset < size; ) {
        const end = offset + 1 + (next() % longest)
        for (; offset < end && offset < size; offset++) text[offset] = 0x61 + (next() % 26)
        if (offset < size) text[offset++] = 0x0a
    }
    return text
}

/** x ← 48271 · x mod (2³¹ − 1): the "minimal standard" generator, small enough to be exact everywhere. */
function numbers(seed: number): () => number {
    let x = seed
    return () => {
        x = (48_271 * x) % 2_147_483_647
        return x
    }
}
