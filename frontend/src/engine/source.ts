/** An export as a list of files: the entries of a zip, or the one file that was given. */

import type { Bytes } from "../bytes/bytes.ts"
import { isCopy } from "./copy/entries.ts"
import { EngineError } from "./errors.ts"
import { ForwardWindows } from "./windows.ts"
import { type EntryContent, unpack, unpackOne } from "./zip.ts"
import { readDirectory, type ZipEntry } from "./zip-directory.ts"

export interface SourceFile {
    readonly index: number
    readonly name: string
    readonly size: number
    readonly folder: boolean
    readonly entry: ZipEntry | null
}

export interface SourceContent {
    readonly file: SourceFile
    readonly content: EntryContent
}

export interface ExportSource {
    readonly kind: "zip" | "file"
    /** What was picked, or what it was called when it was. */
    readonly file: Pick<File, "name" | "size" | "lastModified">
    /** In the order of the zip's directory. */
    readonly files: readonly SourceFile[]
    readonly comment: Bytes
    /** What the directory alone shows to be damaged. */
    readonly damaged: readonly string[]
    /** Sum of all files. */
    readonly size: number
    /** What a worker can open itself, to find the same files; null: only this thread can read them. */
    readonly portable: File | null
    /** These files, by their index, in one forward pass as they lie there. Each content is read, or left, before the next. */
    read(share: readonly number[]): AsyncGenerator<SourceContent, void, undefined>
    /** One file alone. */
    readOne(file: SourceFile): EntryContent
}

export async function openSource(file: File): Promise<ExportSource> {
    const directory = (await looksLikeZip(file)) ? await readDirectory(file) : null
    // What cannot be unpacked at all is kept as it is: an encrypted archive, or one whose end is missing.
    if (directory === null || directory.entries.every(({ damage }) => damage !== null)) return plainFile(file)
    if (isCopy(directory.entries)) throw new EngineError("is-a-copy")
    const files = directory.entries.map((entry) => ({
        index: entry.index,
        name: entry.name,
        size: entry.damage === null ? entry.size : 0,
        folder: entry.name.endsWith("/") && entry.size === 0,
        entry,
    }))
    return {
        kind: "zip",
        file,
        files,
        comment: directory.comment,
        damaged: directory.entries.filter(({ damage }) => damage !== null).map(({ name }) => name),
        size: files.reduce((sum, { size }) => sum + size, 0),
        portable: file,
        async *read(share) {
            for await (const { entry, content } of unpack(file, directory, new Set(share))) {
                const sourceFile = files[entry.index]
                if (sourceFile === undefined) throw new EngineError("unexpected")
                yield { file: sourceFile, content }
            }
        },
        readOne: ({ entry }) => (entry === null ? wholeFile(file) : unpackOne(file, entry)),
    }
}

function plainFile(file: File): ExportSource {
    const only: SourceFile = { index: 0, name: file.name, size: file.size, folder: false, entry: null }
    return {
        kind: "file",
        file,
        files: [only],
        comment: new Uint8Array(0),
        damaged: [],
        size: file.size,
        portable: file,
        async *read(share) {
            if (share.includes(0)) yield { file: only, content: wholeFile(file) }
        },
        readOne: () => wholeFile(file),
    }
}

async function* wholeFile(file: File): EntryContent {
    const windows = new ForwardWindows(file)
    try {
        yield* windows.range(0, file.size)
        return null
    } finally {
        windows.close()
    }
}

/** By its beginning: a text that happens to end like a zip is none. Self-extracting archives are kept as files. */
async function looksLikeZip(file: File): Promise<boolean> {
    const mark = await new ForwardWindows(file, 4).take(0, 4)
    const value = mark.length === 4 ? new DataView(mark.buffer, mark.byteOffset).getUint32(0) : 0
    return value === 0x504b0304 || value === 0x504b0506
}
