/** Characters that are there and not seen: what a header, a name and a comparison do without. */

/** Marks of direction, isolates and the byte order mark; joiners stay, because emoji are made of them. */
export const invisible = /[\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g

export function isInvisible(code: number): boolean {
    return (
        code === 0x200e ||
        code === 0x200f ||
        (code >= 0x202a && code <= 0x202e) ||
        (code >= 0x2066 && code <= 0x2069) ||
        code === 0xfeff
    )
}

/** The zero of each script whose digits a phone may write; nine more follow each. */
const zeros = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0,
    0x0f20, 0x1040, 0x17e0, 0xff10,
]

export function digitOf(code: number): number {
    if (code >= 0x30 && code <= 0x39) return code - 0x30
    if (code < 0x0660) return -1
    for (const zero of zeros) if (code >= zero && code <= zero + 9) return code - zero
    return -1
}

/** Without invisible marks, and with ordinary spaces. */
export function withPlainSpaces(text: string): string {
    return text.replace(invisible, "").replace(/[\u00A0\u2009\u202F]/g, " ")
}

/** A name as it is shown and compared: no invisible marks, ordinary spaces and hyphens, composed letters. */
export function cleanName(name: string): string {
    return withPlainSpaces(name)
        .replace(/\u2011/g, "-")
        .trim()
        .normalize("NFC")
}

/** What two spellings of one file name have in common. */
export function comparableName(name: string): string {
    return name.replace(invisible, "").normalize("NFC")
}

/** What two spellings of one app sentence have in common: spaces, quotes, case and the full stop come and go. */
export function comparableSentence(text: string): string {
    return withPlainSpaces(text)
        .replace(/[’‘]/g, "'")
        .trim()
        .replace(/[.。।]$/, "")
        .toLowerCase()
}

/** The two marks with which the app begins what it writes itself. */
export function isMark(code: number): boolean {
    return code === 0x200e || code === 0x200f
}

const atEnds = (code: number): boolean => isMark(code) || code === 0xfeff

/**
 * The text without marks at its ends; those within belong to the words around them.
 *
 * What opens or closes an isolate stays everywhere: one without the other would turn the text behind it round.
 */
export function trimMarks(text: string): string {
    let start = 0
    let end = text.length
    while (start < end && atEnds(text.charCodeAt(start))) start++
    while (end > start && atEnds(text.charCodeAt(end - 1))) end--
    return start === 0 && end === text.length ? text : text.slice(start, end)
}

/** The text without spaces and marks behind its last word. */
export function trimEndOfText(text: string): string {
    let end = text.length
    while (end > 0 && (atEnds(text.charCodeAt(end - 1)) || text.charAt(end - 1).trim() === "")) end--
    return text.slice(0, end)
}
