/** A colour for each person of a chat: the same for the same name, different while there are few, readable in both themes. */

export interface PersonColour {
    readonly light: string
    readonly dark: string
}

/** Each reaches 4.5 : 1 on a bubble of its theme; a test computes it. */
export const personColours: readonly PersonColour[] = [
    { light: "#1f6156", dark: "#7fd1bd" },
    { light: "#94480f", dark: "#f0b27a" },
    { light: "#7a3b8f", dark: "#d7a8e8" },
    { light: "#1d5f8a", dark: "#8cc5ec" },
    { light: "#a12d4a", dark: "#f5a3b5" },
    { light: "#566413", dark: "#c3d173" },
    { light: "#4a4fa3", dark: "#b1b6f4" },
    { light: "#8a3f2c", dark: "#eda98f" },
    { light: "#2b6a2f", dark: "#94d197" },
    { light: "#7d5200", dark: "#e4c06a" },
]

function seedOf(name: string): number {
    let seed = 2166136261
    for (const character of name) seed = Math.imul(seed ^ (character.codePointAt(0) ?? 0), 16777619)
    return seed >>> 0
}

/** A colour number for each name. A taken colour passes to the next free one, as long as there is one. */
export function coloursOf(people: readonly string[]): readonly number[] {
    const taken = new Set<number>()
    return people.map((name) => {
        if (taken.size === personColours.length) taken.clear()
        let colour = seedOf(name) % personColours.length
        while (taken.has(colour)) colour = (colour + 1) % personColours.length
        taken.add(colour)
        return colour
    })
}
