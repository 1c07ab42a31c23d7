/**
 * Adds an export: compare → send → finish → check, from wherever an earlier try stopped.
 *
 * *Done* is told only after everything was read back. However it ends before that, what was confirmed stays in the
 * journal and is not sent again.
 */

import { toHex } from "../bytes/hex.ts"
import { type CatalogPack, writeCatalog } from "../format/catalog.ts"
import { ChunkIndex } from "../format/chunk-index.ts"
import type { HeadConversation } from "../format/head.ts"
import { idLength, limits } from "../format/limits.ts"
import { sealedObjectLength } from "../format/object.ts"
import { describePack, type FinishedPack } from "../format/pack.ts"
import { type Snapshot, type SnapshotFile, sealSnapshot } from "../format/snapshot.ts"
import { checkImport } from "./check.ts"
import { commitImport, findSame, type ImportDraft, sealImport } from "./commit.ts"
import { deleteImports } from "./delete.ts"
import { codeOf, NotStoredError, OverQuotaError } from "./errors.ts"
import type { ImportJournal, JournalContent } from "./import-journal.ts"
import { contentLength, indexOf, type Kept, packsAmong, readKept } from "./kept.ts"
import type { Library } from "./library.ts"
import { type PassedFile, passOver } from "./pass.ts"
import type { Ports } from "./ports.ts"
import { ProgressTeller } from "./progress.ts"
import type { ImportOutcome, ImportProgress } from "./protocol.ts"
import { type Patience, persist } from "./retry.ts"
import { Sender } from "./sender.ts"
import type { ExportSource } from "./source.ts"
import { utcTime, wallClockOfDos } from "./times.ts"

/** What is to be added. */
export interface ImportJob {
    readonly source: ExportSource
    readonly conversation: HeadConversation
    readonly reader: Snapshot["reader"]
    readonly summary: Snapshot["summary"]
    /** Kept in the head beside the snapshot. */
    readonly settings: Readonly<Record<string, string>>
}

/** An import that the head lists. */
interface Landed {
    readonly id: string
    readonly conversation: string
}

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
    try {
        return await new Import(ports, library, journal, job, signal, tell).run()
    } catch (error) {
        if (signal.aborted) return { kind: "stopped" }
        return { kind: "failed", code: codeOf(error) }
    } finally {
        release()
    }
}

class Import {
    readonly #ports: Ports
    readonly #library: Library
    readonly #journal: ImportJournal
    readonly #job: ImportJob
    readonly #progress: ProgressTeller
    readonly #patience: Patience

