/** What an input knows about a typed recovery code. The check itself is handed in: no element can name a key. */

export type GroupState = "empty" | "partial" | "right" | "wrong"

export interface CodeCheck {
    /** One for each of the sixteen groups. */
    readonly groups: readonly GroupState[]
    /** Pairs of places, 1 to 16, whose groups stand in each other's place. */
    readonly swapped: readonly (readonly [number, number])[]
    readonly unreadable: string | null
    readonly tooLong: boolean
    /** 64 digits in which every group is right, or null. */
    readonly code: string | null
}

export type CheckCode = (typed: string) => CodeCheck

export const groupCount = 16

/** The sixteen groups of a code of 64 digits. */
export function groupsOf(code: string): readonly string[] {
    return code.match(/.{4}/g) ?? []
}
