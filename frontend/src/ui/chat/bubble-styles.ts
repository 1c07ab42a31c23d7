/** How bubbles look. Colours and measures are the page's tokens. */

import { css, unsafeCSS } from "lit"
import { personColours } from "./person-colours.ts"

/** Made of the table of this room only, nothing foreign reaches it. */
const people = unsafeCSS(
    personColours
        .map(({ light, dark }, place) => `.person-${place} { color: light-dark(${light}, ${dark}); }`)
        .join("\n"),
)

export const bubbleStyles = css`
    ${people}

    .side {
        display: flex;
        gap: var(--space-1);
        align-items: center;
    }

    .side.own {
        flex-direction: row-reverse;
    }

    .bubble {
        position: relative;
        min-inline-size: 72px;
        max-inline-size: min(82%, 34rem);
        padding: 8px 13px 7px;
        border-radius: var(--radius);
        background: var(--bubble);
        box-shadow: 0 1px 1px rgb(40 30 10 / 7%);
        overflow-wrap: anywhere;
    }

    .bubble::after {
        content: "";
        display: block;
        clear: both;
    }

    .bubble.own {
        background: var(--bubble-own);
    }

    .bubble:not(.own) {
        border-start-start-radius: 6px;
        border-end-start-radius: 6px;
    }

    .bubble.own {
        border-start-end-radius: 6px;
        border-end-end-radius: 6px;
    }

    .bubble.first {
        border-start-start-radius: var(--radius);
        border-start-end-radius: var(--radius);
    }

    .bubble.last.own {
        border-end-end-radius: 4px;
    }

    .bubble.last:not(.own) {
        border-end-start-radius: 4px;
    }

    .bubble.picture {
        inline-size: 330px;
        padding: 5px 5px 6px;
    }

    .bubble.picture .name {
        padding: 3px 8px 4px;
    }

    .bubble.picture .text {
        padding: 6px 8px 0;
    }

    .bubble.picture .meta {
        margin-inline-end: 8px;
    }

    .bubble.bare {
        padding-inline: 4px;
        background: none;
        box-shadow: none;
    }

    .name {
        margin-block-end: 1px;
        font-size: var(--text-small);
        font-weight: 650;
        line-height: 1.35;
    }

    .text {
        display: inline;
        white-space: pre-wrap;
        unicode-bidi: isolate;
        line-height: 1.42;
    }

    .text.emoji {
        display: block;
        font-size: 2.25rem;
        line-height: 1.25;
    }

    .text.emoji-1 {
        font-size: 3.25rem;
    }

    .text a,
    .card a {
        color: var(--accent);
    }

    code {
        padding: 1px 5px;
        border-radius: 5px;
        font-family: var(--font-code, ui-monospace, monospace);
        font-size: 0.9em;
        background: color-mix(in srgb, var(--ink) 8%, transparent);
    }

    code.lines {
        display: block;
        padding: 8px 10px;
        border-radius: var(--radius-small);
        overflow-x: auto;
        overflow-wrap: normal;
        white-space: pre;
    }

    .meta {
        float: inline-end;
        margin: 8px 0 0 14px;
        color: var(--ink-soft);
        font-size: 0.75rem;
        font-variant-numeric: tabular-nums;
        line-height: 1.3;
    }

    /* Behind something that fills its line the time needs no air of its own. */
    :is(bw-voice, .card, .poll, .absent, .fold) + .meta {
        margin-block-start: 1px;
    }

    .bubble.bare .meta {
        float: none;
        display: block;
        margin: 2px 0 0;
    }

    .fold {
        display: block;
        margin-block-start: 4px;
        padding: 4px 0;
        border: 0;
        color: var(--accent);
        font: inherit;
        font-size: var(--text-small);
        font-weight: 600;
        background: none;
        cursor: pointer;
    }

    .quiet {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        color: var(--ink-soft);
    }

    .absent {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        padding: 10px 12px;
        border: 1px dashed color-mix(in srgb, var(--ink-soft) 45%, transparent);
        border-radius: var(--radius-small);
        color: var(--ink-soft);
        font-size: var(--text-small);
        line-height: 1.35;
    }

    .absent + .text {
        display: inline-block;
        padding-block-start: 6px;
    }

    .card {
        display: flex;
        gap: var(--space-3);
        align-items: center;
        min-inline-size: min(230px, 60vw);
        padding: 2px 0;
    }

    .mark,
    .round {
        display: grid;
        flex: none;
        place-items: center;
        inline-size: 42px;
        block-size: 42px;
        border-radius: 12px;
        color: var(--accent);
        background: var(--accent-soft);
    }

    .own .mark,
    .own .round {
        background: color-mix(in srgb, var(--accent) 16%, transparent);
    }

    .round {
        padding: 0;
        border: 0;
        border-radius: 50%;
        cursor: pointer;
    }

    .words {
        display: grid;
        flex: 1;
        min-inline-size: 0;
        line-height: 1.35;
    }

    .file {
        font-weight: 560;
    }

    .quoted {
        display: block;
        inline-size: 100%;
        margin: 2px 0 6px;
        padding: 4px 10px;
        border: 0;
        border-inline-start: 3px solid currentcolor;
        border-radius: 8px;
        color: var(--ink-soft);
        font: inherit;
        text-align: start;
        background: color-mix(in srgb, var(--ink) 6%, transparent);
    }

    button.quoted {
        cursor: pointer;
    }

    .quoted-name {
        display: block;
        font-size: 0.8125rem;
        font-weight: 620;
    }

    .quoted-words {
        display: -webkit-box;
        overflow: hidden;
        overflow-wrap: anywhere;
        color: var(--ink);
        font-size: var(--text-small);
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
    }

    .reactions {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin: 4px 0 2px;
        padding: 0;
        list-style: none;
    }

    .reactions li {
        padding: 1px 8px;
        border: 1px solid var(--line);
        border-radius: 999px;
        font-size: var(--text-small);
        background: var(--paper);
    }

    .unseen {
        position: absolute;
        inline-size: 1px;
        block-size: 1px;
        overflow: hidden;
        clip-path: inset(50%);
    }

    .marked .icon {
        inline-size: 1em;
        block-size: 1em;
        color: var(--accent);
        vertical-align: -0.15em;
    }

    .facts {
        color: var(--ink-soft);
        font-size: var(--text-small);
        font-variant-numeric: tabular-nums;
    }

    .with-icon {
        display: flex;
        gap: 5px;
        align-items: center;
    }

    .poll {
        inline-size: min(300px, 62vw);
    }

    .question {
        font-weight: 620;
    }

    .poll ul {
        display: grid;
        gap: var(--space-2);
        margin: 8px 0 2px;
        padding: 0;
        list-style: none;
    }

    .poll li {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px var(--space-3);
        align-items: baseline;
    }

    meter {
        display: block;
        grid-column: 1 / -1;
        inline-size: 100%;
        block-size: 6px;
        border: 0;
        appearance: none;
        background: none;
    }

    meter::-webkit-meter-inner-element {
        display: block;
    }

    meter::-webkit-meter-bar {
        block-size: 6px;
        border: 0;
        border-radius: 3px;
        overflow: hidden;
        background: color-mix(in srgb, var(--ink-soft) 24%, transparent);
    }

    @supports selector(::-moz-meter-bar) {
        meter {
            border-radius: 3px;
            background: color-mix(in srgb, var(--ink-soft) 24%, transparent);
        }
    }

    meter::-webkit-meter-optimum-value {
        border-radius: 3px;
        background: var(--accent);
    }

    meter::-moz-meter-bar {
        border-radius: 3px;
        background: var(--accent);
    }

    .centred {
        display: flex;
        gap: var(--space-1);
        align-items: center;
        justify-content: center;
        padding-inline-start: 32px;
    }

    .notice {
        display: flex;
        gap: 6px;
        align-items: center;
        max-inline-size: 36rem;
        padding: 5px 14px;
        border-radius: 14px;
        color: var(--ink-soft);
        font-size: var(--text-small);
        line-height: 1.4;
        text-align: center;
        overflow-wrap: anywhere;
        unicode-bidi: isolate;
    }

    .more {
        display: grid;
        flex: none;
        place-items: center;
        inline-size: 28px;
        block-size: 28px;
        padding: 0;
        border: 0;
        border-radius: 50%;
        color: var(--ink-soft);
        background: none;
        opacity: 0;
        cursor: pointer;
        transition: opacity 120ms;
    }

    .more:hover {
        background: color-mix(in srgb, var(--ink) 8%, transparent);
    }

    .row:hover .more,
    .row:focus .more,
    .more:focus-visible {
        opacity: 1;
    }

    @media (hover: none) {
        .more {
            opacity: 0.5;
        }
    }
`
