/** How the print edition looks. Numbers of pages stand in the margin boxes of the paper. */

export interface Margins {
    readonly title: string
    readonly made: string
    readonly page: string
    readonly of: string
}

/** Titles are foreign text inside a style sheet: every sign but plain letters and digits is written by its number. */
export function cssString(text: string): string {
    const signs = [...text.slice(0, 120)].map((sign) =>
        /[a-z0-9]/i.test(sign) ? sign : `\\${(sign.codePointAt(0) || 0xfffd).toString(16)} `,
    )
    return `"${signs.join("")}"`
}

export function marginsStyle({ title, made, page, of }: Margins): string {
    return `
@page {
    margin: 22mm 18mm 20mm;
    @top-left { content: ${cssString(title)}; width: 100%; white-space: nowrap; overflow: hidden; font: 8.5pt system-ui, sans-serif; color: #555; }
    @bottom-left { content: ${cssString(made)}; font: 7.5pt system-ui, sans-serif; color: #555; }
    @bottom-right { content: ${cssString(`${page} `)} counter(page) ${cssString(` ${of} `)} counter(pages); font: 8.5pt system-ui, sans-serif; color: #555; }
}
@page :first { @top-left { content: ""; } }
`
}

export const printStyle = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body {
    max-width: 190mm; margin: 0 auto; padding: 12mm; color: #111;
    font: 10pt/1.4 system-ui, sans-serif; background: #fff; overflow-wrap: anywhere;
}
header { break-after: page; }
.kind { margin: 0; color: #1f6156; font-size: 9.5pt; font-weight: 700; letter-spacing: .06em; text-transform: uppercase; }
h1 { margin: 3mm 0 1mm; font-size: 23pt; line-height: 1.2; }
.period { margin: 0 0 9mm; color: #444; font-size: 12.5pt; }
header h2 { margin: 7mm 0 2mm; padding-top: 4mm; border-top: .3mm solid #bbb; font-size: 11pt; }
.facts-list { display: grid; gap: 1.5mm; margin: 0; }
.facts-list div { display: grid; grid-template-columns: 28mm 1fr; }
dt { color: #444; }
dd { grid-column: 2; margin: 0; }
header ul { margin: 0; padding-left: 5mm; }
header li { margin-bottom: 1.6mm; }
.sources { padding: 0; list-style: none; }
.source { font-weight: 700; }
.about { font-size: 9pt; }
section > h2 { margin: 0 0 2mm; font-size: 13pt; break-after: avoid; }
section + section { margin-top: 9mm; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { padding: 1.3mm 1.6mm; text-align: start; vertical-align: top; }
thead th { border-bottom: .4mm solid #222; color: #444; font-size: 8.5pt; font-weight: 600; }
thead th:nth-child(1) { width: 15mm; }
thead th:nth-child(2) { width: 18mm; }
thead th:nth-child(3) { width: 31mm; }
.day th { padding-top: 4mm; border-bottom: .2mm solid #999; font-size: 9.5pt; break-after: avoid; }
.day { break-after: avoid; break-inside: avoid; }
td { border-bottom: .1mm solid #ddd; }
.number, .time { color: #444; font-size: 8.5pt; line-height: 1.65; font-variant-numeric: tabular-nums; }
.who { font-weight: 600; }
.text { white-space: pre-wrap; orphans: 2; widows: 2; }
div.text { unicode-bidi: isolate; }
.note { color: #444; font-style: italic; white-space: pre-wrap; }
.app .note { font-style: normal; }
.named { color: #333; }
.facts { color: #555; }
blockquote { margin: 0 0 1mm; padding-inline-start: 2.5mm; border-inline-start: .8mm solid #999; color: #444; }
figure { margin: 0 0 1mm; break-inside: avoid; }
figure img { display: block; max-width: 70mm; max-height: 52mm; }
.poll ul { margin: 0; padding-inline-start: 5mm; }
.hash, .hash code { color: #444; font-size: 7.5pt; }
code { font-family: ui-monospace, monospace; }
@media print { body { max-width: none; padding: 0; } }
`
