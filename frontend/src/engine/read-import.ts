/** Reads one import: its chats, from the files that hold them, and what the person said about how to read it. */

import { toBase64url } from "../bytes/base64url.ts"
import { type Bytes, concat } from "../bytes/bytes.ts"
import { unreachable } from "../bytes/unreachable.ts"
import { chunkIds, type SnapshotFile } from "../format/file-list.ts"
import type { Snapshot } from "../format/snapshot.ts"
import type { PartOfExport } from "../reader/conversation.ts"
import type { ContentOf } from "../reader/merge/likeness.ts"
import { readOther, recogniseOther } from "../reader/other-sources.ts"
import { chatTextNumber } from "./chat-text.ts"
import { readChunks } from "./chunks.ts"
import { decode, readChat } from "./inspect.ts"
import type { Library } from "./library.ts"
import type { DatabaseFile, Databases } from "./ports.ts"
import type { Patience } from "./retry.ts"
import { onlyPart } from "./summary.ts"

/** The setting that says how the days of a chat were to be read; the snapshot's id follows behind a slash. */
export const dayFirstSetting = "day-first"
/** The setting that says by how many minutes the clock of an export was ahead; the snapshot's id follows likewise. */
export const clockSetting = "clock-ahead"

/** As which the files of a database were recognised when they were added. */
const sqliteType = "application/vnd.sqlite3"

/** How the person said that the days of this import are written, or null. */
export function dayFirstOf(library: Library, importId: string): boolean | null {
    const setting = library.opened.head.settings[`${dayFirstSetting}/${importId}`]
    return setting === undefined ? null : setting === "yes"
}

/** What the person said of the clock of this import, in minutes, or null. */
export function clockOf(library: Library, importId: string): number | null {
    const setting = library.opened.head.settings[`${clockSetting}/${importId}`]
    return setting !== undefined && /^-?\d{1,4}$/.test(setting) ? Number(setting) : null
}

/** The chats of an import; none where it is kept as files. */
export async function readImport(
    library: Library,
    snapshot: Snapshot,
    files: readonly SnapshotFile[],
    databases: Databases,
    patience: Patience,
): Promise<readonly PartOfExport[]> {
    const names = files.map(({ name }) => name)
    const read = (number: number): Promise<Bytes> => readFile(library, snapshot, number, files[number], patience)
    switch (snapshot.reader) {
        case "whatsapp": {
            const number = chatTextNumber(snapshot.reader, files)
            if (number === null) return []
            const chat = readChat(await read(number), names, snapshot.summary.title, dayFirstOf(library, snapshot.id))
            return chat === null ? [] : [{ ...chat, part: onlyPart }]
        }
        case "telegram":
        case "signal":
        case "meta": {
            const sample = async (number: number): Promise<string> =>
                decode(await readBeginning(library, snapshot, number, files[number], patience))
            const found = await recogniseOther(names, sample)
            const texts = new Map<number, string>()
            for (const number of found?.texts ?? []) texts.set(number, decode(await read(number)))
            return readOther(snapshot.reader, names, texts)
        }
        case "database": {
            const bases = new Set(files.flatMap(({ name, type }) => (type === sqliteType ? [name, `${name}-wal`] : [])))
            const contents: DatabaseFile[] = []
            for (const [number, { name }] of files.entries())
                if (bases.has(name)) contents.push({ name, content: new Blob([await read(number)]) })
            return (await databases.read(contents, names, () => undefined, patience.signal)) ?? []
        }
        case "files":
            return []
        default:
            return unreachable(snapshot.reader)
    }
}

/** A file of an import, whole. */
export async function readFile(
    library: Library,
    snapshot: Snapshot,
    number: number,
    file: SnapshotFile | undefined,
    patience: Patience,
): Promise<Bytes> {
    return file === undefined
        ? new Uint8Array(0)
        : await readPieces(library, snapshot, number, chunkIds(file), patience)
}

/** Its first piece, which is long enough to tell what it is. */
async function readBeginning(
    library: Library,
    snapshot: Snapshot,
    number: number,
    file: SnapshotFile | undefined,
    patience: Patience,
): Promise<Bytes> {
    const ids = file === undefined ? [] : chunkIds(file).slice(0, 4)
    return ids.length === 0 ? new Uint8Array(0) : await readPieces(library, snapshot, number, ids, patience)
}

async function readPieces(
    library: Library,
    snapshot: Snapshot,
    number: number,
    ids: readonly Bytes[],
    patience: Patience,
): Promise<Bytes> {
    const source = await library.places(snapshot).ofFile(number, ids, patience)
    const chunks: Bytes[] = []
    for await (const chunk of readChunks(source, ids, patience)) chunks.push(chunk)
    return concat(...chunks)
}

/** Equal for files of equal content: sealed under one key, they have the same chunks. */
export function contentsOf(files: ReadonlyMap<number, SnapshotFile>): ContentOf {
    return (number) => {
        const file = files.get(number)
        return file === undefined || file.chunks.length === 0 ? null : toBase64url(file.chunks)
    }
}
