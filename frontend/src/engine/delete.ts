/**
 * Deletes imports: a new head that no longer lists them. The server collects what no snapshot needs any more.
 *
 * Catalogs stay as long as a snapshot needs one of their packs, and a conversation as long as it has an import.
 */

import type { Head, HeadSnapshot } from "../format/head.ts"
import { EngineError } from "./errors.ts"
import type { HeadChange, Library } from "./library.ts"
import type { Patience } from "./retry.ts"

/** `unknown-import` when nothing fits, `library-changed` when an import is gone that was relied on to stay. */
export async function deleteImports(
    library: Library,
    chosen: (snapshot: HeadSnapshot) => boolean,
    patience: Patience,
    staying: readonly string[] = [],
): Promise<void> {
    let found = false
    await library.commit(patience, async (opened) => {
        const removed = opened?.head.snapshots.filter(chosen) ?? []
        // Asked a second time after another device came first, everything may be gone already.
        if (opened === null || removed.length === 0) {
            if (!found) throw new EngineError("unknown-import")
            return null
        }
        found = true
        // Else two devices could each delete one of two copies because the other one stays.
        const listed = new Set(opened.head.snapshots.map(({ id }) => id))
        if (staying.some((id) => !listed.has(id))) throw new EngineError("library-changed")
        return await without(library, opened.head, removed, patience)
    })
}

/** Every catalog that these snapshots list. */
export async function catalogsNeeded(
    library: Library,
    snapshots: readonly HeadSnapshot[],
    patience: Patience,
): Promise<ReadonlySet<string>> {
    const needed = new Set<string>()
    for (const { id } of snapshots)
        for (const catalog of (await library.snapshot(id, patience)).catalogs) needed.add(catalog.id)
    return needed
}

async function without(
    library: Library,
    head: Head,
    removed: readonly HeadSnapshot[],
    patience: Patience,
): Promise<HeadChange> {
    const gone = new Set(removed.map(({ id }) => id))
    const snapshots = head.snapshots.filter(({ id }) => !gone.has(id))
    const needed = await catalogsNeeded(library, snapshots, patience)
    const left = new Set(snapshots.map(({ conversation }) => conversation))
    const emptied = new Set(removed.map(({ conversation }) => conversation).filter((id) => !left.has(id)))
    return {
        head: {
            snapshots,
            catalogs: head.catalogs.filter(({ id }) => needed.has(id)),
            conversations: head.conversations.filter(({ id }) => !emptied.has(id)),
            settings: Object.fromEntries(
                Object.entries(head.settings).filter(([name]) => {
                    const owner = name.slice(name.lastIndexOf("/") + 1)
                    return !gone.has(owner) && !emptied.has(owner)
                }),
            ),
        },
        add: [],
        remove: [...gone],
    }
}
