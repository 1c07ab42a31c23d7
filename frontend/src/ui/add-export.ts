/** The way of an export into the library: one view for each of its states. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import { codeOf } from "../engine/errors.ts"
import type { BackupKey, Engine, ImportProgress } from "../engine/protocol.ts"
import { damagedNote } from "./damaged-note.ts"
import { errorSentence } from "./error-sentence.ts"
import { exportSteps } from "./export-steps.ts"
import { icons } from "./icons.ts"
import type { ImportSession, ImportState } from "./import-session.ts"
import { PageElement } from "./page-element.ts"
import { hashOf } from "./routes.ts"
import "./import-preview.ts"
import "./retention-card.ts"

/** Going on would read the same file again. */
const fileIsOld: ReadonlySet<string> = new Set(["file-changed", "file-unreadable"])

export class AddExport extends PageElement {
    static override properties = {
        state: { attribute: false },
        session: { attribute: false },
        engine: { attribute: false },
        choose: { attribute: false },
    }

    declare state: ImportState
    declare session: ImportSession
    declare engine: Engine
    declare choose: () => void

    protected override render(): TemplateResult {
        return html`
            <div class="narrow stack">
                <p class="add-back">
                    <a class="button button-plain button-small" href=${hashOf({ kind: "library" })}>${icons.back}${this.text.library.title}</a>
                </p>
                ${this.content()}
            </div>
        `
    }

    private content(): TemplateResult {
        const { add, library } = this.text
        const { state } = this
        switch (state.kind) {
            case "idle":
                return html`
                    <section class="card stack">
                        <h1>${add.title}</h1>
                        <p>${library.emptyWords}</p>
                        <p class="row"><button class="button" type="button" @click=${this.choose}>${library.choose}</button></p>
                        ${exportSteps(this.text, true)}
                    </section>
                `
            case "reading":
                return html`
                    <section class="card stack" role="status">
                        <h1>${add.reading(state.fileName)}</h1>
                        <progress></progress>
                        <p class="soft">${add.readingWords}</p>
                    </section>
                `
            case "unreadable":
                return this.refused(add.failedTitle, errorSentence(this.text, state.code), false)
            case "preview":
                return html`<bw-import-preview
                    .preview=${state.preview}
                    .send=${(choices: Parameters<ImportSession["send"]>[0]) => void this.session.send(choices)}
                    .dayFirst=${state.dayFirst}
                    .order=${(dayFirst: boolean) => void this.session.order(dayFirst)}
                    .unlock=${this.unlock}
                    .another=${this.choose}></bw-import-preview>`
            case "running":
                return this.running(state)
            case "done":
                return this.done(state)
            case "over-quota":
                return html`
                    <section class="card stack" role="alert">
                        <h1>${add.overTitle}</h1>
                        <p>${add.overWords(this.text.size(state.missing))}</p>
                        <ul>
                            ${add.overSteps.map((step) => html`<li>${step}</li>`)}
                        </ul>
                        <p class="row">
                            <a class="button" href=${hashOf({ kind: "room" })}>${this.text.room.ask}</a>
                            ${this.goOn("button button-quiet")}
                        </p>
                    </section>
                `
            case "stopped":
                return this.refused(add.stoppedTitle, add.stoppedWords, true)
            case "failed":
                return this.refused(add.failedTitle, errorSentence(this.text, state.code), !fileIsOld.has(state.code))
            default:
                return unreachable(state)
        }
    }

    private readonly unlock = async (key: BackupKey): Promise<string | null> => {
        try {
            await this.session.unlock(key)
            return null
        } catch (error) {
            return errorSentence(this.text, codeOf(error))
        }
    }

    private refused(title: string, words: string, goesOn: boolean): TemplateResult {
        return html`
            <section class="card stack" role="alert">
                <h1>${title}</h1>
                <p>${words}</p>
                <p class="row">
                    ${goesOn ? this.goOn("button") : html`<button class="button" type="button" @click=${this.choose}>${this.text.library.choose}</button>`}
                    <a class="button button-quiet" href=${hashOf({ kind: "library" })}>${this.text.library.title}</a>
                </p>
            </section>
        `
    }

    private goOn(look: string): TemplateResult {
        return html`<button class=${look} type="button" @click=${() => void this.session.again()}>${this.text.add.goOn}</button>`
    }

    private running(state: Extract<ImportState, { kind: "running" }>): TemplateResult {
        const { add } = this.text
        const { progress } = state
        return html`
            <section class="card stack">
                <h1>${state.title}</h1>
                <p aria-live="polite">${state.stopping ? add.stopping : add.phases[progress?.phase ?? "comparing"]}</p>
                ${progress === null ? html`<progress aria-label=${add.phases.comparing}></progress>` : this.progress(progress)}
                <p class="soft small">${add.mayLeave}</p>
                <p class="row">
                    <button class="button button-quiet" type="button" ?disabled=${state.stopping} @click=${() => void this.session.stop()}>
                        ${add.stop}
                    </button>
                </p>
            </section>
        `
    }

    private progress(progress: ImportProgress): TemplateResult {
        const { add, size } = this.text
        const facts = [
            ...(progress.alreadyThere > 0 ? [add.alreadyThere(size(progress.alreadyThere))] : []),
            ...(progress.sent > 0 ? [add.sent(size(progress.sent))] : []),
            ...(progress.remaining === null ? [] : [add.remaining(progress.remaining)]),
        ]
        return html`
            <div class="progress">
                <progress max=${Math.max(1, progress.total)} value=${progress.done} aria-label=${add.phases[progress.phase]}></progress>
                <p class="progress-words">
                    <b>${add.progress(size(progress.done), size(progress.total))}</b>
                    <span class="soft">${facts.join(" · ")}</span>
                </p>
            </div>
            ${progress.network === "waiting" ? html`<p class="note note-warm" role="status"><span>${add.waiting}</span></p>` : nothing}
        `
    }

    private done(state: Extract<ImportState, { kind: "done" }>): TemplateResult {
        const { add, size } = this.text
        const { outcome } = state
        const facts = [
            ...(outcome.sent > 0 ? [add.sent(size(outcome.sent))] : []),
            ...(outcome.alreadyThere > 0 ? [add.alreadyThere(size(outcome.alreadyThere))] : []),
        ]
        return html`
            <section class="card stack done">
                <span class="done-mark" aria-hidden="true">${icons.check}</span>
                <div role="status">
                    <h1>${add.doneTitle}</h1>
                </div>
                <p>${add.doneWords(outcome.chunksChecked)}</p>
                ${facts.length === 0 ? nothing : html`<p class="soft">${facts.join(", ")}.</p>`}
                ${damagedNote(this.text, outcome.damaged)}
                <p class="row">
                    <a class="button" href=${hashOf({ kind: "chat", conversation: outcome.conversation, importId: null })}>${add.read}</a>
                    <button class="button button-quiet" type="button" @click=${this.choose}>${add.addAnother}</button>
                </p>
                <bw-retention-card .engine=${this.engine} conversation=${outcome.conversation}></bw-retention-card>
            </section>
        `
    }
}

customElements.define("bw-add-export", AddExport)
