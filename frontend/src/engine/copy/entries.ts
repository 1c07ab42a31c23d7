/** What lies in an encrypted copy, by name (docs/format.md §9). */

export const entries = {
    readme: "README.txt",
    facts: "copy.json",
    head: "head",
    object: (id: string): string => `objects/${id}`,
} as const

/** Whether a zip with these entries is a copy, by their names alone. */
export function isCopy(listed: readonly { readonly name: string }[]): boolean {
    return [entries.facts, entries.head].every((wanted) => listed.some(({ name }) => name === wanted))
}
