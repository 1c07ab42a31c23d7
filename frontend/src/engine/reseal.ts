/**
 * Seals what an earlier key sealed anew, one import after the other: read → the ordinary pass → its place in the head.
 *
 * May end anywhere and be gone on with on any device; imports that are done stay done, and the old key opens less with each.
 */

import { runImport } from "./backup.ts"
import { codeOf } from "./errors.ts"
import type { Library } from "./library.ts"
import type { Ports } from "./ports.ts"
import type { ImportOutcome, ImportProgress, ResealOutcome, ResealProgress } from "./protocol.ts"
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

export async function resealAll(
    ports: Ports,
    library: Library,
    signal: AbortSignal,
    tell: (progress: ResealProgress) => void,
): Promise<ResealOutcome> {
    const work = replacing(ports, library, signal, "reseal")
    try {
        await library.refresh(work.patience)
        const sizes = await sizesOf(work)
        const total = sum(sizes.values())
        for (;;) {
            const left = library.sealedEarlier
            const [next] = left
            if (next === undefined) break
            const before = total - sum(left.map(({ id }) => sizes.get(id) ?? 0))
            const outcome = await resealOne(work, next.id, ({ phase, done, network }) => {
                const here = phase === "comparing" ? 0 : done
                tell({ left: left.length, done: before + here, total, network })
            })
            if (outcome.kind === "over-quota" || outcome.kind === "stopped") return outcome
            if (outcome.kind === "failed" && outcome.code !== "unknown-import") return outcome
            await library.refresh(work.patience)
        }
        await forgetJournals(work)
        tell({ left: 0, done: total, total, network: "fine" })
        return { kind: "done" }
    } catch (error) {
        return signal.aborted ? { kind: "stopped" } : { kind: "failed", code: codeOf(error) }
    }
}

async function resealOne(
    work: Replacing,
    importId: string,
    tell: (progress: ImportProgress) => void,
): Promise<ImportOutcome> {
    const { ports, library, patience } = work
    const replaced = await replacedOf(work, importId)
    const old = await objectsOf(work, replaced)
    const job = await jobOf(work, replaced)
    const journal = await journalOf(work, job, importId)
    const outcome = await runImport(ports, library, journal, job, patience.signal, tell)
    if (outcome.kind === "done") await abandon(work, old)
    return outcome
}

async function sizesOf(work: Replacing): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>()
    for (const { id } of work.library.sealedEarlier) {
        const { files } = await replacedOf(work, id)
        sizes.set(id, sum(files.map(({ size }) => size)))
    }
    return sizes
}

function sum(numbers: Iterable<number>): number {
    let total = 0
    for (const number of numbers) total += number
    return total
}
