/** Which chats of the library an export may be of: a title is not unique, so that a person decides. */

import { comparableWords } from "../reader/merge/likeness.ts"
import type { ChatSummary, LikelyChat } from "./protocol.ts"

/** What an export says of its chat. */
export interface SaysOfItself {
    readonly reader: ChatSummary["reader"]
    readonly title: string
    readonly people: readonly string[]
}

/** The likely ones first; of exports that are kept as files only those of the same name. */
export function sameChats(chats: readonly ChatSummary[], said: SaysOfItself): readonly LikelyChat[] {
    // One messenger's chats are no other's; what was kept as files may be anything of its name.
    const unread = (reader: ChatSummary["reader"]): boolean => reader === "files" || said.reader === "files"
    const kept = chats.filter(({ reader, name }) => reader === said.reader || (unread(reader) && name === said.title))
    const judged = kept.map((chat): LikelyChat => ({ id: chat.conversation, name: chat.name, why: why(chat, said) }))
    const order = { title: 0, people: 1, none: 2 }
    const shown = said.reader === "files" ? judged.filter((one) => one.why === "title") : judged
    return shown.toSorted((one, other) => order[one.why] - order[other.why])
}

function why(chat: ChatSummary, { title, people }: SaysOfItself): LikelyChat["why"] {
    const words = (texts: readonly string[]): string => texts.map(comparableWords).toSorted().join("\n")
    if (words([chat.name]) === words([title])) return "title"
    return people.length > 1 && words(chat.people) === words(people) ? "people" : "none"
}
