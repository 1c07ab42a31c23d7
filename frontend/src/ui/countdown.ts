/** How long something is still valid, as a bar and in words. */

import { html, type TemplateResult } from "lit"
import { PageElement } from "./page-element.ts"

export class Countdown extends PageElement {
    static override properties = {
        until: { type: String },
        now: { state: true },
    }

    /** UTC. */
    declare until: string
    declare now: number
    #begun = 0
    #timer: ReturnType<typeof setInterval> | undefined

    constructor() {
        super()
        this.until = ""
        this.now = Date.now()
    }

    override connectedCallback(): void {
        super.connectedCallback()
        this.#begun = Date.now()
        this.now = this.#begun
        this.#timer = setInterval(() => {
            this.now = Date.now()
        }, 1000)
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        clearInterval(this.#timer)
    }

    protected override render(): TemplateResult {
        const left = secondsLeft(this.until, this.now)
        // Its own span: a clock that goes wrong on one device must not make the bar say more than it has.
        const span = Math.max(1, secondsLeft(this.until, this.#begun))
        return html`
            <div class="countdown">
                <progress max=${span} value=${left} aria-hidden="true"></progress>
                <span class="small soft" role="timer">${this.text.pairing.valid(minutes(left))}</span>
            </div>
        `
    }
}

export function secondsLeft(until: string, now: number): number {
    return Math.max(0, Math.ceil((Date.parse(until) - now) / 1000))
}

export function minutes(seconds: number): string {
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
}

customElements.define("bw-countdown", Countdown)
