/** Whether an import fits, before its first byte is sent. */

import { toHex } from "../bytes/hex.ts"
import { type CatalogPack, writeCatalog } from "../format/catalog.ts"
import { idLength, limits } from "../format/limits.ts"
import { sealedObjectLength } from "../format/object.ts"
import { type Snapshot, sealSnapshot } from "../format/snapshot.ts"
import { type ImportWork, snapshotFacts, snapshotFile } from "./job.ts"
import { contentLength, indexOf, type Kept } from "./kept.ts"
import { passOver } from "./pass.ts"
import { persist } from "./retry.ts"
import type { ExportSource } from "./source.ts"

/** Bytes that are missing, or 0. Compares only when the export might not fit; `sent` are packs of an earlier try. */
export async function missingRoom(work: ImportWork, kept: Kept, sent: readonly CatalogPack[]): Promise<number> {
    const { ports, job, patience } = work
    const { quota } = await persist(patience, () => ports.server.account(patience.signal))
    const free = quota.limit - quota.used - quota.reserved
    if (mostNeeded(job.source) <= free) return 0
    return Math.max(0, (await neededRoom(work, kept, sent)) - free)
}

/** Does everything but send, and counts: exact, because sizes are the same every time. */
async function neededRoom(work: ImportWork, kept: Kept, sent: readonly CatalogPack[]): Promise<number> {
    const { ports, library, job, progress, patience } = work
    const packs: CatalogPack[] = [...sent]
    const sentIndex = indexOf([{ packs: sent }])
    let bytes = 0
    const { files } = await passOver({
        keys: library.keys,
        random: ports.random,
        source: job.source,
        signal: patience.signal,
        isKnown: (id) => sentIndex.has(id) || kept.index.has(id),
        takePack: async (pack, release) => {
            bytes += pack.bytes.length
            packs.push({ ...pack, size: pack.bytes.length, sha256: "0".repeat(64) })
            progress.compared(contentLength([pack]))
            release()
        },
        onFound: (id, length) => (sentIndex.has(id) ? progress.resumed(length) : progress.found(length)),
    })
    const snapshot: Snapshot = {
        ...snapshotFacts(job, ports.clock.now()),
        id: toHex(ports.random.bytes(idLength)),
        conversation: job.conversation.id,
        catalogs: kept.snapshots.flatMap(({ catalogs }) => catalogs),
        files: files.map(snapshotFile),
    }
    const sealed = await sealSnapshot(library.keys, snapshot, ports.random)
    const catalog = packs.length === 0 ? 0 : sealedObjectLength(writeCatalog({ packs }).length)
    return bytes + catalog + sealed.length
}

/** Room that is enough whatever turns out to be known: then nothing needs to be compared first. */
function mostNeeded({ size, files }: ExportSource): number {
    const padding = 0.15 * size
    const seals = 128 * (files.length + size / limits.textChunkLeast)
    const names = 1_024 * files.length
    return Math.ceil(size + padding + seals + names + 16 * limits.smallest)
}
