/** Decimal digits of every script, by their numeric value, however people type them. */

const decimal = /^\p{Nd}$/u

/** White space, dashes, dots, and what cannot be seen: all of it may come along when digits are pasted. */
const separator = /[\s\p{Pd}\p{Cf}\u2212.·•]/u

export interface TypedDigits {
    /** Unbroken runs, in the digits 0 to 9. */
    readonly runs: readonly string[]
    /** The first character that is neither a digit nor a separator. */
    readonly unreadable: string | null
}

export function readDigits(typed: string): TypedDigits {
    const runs = [""]
    let unreadable: string | null = null
    for (const character of typed) {
        const value = digitValue(character)
        if (value !== null) runs.push((runs.pop() ?? "") + value)
        else if (!separator.test(character)) unreadable ??= character
        else if (runs.at(-1) !== "") runs.push("")
    }
    return { runs: runs.filter((run) => run !== ""), unreadable }
}

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
