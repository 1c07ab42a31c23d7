/**
 * Brings the imports of a copy into an account with another library: each is read out of the copy and added like any export.
 *
 * The ordinary import does it, so what is here already is not sent, what does not fit is refused before its first byte, and what
 * was cut off goes on. The journal of each import carries its name in the copy: the next try finds it.
 */

import { runImport } from "../backup.ts"
import { ImportJournal } from "../import-journal.ts"
import type { Library } from "../library.ts"
import type { Ports } from "../ports.ts"
import type { ImportOutcome } from "../protocol.ts"
import type { Patience } from "../retry.ts"
import { utcTime } from "../times.ts"
import { copiedJob } from "./copied-source.ts"
import type { OpenedCopy } from "./opened-copy.ts"

export interface SealingAnew {
    readonly ports: Ports
    readonly library: Library
    readonly copy: OpenedCopy
    readonly patience: Patience
    /** Bytes of the files that were handled, of all. */
    readonly tell: (done: number, total: number) => void
}

export type SealedAnew =
    | { readonly kind: "done"; readonly imports: number; readonly chunksChecked: number }
    /** `imports` were brought in before the one that does not fit. */
    | { readonly kind: "over-quota"; readonly missing: number; readonly imports: number }
    | Exclude<ImportOutcome, { readonly kind: "done" | "over-quota" }>

export async function sealAnew({ ports, library, copy, patience, tell }: SealingAnew): Promise<SealedAnew> {
    const jobs = []
    const listed = new Set((await library.refresh(patience))?.head.snapshots.map(({ id }) => id))
    for (const { id } of copy.library.opened.head.snapshots)
        if (!listed.has(id)) jobs.push([id, await copiedJob(copy, id, patience)] as const)
    const total = jobs.reduce((sum, [, { source }]) => sum + source.size, 0)
    let before = 0
    let imports = 0
    let chunksChecked = 0
    for (const [id, job] of jobs) {
        const journal = new ImportJournal(ports, library.keys, library.id, id)
        const { name: fileName, size, lastModified: modified } = job.source.file
        await journal.writeFacts({
            dayFirst: null,
            fileName,
            size,
            modified,
            title: job.conversation.name,
            conversation: job.conversation.id,
            begun: utcTime(ports.clock.now()),
        })
        const outcome = await runImport(ports, library, journal, job, patience.signal, ({ phase, done, network }) => {
            patience.onNetwork(network)
            // Each import compares, then sends: counting both would go beyond the end.
            if (phase !== "comparing") tell(before + done, total)
        })
        if (outcome.kind === "over-quota") return { ...outcome, imports }
        if (outcome.kind !== "done") return outcome
        before += job.source.size
        imports += 1
        chunksChecked += outcome.chunksChecked
        tell(before, total)
    }
    return { kind: "done", imports, chunksChecked }
}
