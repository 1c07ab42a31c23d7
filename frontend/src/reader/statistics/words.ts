/** Which words and emoji a chat uses most. What every sentence of a language has is left out. */

import { ara, deu, eng, fra, hin, ita, jpn, nld, pol, por, rus, spa, swe, tur, ukr } from "stopword"
import { invisible } from "../whatsapp/characters.ts"

export interface Counted {
    readonly text: string
    readonly count: number
}

/** Lists of a library, and what chats have beside them. */
const usual: ReadonlySet<string> = new Set(
    [ara, deu, eng, fra, hin, ita, jpn, nld, pol, por, rus, spa, swe, tur, ukr, chats()].flat().map(plain),
)

function chats(): string[] {
    return [
        [
            "ja",
            "nein",
            "ok",
            "okay",
            "mal",
            "schon",
            "noch",
            "dann",
            "auch",
            "halt",
            "eben",
            "gut",
            "ne",
            "doch",
            "hab",
            "bin",
        ],
        [
            "yes",
            "no",
            "yeah",
            "lol",
            "haha",
            "hahaha",
            "hehe",
            "well",
            "just",
            "like",
            "got",
            "get",
            "will",
            "gonna",
            "im",
        ],
        ["media", "omitted", "https", "http", "www", "com"],
    ].flat()
}

/** From two letters on, with marks and apostrophes within. */
const word = /\p{L}[\p{L}\p{M}'’-]*[\p{L}\p{M}]/gu
const address = /https?:\/\/\S+/gi
/** A picture with all that belongs to it: skin, joiners, flags, keycaps. */
const emoji =
    /(?:\p{Regional_Indicator}{2}|[#*0-9]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*)/gu
const anyEmoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3/u
/** Signs that count as pictures in Unicode, and that people use as signs. */
const signs: ReadonlySet<string> = new Set(["©", "®", "™", "‼", "⁉", "ℹ"])

/** No messenger sends longer messages: what comes behind that is not counted. */
const longestText = 200_000

/** Of more different words only the ones that came first are counted: a book in a chat is no vocabulary. */
const mostDifferent = 400_000

export class Vocabulary {
    readonly #words = new Map<string, number>()
    readonly #emoji = new Map<string, number>()

    /** Gives how many words the text has. */
    add(text: string): number {
        const short = text.slice(0, longestText)
        const said = short.includes("://") ? short.replace(address, " ") : short
        const found = said.match(word) ?? []
        for (const one of found) count(this.#words, plain(one))
        if (anyEmoji.test(said)) for (const one of said.match(emoji) ?? []) if (!signs.has(one)) count(this.#emoji, one)
        return found.length
    }

    words(most: number): readonly Counted[] {
        return top(this.#words, most, (one) => one.length > 1 && !usual.has(one))
    }

    emoji(most: number): readonly Counted[] {
        return top(this.#emoji, most, () => true)
    }
}

function plain(text: string): string {
    return text.replace(invisible, "").replaceAll("’", "'").normalize("NFC").toLowerCase()
}

function count(counts: Map<string, number>, text: string): void {
    const known = counts.get(text)
    if (known !== undefined) counts.set(text, known + 1)
    else if (counts.size < mostDifferent) counts.set(text, 1)
}

function top(counts: ReadonlyMap<string, number>, most: number, wanted: (text: string) => boolean): readonly Counted[] {
    return [...counts]
        .filter(([text]) => wanted(text))
        .toSorted((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1))
        .slice(0, most)
        .map(([text, times]) => ({ text, count: times }))
}
