/** What the dialog shows while a document is made, and when it is. */

import { html, nothing, type TemplateResult } from "lit"
import type { Text } from "../text.ts"
import type { OutState } from "./out-session.ts"

type Of<Kind extends OutState["kind"]> = Extract<OutState, { kind: Kind }>

/** `total`: bytes that it will be, about. Pages have no size: they are under way, or done. */
export function runningView(
    { out, size }: Text,
    { way, progress, stopping }: Of<"running">,
    total: number,
    stop: () => void,
): TemplateResult {
    const words = way === "saving" ? out.saving : out.printing
    const bytes = way === "saving" ? (progress?.bytes ?? null) : null
    return html`
        <div class="stack">
            <h2 id="out-title">${out.title}</h2>
            <p aria-live="polite">${stopping ? out.stopping : words}</p>
            <div class="progress">
                <progress max=${total} value=${bytes === null ? nothing : Math.min(bytes, total * 0.99)} aria-label=${words}></progress>
                ${bytes === null ? nothing : html`<p class="progress-words"><b>${out.progress(size(bytes), size(Math.max(total, bytes)))}</b></p>`}
            </div>
            <div class="row row-end">
                <button class="button button-quiet" type="button" ?disabled=${stopping} @click=${stop}>${out.stop}</button>
            </div>
        </div>
    `
}

interface Ways {
    readonly again: () => void
    readonly close: () => void
}

export function savedView(text: Text, { name, made }: Of<"saved">, ways: Ways): TemplateResult {
    const { out, size } = text
    const words = html`
        <p>${out.savedWords(name, size(made.bytes))}</p>
        ${made.file === "saved" ? nothing : html`<p class="soft">${out.download}</p>`}
    `
    return endedView(text, out.savedTitle, words, made.notOpened, ways)
}

export function printedView(text: Text, notOpened: number, ways: Ways): TemplateResult {
    const { out } = text
    return endedView(text, out.printedTitle, html`<p class="soft">${out.printedWords}</p>`, notOpened, ways)
}

function endedView(
    { out, common }: Text,
    title: string,
    words: TemplateResult,
    notOpened: number,
    { again, close }: Ways,
): TemplateResult {
    return html`
        <div class="stack">
            <div class="stack" role="status">
                <h2 id="out-title">${title}</h2>
                ${words}
            </div>
            ${notOpened === 0 ? nothing : html`<p class="note note-warm"><span>${out.notOpened(notOpened)}</span></p>`}
            <div class="row row-end">
                <button class="button button-quiet" type="button" @click=${again}>${out.again}</button>
                <button class="button" type="button" @click=${close}>${common.close}</button>
            </div>
        </div>
    `
}
