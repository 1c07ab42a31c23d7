/** Two letters on a quiet colour, the same for the same name. */

import { html, type TemplateResult } from "lit"
import { initials, toneOf } from "./initials.ts"

export function avatar(name: string): TemplateResult {
    return html`<span class="avatar avatar-${toneOf(name)}" aria-hidden="true">${initials(name)}</span>`
}
