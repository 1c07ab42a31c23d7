/** What is said while a recovery code is typed. */

import type { CodeCheck } from "./code-check.ts"
import { type Language, names } from "./language.ts"
import type { Text } from "./text.ts"

export interface Finding {
    readonly kind: "typing" | "wrong" | "right"
    readonly words: string
}

/** The one thing to say now: the first that the person can put right. */
export function findingOf(text: Text, language: Language, found: CodeCheck): Finding {
    const { code } = text
    if (found.code !== null) return { kind: "right", words: code.complete }
    if (found.unreadable !== null) return { kind: "wrong", words: code.unreadable(found.unreadable) }
    const [swap] = found.swapped
    if (swap !== undefined) return { kind: "wrong", words: code.swapped(swap[0], swap[1]) }
    const wrong = found.groups.flatMap((state, index) => (state === "wrong" ? [index + 1] : []))
    const [first] = wrong
    if (first !== undefined && wrong.length === 1) return { kind: "wrong", words: code.wrong(first) }
    if (wrong.length > 1)
        return { kind: "wrong", words: code.wrongMany(names(language, wrong.map(String), 16, (count) => count)) }
    if (found.tooLong) return { kind: "wrong", words: code.tooLong }
    return { kind: "typing", words: code.groups(found.groups.filter((state) => state === "right").length) }
}
