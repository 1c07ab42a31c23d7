/**
 * The recovery code: 64 decimal digits in 16 groups of four (docs/format.md §3).
 *
 *     group  three random digits ‖ one that checks them and their place
 *
 * So a reader can say which group has a typo, and which two stand in each other's place.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { concat } from "../bytes/bytes.ts"
import { utf8 } from "../bytes/utf8.ts"
import { deriveWrappingKey } from "../crypto/derive.ts"
import type { WrappingKey } from "../crypto/keys.ts"
import { labels } from "../crypto/labels.ts"
import type { Random } from "../crypto/random.ts"
import { randomDigits } from "../crypto/random-digits.ts"
import { dammDigit } from "./damm.ts"

export const groupCount = 16
export const groupLength = 4
const randomPerGroup = groupLength - 1

/** 64 digits, without separators. */
export function makeRecoveryCode(random: Random): string {
    const digits = randomDigits(groupCount * randomPerGroup, random)
    return Array.from({ length: groupCount }, (_, index) => {
        const start = digits.slice(index * randomPerGroup, (index + 1) * randomPerGroup)
        return start + checkDigit(index + 1, start)
    }).join("")
}

/** For people: sixteen groups, a space between them. */
export function showRecoveryCode(code: string): string {
    return code.match(/.{4}/g)?.join(" ") ?? ""
}

/** Whether four digits are what a group at this place, 1 to 16, looks like. */
export function groupFits(place: number, group: string): boolean {
    return group.length === groupLength && group.endsWith(checkDigit(place, group.slice(0, randomPerGroup)))
}

/** `code` is 64 digits that were checked. The check digits carry nothing: only the random ones are derived from. */
export async function recoveryWrappingKey(code: string, library: Bytes, slotId: Bytes): Promise<WrappingKey> {
    const random = (code.match(/\d{4}/g) ?? []).map((group) => group.slice(0, randomPerGroup)).join("")
    if (random.length !== groupCount * randomPerGroup) throw new RangeError("a recovery code has 64 digits")
    return deriveWrappingKey(utf8(random), library, concat(labels.recoveryCode, new Uint8Array([0]), slotId))
}

function checkDigit(place: number, digits: string): string {
    return String(dammDigit(`${Math.floor(place / 10)}${digits}${place % 10}`))
}
