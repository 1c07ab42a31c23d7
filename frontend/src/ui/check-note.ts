/** Above the list of chats: that a check runs, or that the last one was long ago. One line, which takes a no for an answer. */

import { html, nothing, type TemplateResult } from "lit"
import type { CheckState } from "./check-session.ts"
import { checkNudge, whenWords } from "./health.ts"
import { icons } from "./icons.ts"
import type { Language } from "./language.ts"
import type { AppState } from "./library-session.ts"
import { hashOf } from "./routes.ts"
import type { Text } from "./text.ts"

type Open = Extract<AppState, { readonly kind: "open" }>

export function checkNote(
    text: Text,
    language: Language,
    { library, chats }: Open,
    checking: CheckState,
    later: () => void,
): TemplateResult | typeof nothing {
    const { check, common } = text
    const here = hashOf({ kind: "check", conversation: null })
    if (checking.kind === "running") {
        const { done, total } = checking.progress ?? { done: 0, total: 1 }
        return html`
            <a class="note running-strip" href=${here}>
                <span>${check.phases.reading}<progress max=${Math.max(1, total)} value=${done} aria-hidden="true"></progress></span>
            </a>
        `
    }
    const now = Date.now()
    const nudge = checkNudge(library.checked, chats, now)
    if (nudge === null) return nothing
    const long =
        library.checked === null
            ? check.nudgeNever
            : check.nudgeLong(whenWords(text, language, library.checked.at, now))
    return html`
        <div class="note banner">
            ${icons.check}
            <p>
                ${long} <a href=${here}>${check.nudgeCheck}</a> ·
                <button class="link-button" type="button" @click=${later}>${common.later}</button>
            </p>
        </div>
    `
}
