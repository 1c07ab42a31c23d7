/** `<bw-voice>`: a recording in a bubble: play, place, length, speed. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit"
import { chatIcons } from "./icons.ts"
import { MediaElement, mediaStyles } from "./media-element.ts"
import type { VoicePlayer } from "./voice-player.ts"

export function clock(seconds: number): string {
    const whole = Math.max(0, Math.round(seconds))
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`
}

export class Voice extends MediaElement {
    static override properties = { ...MediaElement.properties, player: { attribute: false } }

    declare player: VoicePlayer | null

    constructor() {
        super()
        this.player = null
    }

    static override styles = [
        ...mediaStyles,
        css`
            .voice {
                display: grid;
                grid-template-columns: auto 1fr auto;
                gap: var(--space-2) var(--space-3);
                align-items: center;
                inline-size: min(300px, 100%);
                padding: 2px 0;
            }

            .play {
                display: grid;
                place-items: center;
                inline-size: 44px;
                block-size: 44px;
                padding: 0;
                border: 0;
                border-radius: 50%;
                color: var(--accent-ink);
                background: var(--accent);
            }

            .play .icon {
                inline-size: 22px;
                block-size: 22px;
            }

            .line {
                display: grid;
                gap: 2px;
                min-inline-size: 0;
            }

            input {
                inline-size: 100%;
                block-size: 22px;
                margin: 0;
                appearance: none;
                background: none;
                cursor: pointer;
            }

            input::-webkit-slider-runnable-track {
                block-size: 4px;
                border-radius: 2px;
                background: linear-gradient(var(--accent), var(--accent)) no-repeat 0 / var(--done, 0%) 100%,
                    color-mix(in srgb, var(--ink-soft) 35%, transparent);
            }

            input::-webkit-slider-thumb {
                appearance: none;
                inline-size: 14px;
                block-size: 14px;
                margin-block-start: -5px;
                border: 0;
                border-radius: 50%;
                background: var(--accent);
            }

            input::-moz-range-track {
                block-size: 4px;
                border-radius: 2px;
                background: color-mix(in srgb, var(--ink-soft) 35%, transparent);
            }

            input::-moz-range-progress {
                block-size: 4px;
                border-radius: 2px;
                background: var(--accent);
            }

            input::-moz-range-thumb {
                inline-size: 14px;
                block-size: 14px;
                border: 0;
                border-radius: 50%;
                background: var(--accent);
            }

            .time {
                color: var(--ink-soft);
                font-size: 0.8125rem;
                font-variant-numeric: tabular-nums;
                line-height: 1.2;
            }

            .speed {
                min-inline-size: 46px;
                min-block-size: 28px;
                padding: 2px 8px;
                border: 1px solid color-mix(in srgb, var(--ink-soft) 40%, transparent);
                border-radius: 999px;
                color: var(--ink-soft);
                font-size: 0.8125rem;
                font-variant-numeric: tabular-nums;
                background: none;
            }

            .note {
                max-inline-size: 300px;
                color: var(--ink-soft);
                font-size: var(--text-small);
            }
        `,
    ]

    override connectedCallback(): void {
        super.connectedCallback()
        this.player?.addEventListener("change", this.tick)
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        this.player?.removeEventListener("change", this.tick)
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        super.willUpdate(changed)
        if (!changed.has("player")) return
        changed.get("player")?.removeEventListener("change", this.tick)
        this.player?.addEventListener("change", this.tick)
    }

    protected override updated(changed: PropertyValues<this>): void {
        super.updated(changed)
        const { player, shown, shelved } = this
        const slider = this.renderRoot.querySelector("input")
        if (slider !== null)
            slider.style.setProperty("--done", `${(100 * Number(slider.value)) / Number(slider.max || 1)}%`)
        if (shelved?.kind === "opened" && shown !== null) void player?.measure(shown.file, shelved.address)
    }

    protected override render(): TemplateResult | typeof nothing {
        const { player, shown, shelved, text } = this
        if (player === null || shown === null) return nothing
        if (player.unplayable.has(shown.file)) return html`<p class="note">${text.notPlayable}</p>`
        if (shelved?.kind === "refused")
            return html`<p class="note">${text.notOpened}</p>
                <button class="plain" @click=${this.again}>${text.retry}</button>`
        const playing = player.isPlaying(shown.file)
        const position = player.position(shown.file)
        const duration = player.duration(shown.file)
        const said = `${clock(position)} / ${clock(duration ?? 0)}`
        return html`<div class="voice">
            <button class="play" aria-label=${playing ? text.pause : text.play} @click=${this.toggle}>
                ${playing ? chatIcons.pause : chatIcons.play}
            </button>
            <div class="line">
                <input
                    type="range"
                    min="0"
                    step="0.1"
                    .max=${String(duration ?? 1)}
                    .value=${String(position)}
                    aria-label=${text.position}
                    aria-valuetext=${said}
                    ?disabled=${duration === null}
                    @input=${this.seek}
                />
                <span class="time">${duration === null ? "–:––" : clock(playing || position > 0 ? position : duration)}</span>
            </div>
            <button class="speed" aria-label=${text.speed(`${player.speed} ×`)} @click=${() => player.nextSpeed()}>
                ${player.speed.toLocaleString(this.host?.language)}×
            </button>
        </div>`
    }

    /** Another bubble's recording moves this one only when it was playing or the speed is new. */
    private readonly tick = (): void => this.requestUpdate()

    private readonly toggle = (): void => {
        if (this.shown !== null) void this.player?.toggle(this.shown)
    }

    private readonly seek = (event: Event): void => {
        if (this.shown !== null && event.target instanceof HTMLInputElement)
            void this.player?.seek(this.shown, Number(event.target.value))
    }
}

customElements.define("bw-voice", Voice)
