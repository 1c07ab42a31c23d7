/** What went wrong with a copy, in words: there it is the file that is to blame, not the server. */

import { errorSentence } from "./error-sentence.ts"
import type { Text } from "./text.ts"

/** The names of `docs/format.md` §8 that speak of what was read. */
const damages: ReadonlySet<string> = new Set([
    "truncated",
    "too-large",
    "unknown-version",
    "unknown-flags",
    "not-authentic",
    "wrong-hash",
    "wrong-id",
    "wrong-library",
    "bad-padding",
    "malformed",
])

export function copyTrouble(text: Text, code: string): string {
    if (damages.has(code)) return text.copy.open.damaged
    return code === "missing" ? text.copy.open.missing : errorSentence(text, code)
}
