/** How full the account's storage is, as a bar and in words. */

import { html, type TemplateResult } from "lit"
import type { QuotaState } from "../engine/protocol.ts"
import type { Text } from "./text.ts"

export function storageBar(text: Text, quota: QuotaState): TemplateResult {
    const taken = quota.used + quota.reserved
    const words = text.library.used(text.size(taken), text.size(quota.limit))
    return html`
        <div class="storage">
            <progress max=${Math.max(1, quota.limit)} value=${Math.min(taken, quota.limit)} aria-label=${words}></progress>
            <span class="small soft">${words}</span>
        </div>
    `
}
