/**
 * The newest messages of a long chat, before the rest of it is here.
 *
 *     root ─▸ the text's last chunks ─▸ records, from the first header on
 *          └▸ the end of the file list ─▸ which file an attachment is
 *
 * Null wherever the end alone could be read otherwise than the whole: then the whole is read at once.
 */

import { type Bytes, concat } from "../bytes/bytes.ts"
import { DamagedObjectError } from "../format/errors.ts"
import { chunkIds, readFileList, type SnapshotFile } from "../format/file-list.ts"
import type { FileListRef, Snapshot } from "../format/snapshot.ts"
import type { ChatRecord } from "../reader/conversation.ts"
import { type ParsedChat, parseWhatsApp } from "../reader/parse-whatsapp.ts"
import { type ChunkSource, readChunks } from "./chunks.ts"
import type { Library } from "./library.ts"
import type { Patience } from "./retry.ts"

/** A text up to this long is read whole: that is one or two ranges as well. */
const shortText = 1024 * 1024
/** Enough for some thousand messages. */
const tailText = 256 * 1024
/** A longer list is read from its end only. */
const longList = 4 * 1024 * 1024
const tailList = 512 * 1024

export interface Tail {
    readonly people: readonly string[]
    readonly self: string | null
    readonly records: readonly ChatRecord[]
    /** Files by number: all of them, or those at the end of the list. */
    readonly files: ReadonlyMap<number, SnapshotFile>
}

export async function readTail(
    library: Library,
    snapshot: Snapshot,
    dayFirst: boolean | null,
    patience: Patience,
): Promise<Tail | null> {
    const { text } = snapshot
    if (text === null || text.size <= shortText) return null
    const [bytes, files] = await Promise.all([
        readTextEnd(library, snapshot, text, patience),
        readListEnd(library, snapshot, patience),
    ])
    const names = Array.from({ length: snapshot.files.count }, (_, number) => files.get(number)?.name ?? "")
    const chat = parseEnd(new TextDecoder().decode(bytes), names, snapshot, dayFirst)
    return chat && { ...chat, files }
}

async function readTextEnd(
    library: Library,
    snapshot: Snapshot,
    { number, tail }: NonNullable<Snapshot["text"]>,
    patience: Patience,
): Promise<Bytes> {
    const ids = chunkIds({ chunks: tail })
    const source = await library.places(snapshot).ofFile(number, ids, patience)
    return await readEnd(source, ids, tailText, patience)
}

async function readListEnd(
    library: Library,
    snapshot: Snapshot,
    patience: Patience,
): Promise<ReadonlyMap<number, SnapshotFile>> {
    if (snapshot.files.size <= longList) return new Map((await library.fileList(snapshot, patience)).entries())
    const source = await library.places(snapshot).ofList(patience)
    return listEnd(await readEnd(source, chunkIds(snapshot.files), tailList, patience), snapshot.files)
}

/** What begins within a line, or within a character, is left out. */
function listEnd(bytes: Bytes, { count }: FileListRef): ReadonlyMap<number, SnapshotFile> {
    const files = readFileList(bytes.slice(bytes.indexOf(0x0a) + 1))
    if (files.length > count) throw new DamagedObjectError("malformed")
    return new Map(files.map((file, at) => [count - files.length + at, file]))
}

/** The last chunks, until they are as long as asked for. */
async function readEnd(source: ChunkSource, ids: readonly Bytes[], length: number, patience: Patience): Promise<Bytes> {
    let first = ids.length
    for (
        let sum = 0;
        first > 0 && sum < length;
        sum += source.index.find(ids[first] ?? new Uint8Array(16))?.length ?? 0
    )
        first--
    const chunks: Bytes[] = []
    for await (const chunk of readChunks(source, ids.slice(first), patience)) chunks.push(chunk)
    return concat(...chunks)
}

function parseEnd(
    text: string,
    fileNames: readonly string[],
    { summary }: Snapshot,
    dayFirst: boolean | null,
): Omit<Tail, "files"> | null {
    const parse = (first: boolean | null): ParsedChat =>
        parseWhatsApp(text, { fileNames, title: summary.title, dayFirst: first })
    const fits = (chat: ParsedChat): boolean => chat.records.at(-1)?.time === summary.last
    let chat = parse(dayFirst)
    // The whole may have told day and month apart where its end does not: the last message is known.
    if (chat.dateOrder === "ask" && dayFirst === null && !fits(chat)) chat = parse(false)
    if (chat.dialect === null || !fits(chat)) return null
    const numbers = chat.people.map((name) => summary.people.indexOf(name))
    if (numbers.includes(-1)) return null
    // The first record may have begun further up.
    const records = chat.records.slice(1).map((record, index) => ({
        ...record,
        index,
        sender: record.sender === null ? null : (numbers[record.sender] ?? null),
    }))
    return records.length === 0 ? null : { people: summary.people, self: chat.self, records }
}
