/**
 * Reads databases in workers of their own, which end with their errand: only so does their memory go.
 *
 * SQLite's worker reads what it knows by itself. What it only recognises goes to Python's, which costs seconds and
 * megabytes to start; who never has such a database never loads a byte of it.
 */

import { wrap } from "comlink"
import { EngineError } from "../engine/errors.ts"
import type { Clock, DatabaseFile, Databases } from "../engine/ports.ts"
import type { PartOfExport } from "../reader/conversation.ts"
import type { ReadDatabases } from "../reader/database/read.ts"
import { isSqlite } from "../reader/database/rows.ts"

/** A slow line needs a minute for what is loaded the first time. */
const startWithin = 120_000

/** A database, and beside it what was written last (`…-wal`), where the phone had not yet moved it in. */
export interface DatabasePair {
    readonly name: string
    readonly content: Blob
    readonly log: Blob | null
}

/** What each of the workers exposes. */
export interface DatabaseDoor {
    start(): Promise<void>
    read(databases: readonly DatabasePair[], fileNames: readonly string[]): Promise<ReadDatabases>
}

export type DatabaseWorker = Pick<Worker, "terminate" | "addEventListener"> & Parameters<typeof wrap>[0]

export interface DatabaseWorkers {
    readonly sqlite: () => DatabaseWorker
    readonly python: () => DatabaseWorker
}

type Progress = Parameters<Databases["read"]>[2]

export class WorkerDatabases implements Databases {
    readonly #workers: DatabaseWorkers
    readonly #clock: Clock

    constructor(workers: DatabaseWorkers, clock: Clock) {
        this.#workers = workers
        this.#clock = clock
    }

    async read(
        files: readonly DatabaseFile[],
        fileNames: readonly string[],
        onProgress: Progress,
        signal: AbortSignal,
    ): Promise<readonly PartOfExport[] | null> {
        const databases = await pairsOf(files)
        if (databases.length === 0) return null
        for (const make of [this.#workers.sqlite, this.#workers.python]) {
            const found = await this.#readIn(make, databases, fileNames, onProgress, signal)
            if (found.kind === "read") return found.parts
            if (found.kind === "unknown") return null
        }
        return null
    }

    async #readIn(
        make: () => DatabaseWorker,
        databases: readonly DatabasePair[],
        fileNames: readonly string[],
        onProgress: Progress,
        signal: AbortSignal,
    ): Promise<ReadDatabases> {
        if (signal.aborted) throw new EngineError("stopped")
        const worker = make()
        const over = new AbortController()
        const broken = new Promise<never>((_, reject) => {
            worker.addEventListener("error", () => reject(new EngineError("database-reader")), { once: true })
            signal.addEventListener("abort", () => reject(new EngineError("stopped")), { signal: over.signal })
        })
        // It is raced below; until then its failure is nobody's.
        broken.catch(() => undefined)
        const door = wrap<DatabaseDoor>(worker)
        const late = this.#clock.sleep(startWithin, over.signal).then(() => {
            throw new EngineError("database-reader")
        })
        late.catch(() => undefined)
        try {
            onProgress("starting")
            await Promise.race([door.start().catch(refuse), broken, late])
            onProgress("reading")
            // Once it has begun, it takes as long as it takes.
            return await Promise.race([door.read(databases, fileNames).catch(refuse), broken])
        } finally {
            over.abort()
            worker.terminate()
        }
    }
}

/** Nothing of another program's words crosses the border: they may quote a chat. */
function refuse(): never {
    throw new EngineError("database-reader")
}

/** By their first bytes; logs are found by their names. */
async function pairsOf(files: readonly DatabaseFile[]): Promise<readonly DatabasePair[]> {
    const pairs: DatabasePair[] = []
    for (const { name, content } of files) {
        if (!isSqlite(new Uint8Array(await content.slice(0, 16).arrayBuffer()))) continue
        const log = files.find((file) => file.name === `${name}-wal`)?.content ?? null
        pairs.push({ name, content, log: log !== null && log.size > 0 ? log : null })
    }
    return pairs
}
