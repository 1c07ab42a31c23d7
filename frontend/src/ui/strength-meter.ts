/** How good a password would be: in words, with the next thing that makes it better. */

import { html, nothing, type TemplateResult } from "lit"
import type { PasswordStrength } from "../engine/protocol.ts"
import type { Text } from "./text.ts"

/** More advice at once is advice for nobody. */
const mostAdvice = 2

const steps = [1, 2, 3, 4] as const

export function strengthMeter({ password }: Text, strength: PasswordStrength | null): TemplateResult {
    const words = strength === null ? "" : (password.strength[strength.score] ?? "")
    return html`
        <div class="strength" data-score=${strength === null ? "" : String(Math.max(1, strength.score))}>
            <div class="strength-bar" aria-hidden="true">
                ${steps.map((step) => html`<i data-filled=${strength !== null && Math.max(1, strength.score) >= step}></i>`)}
            </div>
            <div class="small" id="password-strength" aria-live="polite">
                ${strength === null ? nothing : html`<p><span class="soft">${password.strengthLabel}:</span> <strong>${words}</strong></p>`}
                ${strength?.refused ? html`<p>${password.refused[strength.refused]}</p>` : nothing}
                ${(strength?.advice ?? []).slice(0, mostAdvice).map((advice) => html`<p class="soft">${password.hints[advice]}</p>`)}
            </div>
        </div>
    `
}
