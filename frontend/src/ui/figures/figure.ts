/** One plot with its heading, its legend, its table, and the two ways to save it. */

import { html, nothing, svg, type TemplateResult } from "lit"
import type { Text } from "../text.ts"
import type { Figure } from "./facts.ts"
import { plotWidth } from "./plots.ts"
import { saveAsPng, saveAsSvg } from "./save.ts"

export function figure({ figures }: Text, one: Figure): TemplateResult {
    const { title, why, height, plot, legend, head, rows } = one
    const drawing = (event: Event): SVGSVGElement | null =>
        (event.currentTarget as Element).closest(".figure")?.querySelector<SVGSVGElement>("svg.plot") ?? null
    const save = (how: typeof saveAsSvg) => (event: Event) => {
        const found = drawing(event)
        if (found !== null) void how(found, title, legend)
    }
    return html`
        <section class="figure card">
            <h2>${title}</h2>
            ${why === null ? nothing : html`<p class="small soft">${why}</p>`}
            ${legend.length < 2 ? nothing : html`<ul class="legend">${legend.map(({ name, tone, opacity }) => html`<li><svg viewBox="0 0 10 10" aria-hidden="true">${svg`<rect class="tone-${tone}" fill-opacity=${opacity ?? 1} width="10" height="10" rx="3"/>`}</svg><bdi>${name}</bdi></li>`)}</ul>`}
            <svg class="plot" role="img" aria-label=${title} viewBox="0 0 ${plotWidth} ${height}" width=${plotWidth} height=${height}>${plot}</svg>
            <div class="figure-foot">
                <details>
                    <summary>${figures.table}</summary>
                    <div class="figure-table" tabindex="0" role="region" aria-label=${title}>
                        <table>
                            <thead>
                                <tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr>
                            </thead>
                            <tbody>
                                ${rows.map((row) => html`<tr>${row.map((cell, at) => (at === 0 ? html`<th scope="row"><bdi>${cell}</bdi></th>` : html`<td>${cell}</td>`))}</tr>`)}
                            </tbody>
                        </table>
                    </div>
                </details>
                <button class="button button-plain button-small" type="button" aria-label=${figures.saveOf(title, "SVG")} @click=${save(saveAsSvg)}>${figures.saveSvg}</button>
                <button class="button button-plain button-small" type="button" aria-label=${figures.saveOf(title, "PNG")} @click=${save(saveAsPng)}>${figures.savePng}</button>
            </div>
        </section>
    `
}
