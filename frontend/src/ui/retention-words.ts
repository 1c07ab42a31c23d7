/** A rule, a reason and a loss in words. */

import { unreachable } from "../bytes/unreachable.ts"
import type { KeepReason, OnlyHere, RetentionRule } from "../engine/retention.ts"
import { type Language, month, names } from "./language.ts"
import type { Text } from "./text.ts"

export function ruleWords({ retention }: Text, language: Language, rule: RetentionRule): string {
    if (rule.kind === "all") return retention.ruleAll
    const { last, months, years } = rule
    return joined(language, [
        retention.ruleLast(last),
        ...(months > 0 ? [retention.ruleMonths(months)] : []),
        ...(years > 0 ? [retention.ruleYears(years)] : []),
    ])
}

/** `last`: how many of the newest the rule keeps. */
export function reasonWords(text: Text, language: Language, reason: KeepReason, last: number): string {
    const { retention } = text
    switch (reason.kind) {
        case "all":
            return retention.ruleAll
        case "newest":
            return retention.newest
        case "last":
            return retention.amongLast(last)
        case "month":
            return retention.lastOfMonth(month(language, reason.month))
        case "year":
            return retention.lastOfYear(reason.year)
        case "only-here":
            return retention.onlyOne(heldWords(text, language, reason))
        default:
            return unreachable(reason)
    }
}

export function heldWords({ retention }: Text, language: Language, { messages, notices, files }: OnlyHere): string {
    return joined(language, [
        ...(messages > 0 ? [retention.messages(messages)] : []),
        ...(notices > 0 ? [retention.notices(notices)] : []),
        ...(files > 0 ? [retention.files(files)] : []),
    ])
}

function joined(language: Language, parts: readonly string[]): string {
    return names(language, parts, parts.length, String)
}
