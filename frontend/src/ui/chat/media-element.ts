/** What pictures, videos and voice notes share: they open their file when they come into sight, and give it back. */

import { css, LitElement, type PropertyDeclarations, type PropertyValues } from "lit"
import type { Language } from "../language.ts"
import { iconStyles } from "./icons.ts"
import type { MediaShelf, Shelved } from "./media-shelf.ts"
import type { Sight } from "./sight.ts"
import { type ChatText, chatTexts } from "./text.ts"

/** A file that a record shows, with what is said about it. */
export interface ShownFile {
    /** The record's place in the chat, and the file's in the export. */
    readonly index: number
    readonly file: number
    readonly name: string
    readonly size: number
    readonly who: string
    readonly when: string
}

export interface MediaHost {
    readonly shelf: MediaShelf
    readonly sight: Sight
    readonly language: Language
}

export abstract class MediaElement extends LitElement {
    static override properties: PropertyDeclarations = {
        host: { attribute: false },
        shown: { attribute: false },
        shelved: { state: true },
    }

    declare host: MediaHost | null
    declare shown: ShownFile | null
    declare protected shelved: Shelved | null
    private taken: { readonly shelf: MediaShelf; readonly file: number } | null = null

    constructor() {
        super()
        this.host = null
        this.shown = null
        this.shelved = null
    }

    protected get text(): ChatText {
        return chatTexts[this.host?.language ?? "en"]
    }

    /** Large files wait for a click. */
    protected get waits(): boolean {
        return false
    }

    override connectedCallback(): void {
        super.connectedCallback()
        if (this.hasUpdated) this.watch()
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        this.host?.sight.unwatch(this)
        this.giveBack()
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        const before = changed.get("shown")
        if (before != null && before.file !== this.shown?.file) this.giveBack()
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (changed.has("shown") || changed.has("host")) this.watch()
    }

    protected async take(): Promise<void> {
        const { host, shown } = this
        if (host === null || shown === null || this.taken !== null || !this.isConnected) return
        const taken = { shelf: host.shelf, file: shown.file }
        this.taken = taken
        const shelved = await host.shelf.take(shown.file)
        if (this.taken !== taken) return
        this.shelved = shelved
    }

    protected readonly again = (): void => {
        this.giveBack()
        void this.take()
    }

    private watch(): void {
        if (this.host === null || this.shown === null || this.taken !== null || this.waits) return
        this.host.sight.watch(this, () => void this.take())
    }

    private giveBack(): void {
        this.taken?.shelf.release(this.taken.file)
        this.taken = null
        this.shelved = null
    }
}

export const mediaStyles = [
    iconStyles,
    css`
        :host {
            display: block;
        }

        *,
        *::before,
        *::after {
            box-sizing: border-box;
        }

        button {
            font: inherit;
            color: inherit;
            cursor: pointer;
        }

        :focus-visible {
            outline: 3px solid var(--accent);
            outline-offset: 2px;
        }

        .space {
            display: grid;
            place-content: center;
            justify-items: center;
            gap: var(--space-2);
            padding: var(--space-3);
            color: var(--ink-soft);
            font-size: var(--text-small);
            text-align: center;
            background: var(--paper-sunken);
        }

        .plain {
            padding: 6px 12px;
            border: 1px solid var(--line);
            border-radius: 999px;
            background: var(--paper-raised);
        }
    `,
]
