/** The restore drill on the device that is asked: one click, and both devices know. */

import { html, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import { type AskedDrill, type Drill, type DrillKey, drillNumber } from "../engine/drill.ts"
import { codeOf } from "../engine/errors.ts"
import type { ChatSummary } from "../engine/protocol.ts"
import { chatOf } from "./drill-page.ts"
import { errorSentence } from "./error-sentence.ts"
import { drillHere } from "./health.ts"
import type { LibrarySession } from "./library-session.ts"
import { focusStep } from "./next-step.ts"
import { PageElement } from "./page-element.ts"
import { hashOf } from "./routes.ts"

type CardState =
    | { readonly kind: "asked" }
    | { readonly kind: "reading" }
    | { readonly kind: "read"; readonly asked: AskedDrill; readonly by: DrillKey }
    | { readonly kind: "refused"; readonly code: string }

export class DrillCard extends PageElement {
    static override properties = {
        session: { attribute: false },
        drill: { attribute: false },
        chats: { attribute: false },
        prove: { attribute: false },
        state: { state: true },
    }

    declare session: LibrarySession
    declare drill: Drill
    declare chats: readonly ChatSummary[]
    /** Leads to where the recovery code is typed back. */
    declare prove: () => void
    declare state: CardState

    constructor() {
        super()
        this.state = { kind: "asked" }
    }

    protected override render(): TemplateResult {
        const stage = drillHere(this.drill, Date.now())
        // What was read stays until it was seen, though nobody asks any more.
        if (stage.kind !== "invited" && this.state.kind !== "read") return html``
        const { drill } = this.text
        return html`
            <section class="still card" aria-labelledby="drill-title">
                <h2 id="drill-title">${drill.title}</h2>
                ${this.body(stage.kind === "invited" ? stage.asked : null)}
            </section>
        `
    }

    private body(asked: AskedDrill | null): TemplateResult {
        const { drill, common } = this.text
        const { state } = this
        switch (state.kind) {
            case "asked":
                return html`
                    <p class="small soft">${drill.invited(chatOf(this.chats, asked?.importId ?? ""))}</p>
                    <p><button class="button button-small" type="button" @click=${this.take}>${drill.read}</button></p>
                `
            case "reading":
                return html`<p class="small soft" role="status">${drill.reading}</p>`
            case "read":
                return this.read(state)
            case "refused":
                return html`
                    <div class="stack-small" role="alert">
                        <p>${drill.failedTitle}</p>
                        <p class="small">${errorSentence(this.text, state.code)}</p>
                    </div>
                    <p><button class="button button-small" type="button" @click=${this.take}>${common.tryAgain}</button></p>
                `
            default:
                return unreachable(state)
        }
    }

    private read({ asked, by }: Extract<CardState, { kind: "read" }>): TemplateResult {
        const { drill, common } = this.text
        const conversation = this.chats.find((chat) => chat.imports.some((one) => one.importId === asked.importId))
        return html`
            <div class="stack-small" data-step tabindex="-1" role="status">
                <p><b>${drill.readTitle}</b></p>
                <p class="small">${drill.readWords(conversation?.name ?? "…")} <b class="drill-number">${drillNumber(asked.fingerprint)}</b></p>
                ${by === "recovery-code" ? html`` : html`<p class="small">${drill.readOther} <button class="link-button" type="button" @click=${() => this.prove()}>${drill.toCode}</button></p>`}
            </div>
            <p class="row">
                ${conversation === undefined ? html`` : html`<a class="button button-small" href=${hashOf({ kind: "chat", conversation: conversation.conversation, importId: asked.importId })}>${drill.open}</a>`}
                <button class="button button-plain button-small" type="button" @click=${this.close}>${common.close}</button>
            </p>
        `
    }

    private async take(): Promise<void> {
        this.state = { kind: "reading" }
        try {
            const { asked, by } = await this.session.engine.takeDrill()
            this.state = { kind: "read", asked, by }
            await this.session.refresh()
            await this.updateComplete
            focusStep(this)
        } catch (error) {
            this.state = { kind: "refused", code: codeOf(error) }
        }
    }

    private close(): void {
        this.state = { kind: "asked" }
    }
}

customElements.define("bw-drill-card", DrillCard)
