/** A message's words as elements: pieces become elements one by one, never markup. */

import { html, type TemplateResult } from "lit"
import { clampAt, emojiAlone, format, type Piece } from "./formatting.ts"
import type { ChatText } from "./text.ts"

/** Formatting is remembered while a text is shown: the list is drawn anew with every step of scrolling. */
const remembered = new Map<string, readonly Piece[]>()
const mostRemembered = 600

function piecesOf(text: string): readonly Piece[] {
    let pieces = remembered.get(text)
    if (pieces === undefined) {
        if (remembered.size >= mostRemembered) remembered.clear()
        pieces = format(text)
        remembered.set(text, pieces)
    }
    return pieces
}

function element(piece: Piece): TemplateResult | string {
    switch (piece.kind) {
        case "text":
            return piece.text
        case "link":
            return html`<a href=${piece.address} target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer">${piece.text}</a>`
        case "code":
            return piece.block ? html`<code class="lines">${piece.text}</code>` : html`<code>${piece.text}</code>`
        case "bold":
            return html`<strong>${piece.pieces.map(element)}</strong>`
        case "italic":
            return html`<em>${piece.pieces.map(element)}</em>`
        case "struck":
            return html`<s>${piece.pieces.map(element)}</s>`
    }
}

export function inline(text: string): readonly (TemplateResult | string)[] {
    return piecesOf(text).map(element)
}

export interface Unfolding {
    readonly unfolded: boolean
    readonly toggle: () => void
}

/** The words of a bubble; very long ones begin folded. */
export function messageText(text: string, unfolding: Unfolding, words: ChatText): TemplateResult {
    const emoji = emojiAlone(text)
    if (emoji > 0) return html`<div class="text emoji emoji-${emoji}" dir="auto">${text}</div>`
    const cut = clampAt(text)
    if (cut === null) return html`<div class="text" dir="auto">${inline(text)}</div>`
    const shown = unfolding.unfolded ? text : `${text.slice(0, cut).trimEnd()} …`
    return html`<div class="text" dir="auto">${inline(shown)}</div>
        <button class="fold" aria-expanded=${unfolding.unfolded} @click=${unfolding.toggle}>
            ${unfolding.unfolded ? words.showLess : words.showAll}
        </button>`
}
