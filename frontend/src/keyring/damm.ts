/** Damm's check digit (H. M. Damm, thesis, Marburg 2004): it catches every wrong digit and every swap of neighbours. */

/** The totally anti-symmetric quasigroup of order 10 given there. */
const quasigroup = [
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
] as const

/** The digit that `digits` and itself lead back to 0. */
export function dammDigit(digits: string): number {
    let interim = 0
    for (const digit of digits) interim = Number(quasigroup[interim]?.charAt(Number(digit)))
    return interim
}
