/** The question whether an export was made in another time zone; asked once, above the chat it concerns. */

import { html, nothing, type TemplateResult } from "lit"
import type { ChatSummary, OpenChat } from "../engine/protocol.ts"
import type { Text } from "./text.ts"

/** Minutes as hours, where they are whole. */
const hours = (minutes: number): number => Math.abs(minutes) / 60

export function clockQuestion(
    { chat: text }: Text,
    summary: ChatSummary,
    chat: OpenChat,
    answer: (clocks: Readonly<Record<string, number>>) => void,
): TemplateResult | typeof nothing {
    const asked = chat.imports.find(({ ahead, asked }) => asked && ahead !== 0)
    if (!chat.whole || asked === undefined) return nothing
    const name = summary.imports.find(({ importId }) => importId === asked.importId)?.fileName ?? ""
    // All of them are settled at once: each is ahead of the newest one by what was found, or by nothing.
    const clocks = (yes: boolean) => Object.fromEntries(chat.imports.map((one) => [one.importId, yes ? one.ahead : 0]))
    return html`
        <div class="chat-strip note clock-question" role="status">
            <p>${text.clockAsk(name, hours(asked.ahead), asked.ahead > 0)}</p>
            <p class="row">
                <button class="button button-small" type="button" @click=${() => answer(clocks(true))}>${text.clockYes}</button>
                <button class="button button-quiet button-small" type="button" @click=${() => answer(clocks(false))}>${text.clockNo}</button>
            </p>
        </div>
    `
}
