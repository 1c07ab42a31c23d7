/** Above the list of chats: that sealing anew goes on, or waits to be gone on with. */

import { html, nothing, type TemplateResult } from "lit"
import { icons } from "./icons.ts"
import type { ResealState } from "./key-session.ts"
import { hashOf } from "./routes.ts"
import type { Text } from "./text.ts"

export function keyNote({ key }: Text, resealing: number, state: ResealState): TemplateResult | typeof nothing {
    if (state.kind === "running") {
        const { done = 0, total = 1 } = state.progress ?? {}
        return html`
            <a class="note running-strip" href=${hashOf({ kind: "key" })}>
                <span>${key.strip}<progress max=${Math.max(1, total)} value=${done} aria-hidden="true"></progress></span>
            </a>
        `
    }
    if (resealing === 0) return nothing
    return html`
        <div class="note note-warm banner" role="status">
            ${icons.lock}
            <p>${key.banner(resealing)} <a href=${hashOf({ kind: "key" })}>${key.goOn}</a></p>
        </div>
    `
}
