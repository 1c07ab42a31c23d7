/** How a chat leaves WhatsApp, for the two kinds of phone. */

import { html, type TemplateResult } from "lit"
import type { Text } from "./text.ts"

export function exportSteps(text: Text, open: boolean): TemplateResult {
    const { exporting } = text
    const apple = /iPhone|iPad|Macintosh/.test(navigator.userAgent)
    const phone = (title: string, steps: readonly string[], first: boolean) => html`
        <details class="export-steps" ?open=${open && first}>
            <summary>${title}</summary>
            <ol>
                ${steps.map((step) => html`<li>${step}</li>`)}
            </ol>
        </details>
    `
    return html`
        <div class="stack">
            ${phone(exporting.android, exporting.androidSteps, !apple)} ${phone(exporting.iphone, exporting.iphoneSteps, apple)}
            <p class="small soft">${exporting.hint} ${exporting.other}</p>
        </div>
    `
}
