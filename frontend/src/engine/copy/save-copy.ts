/**
 * Saves an encrypted copy: what the newest head needs, fetched, held against head and catalogs, and laid into one zip.
 *
 *     objects ─▸ several ranges in flight ─▸ length and hash ─▸ zip ─▸ file ─▸ read back
 *
 * Only what was checked goes in, and *done* is told after the finished file was opened again and compared.
 */

import { makeZip } from "client-zip"
import { type Bytes, equal } from "../../bytes/bytes.ts"
import { utf8 } from "../../bytes/utf8.ts"
import { DamagedObjectError } from "../../format/errors.ts"
import { headHash, type OpenedHead } from "../../format/head.ts"
import { checkHash } from "../../format/object.ts"
import { EngineError } from "../errors.ts"
import type { Library } from "../library.ts"
import { each, neededBy, sizeOf } from "../needed.ts"
import type { Announcement, Destination, KeyringRecord, Ports } from "../ports.ts"
import type { SaveProgress } from "../protocol.ts"
import { type Patience, persist } from "../retry.ts"
import { ahead } from "./ahead.ts"
import { CopyFile } from "./copy-file.ts"
import { entries } from "./entries.ts"
import { type CopyFacts, writeFacts } from "./layout.ts"

const fetchedAtOnce = 4
/** How many objects of the finished file are hashed once more; of all others length and place are compared. */
const readBack = 16

/** What goes into a copy beside the library. */
export interface CopyWords {
    /** The origin of this site. */
    readonly site: string
    /** What a person reads who finds the file in ten years. */
    readonly readme: string
}

export interface WrittenCopy {
    readonly file: Blob
    readonly imports: number
    readonly objects: number
}

export async function saveCopy(
    ports: Ports,
    { keyring, library }: { readonly keyring: KeyringRecord; readonly library: Library },
    words: CopyWords,
    destination: Destination,
    patience: Patience,
    tell: (progress: SaveProgress) => void,
): Promise<WrittenCopy> {
    const target = await destination.create([])
    let size = 0
    try {
        await library.refresh(patience)
        const opened = library.opened
        const sealedHead = await headAsOpened(ports, opened, patience)
        const needed = []
        for (const { id } of opened.head.snapshots) needed.push(await neededBy(library, id, patience))
        const objects = each(needed)
        const facts: CopyFacts = { site: words.site, keyring, sequence: opened.head.sequence }
        const first = [
            [entries.readme, utf8(words.readme)],
            [entries.facts, writeFacts(facts)],
            [entries.head, sealedHead],
        ] as const
        const inputs = zipInputs(ports, first, objects, patience, tell)
        for await (const piece of piecesOf(makeZip(inputs) as ReadableStream<Bytes>)) {
            if (patience.signal.aborted) throw new EngineError("stopped")
            await target.write(size, piece)
            size += piece.length
        }
        const file = await target.finish(size)
        await compare(file, sealedHead, objects, ports, patience)
        return { file, imports: opened.head.snapshots.length, objects: objects.length }
    } catch (error) {
        await target.abort().catch(() => undefined)
        throw patience.signal.aborted ? new EngineError("stopped") : error
    }
}

/** The very bytes that this device has opened. */
async function headAsOpened(ports: Ports, { head, hash }: OpenedHead, patience: Patience): Promise<Bytes> {
    const { sealed } = await persist(patience, () => ports.server.headAt(head.sequence, patience.signal))
    if ((await headHash(sealed)) !== hash) throw new DamagedObjectError("forked-head")
    return sealed
}

async function* zipInputs(
    ports: Ports,
    first: readonly (readonly [string, Bytes])[],
    objects: readonly Announcement[],
    patience: Patience,
    tell: (progress: SaveProgress) => void,
) {
    const lastModified = new Date(ports.clock.now())
    for (const [name, input] of first) yield { name, input, lastModified }
    const total = sizeOf(objects)
    let done = 0
    const fetched = ahead(objects, fetchedAtOnce, async (object) => {
        const sealed = await persist(patience, () => ports.store.get(object.id, 0, object.size, patience.signal))
        await checkHash(object, sealed)
        return sealed
    })
    tell({ done, total })
    for await (const [{ id, size }, input] of fetched) {
        yield { name: entries.object(id), input, lastModified }
        done += size
        tell({ done, total })
    }
}

async function* piecesOf(stream: ReadableStream<Bytes>): AsyncGenerator<Bytes, void, undefined> {
    const reader = stream.getReader()
    try {
        for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value
    } finally {
        await reader.cancel().catch(() => undefined)
    }
}

/** What lies on the disk now is what was to be written: the disk may have been full, or a stick a poor one. */
async function compare(
    file: Blob,
    sealedHead: Bytes,
    objects: readonly Announcement[],
    ports: Ports,
    { signal }: Patience,
): Promise<void> {
    const copy = await CopyFile.read(file)
    if (!equal((await copy.head(signal)).sealed, sealedHead)) throw new DamagedObjectError("wrong-hash")
    for (const object of objects) copy.checkSize(object)
    const byChance = new Uint32Array(ports.random.bytes(4 * readBack).slice().buffer)
    for (const number of byChance) {
        const object = objects[number % objects.length]
        if (object !== undefined) await copy.whole(object, signal)
    }
}
