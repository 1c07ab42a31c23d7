/** This device was signed out by another one: what that means, and the way back. */

import { html, type TemplateResult } from "lit"
import type { Text } from "./text.ts"

export function signedOut({ news }: Text): TemplateResult {
    return html`
        <section class="refusal" role="alert">
            <h1>${news.revokedTitle}</h1>
            <p class="lead">${news.revokedWords}</p>
            <p><button class="button" type="button" @click=${() => location.reload()}>${news.signIn}</button></p>
        </section>
    `
}
