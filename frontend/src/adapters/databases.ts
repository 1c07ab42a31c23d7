/** Reads databases in a worker of its own, which ends with its errand: only so does its memory go. */

import { expose, proxy, wrap } from "comlink"
import { EngineError } from "../engine/errors.ts"
import type { Clock, Databases } from "../engine/ports.ts"
import type { PartOfExport } from "../reader/conversation.ts"
import { isSqlite } from "../reader/database/head.ts"
import { readDatabases } from "../reader/database/read.ts"
import { openDatabase } from "./sqlite.ts"

/** What a database takes to open; a slow device needs a while. */
const startWithin = 120_000

/** What the worker exposes. */
export interface DatabaseDoor {
    read(
        files: readonly Blob[],
        fileNames: readonly string[],
        started: () => void,
    ): Promise<readonly PartOfExport[] | null>
}

export type DatabaseWorker = Pick<Worker, "terminate" | "addEventListener"> & Parameters<typeof wrap>[0]

export class WorkerDatabases implements Databases {
    readonly #make: () => DatabaseWorker
    readonly #clock: Clock

    constructor(make: () => DatabaseWorker, clock: Clock) {
        this.#make = make
        this.#clock = clock
    }

    async read(
        files: readonly Blob[],
        fileNames: readonly string[],
        signal: AbortSignal,
    ): Promise<readonly PartOfExport[] | null> {
        const worker = this.#make()
        const over = new AbortController()
        const broken = new Promise<never>((_, reject) => {
            worker.addEventListener("error", () => reject(new EngineError("database-reader")), { once: true })
            signal.addEventListener("abort", () => reject(new EngineError("stopped")), { signal: over.signal })
        })
        const late = this.#clock.sleep(startWithin, over.signal).then(() => {
            throw new EngineError("database-reader")
        })
        late.catch(() => undefined)
        try {
            const reading = wrap<DatabaseDoor>(worker).read(
                files,
                fileNames,
                proxy(() => over.abort()),
            )
            const read = reading.catch(() => {
                throw new EngineError("database-reader")
            })
            // Once it has begun, it takes as long as it takes.
            const begun = late.catch((error: unknown) => {
                if (!over.signal.aborted) throw error
                return read
            })
            return await Promise.race([read, broken, begun])
        } finally {
            over.abort()
            worker.terminate()
        }
    }
}

/** In this very thread: for tests, and where workers cannot start workers. */
export const ownDatabases: Databases = { read: (files, fileNames) => readFiles(files, fileNames, () => undefined) }

/** The worker's end. */
export function exposeDatabases(): void {
    const door: DatabaseDoor = { read: readFiles }
    expose(door)
}

async function readFiles(
    files: readonly Blob[],
    fileNames: readonly string[],
    started: () => void,
): Promise<readonly PartOfExport[] | null> {
    const opened = []
    try {
        for (const file of files) {
            const bytes = new Uint8Array(await file.arrayBuffer())
            if (isSqlite(bytes)) opened.push(await openDatabase(bytes))
        }
        started()
        return readDatabases(opened, fileNames)
    } finally {
        for (const database of opened) database.close()
    }
}
