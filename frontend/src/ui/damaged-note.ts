/** Which entries of an export were damaged before they came here. */

import { html, nothing, type TemplateResult } from "lit"
import type { Text } from "./text.ts"

/** More names help nobody. */
const mostNames = 20

export function damagedNote({ add }: Text, names: readonly string[]): TemplateResult | typeof nothing {
    if (names.length === 0) return nothing
    return html`
        <div class="note note-warm">
            <div>
                <p>${add.damaged(names.length)}</p>
                <ul class="small">
                    ${names.slice(0, mostNames).map((name) => html`<li>${name}</li>`)}
                </ul>
            </div>
        </div>
    `
}
