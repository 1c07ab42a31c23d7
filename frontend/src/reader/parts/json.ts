/** Reads what was parsed from JSON of other people's hands: whatever is not what it should be is simply not there. */

export type Fields = { readonly [name: string]: unknown }

const none: Fields = Object.freeze(Object.create(null))

/** The value as an object: of anything else, one without fields. */
export function fieldsOf(value: unknown): Fields {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : none
}

export const isFields = (value: unknown): value is Fields =>
    typeof value === "object" && value !== null && !Array.isArray(value)

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The value as text: numbers are written out, because ids come as either. */
export function textOf(value: unknown): string {
    if (typeof value === "string") return value
    return typeof value === "number" ? String(value) : ""
}

/** The value as a number: 64-bit numbers come as strings. */
export function numberOf(value: unknown): number | null {
    if (typeof value === "number") return Number.isFinite(value) ? value : null
    if (typeof value !== "string" || !/^-?\d{1,17}(?:\.\d{1,17})?$/.test(value)) return null
    return Number(value)
}

/** What is not empty of these, joined. */
export const joined = (parts: readonly string[], between: string): string => parts.filter(Boolean).join(between)
