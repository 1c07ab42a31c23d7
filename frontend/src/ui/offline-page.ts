/** The page that opens copies without this site: where it lies, and how to know it again. */

import { html, type TemplateResult } from "lit"
import { groupsOf } from "./code-check.ts"
import { icons } from "./icons.ts"
import type { Text } from "./text.ts"

export interface OfflinePage {
    /** The whole address: it stands on paper and in files. */
    readonly address: string
    /** 64 hexadecimal digits, of the file as this build made it. */
    readonly sha256: string
}

export function offlinePageCard(text: Text, { address, sha256 }: OfflinePage): TemplateResult {
    const { page } = text.copy
    return html`
        <section class="card stack">
            <h2>${page.title}</h2>
            <p>${page.words}</p>
            <p class="row"><a class="button button-quiet" href=${address} download="backupweb-open.html">${icons.download}${page.button}</a></p>
            <details>
                <summary>${page.hash}</summary>
                <p class="hash-words"><code>${groupsOf(sha256).join(" ")}</code></p>
                <p class="small soft">${page.hashWords}</p>
            </details>
        </section>
    `
}
