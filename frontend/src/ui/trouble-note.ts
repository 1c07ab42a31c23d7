/** What went wrong, beside the place where it can be put right. */

import { html, nothing, type TemplateResult } from "lit"

export function troubleNote(words: string | null): TemplateResult | typeof nothing {
    return words === null ? nothing : html`<p class="note note-danger" role="alert"><span>${words}</span></p>`
}
