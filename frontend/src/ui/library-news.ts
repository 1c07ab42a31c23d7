/** What happened to the password, told above the list of chats: once, or for as long as something is to be done. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { Ways } from "../engine/protocol.ts"
import { icons } from "./icons.ts"
import { day, type Language } from "./language.ts"
import type { News } from "./library-session.ts"
import { hashOf } from "./routes.ts"
import type { Text } from "./text.ts"

export function newsNote(
    { news: words }: Text,
    news: News | null,
    activity: string,
    dismiss: () => void,
): TemplateResult {
    const close = html`<button class="link-button" type="button" @click=${dismiss}>${words.dismiss}</button>`
    switch (news?.kind) {
        case undefined:
            return html`<div role="status"></div>`
        case "guess":
            return html`
                <div class="note note-warm banner" role="status">
                    ${icons.alert}
                    <p>${words.guess(news.left)} <a href=${activity}>${words.look}</a> · ${close}</p>
                </div>
            `
        case "renewed":
            return html`
                <div class="note banner" role="status">
                    ${icons.check}
                    <p>${words.renewed} ${close}</p>
                </div>
            `
        default:
            return unreachable(news)
    }
}

const key = "erased-password-seen"

/** Stays until a new password is set, or until the person has said that it was read. */
export function erasedNote(
    { news: words }: Text,
    language: Language,
    ways: Ways | null,
    activity: string,
    dismiss: (at: string) => void,
    storage: Pick<Storage, "getItem"> = localStorage,
): TemplateResult | typeof nothing {
    if (ways?.password.kind !== "erased") return nothing
    const { at } = ways.password
    if (storage.getItem(key) === at) return nothing
    return html`
        <div class="note note-warm banner" role="status">
            ${icons.alert}
            <div class="stack-small">
                <p>${words.erased(day(language, at))}</p>
                <p>
                    <a href=${hashOf({ kind: "ways" })}>${words.setNew}</a> · <a href=${activity}>${words.look}</a> ·
                    <button class="link-button" type="button" @click=${() => dismiss(at)}>${words.dismiss}</button>
                </p>
            </div>
        </div>
    `
}

export function rememberErasedSeen(at: string, storage: Pick<Storage, "setItem"> = localStorage): void {
    storage.setItem(key, at)
}
