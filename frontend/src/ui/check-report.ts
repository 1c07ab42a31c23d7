/** What a check found, in words: that all is well, or chat by chat what is not, and what to do about it. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { Damage } from "../engine/damage.ts"
import type { CheckReport, Opinion } from "../engine/protocol.ts"
import { chanceToMiss, lossOf } from "../engine/sample.ts"
import { errorSentence } from "./error-sentence.ts"
import { icons } from "./icons.ts"
import { hashOf } from "./routes.ts"
import type { Text } from "./text.ts"

/** Longer lists of files are cut: the export is what is to be done something about. */
const filesShown = 12

export function checkReport(text: Text, report: CheckReport): TemplateResult {
    return html`${report.damage.length === 0 ? good(text, report) : bad(text, report)} ${opinion(text, report.opinion)}`
}

function good(text: Text, { pieces, opened, bytes, everything }: CheckReport): TemplateResult {
    const { check, size } = text
    if (pieces === 0) return html`<p class="card" role="status">${check.nothing}</p>`
    return html`
        <section class="card stack done">
            <span class="done-mark" aria-hidden="true">${icons.check}</span>
            <div role="status"><h2>${everything ? check.goodTitle : check.sampleTitle}</h2></div>
            <p>${everything ? check.goodWords(pieces, size(bytes)) : check.sampleWords(opened, pieces, size(bytes))}</p>
            ${everything ? nothing : html`<p class="soft">${check.chance(percentNoticed(pieces, opened))}</p>`}
        </section>
    `
}

/** Rounded down: a sample is never said to be certain. */
export function percentNoticed(pieces: number, read: number): number {
    return Math.min(99, Math.floor(100 * (1 - chanceToMiss(pieces, read, lossOf(pieces))) + 1e-9))
}

function bad(text: Text, { damage, opened, pieces }: CheckReport): TemplateResult {
    const { check } = text
    return html`
        <section class="card stack">
            <div class="stack-small" role="alert">
                <h2>${check.badTitle}</h2>
                <p>${check.badWords(opened, pieces)}</p>
            </div>
            <ul class="damage-list">
                ${damage.map((one) => html`<li>${damaged(text, one)}</li>`)}
            </ul>
            <h3>${check.nextTitle}</h3>
            <ol class="damage-steps">
                ${check.steps.map((step) => html`<li>${step}</li>`)}
            </ol>
            <details>
                <summary>${check.forThem}</summary>
                <pre class="damage-objects">${damage.map(({ codes, objects }) => `${codes.join(", ")}: ${objects.join(" ")}`).join("\n")}</pre>
            </details>
        </section>
    `
}

function damaged({ check }: Text, one: Damage): TemplateResult {
    const link = hashOf({ kind: "chat", conversation: one.conversation, importId: null })
    const more = one.files.length - filesShown
    return html`
        <p><a href=${link}>${one.chat}</a> <span class="small soft">${one.export ?? check.unnamed}</span></p>
        <p class="small">
            ${one.codes.every((code) => code === "missing") ? check.gone : check.changed}
            ${one.extent === "whole" ? check.whole : one.extent === "none" ? check.unharmed : check.files(one.files.length)}
        </p>
        ${
            one.files.length === 0
                ? nothing
                : html`<p class="small soft damage-files">
                      ${one.files.slice(0, filesShown).join(", ")}${more > 0 ? ` ${check.moreFiles(more)}` : nothing}
                  </p>`
        }
    `
}

function opinion(text: Text, found: Opinion): TemplateResult | typeof nothing {
    const { check } = text
    switch (found.kind) {
        case "none":
            return nothing
        case "compared":
            return html`
                <section class="card stack">
                    <h2>${check.opinionTitle}</h2>
                    <p role=${found.differing === 0 ? "status" : "alert"}>
                        ${found.differing === 0 ? check.same(found.pieces) : check.differs(found.differing, found.pieces)}
                    </p>
                    <dl class="hashes">
                        <dt>${check.browser}</dt>
                        <dd><code>${found.browser}</code></dd>
                        <dt>${check.python}</dt>
                        <dd><code>${found.python}</code></dd>
                    </dl>
                </section>
            `
        case "refused":
        case "failed":
            return html`
                <section class="card stack" role="alert">
                    <h2>${check.opinionTitle}</h2>
                    <p>${found.kind === "refused" ? check.refused(found.code) : errorSentence(text, found.code)}</p>
                </section>
            `
        default:
            return unreachable(found)
    }
}
