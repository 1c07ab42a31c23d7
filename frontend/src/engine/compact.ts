/**
 * Packs of which little is needed any more: what is needed moves into new packs, and the old ones go.
 *
 *     live share of each pack ─▸ those below half ─▸ the imports that need them ─▸ each takes its own place in the head
 *
 * Names and content of chunks stay, so nothing else of an import is read. No pack is touched that would cost more to send
 * than it frees, and no run sends more than a bound.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import type { CatalogPack } from "../format/catalog.ts"
import type { NamedChunk } from "../format/chunk.ts"
import { indexOf } from "../format/chunk-index.ts"
import type { Cut } from "../format/cut.ts"
import { chunkIds } from "../format/file-list.ts"
import { sealFrame } from "../format/frame.ts"
import { limits } from "../format/limits.ts"
import { describePack, type FinishedPack, joinRests, PackBuilder } from "../format/pack.ts"
import { padme } from "../format/padme.ts"
import { conclude, ship } from "./backup.ts"
import { readChunks } from "./chunks.ts"
import { codeOf, NotStoredError, OverQuotaError } from "./errors.ts"
import { type ImportWork, type Replaced, snapshotFacts } from "./job.ts"
import { idsOf, type Kept, packsAmong, readKept } from "./kept.ts"
import type { Library } from "./library.ts"
import type { Ports } from "./ports.ts"
import { ProgressTeller } from "./progress.ts"
import type { ImportOutcome, TidyOutcome, TidyPlan, TidyProgress } from "./protocol.ts"
import {
    abandon,
    forgetJournals,
    jobOf,
    journalOf,
    objectsOf,
    type Replacing,
    replacedOf,
    replacing,
} from "./replacing.ts"
import { reconcile } from "./resume.ts"
import type { Patience } from "./retry.ts"
import { Sender } from "./sender.ts"

/** Below this share of live bytes a pack is worth the traffic: it frees more than it costs. */
const liveShare = 0.5
const mostSent = 256 * 1_048_576
const leastFreed = 1_048_576
/** Snapshot, catalog and the rest of a pack, each at least this. */
const objectsPerImport = 3

interface Plan extends TidyPlan {
    /** Packs that go. */
    readonly packs: ReadonlySet<string>
    /** Imports that need some of them. */
    readonly imports: readonly string[]
}

interface PackUse {
    readonly size: number
    /** Frames that some import needs, by where they lie. */
    readonly live: Map<number, number>
    readonly imports: Set<string>
}

const nothing: Plan = { frees: 0, sends: 0, packs: new Set(), imports: [] }

export async function planCompaction(library: Library, patience: Patience): Promise<Plan> {
    // What is still to be sealed anew is sent once more anyway.
    if (library.sealedEarlier.length > 0) return nothing
    const chosen: [string, PackUse][] = []
    let moved = 0
    for (const [id, use] of leastLiveFirst(await usesOf(library, patience))) {
        const live = liveBytes(use)
        if (live >= liveShare * use.size || moved + live > mostSent) continue
        chosen.push([id, use])
        moved += live
    }
    const imports = new Set(chosen.flatMap(([, use]) => [...use.imports]))
    const sends = padme(moved) + objectsPerImport * limits.smallest * imports.size
    const frees = chosen.reduce((sum, [, { size }]) => sum + size, 0) - sends
    if (frees < leastFreed || sends > frees) return nothing
    return { frees, sends, packs: new Set(chosen.map(([id]) => id)), imports: [...imports] }
}

export async function compactAll(
    ports: Ports,
    library: Library,
    signal: AbortSignal,
    tell: (progress: TidyProgress) => void,
): Promise<TidyOutcome> {
    const work = replacing(ports, library, signal, "compact")
    try {
        await library.refresh(work.patience)
        const { packs, imports } = await planCompaction(library, work.patience)
        for (const [done, importId] of imports.entries()) {
            tell({ done, total: imports.length })
            const outcome = await compactOne(work, packs, importId)
            if (outcome.kind === "over-quota" || outcome.kind === "stopped") return outcome
            if (outcome.kind === "failed" && outcome.code !== "unknown-import") return outcome
        }
        await forgetJournals(work)
        return { kind: "done" }
    } catch (error) {
        return signal.aborted ? { kind: "stopped" } : { kind: "failed", code: codeOf(error) }
    }
}

// ---------------------------------------------------------------- what is needed of each pack

async function usesOf(library: Library, patience: Patience): Promise<ReadonlyMap<string, PackUse>> {
    const uses = new Map<string, PackUse>()
    const listed = library.opened.head.catalogs.map(({ id }) => id)
    for (const { packs } of await library.catalogs(listed, patience))
        for (const { id, size } of packs) uses.set(id, { size, live: new Map(), imports: new Set() })
    for (const snapshot of await library.snapshots(patience)) {
        const { index } = await library.places(snapshot).ofAll(patience)
        for (const id of idsOf(await library.fileList(snapshot, patience), snapshot.files)) {
            const place = index.find(id)
            const use = place === null ? undefined : uses.get(place.packId)
            if (place === null || use === undefined) continue
            use.live.set(place.offset, place.frame.sealedLength)
            use.imports.add(snapshot.id)
        }
    }
    return uses
}

/** A pack that nothing needs at all is collected by itself. */
function leastLiveFirst(uses: ReadonlyMap<string, PackUse>): readonly (readonly [string, PackUse])[] {
    const share = (use: PackUse): number => liveBytes(use) / use.size
    return [...uses].filter(([, { imports }]) => imports.size > 0).toSorted(([, a], [, b]) => share(a) - share(b))
}

