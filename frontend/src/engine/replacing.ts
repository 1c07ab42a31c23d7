/**
 * An import that takes the place of another that says the same: what sealing anew and compacting have in common.
 *
 * What was replaced is given up as soon as the new objects were read back: so there need be room for one import only.
 */

import { ImportJournal } from "./import-journal.ts"
import type { ImportJob, Replaced } from "./job.ts"
import { idsOf, packsOf } from "./kept.ts"
import type { Library } from "./library.ts"
import { librarySource } from "./library-source.ts"
import type { Ports } from "./ports.ts"
import { type Patience, persist } from "./retry.ts"
import { utcTime } from "./times.ts"

export interface Replacing {
    readonly ports: Ports
    readonly library: Library
    readonly patience: Patience
    /** Where its journals lie, apart from those of imports that a person began. */
    readonly shelf: "reseal" | "compact"
}

/** As long as it takes; an end comes by the signal. */
export function replacing(ports: Ports, library: Library, signal: AbortSignal, shelf: Replacing["shelf"]): Replacing {
    const { clock } = ports
    const patience: Patience = { clock, signal, tries: Number.POSITIVE_INFINITY, onNetwork: () => undefined }
    return { ports, library, patience, shelf }
}

export async function replacedOf({ library, patience }: Replacing, importId: string): Promise<Replaced> {
    const snapshot = await library.snapshot(importId, patience)
    return { snapshot, files: await library.fileList(snapshot, patience) }
}

export async function jobOf({ library, patience }: Replacing, replaced: Replaced): Promise<ImportJob> {
    const { snapshot } = replaced
    const { conversations } = library.opened.head
    return {
        source: await librarySource(library, replaced, patience),
        conversation: conversations.find(({ id }) => id === snapshot.conversation) ?? {
            id: snapshot.conversation,
            name: snapshot.summary.title,
            self: null,
        },
        reader: snapshot.reader,
        summary: snapshot.summary,
        settings: {},
        replaces: replaced,
    }
}

/** A journal that was begun: an import of that id can be gone on with. */
export async function journalOf(work: Replacing, job: ImportJob, importId: string): Promise<ImportJournal> {
    const journal = journalAt(work, importId)
    const { name, size, lastModified } = job.source.file
    await journal.writeFacts({
        dayFirst: null,
        fileName: name,
        size,
        modified: lastModified,
        title: job.conversation.name,
        conversation: job.conversation.id,
        begun: utcTime(work.ports.clock.now()),
    })
    return journal
}

/** Every object that the import needs. */
export async function objectsOf(
    { library, patience }: Replacing,
    { snapshot, files }: Replaced,
): Promise<readonly string[]> {
    const { index } = await library.places(snapshot).ofAll(patience)
    const catalogs = snapshot.catalogs.map(({ id }) => id)
    return [snapshot.id, ...catalogs, ...packsOf(index, idsOf(files, snapshot.files))]
}

/** What another import needs as well is not given up, whoever asks. */
export async function abandon({ ports, patience }: Replacing, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await persist(patience, () => ports.store.abandon(ids, patience.signal))
}

/** Lines of imports that another device finished, or that were deleted meanwhile: what they had sent is given up. */
export async function forgetJournals(work: Replacing): Promise<void> {
    for (const id of await work.ports.journal.imports(shelfOf(work))) {
        const journal = journalAt(work, id)
        const content = await journal.read()
        await abandon(work, content?.packs.map(({ pack }) => pack.id) ?? [])
        await journal.drop()
    }
}

function journalAt(work: Replacing, importId: string): ImportJournal {
    return new ImportJournal(work.ports, work.library.keys, shelfOf(work), importId)
}

function shelfOf({ library, shelf }: Replacing): string {
    return `${library.id}/${shelf}`
}
