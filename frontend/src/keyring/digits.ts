/** Decimal digits of every script, by their numeric value. */

const decimal = /^\p{Nd}$/u

/**
 * The value of a digit of any script, or null. Unicode keeps the ten digits of a script together and in order, and every
 * unbroken run of digits is made of whole tens: so counting back to the run's beginning tells the value.
 */
export function digitValue(character: string): number | null {
    if (!decimal.test(character)) return null
    const point = character.codePointAt(0) ?? 0
    let first = point
    while (decimal.test(String.fromCodePoint(first - 1))) first--
    return (point - first) % 10
}
