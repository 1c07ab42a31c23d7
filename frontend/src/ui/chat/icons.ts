/** The chat view's line icons, drawn for this site in the hand of `ui/icons.ts`. */

import { css, type SVGTemplateResult, svg } from "lit"

const icon = (paths: SVGTemplateResult) => svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${paths}</svg>`

export const chatIcons = {
    play: icon(svg`<path class="full" d="M8.500 5.500v13l10.500-6.500z"/>`),
    pause: icon(svg`<path d="M8.500 6v12M15.500 6v12" stroke-width="3"/>`),
    save: icon(svg`<path d="M12 4v11m0 0l-4.500-4.500M12 15l4.500-4.500M5 19.500h14"/>`),
    close: icon(svg`<path d="M6 6l12 12M18 6L6 18"/>`),
    previous: icon(svg`<path d="M15 5l-7 7 7 7"/>`),
    next: icon(svg`<path d="M9 5l7 7-7 7"/>`),
    toEnd: icon(svg`<path d="M6 6.500l6 6 6-6M6 12.500l6 6 6-6"/>`),
    toStart: icon(svg`<path d="M6 17.500l6-6 6 6M6 11.500l6-6 6 6"/>`),
    search: icon(svg`<circle cx="11" cy="11" r="6"/><path d="M15.500 15.500L20 20"/>`),
    calendar: icon(
        svg`<rect x="4.500" y="5.500" width="15" height="14" rx="2.500"/><path d="M4.500 10h15M8.500 3.500v4M15.500 3.500v4"/>`,
    ),
    gallery: icon(
        svg`<rect x="4" y="4" width="7" height="7" rx="1.750"/><rect x="13" y="4" width="7" height="7" rx="1.750"/><rect x="4" y="13" width="7" height="7" rx="1.750"/><rect x="13" y="13" width="7" height="7" rx="1.750"/>`,
    ),
    bookmark: icon(svg`<path d="M7.500 4.500h9v15.500l-4.500-3.500-4.500 3.500z"/>`),
    marked: icon(svg`<path class="full" d="M7.500 4.500h9v15.500l-4.500-3.500-4.500 3.500z"/>`),
    up: icon(svg`<path d="M6 15l6-6 6 6"/>`),
    down: icon(svg`<path d="M6 9l6 6 6-6"/>`),
    copy: icon(
        svg`<rect x="8.500" y="8.500" width="11" height="11" rx="2.500"/><path d="M15.500 8.500v-1a3 3 0 0 0-3-3h-5a3 3 0 0 0-3 3v5a3 3 0 0 0 3 3h1"/>`,
    ),
    bin: icon(svg`<path d="M5 7h14M10 7V4.500h4V7M7 7l1 12.500h8L17 7M10.500 11v5M13.500 11v5"/>`),
    pencil: icon(svg`<path d="M5 19l1-4L16 5l3 3L9 18z"/>`),
    reply: icon(svg`<path d="M9.500 6L4.500 11l5 5M5 11h8.500a6 6 0 0 1 6 6v1"/>`),
    forwarded: icon(svg`<path d="M14.500 6l5 5-5 5M19 11h-8.500a6 6 0 0 0-6 6v1"/>`),
    more: icon(svg`<circle cx="6" cy="12" r=".7"/><circle cx="12" cy="12" r=".7"/><circle cx="18" cy="12" r=".7"/>`),
    photo: icon(
        svg`<rect x="4" y="5" width="16" height="14" rx="2.500"/><circle cx="9" cy="10" r="1.500"/><path d="M5 17l4.500-4 3 2.500L16 12l4 4"/>`,
    ),
    video: icon(svg`<rect x="3.500" y="6.500" width="12" height="11" rx="2.500"/><path d="M15.500 11l5-3v8l-5-3z"/>`),
    voice: icon(
        svg`<rect x="9.500" y="4" width="5" height="10" rx="2.500"/><path d="M6 11.500a6 6 0 0 0 12 0M12 17.500v3"/>`,
    ),
    sticker: icon(
        svg`<path d="M5 8a3 3 0 0 1 3-3h8a3 3 0 0 1 3 3v6l-5 5H8a3 3 0 0 1-3-3z"/><path d="M19 14h-3a2 2 0 0 0-2 2v3"/>`,
    ),
    document: icon(svg`<path d="M7 3.500h7l4 4v13H7z"/><path d="M13.500 3.500V8H18"/>`),
    contact: icon(svg`<circle cx="12" cy="9" r="3.500"/><path d="M5 19.500a7 7 0 0 1 14 0"/>`),
    place: icon(
        svg`<path d="M12 20.500s-6.500-6-6.500-11a6.500 6.500 0 0 1 13 0c0 5-6.500 11-6.500 11z"/><circle cx="12" cy="9.500" r="2.250"/>`,
    ),
    call: icon(
        svg`<path d="M6 4.500h3l1.500 4-2 1.500a11 11 0 0 0 5.500 5.500l1.500-2 4 1.500v3a2 2 0 0 1-2 2A15.500 15.500 0 0 1 4 6.500a2 2 0 0 1 2-2z"/>`,
    ),
    gone: icon(svg`<circle cx="12" cy="12" r="8"/><path d="M6.500 6.500l11 11"/>`),
    once: icon(svg`<circle cx="12" cy="12" r="8" stroke-dasharray="4 3"/><path d="M10.500 9.500L12.500 8v8"/>`),
    poll: icon(svg`<path d="M5 19.500V12M12 19.500v-15M19 19.500V9"/>`),
} as const

export const iconStyles = css`
    .icon {
        flex: none;
        inline-size: 1.375em;
        block-size: 1.375em;
        fill: none;
        stroke: currentcolor;
        stroke-width: 1.75;
        stroke-linecap: round;
        stroke-linejoin: round;
    }

    .icon .full {
        fill: currentcolor;
    }
`
