/**
 * What stands between *sent* and *done*: everything is asked back from the store and opened as another device would.
 *
 * Length and hash of every object; head, snapshot, catalogs and list of files as they lie there; what is in a few windows of
 * its packs. The walk is that of `examine.ts`; here any damage ends it.
 */

import { DamagedObjectError } from "../format/errors.ts"
import type { HeadObject } from "../format/head.ts"
import { blindWindows } from "./blind-windows.ts"
import { DamageBook } from "./damage.ts"
import { EngineError } from "./errors.ts"
import { type Examination, examineHead, examineImports, examineStore } from "./examine.ts"
import type { Library } from "./library.ts"
import type { Ports } from "./ports.ts"
import { readBack } from "./read-back.ts"
import type { Patience } from "./retry.ts"

/** How many windows are read back; all, if there are fewer. */
const windows = 3

/** Resolves with the number of pieces that were read back; throws what is wrong. Nothing is taken from caches. */
export async function checkImport(
    ports: Ports,
    library: Library,
    importId: string,
    patience: Patience,
): Promise<number> {
    const head = await examineHead({ ports, library, patience, book: new DamageBook(), blind: true })
    const ref = head.head.snapshots.find(({ id }) => id === importId)
    if (ref === undefined) throw new DamagedObjectError("missing")
    return await checkObjects(ports, library, ref, head.head.catalogs, patience)
}

/** The same of an import that no head lists yet, but for the head. `known` holds every catalog that it needs. */
export async function checkObjects(
    ports: Ports,
    library: Library,
    ref: HeadObject,
    known: readonly HeadObject[],
    patience: Patience,
): Promise<number> {
    const book = new DamageBook()
    const work: Examination = { ports, library, patience, book, blind: true }
    const listing = await examineImports(work, [{ ...ref, conversation: "" }], known)
    book.throwFirst()
    await examineStore(work, listing)
    if (book.size > 0) throw new EngineError("not-stored")

    const portions = blindWindows(listing.packs, windows, ports.random)
    await readBack(
        work,
        portions,
        async () => undefined,
        () => book.throwFirst(),
    )
    book.throwFirst()
    return portions.reduce((sum, { places }) => sum + places.length, 0)
}
