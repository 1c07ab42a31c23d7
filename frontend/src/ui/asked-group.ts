/** The field for the group of the code that is asked back from the sheet. */

import { html, nothing, type TemplateResult } from "lit"
import type { Text } from "./text.ts"

export function askedGroup(
    { first }: Text,
    { group, wrong }: { readonly group: number; readonly wrong: boolean },
): TemplateResult {
    return html`
        <p>${first.ask(group)}</p>
        <div class="field">
            <label for="asked-group">${first.askLabel(group)}</label>
            <input
                id="asked-group"
                class="asked-group"
                name="group"
                inputmode="numeric"
                autocomplete="off"
                maxlength="8"
                aria-invalid=${wrong ? "true" : nothing} />
            ${wrong ? html`<p class="errorlist" role="alert">${first.askWrong(group)}</p>` : nothing}
        </div>
    `
}
