/** Above the list of chats: that files were to come back, and not all of them did. */

import { html, nothing, type TemplateResult } from "lit"
import type { PendingRestore } from "../engine/protocol.ts"
import { dayAndTime, type Language } from "./language.ts"
import type { Text } from "./text.ts"

export interface PendingRestoreActions {
    goOn(pending: PendingRestore): void
    forget(): void
}

export function pendingRestoreNote(
    { restore }: Text,
    language: Language,
    pending: PendingRestore | null,
    actions: PendingRestoreActions,
): TemplateResult | typeof nothing {
    if (pending === null) return nothing
    const { request, name, begun } = pending
    const words = request.what.kind === "everything" ? restore.pendingAll : restore.pending(name.replace(/\.zip$/i, ""))
    return html`
        <section class="note note-warm pending">
            <div class="stack">
                <h2 class="pending-title">${restore.goOnTitle}</h2>
                <p>${words} <span class="small soft">· ${restore.begun(dayAndTime(language, begun))}</span></p>
                <p class="row">
                    <button class="button button-small" type="button" @click=${() => actions.goOn(pending)}>${restore.goOn}</button>
                    <button class="button button-plain button-small" type="button" @click=${actions.forget}>${restore.forget}</button>
                </p>
            </div>
        </section>
    `
}
