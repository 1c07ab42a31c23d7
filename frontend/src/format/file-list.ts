/**
 * The file list of an import: a text that is cut, named and sealed like the text of a chat (docs/format.md §7).
 *
 *     one file, one line of JSON ‖ 0x0A, in the order of the zip's directory
 *
 * So a later export of the same chat sends only the lines that changed, and whoever opens a chat reads no list. Names,
 * sizes, times and types come from here and from nowhere else. There is one spelling: what is read is written once more
 * and compared, for otherwise two readers could see two lists in the same bytes.
 */

import { toBase64url } from "../bytes/base64url.ts"
import { type Bytes, equal } from "../bytes/bytes.ts"
import { fromUtf8, utf8 } from "../bytes/utf8.ts"
import { type Cut, cuts } from "./cut.ts"
import { DamagedObjectError, wellFormed } from "./errors.ts"
import * as json from "./json.ts"
import { idLength, limits } from "./limits.ts"

/** A file's `modified` is what the phone's clock showed. */
export interface SnapshotFile {
    readonly name: string
    readonly size: number
    readonly modified: string | null
    readonly type: string
    readonly cut: Cut
    /** Chunk ids, joined: 16 bytes each. */
    readonly chunks: Bytes
    readonly entry: ZipEntry | null
}

/** What of a zip entry is needed to write an equivalent zip. */
export interface ZipEntry {
    readonly method: number
    /** DOS date · 2¹⁶ + DOS time */
    readonly time: number
    readonly attributes: number
    readonly madeBy: number
    readonly flags: number
    readonly crc32: number
    /** The name's bytes, when they are not the UTF-8 form of the name. */
    readonly raw: Bytes | null
}

const readEntry = json.shape({
    method: json.u16,
    time: json.u32,
    attributes: json.u32,
    madeBy: json.u16,
    flags: json.u16,
    crc32: json.u32,
    raw: json.orNull(json.bytes),
})

const readFile = json.shape({
    name: json.text,
    size: json.whole,
    modified: json.orNull(json.wallClock),
    type: json.text,
    cut: json.oneOf(...cuts),
    chunks: json.ids,
    entry: json.orNull(readEntry),
})

export function writeFileList(files: readonly SnapshotFile[]): Bytes {
    const text = utf8(files.map(lineOf).join(""))
    if (text.length > limits.fileList) throw new DamagedObjectError("too-large")
    readFileList(text)
    return text
}

export function readFileList(text: Bytes): readonly SnapshotFile[] {
    if (text.length > limits.fileList) throw new DamagedObjectError("too-large")
    const lines = wellFormed(() => fromUtf8(text)).split("\n")
    if (lines.pop() !== "") throw new DamagedObjectError("malformed")
    const files = lines.map(readLine)
    if (!equal(utf8(files.map(lineOf).join("")), text)) throw new DamagedObjectError("malformed")
    return files
}

/** The ids of a file's chunks, or of the list's, one by one. */
export function chunkIds({ chunks }: { readonly chunks: Bytes }): Bytes[] {
    return Array.from({ length: chunks.length / idLength }, (_, index) =>
        chunks.subarray(index * idLength, (index + 1) * idLength),
    )
}

/** No chunk is empty, and nothing comes out of no chunk. */
export function refuseEmptyChunks({ size, chunks }: { readonly size: number; readonly chunks: Bytes }): void {
    if ((size === 0) !== (chunks.length === 0)) throw new DamagedObjectError("malformed")
}

function readLine(line: string): SnapshotFile {
    const file = readFile(json.parse(line))
    refuseEmptyChunks(file)
    return file
}

/** The fields one by one: their order is part of the spelling. */
function lineOf({ name, size, modified, type, cut, chunks, entry }: SnapshotFile): string {
    const fields = { name, size, modified, type, cut, chunks: toBase64url(chunks), entry: entry && entryFields(entry) }
    return `${JSON.stringify(fields, json.withoutHalfPairs)}\n`
}

function entryFields({ method, time, attributes, madeBy, flags, crc32, raw }: ZipEntry): object {
    return { method, time, attributes, madeBy, flags, crc32, raw: raw && toBase64url(raw) }
}
