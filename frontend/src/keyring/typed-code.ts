/** Reads a recovery code as people type it, and says what is wrong with which group. */

import { readDigits } from "../bytes/digits.ts"
import { groupCount, groupFits, groupLength } from "./recovery-code.ts"

export type GroupState = "empty" | "partial" | "right" | "wrong"

export interface TypedCode {
    /** One for each of the sixteen groups. */
    readonly groups: readonly GroupState[]
    /** Pairs of places, 1 to 16, whose groups only fit in each other's place. */
    readonly swapped: readonly (readonly [number, number])[]
    /** The first character that is neither a digit nor a separator. */
    readonly unreadable: string | null
    /** More than 64 digits were typed. */
    readonly tooLong: boolean
    readonly complete: boolean
    /** 64 digits in which every group is right, or null. */
    readonly code: string | null
}

export function checkRecoveryCode(typed: string): TypedCode {
    const { runs, unreadable } = readDigits(typed)
    const digits = runs.join("")
    const complete = unreadable === null && digits.length === groupCount * groupLength
    const groups = complete || !keepsGroups(runs) ? inFours(digits) : runs
    const states = Array.from({ length: groupCount }, (_, index) => stateOf(index + 1, groups[index] ?? ""))
    const right = complete && states.every((state) => state === "right")
    return {
        groups: states,
        swapped: swappedPairs(groups, states),
        unreadable,
        tooLong: digits.length > groupCount * groupLength,
        complete: right,
        code: right ? digits : null,
    }
}

/**
 * Whether the separators stand between groups. Then a digit that was left out spoils its own group only, not all that
 * follow.
 */
function keepsGroups(runs: readonly string[]): boolean {
    const whole = runs.filter((run) => run.length === groupLength).length
    return runs.length <= groupCount && runs.every((run) => run.length <= groupLength) && 2 * whole >= runs.length
}

function inFours(digits: string): string[] {
    return digits.match(/.{1,4}/g) ?? []
}

function stateOf(place: number, group: string): GroupState {
    if (group.length === 0) return "empty"
    if (group.length < groupLength) return "partial"
    return groupFits(place, group) ? "right" : "wrong"
}

/** Neighbours first, for they are swapped most easily; no group is in two pairs. */
function swappedPairs(groups: readonly string[], states: readonly GroupState[]): (readonly [number, number])[] {
    const wrong = states.flatMap((state, index) => (state === "wrong" ? [index + 1] : []))
    const fits = (place: number, from: number) => groupFits(place, groups[from - 1] ?? "")
    const pairs = wrong
        .flatMap((a) => wrong.filter((b) => b > a && fits(a, b) && fits(b, a)).map((b) => [a, b] as const))
        .sort(([a, b], [c, d]) => b - a - (d - c))
    const taken = new Set<number>()
    return pairs.filter(([a, b]) => {
        if (taken.has(a) || taken.has(b)) return false
        taken.add(a).add(b)
        return true
    })
}
