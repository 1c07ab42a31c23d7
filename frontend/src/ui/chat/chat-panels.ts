/** What stands beside the chat: the tools above it, and the one pane that is open. */

import { html, nothing, type TemplateResult } from "lit"
import type { Language } from "../language.ts"
import type { BookmarkShelf } from "./bookmark-shelf.ts"
import "./bookmark-panel.ts"
import "./calendar-panel.ts"
import type { ChatSession } from "./chat-session.ts"
import { findTexts } from "./find-text.ts"
import "./gallery-panel.ts"
import { chatIcons } from "./icons.ts"
import "./search-panel.ts"
import { chatTexts } from "./text.ts"

export type PanelKind = "search" | "calendar" | "gallery" | "bookmarks"

const kinds = ["search", "calendar", "gallery", "bookmarks"] as const
const icons = { search: "search", calendar: "calendar", gallery: "gallery", bookmarks: "bookmark" } as const

export function toolbar(
    language: Language,
    session: ChatSession,
    open: PanelKind | null,
    choose: (kind: PanelKind) => void,
    toStart: () => void,
): TemplateResult {
    const text = findTexts[language]
    const { whole } = session.source.chat
    const { toStart: label } = chatTexts[language]
    return html`<div class="bar" role="toolbar" aria-label=${chatTexts[language].tools}>
        ${kinds.map((kind) =>
            kind === "bookmarks" && session.source.bookmarks === null
                ? nothing
                : html`<button
                      class="tool"
                      title=${text[kind]}
                      aria-label=${text[kind]}
                      aria-pressed=${kind === open}
                      data-kind=${kind}
                      ?disabled=${!whole}
                      @click=${() => choose(kind)}
                  >
                      ${chatIcons[icons[kind]]}
                  </button>`,
        )}
        <button class="tool" title=${label} aria-label=${label} ?disabled=${!whole} @click=${toStart}>${chatIcons.toStart}</button>
    </div>`
}

export function panel(
    language: Language,
    session: ChatSession,
    open: PanelKind | null,
    shelf: BookmarkShelf,
    close: () => void,
): TemplateResult | typeof nothing {
    if (open === null) return nothing
    const text = findTexts[language]
    return html`<aside class="panel" aria-label=${text[open]}>
        <header class="panel-head">
            <h2>${text[open]}</h2>
            <button class="tool" title=${text.close} aria-label=${text.close} @click=${close}>${chatIcons.close}</button>
        </header>
        ${content(language, session, open, shelf)}
    </aside>`
}

function content(language: Language, session: ChatSession, open: PanelKind, shelf: BookmarkShelf): TemplateResult {
    switch (open) {
        case "search":
            return html`<bw-search-panel .session=${session} .language=${language}></bw-search-panel>`
        case "calendar":
            return html`<bw-calendar-panel .session=${session} .language=${language}></bw-calendar-panel>`
        case "gallery":
            return html`<bw-gallery-panel .session=${session} .language=${language}></bw-gallery-panel>`
        case "bookmarks":
            return html`<bw-bookmark-panel
                .session=${session}
                .language=${language}
                .bookmarks=${shelf.bookmarks}
                .edited=${shelf.edited}
                .keep=${shelf.note}
                .forget=${shelf.remove}
            ></bw-bookmark-panel>`
    }
}
