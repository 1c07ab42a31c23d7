/** Two letters of a name and the number of its colour: the same for the same name. */

const tones = 6

export function initials(name: string): string {
    const words = name
        .normalize("NFC")
        .split(/[\s\-_/]+/)
        .filter((word) => /^[\p{L}\p{N}]/u.test(word))
    const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
    return letters.map((word) => [...(word ?? "?")][0]?.toLocaleUpperCase() ?? "?").join("")
}

export function toneOf(name: string): number {
    let sum = 0
    for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
    return sum % tones
}
