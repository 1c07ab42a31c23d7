/** Asks for a restore drill, and takes part in one: what `drill.ts` says, over the library. */

import { type Bytes, concat } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { sha256 } from "../crypto/hash.ts"
import { DamagedObjectError } from "../format/errors.ts"
import { chunkIds, type SnapshotFile } from "../format/file-list.ts"
import { idLength } from "../format/limits.ts"
import type { Snapshot } from "../format/snapshot.ts"
import { readChunks } from "./chunks.ts"
import {
    type AskedDrill,
    type DrillKey,
    readDrill,
    type TakenDrill,
    withAsked,
    withDone,
    withoutAsked,
} from "./drill.ts"
import { EngineError } from "./errors.ts"
import type { Library } from "./library.ts"
import type { Ports } from "./ports.ts"
import type { Patience } from "./retry.ts"
import { utcTime } from "./times.ts"

export async function askDrill(
    ports: Ports,
    library: Library,
    conversation: string,
    patience: Patience,
): Promise<AskedDrill> {
    const snapshots = library.opened.head.snapshots.filter((one) => one.conversation === conversation)
    const newest = snapshots.at(-1)
    if (newest === undefined) throw new EngineError("unknown-conversation")
    const asked: AskedDrill = {
        id: toHex(ports.random.bytes(idLength)),
        at: utcTime(ports.clock.now()),
        importId: newest.id,
        fingerprint: await fingerprintOf(library, newest.id, patience),
    }
    await change(library, patience, (settings) => withAsked(settings, asked))
    return asked
}

/** Reads what was asked for. `library-changed`: nobody asks any more. */
export async function takeDrill(ports: Ports, library: Library, by: DrillKey, patience: Patience): Promise<TakenDrill> {
    const { asked } = readDrill(library.opened.head.settings)
    if (asked === null) throw new EngineError("library-changed")
    const found = await fingerprintOf(library, asked.importId, patience)
    if (found !== asked.fingerprint) throw new DamagedObjectError("wrong-hash")
    const at = utcTime(ports.clock.now())
    await change(library, patience, (settings) => {
        if (readDrill(settings).asked?.id !== asked.id) throw new EngineError("library-changed")
        return withDone(settings, { at, id: asked.id, by })
    })
    return { asked, by }
}

export async function callOffDrill(library: Library, patience: Patience): Promise<void> {
    await change(library, patience, (settings) => (readDrill(settings).asked === null ? null : withoutAsked(settings)))
}

/** SHA-256 over the SHA-256 of each file of the sample. */
async function fingerprintOf(library: Library, importId: string, patience: Patience): Promise<string> {
    const snapshot = await library.snapshot(importId, patience)
    const files = await library.fileList(snapshot, patience)
    const hashes: Bytes[] = []
    for (const number of drillFiles(snapshot, files)) {
        const ids = files[number] === undefined ? [] : chunkIds(files[number])
        const source = await library.places(snapshot).ofFile(number, ids, patience)
        const chunks: Bytes[] = []
        for await (const chunk of readChunks(source, ids, patience)) chunks.push(chunk)
        hashes.push(await sha256(concat(...chunks)))
    }
    return toHex(await sha256(concat(...hashes)))
}

/** Small enough for a phone's memory. */
const largestFile = 32 * 1024 * 1024

/** The numbers of two files at most, chosen alike by everybody: the chat's text and one picture, or the first that are there. */
export function drillFiles({ text }: Pick<Snapshot, "text">, files: readonly SnapshotFile[]): readonly number[] {
    const others = [...files.entries()].filter(
        ([number, { size }]) => number !== text?.number && size > 0 && size <= largestFile,
    )
    const pictures = others.filter(([, { type }]) => type.startsWith("image/")).slice(0, 1)
    const chosen = new Set([...pictures, ...others].map(([number]) => number))
    return [...(text === null ? [] : [text.number]), ...chosen].slice(0, 2)
}

/** Null: nothing is to be changed any more. */
async function change(
    library: Library,
    patience: Patience,
    settled: (settings: Readonly<Record<string, string>>) => Readonly<Record<string, string>> | null,
): Promise<void> {
    await library.commit(patience, async (before) => {
        const settings = settled(before?.head.settings ?? {})
        return settings === null ? null : { head: { settings }, add: [], remove: [] }
    })
}
