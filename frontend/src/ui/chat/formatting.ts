/**
 * A message's text as pieces: bold, italic, struck, code, and links. Text stays text; nothing here makes markup.
 *
 * The marks are WhatsApp's: `*bold*`, `_italic_`, `~struck~`, `` `code` `` and ` ``` ` for lines of code. A mark opens
 * behind a space or punctuation and before a letter, closes the other way round, and lives on one line.
 */

import { tokenize } from "linkifyjs"

export type Piece =
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "link"; readonly text: string; readonly address: string }
    | { readonly kind: "code"; readonly text: string; readonly block: boolean }
    | { readonly kind: "bold" | "italic" | "struck"; readonly pieces: readonly Piece[] }

const marks: Readonly<Record<string, "bold" | "italic" | "struck">> = { "*": "bold", _: "italic", "~": "struck" }

interface Link {
    readonly start: number
    readonly end: number
    readonly address: string
}

const inWord = /[\p{L}\p{N}]/u

function findLinks(text: string): Link[] {
    if (!/[.@:]/.test(text)) return []
    const links: Link[] = []
    let at = 0
    for (const token of tokenize(text)) {
        const written = token.toString()
        const start = at
        at += written.length
        if (!token.isLink) continue
        const before = text.charAt(start - 1)
        // `*https://example.org*`: the mark around an address is not part of it.
        const length = before in marks && written.endsWith(before) ? written.length - 1 : written.length
        const address = addressOf(text.slice(start, start + length), token.t)
        if (address !== null) links.push({ start, end: start + length, address })
    }
    return links
}

/** Only addresses that open a page or a letter; everything else stays text. */
function addressOf(written: string, kind: string): string | null {
    const address =
        kind === "email" ? `mailto:${written}` : /^https?:\/\//i.test(written) ? written : `https://${written}`
    try {
        const { protocol } = new URL(address)
        const isOther = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) && !/^https?:/i.test(written)
        return !isOther && ["https:", "http:", "mailto:"].includes(protocol) ? address : null
    } catch {
        return null
    }
}

class Formatter {
    private readonly text: string
    private readonly links: readonly Link[]
    /** Up to where a search for a closing mark has failed: it fails from everywhere before, and is not made again. */
    private readonly barren = new Map<string, number>()

    constructor(text: string) {
        this.text = text
        this.links = findLinks(text)
    }

    read(from: number, to: number, open: string): Piece[] {
        const pieces: Piece[] = []
        let plain = from
        let link = this.links.findIndex((candidate) => candidate.end > from)
        const flush = (end: number): void => {
            if (end > plain) pieces.push({ kind: "text", text: this.text.slice(plain, end) })
        }
        for (let at = from; at < to; ) {
            const next = link < 0 ? undefined : this.links[link]
            if (next !== undefined && at >= next.start) {
                link++
                // It began in what is shown already: the rest of it is text.
                if (at > next.start) continue
                flush(at)
                const end = Math.min(next.end, to)
                const address = next.address.slice(0, next.address.length - (next.end - end))
                pieces.push({ kind: "link", text: this.text.slice(at, end), address })
                at = end
                plain = at
                continue
            }
            const found = this.markAt(at, to, open)
            if (found === null) {
                at++
                continue
            }
            flush(at)
            pieces.push(found.piece)
            at = found.end
            plain = at
            while (link >= 0 && (this.links[link]?.start ?? to) < at) link++
        }
        flush(to)
        return pieces
    }

    private markAt(at: number, to: number, open: string): { piece: Piece; end: number } | null {
        const mark = this.text.charAt(at)
        if (mark === "`") return this.codeAt(at, to)
        const kind = marks[mark]
        if (kind === undefined || open.includes(mark) || !this.opens(at)) return null
        const close = this.closing(mark, at, to)
        if (close < 0) return null
        return { piece: { kind, pieces: this.read(at + 1, close, open + mark) }, end: close + 1 }
    }

    private codeAt(at: number, to: number): { piece: Piece; end: number } | null {
        const block = this.text.startsWith("```", at)
        const fence = block ? "```" : "`"
        if (at < (this.barren.get(fence) ?? 0)) return null
        const close = this.text.indexOf(fence, at + fence.length)
        if (close < 0 || close >= to) {
            this.barren.set(fence, to)
            return null
        }
        const code = this.text.slice(at + fence.length, close)
        if (code.trim() === "" || (!block && code.includes("\n"))) return null
        return {
            piece: { kind: "code", text: block ? code.replace(/^\n|\n$/g, "") : code, block },
            end: close + fence.length,
        }
    }

    private opens(at: number): boolean {
        const before = this.text.charAt(at - 1)
        const after = this.text.charAt(at + 1)
        return (at === 0 || !inWord.test(before)) && after !== "" && !/\s/.test(after) && after !== this.text.charAt(at)
    }

    private closing(mark: string, at: number, to: number): number {
        if (at < (this.barren.get(mark) ?? 0)) return -1
        let close = at + 1
        while (++close < to) {
            const character = this.text.charAt(close)
            if (character === "\n") break
            if (character !== mark || /\s/.test(this.text.charAt(close - 1))) continue
            const after = this.text.charAt(close + 1)
            if ((after === "" || !inWord.test(after)) && !this.insideLink(close)) return close
        }
        this.barren.set(mark, close)
        return -1
    }

    private insideLink(at: number): boolean {
        let low = 0
        let high = this.links.length
        while (low < high) {
            const middle = (low + high) >>> 1
            if ((this.links[middle]?.end ?? 0) <= at) low = middle + 1
            else high = middle
        }
        return (this.links[low]?.start ?? this.text.length) <= at
    }
}

export function format(text: string): readonly Piece[] {
    if (!/[*_~`.@:]/.test(text)) return [{ kind: "text", text }]
    return new Formatter(text).read(0, text.length, "")
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" })
const emoji = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[#*0-9]\uFE0F?\u20E3)/u

/** One to three emoji and nothing else are shown large; the answer is their number, else 0. */
export function emojiAlone(text: string): number {
    if (text.length > 60 || !/\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3/u.test(text)) return 0
    let count = 0
    for (const { segment } of segmenter.segment(text)) {
        if (/^\s+$/.test(segment)) continue
        if (!emoji.test(segment)) return 0
        count++
    }
    return count <= 3 ? count : 0
}

const mostCharacters = 1400
const mostLines = 22

/** Where a very long text is cut for reading on, at a line or a word; or null when it is short enough. */
export function clampAt(text: string): number | null {
    let lines = 0
    let end = Math.min(text.length, mostCharacters)
    for (let at = text.indexOf("\n"); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) {
        lines++
        if (lines === mostLines) end = at
    }
    // A button that would show three more lines is worse than the lines.
    if (text.length - end < 250 && lines < mostLines) return null
    if (end === text.length) return null
    const space = text.lastIndexOf(" ", end)
    return space > end - 40 && lines < mostLines ? space : end
}
