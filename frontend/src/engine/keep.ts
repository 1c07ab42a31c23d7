/** The rule of each chat, kept sealed in the head's settings, and what it would delete. Nothing goes before a person says so. */

import type { HeadConversation } from "../format/head.ts"
import { listChats } from "./chat-list.ts"
import { EngineError } from "./errors.ts"
import type { Holdings } from "./holdings.ts"
import type { Library } from "./library.ts"
import type { ChatSummary, JudgedChat, KeepState, Weighed } from "./protocol.ts"
import {
    freedBy,
    inOrder,
    keptByRule,
    lostWith,
    propose,
    type RetentionRule,
    readRule,
    spellRule,
    type Verdict,
} from "./retention.ts"
import type { Patience } from "./retry.ts"

const setting = "keep"

const settingOf = (conversation: string | null): string =>
    conversation === null ? setting : `${setting}/${conversation}`

/** `conversation` null: every chat of the library. */
export async function judge(
    library: Library,
    holdings: Holdings,
    conversation: string | null,
    zone: string,
    patience: Patience,
): Promise<KeepState> {
    const { settings } = library.opened.head
    const everywhere = readRule(settings[settingOf(null)])
    const summaries = await listChats(library, patience)
    const chats: JudgedChat[] = []
    for (const summary of summaries) {
        if (conversation !== null && summary.conversation !== conversation) continue
        const own = settings[settingOf(summary.conversation)]
        const rule = own === undefined ? everywhere : readRule(own)
        const verdicts = await verdictsOn(library, holdings, summary, rule, zone, patience)
        const imports = verdicts.flatMap(({ id, reasons }) => {
            const one = summary.imports.find(({ importId }) => importId === id)
            return one === undefined ? [] : [{ ...one, reasons }]
        })
        const { name, reader } = summary
        chats.push({
            conversation: summary.conversation,
            name,
            reader,
            rule: own === undefined ? null : rule,
            imports,
        })
    }
    return { rule: everywhere, chats }
}

/** Chats are read only where the rule would let something go. */
async function verdictsOn(
    library: Library,
    holdings: Holdings,
    { conversation, imports }: ChatSummary,
    rule: RetentionRule,
    zone: string,
    patience: Patience,
): Promise<readonly Verdict[]> {
    const dated = imports.map(({ importId, added, last }) => ({ id: importId, added, last }))
    const kept = keptByRule(dated, rule, zone)
    if (kept.size < dated.length)
        return propose(await holdings.ofConversation(library, conversation, patience), rule, zone)
    return inOrder(dated, zone).map(({ id }) => ({ id, reasons: kept.get(id) ?? [] }))
}

/** Null as rule: the chat follows the one for all chats. */
export async function setRule(
    library: Library,
    conversation: string | null,
    rule: RetentionRule | null,
    patience: Patience,
): Promise<void> {
    await library.commit(patience, async (opened) => {
        const known = (one: HeadConversation): boolean => one.id === conversation
        if (conversation !== null && opened?.head.conversations.some(known) !== true)
            throw new EngineError("unknown-conversation")
        const name = settingOf(conversation)
        const { [name]: _before, ...others } = opened?.head.settings ?? {}
        const settings = rule === null ? others : { ...others, [name]: spellRule(rule) }
        return { head: { settings }, add: [], remove: [] }
    })
}

/** What deleting these would bring back, and what nothing would hold any more. */
export async function weigh(
    library: Library,
    holdings: Holdings,
    importIds: readonly string[],
    patience: Patience,
): Promise<Weighed> {
    const goes = new Set(importIds)
    const listed = library.opened.head.snapshots.filter(({ id }) => goes.has(id))
    let lost = { messages: 0, notices: 0, files: 0 }
    for (const conversation of new Set(listed.map((one) => one.conversation))) {
        const more = lostWith(await holdings.ofConversation(library, conversation, patience), goes)
        lost = {
            messages: lost.messages + more.messages,
            notices: lost.notices + more.notices,
            files: lost.files + more.files,
        }
    }
    return { freed: freedBy(await holdings.stored(library, patience), goes), lost }
}
