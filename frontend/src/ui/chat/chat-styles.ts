/** How the list and what stands around it look. Colours and measures are the page's tokens. */

import { css } from "lit"

export const chatStyles = css`
    :host {
        display: flex;
        flex-direction: column;
        position: relative;
        min-block-size: 0;
        block-size: 100%;
        container: chat / inline-size;
        color: var(--ink);
        font-family: var(--font);
        font-size: var(--text-base);
        line-height: 1.45;
        background: var(--paper);
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

    .bar {
        display: flex;
        flex: none;
        gap: var(--space-2);
        align-items: center;
        justify-content: flex-end;
        inline-size: min(100%, 720px);
        margin-inline: auto;
        padding: 6px var(--space-3);
    }

    .tool {
        min-block-size: 36px;
        border: 1px solid var(--line);
        border-radius: 999px;
        font: inherit;
        font-size: var(--text-small);
        background: var(--paper-raised);
    }

    .tool[aria-pressed="true"] {
        border-color: var(--accent);
        color: var(--accent);
        background: var(--accent-soft);
    }

    .tool:disabled {
        opacity: 0.45;
        cursor: default;
    }

    .tool {
        display: grid;
        place-items: center;
        inline-size: 36px;
        padding: 0;
        color: var(--ink-soft);
        cursor: pointer;
    }

    .ask,
    .trouble {
        flex: none;
        inline-size: min(calc(100% - 2 * var(--space-4)), calc(720px - 2 * var(--space-4)));
        margin: 0 auto var(--space-2);
        padding: var(--space-3) var(--space-4);
        border-radius: var(--radius);
        background: var(--accent-soft);
    }

    .trouble {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        align-items: center;
        justify-content: space-between;
        background: var(--warm-soft);
    }

    .ask p {
        margin: 0 0 var(--space-2);
        color: var(--ink-soft);
        font-size: var(--text-small);
    }

    .ask strong {
        color: var(--ink);
        font-size: var(--text-base);
    }

    .choices {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        align-items: center;
    }

    .choice {
        min-block-size: 36px;
        max-inline-size: 100%;
        padding: 5px 14px;
        border: 1px solid color-mix(in srgb, var(--accent) 40%, transparent);
        border-radius: 999px;
        color: var(--ink);
        font: inherit;
        font-size: var(--text-small);
        text-align: start;
        background: var(--paper-raised);
        cursor: pointer;
    }

    .choice.later {
        border-color: transparent;
        color: var(--ink-soft);
        background: none;
    }

    .middle {
        display: flex;
        position: relative;
        flex: 1;
        min-block-size: 0;
    }

    .panel {
        display: flex;
        flex: none;
        flex-direction: column;
        inline-size: min(360px, 42%);
        border-inline-start: 1px solid var(--line);
        background: var(--paper-raised);
    }

    .panel-head {
        display: flex;
        flex: none;
        align-items: center;
        justify-content: space-between;
        padding: var(--space-2) var(--space-4);
    }

    .panel-head h2 {
        margin: 0;
        font-family: var(--font-heading);
        font-size: var(--text-large);
    }

    .panel > :last-child {
        flex: 1;
        min-block-size: 0;
    }

    @container chat (width < 760px) {
        .panel {
            position: absolute;
            z-index: 2;
            inset: 0;
            inline-size: auto;
            border: 0;
        }
    }

    .view {
        display: grid;
        position: relative;
        flex: 1;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
        min-block-size: 0;
    }

    .scroll {
        overflow-y: auto;
        overflow-anchor: none;
        contain: strict;
        scrollbar-gutter: stable both-edges;
    }

    .scroll:focus-visible {
        outline-offset: -3px;
    }

    .all {
        position: relative;
        inline-size: min(100%, 720px);
        margin-inline: auto;
    }

    .row {
        position: absolute;
        inset-block-start: 0;
        inset-inline: 0;
        padding: 2px var(--space-3) 0;
        contain: layout style;
    }

    .row.begins {
        padding-block-start: 10px;
    }

    .row:focus-visible {
        outline-offset: -2px;
        border-radius: var(--radius);
    }

    .row.found .bubble {
        outline: 2px solid var(--accent);
    }

    .row.found .bubble,
    .row.found .notice {
        animation: found 1.6s ease-out;
    }

    @keyframes found {
        from {
            box-shadow: 0 0 0 4px var(--accent);
        }
    }

    .day {
        display: flex;
        justify-content: center;
        padding: 14px 0 10px;
    }

    .day span,
    .pill {
        padding: 4px 14px;
        border-radius: 999px;
        color: var(--ink-soft);
        font-size: 0.8125rem;
        font-weight: 560;
        background: var(--paper-sunken);
    }

    .pill {
        position: absolute;
        inset-block-start: 8px;
        inset-inline-start: 50%;
        translate: -50% 0;
        white-space: nowrap;
        box-shadow: 0 1px 4px rgb(0 0 0 / 12%);
        pointer-events: none;
        transition: opacity 160ms;
    }

    .pill.away {
        opacity: 0;
    }

    .ghost {
        block-size: 44px;
        border-radius: var(--radius);
        background: var(--paper-sunken);
        opacity: 0.7;
    }

    .ghost-0 {
        inline-size: 46%;
    }

    .ghost-1 {
        inline-size: 30%;
    }

    .ghost-2 {
        inline-size: 58%;
    }

    .to-end {
        position: absolute;
        inset-block-end: var(--space-4);
        inset-inline-end: max(var(--space-4), calc(50% - 360px + var(--space-4)));
        inline-size: 46px;
        block-size: 46px;
        color: var(--ink);
        box-shadow: var(--shadow);
    }

    .empty {
        align-self: center;
        color: var(--ink-soft);
        text-align: center;
    }

    @media (max-width: 480px) {
        .bubble {
            max-inline-size: 86%;
        }

        .row {
            padding-inline: var(--space-2);
        }
    }

    @media (prefers-reduced-motion: reduce) {
        *,
        *::before {
            transition: none !important;
            animation: none !important;
        }
    }
`
