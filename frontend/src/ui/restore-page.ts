/** The way of files back to the person: one view for each of its states. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { ChatSummary, Engine, PendingRestore, RestoreProgress } from "../engine/protocol.ts"
import { errorSentence } from "./error-sentence.ts"
import { icons } from "./icons.ts"
import { PageElement } from "./page-element.ts"
import { saveFile } from "./picked-files.ts"
import { mayWrite } from "./places.ts"
import { type PendingRestoreActions, pendingRestoreNote } from "./restore-note.ts"
import type { Asked, RestoreSession, RestoreState } from "./restore-session.ts"
import { hashOf } from "./routes.ts"
import type { Text } from "./text.ts"
import "./restore-choice.ts"

/** More names help nobody. */
const mostNames = 30

export class RestorePage extends PageElement {
    static override properties = {
        engine: { attribute: false },
        session: { attribute: false },
        state: { attribute: false },
        chats: { attribute: false },
        conversation: { attribute: false },
        importId: { attribute: false },
        pending: { attribute: false },
        unfinishedActions: { attribute: false },
        denied: { state: true },
    }

    declare engine: Engine
    declare session: RestoreSession
    declare state: RestoreState
    declare chats: readonly ChatSummary[]
    declare conversation: string | null
    declare importId: string | null
    /** One that an earlier visit began, or null. */
    declare pending: PendingRestore | null
    declare unfinishedActions: PendingRestoreActions
    /** The browser was not given leave to write there again. */
    declare denied: boolean
    #saved: File | null = null

    constructor() {
        super()
        this.denied = false
    }

    /** What was prepared is saved once by itself. */
    protected override updated(): void {
        const file = this.state.kind === "done" ? this.state.outcome.file : null
        if (file === null || file === this.#saved) return
        this.#saved = file
        saveFile(file, file.name)
    }

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
        const { state } = this
        switch (state.kind) {
            case "idle":
                return html`
                    ${pendingRestoreNote(this.text, this.language, this.pending, this.unfinishedActions)}
                    <bw-restore-choice
                        .engine=${this.engine}
                        .chats=${this.chats}
                        .conversation=${this.conversation}
                        .importId=${this.importId}
                        .begin=${(asked: Asked) => void this.session.run(asked)}></bw-restore-choice>
                `
            case "running":
                return this.running(state)
            case "done":
                return this.done(state)
            case "stopped":
                return this.unfinished(state.asked, this.text.add.stoppedTitle, null)
            case "failed":
                return this.unfinished(state.asked, this.text.restore.goOnTitle, state.code)
            default:
                return unreachable(state)
        }
    }

    private running({ asked, progress, stopping }: Extract<RestoreState, { kind: "running" }>): TemplateResult {
        const { restore, add } = this.text
        const phase = restore.phases[progress?.phase ?? "looking"]
        return html`
            <section class="card stack">
                <h1>${runningWords(this.text, asked)}</h1>
                <p aria-live="polite">${stopping ? restore.stopping : phase}</p>
                ${progress === null ? html`<progress aria-label=${phase}></progress>` : this.progress(progress, phase)}
                ${progress?.network === "waiting" ? html`<p class="note note-warm" role="status"><span>${add.waiting}</span></p>` : nothing}
                <p class="soft small">${restore.mayLeave}</p>
                <p class="row">
                    <button class="button button-quiet" type="button" ?disabled=${stopping} @click=${() => void this.session.stop()}>${restore.stop}</button>
                </p>
            </section>
        `
    }

    private progress(progress: RestoreProgress, phase: string): TemplateResult {
        const { restore, add, size } = this.text
        const facts = [
            restore.filesDone(progress.files, progress.filesTotal),
            ...(progress.alreadyThere > 0 ? [restore.there(size(progress.alreadyThere))] : []),
            ...(progress.remaining === null ? [] : [add.remaining(progress.remaining)]),
        ]
        return html`
            <div class="progress">
                <progress max=${Math.max(1, progress.total)} value=${progress.done} aria-label=${phase}></progress>
                <p class="progress-words">
                    <b>${restore.progress(size(progress.done), size(progress.total))}</b>
                    <span class="soft">${facts.join(" · ")}</span>
                </p>
            </div>
        `
    }

