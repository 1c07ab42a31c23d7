/** Which import belongs to which chat: two chats become one, an import becomes a chat of its own. Nothing is sent but a head. */

import { toHex } from "../bytes/hex.ts"
import type { Head } from "../format/head.ts"
import { idLength } from "../format/limits.ts"
import { EngineError } from "./errors.ts"
import type { Library } from "./library.ts"
import type { Ports } from "./ports.ts"
import { clockSetting } from "./read-import.ts"
import type { Patience } from "./retry.ts"

/** All imports of one chat go to another, with its bookmarks; the emptied chat goes. */
export async function joinChats(library: Library, from: string, into: string, patience: Patience): Promise<void> {
    await library.commit(patience, async (opened) => {
        const head = opened?.head
        if (head === undefined || from === into || !lists(head, from) || !lists(head, into))
            throw new EngineError("unknown-conversation")
        return {
            head: {
                conversations: head.conversations.filter(({ id }) => id !== from),
                snapshots: head.snapshots.map((one) =>
                    one.conversation === from ? { ...one, conversation: into } : one,
                ),
                settings: Object.fromEntries(
                    Object.entries(head.settings).flatMap(([name, value]) => {
                        if (!name.endsWith(`/${from}`)) return [[name, value]]
                        // Which exports are kept is said by the chat that stays.
                        return name.startsWith("keep/") ? [] : [[name.slice(0, -from.length) + into, value]]
                    }),
                ),
            },
            add: [],
            remove: [],
        }
    })
}

/** An import leaves its chat for one of its own. The other one keeps name and bookmarks. */
export async function splitImport(
    ports: Ports,
    library: Library,
    importId: string,
    name: string,
    patience: Patience,
): Promise<string> {
    const own = toHex(ports.random.bytes(idLength))
    await library.commit(patience, async (opened) => {
        const head = opened?.head
        const split = head?.snapshots.find(({ id }) => id === importId)
        if (head === undefined || split === undefined) throw new EngineError("unknown-import")
        const others = head.snapshots.some(
            ({ id, conversation }) => id !== importId && conversation === split.conversation,
        )
        if (!others) throw new EngineError("library-changed")
        const self = head.conversations.find(({ id }) => id === split.conversation)?.self ?? null
        const { [`${clockSetting}/${importId}`]: _clock, ...settings } = head.settings
        return {
            head: {
                conversations: [...head.conversations, { id: own, name, self }],
                snapshots: head.snapshots.map((one) => (one.id === importId ? { ...one, conversation: own } : one)),
                settings,
            },
            add: [],
            remove: [],
        }
    })
    return own
}

/** What the person says of the clock of some imports: minutes by which each was ahead of the newest one's. */
export async function setClocks(
    library: Library,
    clocks: Readonly<Record<string, number>>,
    patience: Patience,
): Promise<void> {
    await library.commit(patience, async (opened) => {
        const listed = new Set(opened?.head.snapshots.map(({ id }) => id))
        const said = Object.entries(clocks)
            .filter(([id]) => listed.has(id))
            .map(([id, minutes]) => [`${clockSetting}/${id}`, `${Math.trunc(minutes)}`])
        if (said.length === 0) throw new EngineError("unknown-import")
        return {
            head: { settings: { ...opened?.head.settings, ...Object.fromEntries(said) } },
            add: [],
            remove: [],
        }
    })
}

function lists(head: Head, conversation: string): boolean {
    return head.conversations.some(({ id }) => id === conversation)
}
