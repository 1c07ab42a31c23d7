/** The head of a settings page: where one is, and the way back. */

import { html, type TemplateResult } from "lit"
import { icons } from "./icons.ts"
import { hashOf, type Route } from "./routes.ts"
import type { Text } from "./text.ts"

/** `always`: the way back is needed on wide screens too, where the list of chats stands beside. */
export function settingsHead(text: Text, title: string, back: Route, always: boolean): TemplateResult {
    return html`
        <div class="settings-head">
            <a class="button button-round ${always ? "" : "chat-back"}" href=${hashOf(back)} aria-label=${text.common.back}>${icons.back}</a>
            <h1>${title}</h1>
        </div>
    `
}