    private done({ asked, outcome }: Extract<RestoreState, { kind: "done" }>): TemplateResult {
        const { restore, size } = this.text
        const { files, bytes, alreadyThere, renamed, refused, file } = outcome
        const whole = refused.length === 0
        return html`
            <section class="card stack done">
                ${whole ? html`<span class="done-mark" aria-hidden="true">${icons.check}</span>` : nothing}
                <div role="status">
                    <h1>${whole ? restore.doneTitle : restore.partTitle}</h1>
                </div>
                <p>${restore.done(files, size(bytes))}</p>
                ${alreadyThere > 0 ? html`<p class="soft">${restore.alreadyThere(alreadyThere)}</p>` : nothing}
                ${
                    whole
                        ? nothing
                        : this.names(
                              "note-danger",
                              restore.refused(refused.length),
                              refused.map(({ name }) => name),
                              restore.refusedNext,
                          )
                }
                ${
                    renamed.length === 0
                        ? nothing
                        : this.names(
                              "note-warm",
                              restore.renamed(renamed.length),
                              renamed.map(({ from, to }) => restore.renamedPair(from, to)),
                          )
                }
                ${file === null ? nothing : html`<p class="soft">${restore.downloadWords}</p>`}
                <p class="row">
                    ${file === null ? nothing : html`<button class="button" type="button" @click=${() => saveFile(file, file.name)}>${icons.download}${restore.downloadAgain}</button>`}
                    ${whole ? nothing : html`<button class="button" type="button" @click=${() => this.goOn(asked)}>${this.text.common.tryAgain}</button>`}
                    <a class="button button-quiet" href=${hashOf({ kind: "library" })}>${restore.toChats}</a>
                </p>
            </section>
        `
    }

    private names(kind: string, words: string, names: readonly string[], next?: string): TemplateResult {
        const more = names.length - mostNames
        return html`
            <div class="note ${kind}">
                <div class="stack">
                    <p>${words}</p>
                    <ul class="small restore-names">
                        ${names.slice(0, mostNames).map((name) => html`<li><bdi>${name}</bdi></li>`)}
                        ${more > 0 ? html`<li>${this.text.restore.more(more)}</li>` : nothing}
                    </ul>
                    ${next === undefined ? nothing : html`<p>${next}</p>`}
                </div>
            </div>
        `
    }

    private unfinished(asked: Asked, title: string, code: string | null): TemplateResult {
        const { restore } = this.text
        const { request, place } = asked
        const words =
            request.form === "files"
                ? restore.stoppedWords
                : place?.kind === "file"
                  ? restore.stoppedPlace
                  : restore.stoppedZip
        return html`
            <section class="card stack" role="alert">
                <h1>${title}</h1>
                ${code === null ? nothing : html`<p>${errorSentence(this.text, code)}</p>`}
                <p class="soft">${words}</p>
                ${this.denied ? html`<p class="note note-warm">${restore.noLeave}</p>` : nothing}
                <p class="row">
                    ${
                        code === "session-expired"
                            ? html`<button class="button" type="button" @click=${() => location.reload()}>${this.text.broken.signIn}</button>`
                            : html`<button class="button" type="button" @click=${() => this.goOn(asked)}>${restore.goOn}</button>`
                    }
                    <button class="button button-quiet" type="button" @click=${() => this.session.clear()}>${restore.again}</button>
                </p>
            </section>
        `
    }

    /** A download that was prepared in part is known to the engine by its place alone. */
    private async goOn(asked: Asked): Promise<void> {
        const pending = await this.engine.pendingRestore().catch(() => null)
        const again = asked.place === null && pending !== null ? { ...asked, place: pending.place } : asked
        this.denied = again.place !== null && !(await mayWrite(again.place))
        if (!this.denied) await this.session.run(again)
    }
}

/** What is under way, in words. */
export function runningWords({ restore }: Text, { request, name }: Asked): string {
    return request.what.kind === "everything" ? restore.runningAll : restore.running(name.replace(/\.zip$/i, ""))
}

customElements.define("bw-restore-page", RestorePage)
