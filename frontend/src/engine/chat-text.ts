/** Which of the files of an import is the text of its chat. */

import type { Snapshot } from "../format/snapshot.ts"
import { findChatText } from "../reader/parse-whatsapp.ts"

/** Null where none was recognised. The same name may stand twice: the last one is meant. */
export function chatTextNumber(reader: Snapshot["reader"], files: readonly { readonly name: string }[]): number | null {
    if (reader !== "whatsapp") return null
    const textName = findChatText(files.map(({ name }) => name))
    const number = files.findLastIndex(({ name }) => name === textName)
    return number < 0 ? null : number
}
