/** The list of chats: what every import says of itself, without a byte of any chat. */

import type { Snapshot } from "../format/snapshot.ts"
import type { Library } from "./library.ts"
import type { ChatSummary } from "./protocol.ts"
import type { Patience } from "./retry.ts"

/** All chats, the one with the newest message first. */
export async function listChats(library: Library, patience: Patience): Promise<readonly ChatSummary[]> {
    const { conversations, snapshots: listed } = library.opened.head
    const snapshots = await library.snapshots(patience)
    const chats = conversations.map(({ id, name, self }): ChatSummary => {
        const imports = snapshots.filter((_, index) => listed[index]?.conversation === id).toSorted(newestFirst)
        const [newest] = imports
        return {
            conversation: id,
            name,
            self,
            reader: newest?.reader ?? "files",
            people: newest?.summary.people ?? [],
            messages: Math.max(0, ...imports.map(({ summary }) => summary.messages)),
            media: Math.max(0, ...imports.map(({ summary }) => summary.media)),
            first: earliest(imports.map(({ summary }) => summary.first)),
            last: latest(imports.map(({ summary }) => summary.last)),
            imports: imports.map(({ id: importId, added, source, summary }) => ({
                importId,
                added,
                fileName: source.name,
                size: source.size,
                messages: summary.messages,
                media: summary.media,
                first: summary.first,
                last: summary.last,
            })),
        }
    })
    return chats.toSorted((one, other) => compare(other.last ?? "", one.last ?? "") || compare(one.name, other.name))
}

export function newestFirst(one: Snapshot, other: Snapshot): number {
    return compare(other.summary.last ?? "", one.summary.last ?? "") || compare(other.added, one.added)
}

function earliest(times: readonly (string | null)[]): string | null {
    return times.filter((time) => time !== null).toSorted(compare)[0] ?? null
}

function latest(times: readonly (string | null)[]): string | null {
    return (
        times
            .filter((time) => time !== null)
            .toSorted(compare)
            .at(-1) ?? null
    )
}

function compare(one: string, other: string): number {
    return one < other ? -1 : one > other ? 1 : 0
}
