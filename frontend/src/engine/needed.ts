/** Which sealed objects an import needs, and what each of them has to be: by the head, and by the catalogs it lists. */

import { DamagedObjectError } from "../format/errors.ts"
import { idsOf, packsOf } from "./kept.ts"
import type { Library } from "./library.ts"
import type { Announcement } from "./ports.ts"
import type { Patience } from "./retry.ts"

/** The snapshot first, then its catalogs, then the packs in which its chunks lie. */
export async function neededBy(
    library: Library,
    importId: string,
    patience: Patience,
): Promise<readonly Announcement[]> {
    const { head } = library.opened
    const listed = new Map([...head.snapshots, ...head.catalogs].map(({ id, size, sha256 }) => [id, { size, sha256 }]))
    const announce = (id: string, kind: Announcement["kind"]): Announcement => {
        const facts = listed.get(id)
        if (facts === undefined) throw new DamagedObjectError("missing")
        return { id, kind, ...facts }
    }
    const snapshot = await library.snapshot(importId, patience)
    const listing = snapshot.catalogs.map(({ id: catalog }) => catalog)
    const catalogs = await library.catalogs(listing, patience)
    const files = await library.fileList(snapshot, patience)
    const { index } = await library.places(snapshot).ofAll(patience)
    const needed = packsOf(index, idsOf(files, snapshot.files))
    const packs = new Map<string, Announcement>()
    for (const { packs: named } of catalogs)
        for (const { id, size, sha256 } of named)
            if (needed.has(id) && !packs.has(id)) packs.set(id, { id, kind: "pack", size, sha256 })
    return [announce(importId, "snapshot"), ...listing.map((id) => announce(id, "catalog")), ...packs.values()]
}

/** Every object of all of these, once. */
export function each(needed: Iterable<readonly Announcement[]>): readonly Announcement[] {
    const objects = new Map<string, Announcement>()
    for (const list of needed) for (const object of list) objects.set(object.id, object)
    return [...objects.values()]
}

export function sizeOf(objects: readonly Pick<Announcement, "size">[]): number {
    return objects.reduce((sum, { size }) => sum + size, 0)
}
