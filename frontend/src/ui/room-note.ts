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

const freshFor = 14 * 24 * 3600 * 1000

/** The answer to the last wish, as long as it is news: also a device that is new hears nothing of last year's. */
export function freshAnswer(
    { request }: QuotaState,
    now: number,
): { readonly granted: boolean; readonly decided: string } | null {
    if (request === null) return null
    const { decided, granted } = request
    if (decided === null || granted === null || now - Date.parse(decided) > freshFor) return null
    return { granted, decided }
}

/** What is still to be told on this device. A level that was left is news again when it is reached again. */
export function roomNews(quota: QuotaState, now: number, storage: Kept = localStorage): RoomNews {
    const answer = freshAnswer(quota, now)
    if (answer !== null && storage.getItem(answerKey) !== answer.decided) return { kind: "answer", ...answer }
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
    const news = roomNews(quota, Date.now())
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
