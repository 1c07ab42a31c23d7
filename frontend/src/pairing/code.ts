/** The eight digits that pair without a camera, and the six that both people compare (docs/pairing.md §3). */

import type { Bytes } from "../bytes/bytes.ts"
import { readDigits } from "../bytes/digits.ts"
import { ByteReader } from "../bytes/reader.ts"
import type { Random } from "../crypto/random.ts"
import { randomDigits } from "../crypto/random-digits.ts"

export const codeLength = 8
const compareLength = 6

declare const code: unique symbol

/** Eight digits, 0 to 9. */
export type ShortCode = string & { readonly [code]: true }

export type ReadCode = { readonly kind: "read"; readonly code: ShortCode } | { readonly kind: "not-a-code" }

export function makeCode(random: Random): ShortCode {
    return randomDigits(codeLength, random) as ShortCode
}

/** As leniently as a recovery code is read: digits of any script, and whatever stands between them. */
export function readCode(typed: string): ReadCode {
    const { runs, unreadable } = readDigits(typed)
    const digits = runs.join("")
    if (unreadable !== null || digits.length !== codeLength) return { kind: "not-a-code" }
    return { kind: "read", code: digits as ShortCode }
}

/** From four bytes that both devices derived. */
export function compareDigits(bytes: Bytes): string {
    return String(new ByteReader(bytes).u32() % 10 ** compareLength).padStart(compareLength, "0")
}
