/** What all elements of the pages share: they stand in the page's own styles and speak its language. */

import { LitElement } from "lit"
import { type Language, pageLanguage } from "./language.ts"
import { type Text, texts } from "./text.ts"

export abstract class PageElement extends LitElement {
    protected readonly language: Language = pageLanguage()
    protected readonly text: Text = texts[this.language]

    /** No shadow: tokens, fields and the print sheet are the page's. */
    protected override createRenderRoot(): HTMLElement {
        return this
    }
}
