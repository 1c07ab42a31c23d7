/** The server shows an older or another history: nothing is opened until that is cleared up. */

import { html, type TemplateResult } from "lit"
import type { Text } from "./text.ts"

export function headTrouble(text: Text, trouble: "older-head" | "forked-head"): TemplateResult {
    const { headTrouble: words } = text
    const older = trouble === "older-head"
    return html`
        <section class="refusal" role="alert">
            <h1>${older ? words.olderTitle : words.forkedTitle}</h1>
            <p>${older ? words.olderWords : words.forkedWords}</p>
            <h2>${words.whatToDo}</h2>
            <ul>
                ${words.steps.map((step) => html`<li>${step}</li>`)}
            </ul>
            <p><button class="button" type="button" @click=${() => location.reload()}>${words.reload}</button></p>
        </section>
    `
}
