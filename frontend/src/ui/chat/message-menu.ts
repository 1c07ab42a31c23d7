/** `<bw-message-menu>`: what can be done with one message; opens beside the button that asked for it. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit"
import type { ChatRecord } from "../../reader/conversation.ts"
import type { Language } from "../language.ts"
import { findTexts } from "./find-text.ts"
import { chatIcons, iconStyles } from "./icons.ts"
import { chatTexts } from "./text.ts"

export interface MessageActions {
    /** Null: nothing can be kept here. */
    readonly bookmark: ((record: ChatRecord) => void) | null
    readonly raw: (record: ChatRecord) => void
    readonly isMarked: (record: ChatRecord) => boolean
}

export class MessageMenu extends LitElement {
    static override properties = { language: {}, actions: { attribute: false }, record: { state: true } }

    declare language: Language
    declare actions: MessageActions | null
    declare private record: ChatRecord | null

    constructor() {
        super()
        this.language = "en"
        this.actions = null
        this.record = null
    }

    static override styles = [
        iconStyles,
        css`
            [popover] {
                position: fixed;
                margin: 0;
                padding: 6px;
                border: 1px solid var(--line);
                border-radius: 14px;
                color: var(--ink);
                background: var(--paper-raised);
                box-shadow: var(--shadow);
            }

            button {
                display: flex;
                gap: var(--space-2);
                align-items: center;
                inline-size: 100%;
                min-block-size: 44px;
                padding: 6px 14px 6px 10px;
                border: 0;
                border-radius: 10px;
                color: inherit;
                font: inherit;
                text-align: start;
                background: none;
                cursor: pointer;
            }

            button:hover {
                background: var(--paper-sunken);
            }

            :focus-visible {
                outline: 3px solid var(--accent);
                outline-offset: -2px;
            }
        `,
    ]

    async show(record: ChatRecord, button: Element): Promise<void> {
        this.record = record
        await this.updateComplete
        const menu = this.renderRoot.querySelector<HTMLElement>("[popover]")
        if (menu === null) return
        menu.showPopover()
        const place = button.getBoundingClientRect()
        const { offsetWidth, offsetHeight } = menu
        const below = place.bottom + 4
        const top = below + offsetHeight > innerHeight - 8 ? place.top - offsetHeight - 4 : below
        const left = Math.min(Math.max(8, place.right - offsetWidth), innerWidth - offsetWidth - 8)
        menu.style.insetBlockStart = `${Math.max(8, top)}px`
        menu.style.insetInlineStart = `${document.dir === "rtl" ? innerWidth - left - offsetWidth : left}px`
        menu.querySelector("button")?.focus()
    }

    protected override render(): TemplateResult {
        const text = findTexts[this.language]
        const { actions, record } = this
        if (actions === null || record === null) return html`<div popover></div>`
        const act = (work: (record: ChatRecord) => void) => () => {
            this.renderRoot.querySelector<HTMLElement>("[popover]")?.hidePopover()
            work(record)
        }
        const marked = actions.isMarked(record)
        return html`<div popover>
            ${
                actions.bookmark === null
                    ? nothing
                    : html`<button @click=${act(actions.bookmark)}>
                          ${chatIcons[marked ? "marked" : "bookmark"]}${marked ? text.bookmarks : text.bookmark}
                      </button>`
            }
            ${
                record.text === ""
                    ? nothing
                    : html`<button @click=${act(() => void navigator.clipboard?.writeText(record.text).catch(() => undefined))}>
                          ${chatIcons.copy}${text.copy}
                      </button>`
            }
            <button @click=${act(actions.raw)}>${chatIcons.document}${chatTexts[this.language].asExported}</button>
        </div>`
    }
}

customElements.define("bw-message-menu", MessageMenu)