    constructor(
        ports: Ports,
        library: Library,
        journal: ImportJournal,
        job: ImportJob,
        signal: AbortSignal,
        tell: (progress: ImportProgress) => void,
    ) {
        this.#ports = ports
        this.#library = library
        this.#journal = journal
        this.#job = job
        this.#progress = new ProgressTeller(ports.clock, job.source.size, tell)
        this.#patience = {
            clock: ports.clock,
            signal,
            tries: Number.POSITIVE_INFINITY,
            onNetwork: (network) => this.#progress.network(network),
        }
    }

    async run(): Promise<ImportOutcome> {
        for (let round = 0; round < mostRounds; round++) {
            const outcome = await this.#round()
            if (outcome !== null) return outcome
        }
        throw new NotStoredError()
    }

    /** Null: another device deleted what this import relied on; what is missing now has to be sent. */
    async #round(): Promise<ImportOutcome | null> {
        this.#progress.begin("comparing", { done: 0, alreadyThere: 0 })
        await this.#library.refresh(this.#patience)
        const landed = await this.#landed()
        if (landed !== null) {
            const outcome = await this.#finishLanded(landed)
            if (outcome !== null) return outcome
        }
        const sent = await this.#reconcile()
        const kept = await readKept(this.#library, this.#patience)
        const missing = await this.#missingRoom(kept, sent)
        if (missing > 0) return { kind: "over-quota", missing }

        let draft: ImportDraft
        try {
            draft = await this.#send(kept, sent)
        } catch (error) {
            if (error instanceof OverQuotaError) return await this.#overQuota(kept, error)
            throw error
        }
        return await this.#conclude(kept, draft)
    }

    async #conclude(kept: Kept, draft: ImportDraft): Promise<ImportOutcome | null> {
        this.#progress.begin("finishing")
        const same = await findSame(this.#library, this.#library.opened, new Set(), draft, this.#patience)
        if (same !== null) return await this.#finish(same)
        const sealed = await sealImport(this.#ports, this.#library, kept, draft, this.#patience)
        if (sealed === null) return null
        try {
            const outcome = await commitImport(this.#ports, this.#library, this.#journal, draft, sealed, this.#patience)
            if (outcome.kind === "stale") return null
            return await this.#finish(outcome)
        } catch (error) {
            if (error instanceof NotStoredError) return null
            throw error
        }
    }

    /** A snapshot that an earlier try committed without hearing of it. */
    async #landed(): Promise<Landed | null> {
        const snapshots = (await this.#journal.read())?.snapshots ?? []
        const listed = this.#library.opened.head.snapshots
        return listed.find(({ id }) => snapshots.some(({ snapshot }) => snapshot === id)) ?? null
    }

    /** Null: something of it is gone from the store. Then it is none, and what is gone is sent again. */
    async #finishLanded(landed: Landed): Promise<ImportOutcome | null> {
        try {
            return await this.#finish(landed)
        } catch (error) {
            if (!isGone(error)) throw error
            await deleteImports(this.#library, ({ id }) => id === landed.id, this.#patience)
            return null
        }
    }

    /** Asks the store which of the journaled packs it has; the others are given up and sent anew. */
    async #reconcile(): Promise<readonly CatalogPack[]> {
        const content = await this.#journal.read()
        if (content === null) return []
        await this.#abandonSnapshots(content)
        const ids = content.packs.map(({ pack }) => pack.id)
        if (ids.length === 0) return []
        const { store } = this.#ports
        const { signal } = this.#patience
        const answers = await persist(this.#patience, () => store.finish(ids, signal))
        const stored = new Map(answers.map((object) => [object.id, object]))
        const adopted: CatalogPack[] = []
        const lost: string[] = []
        const index = new ChunkIndex()
        for (const { pack } of content.packs) {
            const there = stored.get(pack.id)
            const fits = there?.state === "stored" && there.size === pack.size && there.sha256 === pack.sha256
            // No chunk stands twice in a catalog.
            const repeats = pack.frames.some(({ chunks }) => chunks.some(({ id }) => index.has(id)))
            if (fits && !repeats) {
                adopted.push(pack)
                index.addPack(pack)
                await this.#journal.writePack(pack, true)
            } else lost.push(pack.id)
        }
        if (lost.length > 0) {
            await persist(this.#patience, () => store.abandon(lost, signal))
            for (const id of lost) await this.#journal.erasePack(id)
        }
        return adopted
    }

    async #abandonSnapshots({ snapshots }: JournalContent): Promise<void> {
        const ids = snapshots.flatMap(({ snapshot, catalog }) => (catalog === null ? [snapshot] : [snapshot, catalog]))
        if (ids.length > 0) await persist(this.#patience, () => this.#ports.store.abandon(ids, this.#patience.signal))
    }

    // ------------------------------------------------------------ room

    /** Bytes that are missing before the first is sent, or 0. */
    async #missingRoom(kept: Kept, sent: readonly CatalogPack[]): Promise<number> {
        const free = await this.#freeRoom()
        const { source } = this.#job
        if (mostNeeded(source) <= free) return 0
        return (await this.#needed(kept, sent)) - free
    }

    async #freeRoom(): Promise<number> {
        const { server } = this.#ports
        const { quota } = await persist(this.#patience, () => server.account(this.#patience.signal))
        return quota.limit - quota.used - quota.reserved
    }

    /** Does everything but send, and counts: exact, because sizes are the same every time. */
    async #needed(kept: Kept, sent: readonly CatalogPack[]): Promise<number> {
        const packs: CatalogPack[] = [...sent]
        let bytes = 0
        const sentIndex = indexOf([{ packs: sent }])
        const content = contentLength(sent)
        this.#progress.resumed(content)
        const { files } = await passOver({
            keys: this.#library.keys,
            random: this.#ports.random,
            source: this.#job.source,
            signal: this.#patience.signal,
            isKnown: (id) => kept.index.has(id) || sentIndex.has(id),
            takePack: async (pack, release) => {
                bytes += pack.bytes.length
                packs.push({ ...pack, size: pack.bytes.length, sha256: "0".repeat(64) })
                this.#progress.compared(contentLength([pack]))
                release()
            },
            onFound: (id, length) => {
                if (!sentIndex.has(id)) this.#progress.found(length)
            },
        })
        const snapshot: Snapshot = {
            ...this.#facts(),
            id: toHex(this.#ports.random.bytes(idLength)),
            conversation: this.#job.conversation.id,
            catalogs: kept.snapshots.flatMap(({ catalogs }) => catalogs),
            files: files.map(toSnapshotFile(this.#job.source)),
        }
        const sealed = await sealSnapshot(this.#library.keys, snapshot, this.#ports.random)
        const catalog = packs.length === 0 ? 0 : sealedObjectLength(writeCatalog({ packs }).length)
        this.#progress.begin("comparing", { done: 0, alreadyThere: 0 })
        return bytes + catalog + sealed.length
    }

    /** The room was filled from elsewhere while this was sending: says how much is missing now. */
    async #overQuota(kept: Kept, { missing }: OverQuotaError): Promise<ImportOutcome> {
        this.#progress.begin("comparing", { done: 0, alreadyThere: 0 })
        const left = await this.#missingRoom(kept, await this.#reconcile())
        return { kind: "over-quota", missing: Math.max(left, missing, 1) }
    }

    // ------------------------------------------------------------ sending

    async #send(kept: Kept, before: readonly CatalogPack[]): Promise<ImportDraft> {
        const packs: CatalogPack[] = [...before]
        const beforeIndex = indexOf([{ packs: before }])
        const stop = new AbortController()
        const signal = AbortSignal.any([this.#patience.signal, stop.signal])
        const sender = new Sender(this.#ports.store, { ...this.#patience, signal })
        this.#progress.begin("sending", { done: 0, alreadyThere: 0 })
        this.#progress.sentBefore(before.reduce((sum, { size }) => sum + size, 0))
        try {
            const { files } = await passOver({
                keys: this.#library.keys,
                random: this.#ports.random,
                source: this.#job.source,
                signal,
                isKnown: (id) => beforeIndex.has(id) || kept.index.has(id),
                takePack: (pack, release) => this.#take(sender, pack, packs, release),
                onFound: (id, length) => {
                    if (beforeIndex.has(id)) this.#progress.resumed(length)
                    else this.#progress.found(length)
                },
            })
            await sender.settle()
            return this.#draft(files.map(toSnapshotFile(this.#job.source)), packs)
        } catch (error) {
            // Nothing goes on behind the back of whoever was told that it ended.
            stop.abort()
            await sender.settle().catch(() => undefined)
            throw sender.failure ?? error
        }
    }

    async #take(sender: Sender, pack: FinishedPack, packs: CatalogPack[], release: () => void): Promise<void> {
        const described = await describePack(pack)
        const { id, size, sha256 } = described
        await sender.send({
            facts: { id, kind: "pack", size, sha256 },
            bytes: pack.bytes,
            before: () => this.#journal.writePack(described, false),
            after: async () => {
                release()
                await this.#journal.writePack(described, true)
                packs.push(described)
                this.#progress.confirmed(contentLength([described]), size)
            },
        })
    }

    /** Only packs that the files need belong to the import: an earlier try may have sent what is elsewhere by now. */
    #draft(files: readonly SnapshotFile[], packs: readonly CatalogPack[]): ImportDraft {
        const { conversation, settings } = this.#job
        const index = indexOf([{ packs }])
        const needed = packsAmong(index, files)
        return {
            conversation,
            settings,
            facts: this.#facts(),
            files,
            packs: packs.filter(({ id }) => needed.has(id)),
        }
    }

    #facts(): ImportDraft["facts"] {
        const { source, reader, summary } = this.#job
        const { file, kind, comment } = source
        return {
            added: utcTime(this.#ports.clock.now()),
            source: { name: file.name, size: file.size, modified: utcTime(file.lastModified), kind, comment },
            reader,
            summary,
        }
    }

    // ------------------------------------------------------------ the end

    async #finish(there: Landed): Promise<ImportOutcome> {
        this.#progress.begin("checking")
        const chunksChecked = await checkImport(this.#ports, this.#library, there.id, this.#patience)
        await this.#journal.drop()
        this.#progress.finished()
        const { sent, alreadyThere } = this.#progress.current
        return { kind: "done", importId: there.id, conversation: there.conversation, sent, alreadyThere, chunksChecked }
    }
}

function isGone(error: unknown): boolean {
    const code = codeOf(error)
    return code === "not-stored" || code === "missing"
}

/** The room that is enough whatever turns out to be known: then nothing needs to be compared first. */
function mostNeeded(source: ExportSource): number {
    const perFrame = 64
    const perFile = 1_024
    const frames = source.files.length + source.size / limits.textChunkLeast
    const packs = 1 + source.size / (limits.packSize - limits.frameContent)
    const waste = 0.15 * source.size
    return Math.ceil(
        source.size + waste + frames * 2 * perFrame + source.files.length * perFile + packs * 128 + 4 * limits.smallest,
    )
}

function toSnapshotFile(source: ExportSource): (passed: PassedFile) => SnapshotFile {
    return ({ file, size, cut, type, chunks }) => ({
        name: file.name,
        size,
        modified: file.entry === null ? null : wallClockOfDos(file.entry.time),
        type: source.files[file.index]?.folder === true ? "inode/directory" : type,
        cut,
        chunks,
        entry:
            file.entry === null
                ? null
                : {
                      method: file.entry.method,
                      time: file.entry.time,
                      attributes: file.entry.attributes,
                      madeBy: file.entry.madeBy,
                      flags: file.entry.flags,
                      crc32: file.entry.crc32,
                      raw: file.entry.rawName,
                  },
    })
}
