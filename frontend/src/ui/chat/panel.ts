/** What search, calendar, gallery and bookmarks share: a pane beside the chat, over it on a phone, that leads to a message. */

import { css, LitElement, type PropertyDeclarations } from "lit"
import type { Language } from "../language.ts"
import { pageLanguage } from "../language.ts"
import type { ChatSession } from "./chat-session.ts"
import { type FindText, findTexts } from "./find-text.ts"
import { iconStyles } from "./icons.ts"

/** `bw-go`: the number of the record to show. `bw-close-panel`: the person is done. */
export class Panel extends LitElement {
    static override properties: PropertyDeclarations = {
        session: { attribute: false },
        language: {},
    }

    declare session: ChatSession | null
    declare language: Language

    constructor() {
        super()
        this.session = null
        this.language = pageLanguage()
    }

    protected get text(): FindText {
        return findTexts[this.language]
    }

    protected go(record: number): void {
        this.dispatchEvent(new CustomEvent("bw-go", { detail: record, bubbles: true, composed: true }))
    }
}

export const panelStyles = [
    iconStyles,
    css`
        :host {
            display: flex;
            flex-direction: column;
            min-block-size: 0;
            block-size: 100%;
            color: var(--ink);
            font-size: var(--text-base);
        }

        *,
        *::before,
        *::after {
            box-sizing: border-box;
        }

        :focus-visible {
            outline: 3px solid var(--accent);
            outline-offset: 2px;
        }

        .content {
            flex: 1;
            min-block-size: 0;
            padding: 0 var(--space-4) var(--space-5);
            overflow-y: auto;
        }

        .soft {
            color: var(--ink-soft);
        }

        .small {
            font-size: var(--text-small);
        }

        p {
            margin: 0 0 var(--space-2);
        }

        h3 {
            margin: var(--space-4) 0 var(--space-2);
            font-size: var(--text-small);
            font-weight: 620;
        }

        ul {
            margin: 0;
            padding: 0;
            list-style: none;
        }

        input,
        select,
        textarea {
            inline-size: 100%;
            min-inline-size: 0;
            min-block-size: 42px;
            padding: 6px 14px;
            border: 1px solid var(--line-strong);
            border-radius: 12px;
            color: var(--ink);
            font: inherit;
            background: var(--paper-raised);
        }

        label span {
            display: block;
            margin-block-end: 2px;
            color: var(--ink-soft);
            font-size: var(--text-small);
        }

        button {
            color: inherit;
            font: inherit;
            cursor: pointer;
        }

        .quiet {
            min-block-size: 38px;
            padding: 4px 14px;
            border: 1px solid var(--line);
            border-radius: 999px;
            font-size: var(--text-small);
            background: none;
        }

        .strong {
            border-color: transparent;
            color: var(--accent-ink);
            background: var(--accent);
        }

        .round {
            display: grid;
            flex: none;
            place-items: center;
            inline-size: 38px;
            block-size: 38px;
            padding: 0;
            border: 1px solid var(--line);
            border-radius: 999px;
            background: none;
        }

        .round:disabled {
            opacity: 0.4;
            cursor: default;
        }

        .row {
            display: flex;
            flex-wrap: wrap;
            gap: var(--space-2);
            align-items: center;
        }

        .hit {
            display: block;
            inline-size: 100%;
            padding: 10px 12px;
            border: 0;
            border-radius: 12px;
            text-align: start;
            background: none;
        }

        .hit:hover {
            background: var(--paper-sunken);
        }

        .hit[aria-current="true"] {
            background: var(--accent-soft);
        }

        .hit-top {
            display: flex;
            gap: var(--space-2);
            justify-content: space-between;
            color: var(--ink-soft);
            font-size: var(--text-small);
        }

        .hit-top bdi {
            overflow: hidden;
            text-overflow: ellipsis;
            white-space: nowrap;
        }

        .hit-top time {
            flex: none;
        }

        .hit-words {
            display: -webkit-box;
            overflow: hidden;
            overflow-wrap: anywhere;
            -webkit-box-orient: vertical;
            -webkit-line-clamp: 3;
        }

        mark {
            border-radius: 4px;
            color: inherit;
            font-weight: 620;
            background: var(--warm-soft);
        }
    `,
]
