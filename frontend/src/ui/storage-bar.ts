/** How full the account's storage is, as a bar and in words; what is told when it gets scarce follows from its level. */

import { html, type TemplateResult } from "lit"
import type { QuotaState } from "../engine/protocol.ts"
import type { Text } from "./text.ts"

export type RoomLevel = "fine" | 80 | 95 | "full"

export function levelOf({ used, limit, warning }: QuotaState): RoomLevel {
    if (warning === 0) return "fine"
    return used >= limit ? "full" : warning
}

export function freeOf({ used, reserved, limit }: QuotaState): number {
    return Math.max(0, limit - used - reserved)
}

export function levelWords(text: Text, quota: QuotaState): { readonly title: string; readonly words: string } | null {
    const level = levelOf(quota)
    if (level === "fine") return null
    if (level === "full") return text.room.full
    const { title, words } = text.room.levels[level]
    return { title, words: words(text.size(freeOf(quota))) }
}

/** `facts`: what else is worth saying beside it. */
export function storageBar(text: Text, quota: QuotaState, facts: readonly string[] = []): TemplateResult {
    const taken = quota.used + quota.reserved
    const words = [text.library.used(text.size(taken), text.size(quota.limit)), ...facts].join(" · ")
    return html`
        <div class="storage" data-level=${levelOf(quota)}>
            <progress max=${Math.max(1, quota.limit)} value=${Math.min(taken, quota.limit)} aria-label=${words}></progress>
            <span class="small soft">${words}</span>
        </div>
    `
}
