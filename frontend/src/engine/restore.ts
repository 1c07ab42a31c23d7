/** Gives an export back: the file that was added, or a zip with every entry byte for byte, with its name and time. */

import { makeZip } from "client-zip"
import type { Bytes } from "../bytes/bytes.ts"
import { chunkIds, type Snapshot, type SnapshotFile } from "../format/snapshot.ts"
import { type ChunkSource, readChunks } from "./chunks.ts"
import { idsOf, indexOf } from "./kept.ts"
import type { Library } from "./library.ts"
import type { Ports, ScratchFile } from "./ports.ts"
import type { SaveProgress } from "./protocol.ts"
import type { Patience } from "./retry.ts"
import { partsOfDos } from "./times.ts"

const tellEvery = 4 * 1024 * 1024

export async function saveOriginal(
    ports: Ports,
    library: Library,
    importId: string,
    patience: Patience,
    tell: (progress: SaveProgress) => void,
): Promise<File> {
    const snapshot = await library.snapshot(importId, patience)
    const catalogs = await library.catalogs(snapshot.catalogs, patience)
    const source = { keys: library.keys, store: ports.store, index: indexOf(catalogs) }
    const file = await ports.scratch.create(snapshot.source.name)
    try {
        await write(snapshot, counted(snapshot, readChunks(source, idsOf(snapshot.files), patience), tell), file)
        return await file.finish(snapshot.source.kind === "zip" ? "application/zip" : "application/octet-stream")
    } catch (error) {
        await file.abort()
        throw error
    }
}

/** All chunks of all files come in one stream, so that ranges are fetched ahead across files. */
async function write(snapshot: Snapshot, chunks: AsyncGenerator<Bytes>, file: ScratchFile): Promise<void> {
    if (snapshot.source.kind === "file") {
        for await (const chunk of chunks) await file.write(chunk)
        return
    }
    const reader = makeZip(zipInputs(snapshot.files, chunks)).getReader()
    for (;;) {
        const step = await reader.read()
        if (step.done) break
        await file.write(step.value)
    }
}

async function* zipInputs(files: readonly SnapshotFile[], chunks: AsyncGenerator<Bytes>) {
    for (const file of files) {
        const name = file.entry?.raw ?? nameOf(file)
        const lastModified = new DosDate(file.entry?.time ?? 0)
        if (file.name.endsWith("/") && file.size === 0) yield { name, lastModified }
        else yield { name, lastModified, input: take(chunks, chunkIds(file).length), size: file.size }
    }
}

/** A zip entry must have a name; one that had none, or only slashes, gets the shortest there is. */
function nameOf({ name }: SnapshotFile): string {
    return /^\/*$/.test(name) ? "_" : name
}

async function* take(chunks: AsyncGenerator<Bytes>, count: number): AsyncGenerator<Bytes, void, undefined> {
    for (let left = count; left > 0; left--) {
        const step = await chunks.next()
        if (step.done === true) return
        yield step.value
    }
}

async function* counted(
    snapshot: Snapshot,
    chunks: AsyncGenerator<Bytes>,
    tell: (progress: SaveProgress) => void,
): AsyncGenerator<Bytes, void, undefined> {
    const total = snapshot.files.reduce((sum, { size }) => sum + size, 0)
    let done = 0
    let told = 0
    for await (const chunk of chunks) {
        yield chunk
        done += chunk.length
        if (done - told < tellEvery && done < total) continue
        told = done
        tell({ done, total })
    }
}

/** The content of one file, in pieces. */
export function readFile(
    source: ChunkSource,
    file: SnapshotFile,
    patience: Patience,
): AsyncGenerator<Bytes, void, undefined> {
    return readChunks(source, chunkIds(file), patience)
}

/**
 * A date whose parts are those of a DOS time, whatever the time zone here: the zip writer asks for them in local time,
 * and an hour that summer time skips would come back as another.
 */
class DosDate extends Date {
    readonly #parts: ReturnType<typeof partsOfDos>

    constructor(time: number) {
        super(0)
        this.#parts = partsOfDos(time)
    }

    override getFullYear(): number {
        return this.#parts.year
    }

    override getMonth(): number {
        return this.#parts.month - 1
    }

    override getDate(): number {
        return this.#parts.day
    }

    override getHours(): number {
        return this.#parts.hours
    }

    override getMinutes(): number {
        return this.#parts.minutes
    }

    override getSeconds(): number {
        return this.#parts.seconds
    }
}
