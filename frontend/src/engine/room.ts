/** Whether an import fits, before its first byte is sent. */

import type { Bytes } from "../bytes/bytes.ts"
import type { CatalogPack } from "../format/catalog.ts"
import { indexOf } from "../format/chunk-index.ts"
import { limits } from "../format/limits.ts"
import { sealedSize, sealImport } from "./commit.ts"
import { type ImportWork, snapshotFacts, snapshotFiles } from "./job.ts"
import { contentLength, type Kept } from "./kept.ts"
import { passOverList, takeRests } from "./list-pass.ts"
import { type PassOptions, passOver } from "./pass.ts"
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

/** Does everything but send, and counts. Several sealers fill their packs otherwise each time: by some padding it may be off. */
async function neededRoom(work: ImportWork, kept: Kept, sent: readonly CatalogPack[]): Promise<number> {
    const { ports, library, job, progress, patience } = work
    const packs: CatalogPack[] = [...sent]
    const sentIndex = indexOf([{ packs: sent }])
    let bytes = 0
    const pass = {
        crew: ports.crew,
        keys: library.keys,
        random: ports.random,
        signal: patience.signal,
        isKnown: (id: Bytes) => sentIndex.has(id) || kept.index.has(id),
    }
    const takePack: PassOptions["takePack"] = async (pack, _, release) => {
        bytes += pack.size
        packs.push(pack)
        progress.compared(contentLength([pack]))
        release()
    }
    const passed = await passOver({
        ...pass,
        source: job.source,
        takePack,
        onFound: (id, length) => (sentIndex.has(id) ? progress.resumed(length) : progress.found(length)),
    })
    const files = snapshotFiles(job, passed.files)
    const { list, rests } = await passOverList({ ...pass, takePack }, files)
    await takeRests([...passed.rests, ...rests], ports.random, takePack)
    const { conversation, settings } = job
    const facts = snapshotFacts(job, ports.clock.now())
    const draft = { conversation, settings, replaces: null, facts, files, list, packs }
    const sealed = await sealImport(ports, library, kept, draft, patience)
    return bytes + (sealed === null ? 0 : sealedSize(sealed))
}

/** Room that is enough whatever turns out to be known: then nothing needs to be compared first. */
function mostNeeded({ size, files }: ExportSource): number {
    const padding = 0.15 * size
    const seals = 128 * (files.length + size / limits.textChunkLeast)
    const names = 1_024 * files.length
    return Math.ceil(size + padding + seals + names + 16 * limits.smallest)
}
