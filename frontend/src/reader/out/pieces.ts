/** A message's words in pieces, bold and links among them, as markup. */

import { element, type Markup } from "./markup.ts"

/** As whoever shows chats elsewhere reads them. */
export type Piece =
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "link"; readonly text: string; readonly address: string }
    | { readonly kind: "code"; readonly text: string; readonly block: boolean }
    | { readonly kind: "bold" | "italic" | "struck"; readonly pieces: readonly Piece[] }

export function pieceMarkup(piece: Piece): Markup {
    switch (piece.kind) {
        case "text":
            return piece.text
        case "link":
            // Whoever made the pieces looked as well; here is where it becomes something to click.
            if (!/^(?:https?|mailto):/i.test(piece.address)) return piece.text
            return element("a", { href: piece.address, target: "_blank", rel: "noopener noreferrer" }, piece.text)
        case "code":
            return element("code", piece.block ? { class: "lines" } : {}, piece.text)
        case "bold":
            return element("strong", {}, ...piece.pieces.map(pieceMarkup))
        case "italic":
            return element("em", {}, ...piece.pieces.map(pieceMarkup))
        case "struck":
            return element("s", {}, ...piece.pieces.map(pieceMarkup))
    }
}
