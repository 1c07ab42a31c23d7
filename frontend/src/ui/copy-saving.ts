/** Saves an encrypted copy. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { SaveProgress } from "../engine/protocol.ts"
import type { CopySession, SavingState } from "./copy-session.ts"
import { errorSentence } from "./error-sentence.ts"
import { icons } from "./icons.ts"
import type { OfflinePage } from "./offline-page.ts"
import { PageElement } from "./page-element.ts"
import { saveTarget } from "./save-target.ts"
import { texts } from "./text.ts"
import { troubleNote } from "./trouble-note.ts"

export class CopySaving extends PageElement {
    static override properties = {
        session: { attribute: false },
        state: { attribute: false },
        offline: { attribute: false },
    }

    declare session: CopySession
    declare state: SavingState
    declare offline: OfflinePage

    protected override render(): TemplateResult {
        const { save } = this.text.copy
        const { state } = this
        switch (state.kind) {
            case "idle":
                return this.start(save.button)
            case "running":
                return this.running(state.progress)
            case "done":
                return html`
                    <div class="note" role="status">
                        ${icons.check}
                        <p><b>${save.doneTitle}.</b> ${save.doneWords(state.name, this.text.size(state.size), state.imports)}</p>
                    </div>
                    <p class="small soft">${save.doneNext}</p>
                    ${this.start(save.again)}
                `
            case "stopped":
                return html`<p class="note note-warm" role="status"><span>${save.stopped}</span></p>${this.start(save.button)}`
            case "failed":
                return html`${troubleNote(errorSentence(this.text, state.code))} ${this.start(save.button)}`
            default:
                return unreachable(state)
        }
    }

    private start(words: string): TemplateResult {
        const quiet = this.state.kind === "done" ? "button-quiet" : ""
        return html`<p class="row"><button class="button ${quiet}" type="button" @click=${this.save}>${icons.download}${words}</button></p>`
    }

    private running(progress: SaveProgress | null): TemplateResult {
        const { save } = this.text.copy
        return html`
            <p aria-live="polite">${save.running}</p>
            <div class="progress">
                <progress max=${Math.max(1, progress?.total ?? 1)} value=${progress?.done ?? nothing} aria-label=${save.running}></progress>
                ${progress === null ? nothing : html`<p class="progress-words"><b>${save.progress(this.text.size(progress.done), this.text.size(progress.total))}</b></p>`}
            </div>
            <p class="row"><button class="button button-quiet" type="button" @click=${this.stop}>${save.stop}</button></p>
        `
    }

    private async save(): Promise<void> {
        const fileName = this.text.copy.save.fileName(new Date().toISOString().slice(0, 10))
        const target = await saveTarget(fileName)
        if (target.kind === "cancelled") return
        const { address, sha256 } = this.offline
        // Whoever finds the file may read either language.
        const readme = [texts.de, texts.en].map(({ copy }) => copy.readme(address, sha256)).join("\r\n\r\n")
        const handle = target.kind === "chosen" ? target.handle : null
        await this.session.save({ handle, fileName, site: location.origin, readme: `${readme}\r\n` })
    }

    private stop(): void {
        void this.session.stop()
    }
}

customElements.define("bw-copy-saving", CopySaving)
