/** `<bw-bookmark-panel>`: places of the chat that somebody wants to find again, each with its note. */

import { css, html, nothing, type TemplateResult } from "lit"
import type { Bookmark } from "../../engine/protocol.ts"
import { dayAndTime } from "../language.ts"
import { Panel, panelStyles } from "./panel.ts"

export class BookmarkPanel extends Panel {
    static override properties = {
        ...Panel.properties,
        bookmarks: { attribute: false },
        keep: { attribute: false },
        forget: { attribute: false },
        edited: { attribute: false },
        failed: { state: true },
    }

    declare bookmarks: readonly Bookmark[]
    declare keep: (bookmark: Bookmark, note: string) => Promise<void>
    declare forget: (bookmark: Bookmark) => Promise<void>
    /** The one whose note is being written, by id, or null. */
    declare edited: string | null
    declare private failed: boolean

    constructor() {
        super()
        this.bookmarks = []
        this.edited = null
        this.failed = false
    }

    static override styles = [
        ...panelStyles,
        css`
            li {
                padding-block-end: var(--space-3);
            }

            .note {
                margin: 2px 12px 0;
                padding: 6px 10px;
                border-inline-start: 3px solid var(--accent);
                white-space: pre-line;
                overflow-wrap: anywhere;
            }

            form,
            .acts {
                margin: 4px 12px 0;
            }

            textarea {
                min-block-size: 84px;
                resize: vertical;
            }
        `,
    ]

    protected override render(): TemplateResult {
        const { text, bookmarks } = this
        return html`<div class="content">
            ${this.failed ? html`<p role="alert">${text.failed}</p>` : nothing}
            ${
                bookmarks.length === 0
                    ? html`<p>${text.noBookmarks}</p>
                          <p class="soft">${text.noBookmarksNext}</p>`
                    : html`<ul>${bookmarks.map((one) => html`<li>${this.entry(one)}</li>`)}</ul>`
            }
        </div>`
    }

    private entry(bookmark: Bookmark): TemplateResult {
        const { text } = this
        const { record, sender, time, words, note } = bookmark
        return html`<button class="hit" ?disabled=${record === null} @click=${() => record !== null && this.go(record)}>
                <span class="hit-top"><bdi>${sender}</bdi><time>${time === "" ? "" : dayAndTime(this.language, time)}</time></span>
                <span class="hit-words" dir="auto">${record === null ? text.bookmarkGone : words}</span>
            </button>
            ${
                this.edited === bookmark.id
                    ? this.form(bookmark)
                    : html`${note === "" ? nothing : html`<p class="note" dir="auto">${note}</p>`}
                          <div class="row acts">
                              ${record === null ? nothing : html`<button class="quiet" @click=${() => (this.edited = bookmark.id)}>${text.editNote}</button>`}
                              <button class="quiet" @click=${() => void this.tries(this.forget(bookmark))}>${text.removeBookmark}</button>
                          </div>`
            }`
    }

    private form(bookmark: Bookmark): TemplateResult {
        const { text } = this
        return html`<form
            @submit=${(event: SubmitEvent) => {
                event.preventDefault()
                const note = String(new FormData(event.target as HTMLFormElement).get("note") ?? "").trim()
                this.edited = null
                void this.tries(this.keep(bookmark, note))
            }}
        >
            <label><span>${text.noteLabel}</span><textarea name="note" maxlength="2000" .value=${bookmark.note}></textarea></label>
            <div class="row">
                <button class="quiet strong">${text.keep}</button>
                <button class="quiet" type="button" @click=${() => (this.edited = null)}>${text.cancel}</button>
            </div>
        </form>`
    }

    private async tries(work: Promise<void>): Promise<void> {
        this.failed = await work.then(
            () => false,
            () => true,
        )
    }
}

customElements.define("bw-bookmark-panel", BookmarkPanel)
