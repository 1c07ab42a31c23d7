/** How a page with a chat looks: on a screen in light and dark, and on paper. */

/** `#rrggbb` each. */
export interface NameColour {
    readonly light: string
    readonly dark: string
}

/** Each person's name in a colour of their own. */
export function coloursStyle(colours: readonly NameColour[]): string {
    return colours
        .filter(({ light, dark }) => isColour(light) && isColour(dark))
        .map(({ light, dark }, person) => `.person-${person}{color:light-dark(${light},${dark})}\n`)
        .join("")
}

const isColour = (colour: string): boolean => /^#[0-9a-f]{6}$/i.test(colour)

export const pageStyle = `
:root {
    color-scheme: light dark;
    --paper: light-dark(#f8f4ed, #191714);
    --sunken: light-dark(#efe8dc, #12110e);
    --ink: light-dark(#2a2620, #efe9dd);
    --soft: light-dark(#645b4e, #b7ad9c);
    --line: light-dark(#e0d7c8, #38332a);
    --accent: light-dark(#1f6156, #8ccdbb);
    --bubble: light-dark(#fffdf9, #2b2822);
    --own: light-dark(#d9ebdd, #22423a);
}
* { box-sizing: border-box; }
body {
    margin: 0;
    color: var(--ink);
    font: 1.0625rem/1.45 system-ui, sans-serif;
    background: var(--paper);
    overflow-wrap: anywhere;
}
header, main, footer { max-width: 760px; margin-inline: auto; padding: 0 16px; }
header { padding-block: 40px 8px; }
h1 { margin: 0 0 16px; font-size: 1.9rem; line-height: 1.2; }
a { color: var(--accent); }
.facts-list { display: grid; gap: 6px; margin: 0; color: var(--soft); font-size: .9375rem; }
.facts-list div { display: grid; grid-template-columns: 7.5rem 1fr; }
dt { font-weight: 600; }
dd { grid-column: 2; margin: 0; }
.months { margin-top: 20px; }
summary { padding: 8px 0; color: var(--accent); font-weight: 600; cursor: pointer; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 0; padding: 0; list-style: none; font-size: .9375rem; }
nav a { display: inline-block; padding: 4px 0; }
.day { content-visibility: auto; contain-intrinsic-size: auto 900px; padding-bottom: 4px; }
.day > h2 {
    width: fit-content; margin: 26px auto 14px; padding: 4px 14px; border-radius: 99px;
    color: var(--soft); font-size: .8125rem; font-weight: 600; background: var(--sunken);
}
.run { display: grid; justify-items: start; gap: 3px; margin-top: 12px; }
.run.own { justify-items: end; }
.run.centred { justify-items: center; }
.name { margin: 0 0 0 13px; font-size: .875rem; font-weight: 650; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.bubble {
    position: relative; min-width: 72px; max-width: min(84%, 34rem); padding: 8px 13px 7px;
    border-radius: 6px 18px 18px 6px; background: var(--bubble); box-shadow: 0 1px 1px rgb(40 30 10 / 8%);
}
.bubble::after { content: ""; display: block; clear: both; }
.name + .bubble { border-start-start-radius: 18px; }
.own .bubble { border-radius: 18px 6px 6px 18px; background: var(--own); }
.own .name + .bubble { border-start-end-radius: 18px; }
.bubble.bare { padding-inline: 4px; background: none; box-shadow: none; }
.text { display: inline-block; max-width: 100%; white-space: pre-wrap; }
.text.emoji { display: block; font-size: 2.6rem; line-height: 1.25; }
.note { color: var(--soft); font-style: italic; white-space: pre-wrap; }
.notice {
    max-width: 36rem; padding: 4px 14px; color: var(--soft); font-size: .875rem; text-align: center;
}
main > .notice { margin: 60px auto; }
.notice .note { font-style: normal; }
.meta {
    float: inline-end; margin: 7px 0 0 14px; color: var(--soft); font-size: .75rem; line-height: 1.3;
    font-variant-numeric: tabular-nums;
}
.bare .meta { float: none; }
:is(figure, .absent, .poll, .reactions, .note) + .meta { margin-top: 2px; }
blockquote {
    margin: 2px 0 6px; padding: 5px 11px; border-inline-start: 3px solid var(--accent); border-radius: 8px;
    color: var(--soft); font-size: .9375rem; background: color-mix(in srgb, var(--ink) 5%, transparent);
}
blockquote b { display: block; color: var(--accent); font-size: .8125rem; }
blockquote .text { display: block; }
figure { margin: 2px -7px 5px; }
figure img, figure video {
    display: block; max-width: 100%; max-height: 70vh; min-height: 40px; border-radius: 13px;
    background: color-mix(in srgb, var(--ink) 7%, transparent);
}
figure img.sticker { max-width: 160px; background: none; }
figure audio { display: block; width: min(300px, 64vw); }
figcaption { display: none; font-size: .875rem; }
.file {
    display: grid; padding: 9px 13px; border-radius: 12px; background: color-mix(in srgb, var(--accent) 13%, transparent);
    text-decoration: none;
}
.file bdi { font-weight: 600; }
.file .facts { color: var(--ink); }
.facts { color: var(--soft); font-size: .875rem; font-variant-numeric: tabular-nums; }
.absent, .trouble {
    margin: 2px 0 4px; padding: 8px 12px; border: 1px dashed var(--soft); border-radius: 10px;
    color: var(--soft); font-size: .875rem;
}
.poll { width: min(300px, 62vw); }
.question { display: block; font-weight: 620; }
.poll ul { display: grid; gap: 8px; margin: 8px 0 2px; padding: 0; list-style: none; }
.poll li { display: grid; grid-template-columns: 1fr auto; gap: 2px 12px; align-items: baseline; }
meter { grid-column: 1 / -1; width: 100%; height: 10px; accent-color: var(--accent); }
.reactions { display: flex; flex-wrap: wrap; gap: 4px; margin: 6px 0 0; padding: 0; list-style: none; }
.reactions li {
    position: relative; padding: 1px 9px; border-radius: 99px; font-size: .875rem;
    background: color-mix(in srgb, var(--ink) 8%, transparent);
}
code { padding: 1px 5px; border-radius: 5px; font: .9em ui-monospace, monospace; background: color-mix(in srgb, var(--ink) 8%, transparent); }
code.lines { display: block; padding: 8px 10px; }
footer { margin-top: 56px; padding-block: 8px 48px; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
footer h2 { margin: 22px 0 8px; font-size: 1rem; color: var(--ink); }
footer ul { margin: 0; padding-inline-start: 1.2em; }
footer li { margin-bottom: 6px; }
.source { color: var(--ink); font-weight: 600; }
@media (max-width: 480px) {
    header, main, footer { padding-inline: 10px; }
    .facts-list div { grid-template-columns: 1fr; }
    dd { grid-column: 1; }
    .bubble { max-width: 90%; }
}
@media print {
    :root { color-scheme: light; }
    @page { margin: 16mm 14mm; }
    body { font-size: 10.5pt; background: none; }
    header, main, footer { max-width: none; padding: 0; }
    .day { content-visibility: visible; }
    .day > h2, .name { break-after: avoid; }
    .bubble, .notice, figure { break-inside: avoid; }
    .bubble { border: 1px solid #ccc; box-shadow: none; }
    .bubble.bare { border: 0; }
    .own .bubble { background: #eef4ef; }
    figure img, figure video { max-height: 9cm; }
    .months { display: none; }
    figure audio { display: none; }
    figcaption { display: block; padding: 0 7px; }
}
`
