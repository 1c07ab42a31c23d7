/** One HTML file that needs nothing else and asks nobody: its policy forbids scripts and every request. */

import type { OutSetting } from "./choice.ts"
import { escaped, type Part, serialized } from "./markup.ts"

export interface OutDocument {
    readonly title: string
    readonly language: OutSetting["language"]
    readonly style: string
    /** What stands within the body. */
    parts(): AsyncIterable<Part>
}

const policy = [
    "default-src 'none'",
    "img-src data:",
    "media-src data:",
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
].join("; ")

export async function* asFile({ title, language, style, parts }: OutDocument): AsyncGenerator<string> {
    // A style sheet is no place to escape anything: whoever writes one sees to it that it cannot end early.
    if (style.includes("<")) throw new TypeError("a style sheet that could end its element")
    yield `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
`
    yield* serialized(parts())
    yield "</body>\n</html>\n"
}
