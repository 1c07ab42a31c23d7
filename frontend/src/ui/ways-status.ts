/** The card on top of the ways: one sentence that says whether the chats are safe, and each way with what is known of it. */

import { html, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { Ways } from "../engine/protocol.ts"
import { icons } from "./icons.ts"
import { day, type Language } from "./language.ts"
import type { Unlocked } from "./library-session.ts"
import { type Safety, safetyOf } from "./safety.ts"
import type { Text } from "./text.ts"

export function waysStatus(text: Text, language: Language, ways: Ways, library: Unlocked, now: number): TemplateResult {
    const { ways: words } = text
    const safety = safetyOf(ways, now)
    const safe = safety.kind === "safe"
    const rows: readonly (readonly [keyof Text["ways"]["row"], boolean, string])[] = [
        ["recovery-code", ways.recoveryCode.proven !== null, codeWords(words, language, ways)],
        ["password", ways.password.kind === "set", passwordWords(words, language, ways)],
        [
            "passkeys",
            ways.passkeys.length > 0,
            ways.passkeys.length === 0 ? words.notSet : words.passkeyCount(ways.passkeys.length),
        ],
        ["device", library.staysUnlocked, library.staysUnlocked ? words.staysOpen : words.asksEachTime],
    ]
    return html`
        <section class="card stack ways-status" data-safety=${safety.kind}>
            <div class="ways-summary">
                <span class="done-mark" aria-hidden="true">${safe ? icons.check : icons.paper}</span>
                <div class="stack-small">
                    <h2>${safe ? words.safeTitle : words.almostTitle}</h2>
                    <p>${safetyWords(words, safety)}</p>
                </div>
            </div>
            <ul class="ways-list">
                ${rows.map(
                    ([way, set, said]) => html`
                        <li data-set=${set}>
                            <span class="ways-mark" aria-hidden="true">${set ? icons.check : ""}</span>
                            <span class="ways-name">${words.row[way]}</span>
                            <span class="small soft">${said}</span>
                        </li>
                    `,
                )}
            </ul>
        </section>
    `
}

export function safetyWords(words: Text["ways"], safety: Safety): string {
    switch (safety.kind) {
        case "unproven":
            return words.unproven
        case "erased":
            return words.erased
        case "one-way":
            return words.oneWay
        case "stale":
            return words.stale
        case "safe":
            return words.safe(safety.ways)
        default:
            return unreachable(safety)
    }
}

function codeWords(words: Text["ways"], language: Language, { recoveryCode }: Ways): string {
    return recoveryCode.proven === null ? words.notProven : words.provenOn(day(language, recoveryCode.proven))
}

function passwordWords(words: Text["ways"], language: Language, { password }: Ways): string {
    switch (password.kind) {
        case "none":
            return words.notSet
        case "set":
            return password.proven === null
                ? words.setOn(day(language, password.since))
                : words.provenOn(day(language, password.proven))
        case "erased":
            return words.erasedOn(day(language, password.at))
        case "unavailable":
            return password.why === "staff" ? words.forStaff : words.notNow
        default:
            return unreachable(password)
    }
}
