/**
 * Seals what an earlier key sealed anew, one import after the other: read → the ordinary pass → its place in the head.
 *
 * May end anywhere and be gone on with on any device; imports that are done stay done. Of each, the old objects are given
 * up as soon as the new ones were read back: so there need be room for one import only, and the old key opens less and less.
 */

import type { HeadSnapshot } from "../format/head.ts"
import { runImport } from "./backup.ts"
import { codeOf } from "./errors.ts"
import { ImportJournal } from "./import-journal.ts"
import type { ImportJob, Replaced } from "./job.ts"
import { idsOf, packsOf } from "./kept.ts"
import type { Library } from "./library.ts"
import { librarySource } from "./library-source.ts"
import type { Ports } from "./ports.ts"
import type { ImportOutcome, ImportProgress, ResealOutcome, ResealProgress } from "./protocol.ts"
import { type Patience, persist } from "./retry.ts"
import { utcTime } from "./times.ts"

interface Work {
    readonly ports: Ports
    readonly library: Library
    readonly patience: Patience
}

export async function resealAll(
    ports: Ports,
    library: Library,
    signal: AbortSignal,
    tell: (progress: ResealProgress) => void,
): Promise<ResealOutcome> {
    const patience: Patience = {
        clock: ports.clock,
        signal,
        tries: Number.POSITIVE_INFINITY,
        onNetwork: () => undefined,
    }
    const work: Work = { ports, library, patience }
    try {
        await library.refresh(patience)
        const sizes = await sizesOf(work)
        const total = sum(sizes.values())
        for (;;) {
            const left = library.sealedEarlier
            const [next] = left
            if (next === undefined) break
            const before = total - sum(left.map(({ id }) => sizes.get(id) ?? 0))
            const outcome = await resealOne(work, next, ({ phase, done, network }) => {
                const here = phase === "comparing" ? 0 : done
                tell({ left: left.length, done: before + here, total, network })
            })
            if (outcome.kind === "over-quota" || outcome.kind === "stopped") return outcome
            if (outcome.kind === "failed" && outcome.code !== "unknown-import") return outcome
            await library.refresh(patience)
        }
        await forgetJournals(work)
        tell({ left: 0, done: total, total, network: "fine" })
        return { kind: "done" }
    } catch (error) {
        return signal.aborted ? { kind: "stopped" } : { kind: "failed", code: codeOf(error) }
    }
}

async function resealOne(
    work: Work,
    listed: HeadSnapshot,
    tell: (progress: ImportProgress) => void,
): Promise<ImportOutcome> {
    const { ports, library, patience } = work
    const snapshot = await library.snapshot(listed.id, patience)
    const replaced: Replaced = { snapshot, files: await library.fileList(snapshot, patience) }
    const old = await objectsOf(work, replaced)
    const journal = journalOf(work, snapshot.id)
    const job = await jobOf(work, replaced)
    const { name, size, lastModified } = job.source.file
    await journal.writeFacts({
        fileName: name,
        size,
        modified: lastModified,
        title: job.conversation.name,
        conversation: job.conversation.id,
        begun: utcTime(ports.clock.now()),
    })
    const outcome = await runImport(ports, library, journal, job, patience.signal, tell)
    // What another import needs as well is not given up, whoever asks.
    if (outcome.kind === "done") await abandon(work, old)
    return outcome
}

async function jobOf({ library, patience }: Work, replaced: Replaced): Promise<ImportJob> {
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

async function objectsOf({ library, patience }: Work, { snapshot, files }: Replaced): Promise<readonly string[]> {
    const { index } = await library.places(snapshot).ofAll(patience)
    const catalogs = snapshot.catalogs.map(({ id }) => id)
    return [snapshot.id, ...catalogs, ...packsOf(index, idsOf(files, snapshot.files))]
}

async function sizesOf({ library, patience }: Work): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>()
    for (const { id } of library.sealedEarlier) {
        const files = await library.fileList(await library.snapshot(id, patience), patience)
        sizes.set(id, sum(files.map(({ size }) => size)))
    }
    return sizes
}

/** Lines of imports that another device finished, or that were deleted meanwhile: what they had sent is given up. */
async function forgetJournals(work: Work): Promise<void> {
    for (const id of await work.ports.journal.imports(shelfOf(work.library))) {
        const journal = journalOf(work, id)
        const content = await journal.read()
        await abandon(work, content?.packs.map(({ pack }) => pack.id) ?? [])
        await journal.drop()
    }
}

async function abandon({ ports, patience }: Work, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await persist(patience, () => ports.store.abandon(ids, patience.signal))
}

function journalOf({ ports, library }: Work, importId: string): ImportJournal {
    return new ImportJournal(ports, library.keys, shelfOf(library), importId)
}

/** Apart from the imports that a person began. */
function shelfOf(library: Library): string {
    return `${library.id}/reseal`
}

function sum(numbers: Iterable<number>): number {
    let total = 0
    for (const number of numbers) total += number
    return total
}
