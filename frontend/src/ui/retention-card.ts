/** After a backup: how many older exports of the chat the rule no longer needs. It takes a no for an answer. */

import { html, type PropertyValues, type TemplateResult } from "lit"
import type { Engine } from "../engine/protocol.ts"
import { pageZone } from "./language.ts"
import { PageElement } from "./page-element.ts"
import { isProposed } from "./retention-session.ts"
import { hashOf } from "./routes.ts"

export class RetentionCard extends PageElement {
    static override properties = {
        engine: { attribute: false },
        conversation: { type: String },
        count: { state: true },
    }

    declare engine: Engine
    declare conversation: string
    /** Nothing is said before it is known, when there is nothing to say, and after *later*. */
    declare count: number

    constructor() {
        super()
        this.conversation = ""
        this.count = 0
    }

    protected override updated(changed: PropertyValues): void {
        if (changed.has("conversation")) void this.ask()
    }

    protected override render(): TemplateResult {
        const { retention, common } = this.text
        if (this.count === 0) return html`<div role="status"></div>`
        return html`
            <div class="keep-card" role="status">
                <p>${retention.card(this.count)}</p>
                <p class="row">
                    <a class="button button-quiet button-small" href=${hashOf({ kind: "keep", conversation: this.conversation })}>${retention.look}</a>
                    <button class="button button-plain button-small" type="button" @click=${this.later}>${common.later}</button>
                </p>
            </div>
        `
    }

    /** That it cannot be told just now is no trouble: the settings say it, too. */
    private async ask(): Promise<void> {
        const { conversation } = this
        this.count = 0
        const keep = await this.engine.judge(conversation, pageZone()).catch(() => null)
        if (keep === null || conversation !== this.conversation) return
        this.count = keep.chats.flatMap(({ imports }) => imports.filter(isProposed)).length
    }

    private later(): void {
        this.count = 0
    }
}

customElements.define("bw-retention-card", RetentionCard)
