/** Above the list of chats: that storage gets scarce, once per level; and the answer to a wish for more, until it was read. */

import { html, nothing, type TemplateResult } from "lit"
import type { QuotaState } from "../engine/protocol.ts"
import { icons } from "./icons.ts"
import { hashOf } from "./routes.ts"
import { levelOf, levelWords } from "./storage-bar.ts"
import type { Text } from "./text.ts"

type Kept = Pick<Storage, "getItem" | "setItem">

const levelKey = "room-level-seen"
const answerKey = "room-answer-seen"
const levels = ["fine", 80, 95, "full"] as const

export type RoomNews =
    | { readonly kind: "none" }
    | { readonly kind: "level" }
    | { readonly kind: "answer"; readonly granted: boolean; readonly decided: string }

/** What is still to be told on this device. A level that was left is news again when it is reached again. */
export function roomNews(quota: QuotaState, storage: Kept = localStorage): RoomNews {
    const { decided = null, granted = null } = quota.request ?? {}
    if (decided !== null && granted !== null && storage.getItem(answerKey) !== decided)
        return { kind: "answer", granted, decided }
    const level = levels.indexOf(levelOf(quota))
    const seen = Number(storage.getItem(levelKey) ?? 0)
    if (level < seen) storage.setItem(levelKey, String(level))
    return level > seen ? { kind: "level" } : { kind: "none" }
}

export function rememberRoomSeen(news: RoomNews, quota: QuotaState, storage: Kept = localStorage): void {
    if (news.kind === "answer") storage.setItem(answerKey, news.decided)
    if (news.kind === "level") storage.setItem(levelKey, String(levels.indexOf(levelOf(quota))))
}

export function roomNote(
    text: Text,
    quota: QuotaState,
    dismiss: (news: RoomNews) => void,
): TemplateResult | typeof nothing {
    const { room } = text
    const news = roomNews(quota)
    const close = html`<button class="link-button" type="button" @click=${() => dismiss(news)}>${room.dismiss}</button>`
    const look = html`<a href=${hashOf({ kind: "room" })}>${room.look}</a>`
    if (news.kind === "answer") {
        const words = news.granted ? room.granted : room.refused
        return html`
            <div class="note ${news.granted ? "" : "note-warm"} banner" role="status">
                ${news.granted ? icons.check : icons.alert}
                <p>${words(text.size(quota.limit))} ${news.granted ? nothing : html`${look} · `}${close}</p>
            </div>
        `
    }
    const told = news.kind === "level" ? levelWords(text, quota) : null
    if (told === null) return nothing
    return html`
        <div class="note note-warm banner" role="status">
            ${icons.alert}
            <p><b>${told.title}.</b> ${told.words} ${look} · ${close}</p>
        </div>
    `
}
