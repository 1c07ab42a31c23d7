/**
 * Adds an export: compare → send → finish → check, from wherever an earlier try stopped.
 *
 * *Done* is told only after everything was read back. However it ends before that, what was confirmed stays in the
 * journal and is not sent again.
 */

import type { Bytes } from "../bytes/bytes.ts"
import type { CatalogPack } from "../format/catalog.ts"
import { indexOf } from "../format/chunk-index.ts"
import type { SnapshotFile } from "../format/file-list.ts"
import type { FileListRef } from "../format/snapshot.ts"
import { checkImport } from "./check.ts"
import { commitImport, findSame, type ImportDraft, sealedSize, sealImport } from "./commit.ts"
import { deleteImports } from "./delete.ts"
import { codeOf, NotStoredError, OverQuotaError } from "./errors.ts"
import type { ImportJournal } from "./import-journal.ts"
import { type ImportJob, type ImportWork, snapshotFacts, snapshotFiles } from "./job.ts"
import { contentLength, idsOf, type Kept, packsAmong, readKept } from "./kept.ts"
import type { Library } from "./library.ts"
import { passOverList, takeRests } from "./list-pass.ts"
import { type PassOptions, passOver } from "./pass.ts"
import type { Ports } from "./ports.ts"
import { ProgressTeller } from "./progress.ts"
import type { ImportOutcome, ImportProgress } from "./protocol.ts"
import { findLanded, type Landed, reconcile } from "./resume.ts"
import type { Patience } from "./retry.ts"
import { missingRoom } from "./room.ts"
import { Sender } from "./sender.ts"

/** How often what another device deleted in between is sent again before that is given up. */
const mostRounds = 4

export async function runImport(
    ports: Ports,
    library: Library,
    journal: ImportJournal,
    job: ImportJob,
    signal: AbortSignal,
    tell: (progress: ImportProgress) => void,
): Promise<ImportOutcome> {
    const release = await ports.journal.claim(journal.importId)
    if (release === null) return { kind: "failed", code: "import-running" }
    const progress = new ProgressTeller(ports.clock, job.source.size, tell)
    const patience: Patience = {
        clock: ports.clock,
        signal,
        tries: Number.POSITIVE_INFINITY,
        onNetwork: (network) => progress.network(network),
    }
    try {
        return await inRounds({ ports, library, journal, job, progress, patience })
    } catch (error) {
        if (signal.aborted) return { kind: "stopped" }
        return { kind: "failed", code: codeOf(error) }
    } finally {
        release()
    }
}

async function inRounds(work: ImportWork): Promise<ImportOutcome> {
    for (let round = 0; round < mostRounds; round++) {
        const outcome = await oneRound(work)
        if (outcome !== null) return outcome
    }
    throw new NotStoredError()
}

/** Null: another device deleted what this import relied on; what is missing now has to be sent. */
async function oneRound(work: ImportWork): Promise<ImportOutcome | null> {
    const { library, progress, patience } = work
    progress.begin("comparing", { done: 0, alreadyThere: 0 })
    await library.refresh(patience)
    const landed = await findLanded(work)
    const outcome = landed === null ? null : await finishLanded(work, landed)
    if (outcome !== null) return outcome

    const sent = await reconcile(work)
    const kept = await readKept(library, patience)
    const missing = await missingRoom(work, kept, sent)
    if (missing > 0) return { kind: "over-quota", missing }
    try {
        return await conclude(work, kept, await send(work, kept, sent))
    } catch (error) {
        if (error instanceof NotStoredError) return null
        if (!(error instanceof OverQuotaError)) throw error
        // The room was filled from elsewhere while this was sending. What is missing now is counted anew.
        progress.begin("comparing", { done: 0, alreadyThere: 0 })
        const left = await missingRoom(work, kept, await reconcile(work))
        return { kind: "over-quota", missing: Math.max(left, error.missing) }
    }
}

// ---------------------------------------------------------------- sending

interface SentImport {
    readonly draft: ImportDraft
    /** Entries that could be read in part or not at all. */
    readonly damaged: readonly string[]
}

