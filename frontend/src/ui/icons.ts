/** The few line icons, drawn for this site. They are decoration: the words stand beside them or in a label. */

import { type SVGTemplateResult, svg } from "lit"

const icon = (paths: SVGTemplateResult) => svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${paths}</svg>`

export const icons = {
    plus: icon(svg`<path d="M12 5v14M5 12h14"/>`),
    back: icon(svg`<path d="M15 5l-7 7 7 7"/>`),
    more: icon(
        svg`<circle cx="12" cy="5.500" r=".6"/><circle cx="12" cy="12" r=".6"/><circle cx="12" cy="18.500" r=".6"/>`,
    ),
    lock: icon(
        svg`<rect x="5" y="10.500" width="14" height="10" rx="2.500"/><path d="M8.250 10.500V7.750a3.750 3.750 0 0 1 7.500 0v2.750"/>`,
    ),
    check: icon(svg`<path d="M5 12.500l4.500 4.500L19 7.500"/>`),
    file: icon(svg`<path d="M7 3.500h7l4 4v13H7z"/><path d="M13.500 3.500V8H18"/>`),
    folder: icon(svg`<path d="M3.500 6.500h6l2 2.500h9v10h-17z"/>`),
    download: icon(svg`<path d="M12 4v11m0 0l-4.500-4.500M12 15l4.500-4.500M5 19.500h14"/>`),
    copy: icon(
        svg`<rect x="8.500" y="8.500" width="11" height="11" rx="2.500"/><path d="M5 15.500A1.500 1.500 0 0 1 4.500 14V6.500a2 2 0 0 1 2-2H14a1.500 1.500 0 0 1 1.500.5"/>`,
    ),
    print: icon(svg`<path d="M7 8.500v-5h10v5M7 17H4.500V8.500h15V17H17M7 14h10v6.500H7z"/>`),
    gear: icon(
        svg`<circle cx="12" cy="12" r="3"/><path d="M12 3.500v2.200M12 18.300v2.200M3.500 12h2.200M18.300 12h2.200M6 6l1.550 1.550M16.450 16.450L18 18M6 18l1.550-1.550M16.450 7.550L18 6"/>`,
    ),
    pencil: icon(svg`<path d="M4.500 19.500l1-4L16 5l3 3L8.500 18.500z"/>`),
    bin: icon(svg`<path d="M4.500 7h15M9.500 7V4.500h5V7M6.500 7l1 13h9l1-13"/>`),
    stack: icon(svg`<path d="M12 4l8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4"/>`),
    clock: icon(svg`<circle cx="12" cy="12" r="8"/><path d="M12 7.500V12l3 2"/>`),
    alert: icon(svg`<path d="M12 4.500L21 20H3z"/><path d="M12 10.500v4M12 17.200v.1"/>`),
    chart: icon(svg`<path d="M5 19.500V12M12 19.500v-15M19 19.500V9"/>`),
    paper: icon(svg`<path d="M6 3.500h12v17l-3-2-3 2-3-2-3 2z"/><path d="M9.500 8.500h5M9.500 12h5"/>`),
} as const
