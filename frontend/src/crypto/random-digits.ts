/** Decimal digits by chance, each as likely as any other. */

import type { Random } from "./random.ts"

/** Bytes from 250 on are thrown away: ten does not divide 256. */
export function randomDigits(count: number, random: Random): string {
    let digits = ""
    while (digits.length < count)
        for (const byte of random.bytes(count - digits.length)) if (byte < 250) digits += String(byte % 10)
    return digits
}