async function send(work: ImportWork, kept: Kept, before: readonly CatalogPack[]): Promise<SentImport> {
    const { ports, library, job, progress, patience } = work
    const packs: CatalogPack[] = [...before]
    const beforeIndex = indexOf([{ packs: before }])
    const stop = new AbortController()
    const signal = AbortSignal.any([patience.signal, stop.signal])
    const sender = new Sender(ports.store, { ...patience, signal })
    progress.begin("sending", { done: 0, alreadyThere: 0 })
    progress.sentBefore(before.reduce((sum, { size }) => sum + size, 0))
    try {
        const pass = {
            crew: ports.crew,
            keys: library.keys,
            random: ports.random,
            signal,
            isKnown: (id: Bytes) => beforeIndex.has(id) || kept.index.has(id),
        }
        const takePack: PassOptions["takePack"] = (pack, bytes, release) =>
            ship(work, sender, pack, bytes, release, () => packs.push(pack))
        const passed = await passOver({
            ...pass,
            source: job.source,
            takePack,
            onFound: (id, length) => (beforeIndex.has(id) ? progress.resumed(length) : progress.found(length)),
        })
        const files = snapshotFiles(job, passed.files)
        const { list, rests } = await passOverList({ ...pass, takePack }, files)
        await takeRests([...passed.rests, ...rests], ports.random, takePack)
        await sender.settle()
        return { draft: draftOf(work, files, list, packs), damaged: passed.damaged }
    } catch (error) {
        // Nothing goes on behind the back of whoever is told that it ended.
        stop.abort()
        await sender.settle().catch(() => undefined)
        throw sender.failure ?? error
    }
}

export async function ship(
    { journal, progress }: ImportWork,
    sender: Sender,
    pack: CatalogPack,
    bytes: Bytes,
    left: () => void,
    confirmed: () => void,
): Promise<void> {
    const { id, size, sha256 } = pack
    await sender.send({
        facts: { id, kind: "pack", size, sha256 },
        bytes,
        before: () => journal.writePack(pack, false),
        left,
        after: async () => {
            await journal.writePack(pack, true)
            confirmed()
            progress.confirmed(contentLength([pack]), size)
        },
    })
}

/** Only packs that the files need belong to the import: an earlier try may have sent what is elsewhere by now. */
function draftOf(
    { ports, job }: ImportWork,
    files: readonly SnapshotFile[],
    list: FileListRef,
    packs: readonly CatalogPack[],
): ImportDraft {
    const needed = packsAmong(indexOf([{ packs }]), idsOf(files, list))
    return {
        conversation: job.conversation,
        settings: job.settings,
        replaces: job.replaces?.snapshot.id ?? null,
        facts: snapshotFacts(job, ports.clock.now()),
        files,
        list,
        packs: packs.filter(({ id }) => needed.has(id)),
    }
}

// ---------------------------------------------------------------- the end

/** Null: some of what the import relied on is not kept any more. */
export async function conclude(
    work: ImportWork,
    kept: Kept,
    { draft, damaged }: SentImport,
): Promise<ImportOutcome | null> {
    const { ports, library, journal, progress, patience } = work
    progress.begin("finishing")
    const same = await findSame(library, library.opened, new Set(), draft, patience)
    if (same !== null) {
        if (draft.replaces !== null) await giveWay(library, draft.replaces, patience)
        return await finish(work, same, damaged)
    }
    const sealed = await sealImport(ports, library, kept, draft, patience)
    if (sealed === null) return null
    const outcome = await commitImport(ports, library, journal, draft, sealed, patience)
    if (outcome.kind === "stale") return null
    if (outcome.id !== sealed.snapshot.id && draft.replaces !== null) await giveWay(library, draft.replaces, patience)
    if (outcome.id === sealed.snapshot.id) progress.confirmed(0, sealedSize(sealed))
    return await finish(work, outcome, damaged)
}

async function finish(
    { ports, library, journal, progress, patience }: ImportWork,
    landed: Landed,
    damaged: readonly string[],
): Promise<ImportOutcome> {
    progress.begin("checking")
    const chunksChecked = await checkImport(ports, library, landed.id, patience)
    await journal.drop()
    progress.finished()
    const { sent, alreadyThere } = progress.current
    const { id: importId, conversation } = landed
    return { kind: "done", importId, conversation, sent, alreadyThere, chunksChecked, damaged }
}

/** The library holds the same already: the import that was to be replaced just goes. */
async function giveWay(library: Library, replaced: string, patience: Patience): Promise<void> {
    await deleteImports(library, ({ id }) => id === replaced, patience).catch((error: unknown) => {
        if (codeOf(error) !== "unknown-import") throw error
    })
}

/**
 * Null: something of it is gone from the store. Then it is taken out of the head, and what is gone is sent again; unless it
 * took another's place, for then nothing is left that it could be read from.
 */
async function finishLanded(work: ImportWork, landed: Landed): Promise<ImportOutcome | null> {
    try {
        return await finish(work, landed, work.job.source.damaged)
    } catch (error) {
        const code = codeOf(error)
        const gone = code === "not-stored" || code === "missing"
        if (!gone || work.job.replaces !== null) throw error
        await deleteImports(work.library, ({ id }) => id === landed.id, work.patience)
        return null
    }
}
