/** Text as it is searched: small letters without accents and invisible marks, so that *grusse* finds *Grüße*. */

import { invisible } from "./whatsapp/characters.ts"

const plain = /^[\t\n -~]*$/
const accents = /\p{M}+/gu

export function fold(text: string): string {
    if (plain.test(text)) return text.toLowerCase()
    return text.replace(invisible, "").normalize("NFKD").replace(accents, "").toLowerCase().replaceAll("ß", "ss")
}

/** What has to be found: words, and between quotation marks what stands together. */
export function termsOf(query: string): readonly string[] {
    const terms: string[] = []
    for (const [, phrase, word] of query.matchAll(/["„“”«»]([^"„“”«»]+)["“”«»]|([^\s"„“”«»]+)/g)) {
        const term = fold(phrase ?? word ?? "")
        if (term.trim() !== "") terms.push(term)
    }
    return [...new Set(terms)]
}

export interface Stretch {
    readonly start: number
    readonly end: number
}

/** Where the terms stand in a text as it is shown, in order and without overlap. */
export function stretchesOf(text: string, terms: readonly string[]): readonly Stretch[] {
    const { folded, places } = foldWithPlaces(text)
    const found: Stretch[] = []
    for (const term of terms)
        for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + term.length))
            found.push({ start: places[at] ?? 0, end: places[at + term.length] ?? text.length })
    const inOrder = found.toSorted((one, other) => one.start - other.start || other.end - one.end)
    const apart: Stretch[] = []
    for (const stretch of inOrder) if (stretch.start >= (apart.at(-1)?.end ?? 0)) apart.push(stretch)
    return apart
}

/** Of each folded character the place it came from; folding one character at a time gives the same. */
function foldWithPlaces(text: string): { readonly folded: string; readonly places: readonly number[] } {
    let folded = ""
    const places: number[] = []
    let at = 0
    for (const character of text) {
        const small = fold(character)
        for (let step = 0; step < small.length; step++) places.push(at)
        folded += small
        at += character.length
    }
    places.push(text.length)
    return { folded, places }
}