function liveBytes({ live }: PackUse): number {
    return [...live.values()].reduce((sum, length) => sum + length, 0)
}

// ---------------------------------------------------------------- one import

async function compactOne(work: Replacing, dead: ReadonlySet<string>, importId: string): Promise<ImportOutcome> {
    const { ports, library, patience } = work
    await library.refresh(patience)
    const replaced = await replacedOf(work, importId)
    const old = await objectsOf(work, replaced)
    const job = await jobOf(work, replaced)
    const release = await ports.journal.claim(importId)
    if (release === null) return { kind: "failed", code: "import-running" }
    try {
        const journal = await journalOf(work, job, importId)
        const progress = new ProgressTeller(ports.clock, 0, () => undefined)
        const importWork: ImportWork = { ports, library, journal, job, progress, patience }
        const outcome = await move(importWork, replaced, dead)
        if (outcome.kind === "done") await abandon(work, old)
        return outcome
    } finally {
        release()
    }
}

async function move(work: ImportWork, replaced: Replaced, dead: ReadonlySet<string>): Promise<ImportOutcome> {
    const { ports, library, job, patience } = work
    const { files, snapshot } = replaced
    const before = await reconcile(work)
    const kept = await readKept(library, patience)
    try {
        const sent = [...before, ...(await send(work, replaced, movedChunks(replaced, before, kept, dead)))]
        const needed = packsAmong(indexOf([{ packs: sent }]), idsOf(files, snapshot.files))
        const draft = {
            conversation: job.conversation,
            settings: {},
            replaces: snapshot.id,
            facts: snapshotFacts(job, ports.clock.now()),
            files,
            list: snapshot.files,
            packs: sent.filter(({ id }) => needed.has(id)),
        }
        const outcome = await conclude(work, kept, { draft, damaged: [] })
        if (outcome === null) throw new NotStoredError()
        return outcome
    } catch (error) {
        if (error instanceof OverQuotaError) return { kind: "over-quota", missing: error.missing }
        throw error
    }
}

interface Moved {
    readonly id: Bytes
    readonly cut: Cut
    /** Which file it is of; the list is one, too. */
    readonly file: number
}

/** Chunks that lie in packs that go, and nowhere else by now; each once, in the order of the files. */
function movedChunks(
    { snapshot, files }: Replaced,
    before: readonly CatalogPack[],
    kept: Kept,
    dead: ReadonlySet<string>,
): readonly Moved[] {
    const there = indexOf([{ packs: before }])
    const moved = new Map<string, Moved>()
    const look = (id: Bytes, cut: Cut, file: number): void => {
        const place = kept.index.find(id)
        if (!there.has(id) && place !== null && dead.has(place.packId)) moved.set(toHex(id), { id, cut, file })
    }
    for (const id of chunkIds(snapshot.files)) look(id, "text", -1)
    for (const [number, file] of files.entries()) for (const id of chunkIds(file)) look(id, file.cut, number)
    return [...moved.values()]
}

async function send(
    work: ImportWork,
    { snapshot }: Replaced,
    moved: readonly Moved[],
): Promise<readonly CatalogPack[]> {
    const { ports, library, patience } = work
    const stop = new AbortController()
    const signal = AbortSignal.any([patience.signal, stop.signal])
    const sender = new Sender(ports.store, { ...patience, signal })
    const builder = new PackBuilder(ports.random)
    const packs: CatalogPack[] = []
    const hand = async (finished: readonly FinishedPack[]): Promise<void> => {
        for (const pack of finished) {
            const described = await describePack(pack)
            const left = (): void => builder.reuse(pack.bytes)
            await ship(work, sender, described, pack.bytes, left, () => void packs.push(described))
        }
    }
    try {
        const source = await library.places(snapshot).ofAll(patience)
        for await (const { chunks, cut } of grouped(readChunks(source, idsIn(moved), { ...patience, signal }), moved)) {
            const frame = await sealFrame(library.keys, chunks, ports.random, { compress: cut !== "fixed" })
            await hand(builder.add(frame, cut))
        }
        await hand(joinRests(builder.leave(), ports.random))
        await sender.settle()
        return packs
    } catch (error) {
        stop.abort()
        await sender.settle().catch(() => undefined)
        throw sender.failure ?? error
    }
}

function* idsIn(moved: readonly Moved[]): Generator<Bytes, void, undefined> {
    for (const { id } of moved) yield id
}

/** Neighbouring chunks of one text make one frame, as when they were first sealed. */
async function* grouped(
    read: AsyncGenerator<Bytes>,
    moved: readonly Moved[],
): AsyncGenerator<{ readonly chunks: readonly NamedChunk[]; readonly cut: Cut }, void, undefined> {
    let group: NamedChunk[] = []
    let size = 0
    let last: Moved | undefined
    let at = 0
    for await (const bytes of read) {
        const next = moved[at++]
        if (next === undefined) return
        const together = last?.cut === "text" && last.file === next.file && size + bytes.length <= limits.frameContent
        if (last !== undefined && !together) {
            yield { chunks: group, cut: last.cut }
            group = []
            size = 0
        }
        group.push({ id: next.id, bytes })
        size += bytes.length
        last = next
    }
    if (last !== undefined) yield { chunks: group, cut: last.cut }
}
