/** A few words of a message, with what was searched marked in them. */

import { html, type TemplateResult } from "lit"
import type { ChatRecord } from "../../reader/conversation.ts"
import { stretchesOf } from "../../reader/fold.ts"

const around = 60
const longest = 220

export function snippet(record: ChatRecord, terms: readonly string[]): TemplateResult {
    const words = shownWords(record, terms)
    const stretches = stretchesOf(words, terms)
    const first = stretches[0]?.start ?? 0
    const from = first > around ? words.indexOf(" ", first - around) + 1 : 0
    const to = Math.min(words.length, from + longest)
    const parts: (string | TemplateResult)[] = from > 0 ? ["… "] : []
    let at = from
    for (const { start, end } of stretches) {
        if (start < at || end > to) continue
        parts.push(words.slice(at, start), html`<mark>${words.slice(start, end)}</mark>`)
        at = end
    }
    parts.push(words.slice(at, to), to < words.length ? " …" : "")
    return html`${parts}`
}

/** The text, or of a message without fitting text the name of its file. */
function shownWords({ text, attachment, poll }: ChatRecord, terms: readonly string[]): string {
    const fits = (words: string): boolean => stretchesOf(words, terms).length > 0
    const others = [attachment?.name ?? "", ...(poll?.options ?? []).map((option) => option.text)]
    if (text !== "" && (terms.length === 0 || fits(text))) return text
    return others.find((words) => words !== "" && fits(words)) ?? (text === "" ? (attachment?.name ?? "") : text)
}
