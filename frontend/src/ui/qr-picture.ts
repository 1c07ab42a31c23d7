/** A QR picture: dark squares on white in every theme, because scanners want it so. */

import { html, svg, type TemplateResult } from "lit"
import { encode } from "uqr"

/** One path of squares, with the quiet zone that scanners want. */
export function qrPicture(words: string, label: string): TemplateResult {
    const { data, size } = encode(words, { ecc: "M", border: 2 })
    const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    return html`<svg role="img" aria-label=${label} viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">${svg`<path d=${squares.join("")}></path>`}</svg>`
}
