/**
 * Builds the page that needs no site: one HTML file with script, styles, pictures and WebAssembly within (docs/format.md §9).
 *
 * Its policy lets it fetch nothing, send nothing and run nothing but the one script and the one style sheet that are named by
 * their hashes. The site offers the file for download; its hash goes into the site's own pages by `virtual:offline-page`.
 */

import { createHash } from "node:crypto"
import { resolve } from "node:path"
import { build, type Plugin, type Rolldown } from "vite"

/** Below the folder of the build, and below `/static/` and `/offline/` at the site. */
const fileName = "offline/backupweb-open.html"
const loaded = "\0virtual:offline-page"

export function offlinePage(): Plugin {
    let page: Promise<string> | null = null
    return {
        name: "offline-page",
        apply: "build",
        buildStart() {
            page = makePage()
            // Awaited where it is needed; until then its failure is nobody's.
            page.catch(() => undefined)
        },
        resolveId: { filter: { id: /^virtual:offline-page$/ }, handler: () => loaded },
        load: {
            filter: { id: /^\0virtual:offline-page$/ },
            async handler() {
                const hash = createHash("sha256").update((await page) ?? "")
                return `export const sha256 = ${JSON.stringify(hash.digest("hex"))}`
            },
        },
        async generateBundle() {
            this.emitFile({ type: "asset", fileName, source: (await page) ?? "" })
        },
    }
}

/** The library names its WebAssembly by itself too, and never asks for it there: once in the page is enough. */
const namedOnce: Plugin = {
    name: "named-once",
    transform: (code, id) =>
        id.includes("zstd-wasm") ? code.replace(/new URL\([^()]*zstd\.wasm[^()]*\)\.href/, '""') : null,
}

async function makePage(): Promise<string> {
    const made = await build({
        configFile: false,
        root: import.meta.dirname,
        publicDir: false,
        logLevel: "error",
        plugins: [namedOnce],
        build: {
            write: false,
            target: "es2023",
            assetsInlineLimit: Number.POSITIVE_INFINITY,
            cssCodeSplit: false,
            modulePreload: { polyfill: false },
            rolldownOptions: {
                input: resolve(import.meta.dirname, "src/entry/offline-page.ts"),
                output: { codeSplitting: false },
            },
        },
    })
    const output = (Array.isArray(made) ? made : [made]).flatMap((part) => ("output" in part ? part.output : []))
    return pageOf(textOf(output, ".js"), textOf(output, ".css"))
}

/** The one file of its kind: a second one would be a part that the page could not fetch. */
function textOf(output: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[], ending: string): string {
    const [file, ...others] = output.filter(({ fileName: name }) => name.endsWith(ending))
    if (file === undefined || others.length > 0) throw new Error(`the page has to be made of one ${ending}`)
    return file.type === "chunk" ? file.code : String(file.source)
}

function pageOf(script: string, style: string): string {
    // What would end the element before its end is spelled otherwise: within a string or a pattern it means the same.
    const [code, css] = [`\n${script.replaceAll("</script", "<\\/script").trim()}\n`, `\n${style.trim()}\n`]
    const policy = [
        "default-src 'none'",
        `script-src '${hashOf(code)}' 'wasm-unsafe-eval'`,
        `style-src '${hashOf(css)}'`,
        "img-src data: blob:",
        "media-src blob:",
        "connect-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html",
    ]
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Backupweb – open a copy · Kopie öffnen</title>
<style>${css}</style>
</head>
<body>
<header class="site-header"><div class="wrap">
<span class="brand"><span class="brand-mark"></span>Backupweb</span>
<div class="segments" role="group" aria-label="Sprache · Language">
<button class="segment" type="button" lang="de" data-language aria-pressed="false">Deutsch</button>
<button class="segment" type="button" lang="en" data-language aria-pressed="false">English</button>
</div>
</div></header>
<main></main>
<noscript><p class="wrap">This page opens copies with JavaScript. · Diese Seite öffnet Kopien mit JavaScript.</p></noscript>
<script type="module">${code}</script>
</body>
</html>
`
}

function hashOf(text: string): string {
    return `sha256-${createHash("sha256").update(text).digest("base64")}`
}
