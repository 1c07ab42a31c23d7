/** Sealers in workers of their own: as many at once as the machine has processors for, gone when the export was gone over. */

import { type ProxyMarked, proxy, transfer, wrap } from "comlink"
import type { Bytes } from "../bytes/bytes.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { Random } from "../crypto/random.ts"
import { errorOf, refuse } from "../engine/border.ts"
import type { Crew, Desk, SealedShares, SealingOrder } from "../engine/crew.ts"
import { EngineError } from "../engine/errors.ts"
import { hashing, Sealer } from "../engine/sealer.ts"
import { openSource } from "../engine/source.ts"
import type { CatalogPack } from "../format/catalog.ts"

/** What a sealing worker exposes. */
export interface SealingDoor {
    seal(keys: LibraryKeys, file: File, desk: Desk & ProxyMarked): Promise<SealedShares>
}

/** More would only wait for the network, and each holds some 40 MiB. */
const mostWorkers = 4

export class WorkerCrew implements Crew {
    readonly #start: () => Worker
    readonly #size: number

    constructor(start: () => Worker, processors: number) {
        this.#start = start
        this.#size = Math.max(1, Math.min(processors, mostWorkers))
    }

    async seal({ keys, source, signal }: SealingOrder, desk: Desk): Promise<SealedShares> {
        const { portable } = source
        if (portable === null) throw new EngineError("unexpected")
        const workers = Array.from({ length: this.#size }, this.#start)
        const over = new AbortController()
        try {
            const sealing = workers.map((worker) =>
                wrap<SealingDoor>(worker).seal(keys, portable, proxy(handingOver(desk))),
            )
            const broken = workers.map((worker) => never(worker, "error", "unexpected", over.signal))
            const stopped = never(signal, "abort", "stopped", over.signal)
            const shares = await Promise.race([Promise.all(sealing), stopped, ...broken])
            return { files: shares.flatMap(({ files }) => files), rests: shares.flatMap(({ rests }) => rests) }
        } catch (error) {
            throw error instanceof EngineError ? error : errorOf(error)
        } finally {
            over.abort()
            for (const worker of workers) worker.terminate()
        }
    }
}

/** Rejects when the event comes, and is forgotten when it is `over`. */
function never(target: EventTarget, event: string, code: "stopped" | "unexpected", over: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
        target.addEventListener(event, () => reject(new EngineError(code)), { once: true, signal: over })
    })
}

/** The desk as workers see it: memory goes back with what is handed over, and errors as codes. */
function handingOver(desk: Desk): Desk {
    return {
        share: () => desk.share().catch(refuse),
        claim: (ids, lengths) => desk.claim(ids, lengths).catch(refuse),
        take: async (pack, bytes) => moved(await desk.take(pack, bytes).catch(refuse)),
    }
}

/** The worker's end. */
export function sealingDoor(random: Random): SealingDoor {
    return {
        async seal(keys, file, desk) {
            const here: Desk = {
                share: () => desk.share(),
                claim: (ids, lengths) => desk.claim(ids, lengths),
                take: (pack: CatalogPack, bytes: Bytes) => desk.take(pack, transfer(bytes, [bytes.buffer])),
            }
            // Whoever does not want it any more ends this worker.
            const { signal } = new AbortController()
            const sealer = new Sealer({ keys, source: await openSource(file), signal }, hashing(here), random)
            const sealed = await sealer.run().catch(refuse)
            const memory = sealed.rests.map(({ bytes }) => bytes.buffer)
            return transfer(sealed, memory)
        },
    }
}

function moved(bytes: Bytes | null): Bytes | null {
    return bytes === null ? null : transfer(bytes, [bytes.buffer])
}
