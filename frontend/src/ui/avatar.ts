/** Two letters on a quiet colour, the same for the same name. */

import { html, type TemplateResult } from "lit"

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

export function avatar(name: string): TemplateResult {
    return html`<span class="avatar avatar-${toneOf(name)}" aria-hidden="true">${initials(name)}</span>`
}
