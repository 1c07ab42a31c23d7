/** Bookmarks: places in a chat with a note, sealed in the head's settings (docs/format.md §7). They go with their chat. */

import { toHex } from "../bytes/hex.ts"
import { idLength } from "../format/limits.ts"
import { type Anchor, anchorOf, findAnchor } from "../reader/anchor.ts"
import type { ChatRecord } from "../reader/conversation.ts"
import { EngineError } from "./errors.ts"
import type { Library } from "./library.ts"
import type { Ports } from "./ports.ts"
import type { Bookmark } from "./protocol.ts"
import type { Patience } from "./retry.ts"
import { utcTime } from "./times.ts"

const setting = "bookmark"
/** Characters of a note. */
export const longestNote = 2000
/** The head is read by every device at every unlock: it has to stay small. */
const mostBookmarks = 5000

interface Kept extends Anchor {
    readonly note: string
    readonly made: string
}

interface Chat {
    readonly people: readonly string[]
    readonly records: readonly ChatRecord[]
}

/** Those of one chat, in its order; what is not found any more stands at the end. */
export function bookmarksOf(library: Library, conversation: string, { people, records }: Chat): readonly Bookmark[] {
    const listed = Object.entries(library.opened.head.settings).flatMap(([name, value]): Bookmark[] => {
        const id = idOf(name, conversation)
        const kept = id === null ? null : read(value)
        if (id === null || kept === null) return []
        return [{ id, ...kept, record: findAnchor(records, people, kept) }]
    })
    const place = ({ record }: Bookmark): number => record ?? Number.POSITIVE_INFINITY
    return listed.toSorted((one, other) => place(one) - place(other) || (one.time < other.time ? -1 : 1))
}

/** `id` null: a new one. */
export async function keepBookmark(
    ports: Ports,
    library: Library,
    conversation: string,
    { people, records }: Chat,
    { id, record, note }: { readonly id: string | null; readonly record: number; readonly note: string },
    patience: Patience,
): Promise<string> {
    const meant = records[record]
    if (meant === undefined || note.length > longestNote) throw new EngineError("unknown-chat")
    const kept: Kept = { ...anchorOf(meant, people), note, made: utcTime(ports.clock.now()) }
    const own = id ?? toHex(ports.random.bytes(idLength))
    await library.commit(patience, async (opened) => {
        const { conversations = [], settings = {} } = opened?.head ?? {}
        if (!conversations.some((one) => one.id === conversation)) throw new EngineError("unknown-conversation")
        const names = Object.keys(settings).filter((name) => name.startsWith(`${setting}/`))
        if (id === null && names.length >= mostBookmarks) throw new EngineError("too-many-bookmarks")
        const changed = { ...settings, [`${setting}/${own}/${conversation}`]: JSON.stringify(kept) }
        return { head: { settings: changed }, add: [], remove: [] }
    })
    return own
}

export async function removeBookmark(
    library: Library,
    conversation: string,
    id: string,
    patience: Patience,
): Promise<void> {
    await library.commit(patience, async (opened) => {
        const name = `${setting}/${id}/${conversation}`
        const { [name]: gone, ...settings } = opened?.head.settings ?? {}
        return gone === undefined ? null : { head: { settings }, add: [], remove: [] }
    })
}

function idOf(name: string, conversation: string): string | null {
    const [first, id, owner] = name.split("/")
    return first === setting && owner === conversation && id !== undefined ? id : null
}

/** What is not understood is no bookmark, and stays as it is. */
function read(value: string): Kept | null {
    try {
        const { time, sender, words, note, made } = JSON.parse(value) as Record<string, unknown>
        const texts = [time, sender, words, note, made]
        return texts.every((one) => typeof one === "string") ? ({ time, sender, words, note, made } as Kept) : null
    } catch {
        return null
    }
}
