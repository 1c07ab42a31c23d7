/** Unpacks entries of a zip in one forward pass, in the order in which they lie in the file. */

import type { Bytes } from "../bytes/bytes.ts"
import { crc32 } from "./crc32.ts"
import { ForwardWindows } from "./windows.ts"
import type { EntryDamage, ZipDirectory, ZipEntry } from "./zip-directory.ts"

const headerLength = 30

/**
 * The content in pieces, each good until the next is asked for; then what was wrong with it. A damaged entry gives what
 * can be read of it.
 */
export type EntryContent = AsyncGenerator<Bytes, EntryDamage | null, undefined>

export interface UnpackedEntry {
    readonly entry: ZipEntry
    readonly content: EntryContent
}

/** Each content must be read, or left, before the next entry is asked for. */
export async function* unpack(
    file: Blob,
    directory: ZipDirectory,
    wanted: ReadonlySet<number> = new Set(directory.entries.keys()),
): AsyncGenerator<UnpackedEntry, void, undefined> {
    const windows = new ForwardWindows(file)
    try {
        yield* entriesOf(windows, directory, wanted, file.size)
    } finally {
        windows.close()
    }
}

async function* entriesOf(
    windows: ForwardWindows,
    directory: ZipDirectory,
    wanted: ReadonlySet<number>,
    fileSize: number,
): AsyncGenerator<UnpackedEntry, void, undefined> {
    let end = 0
    for (const entry of asTheyLie(directory.entries)) {
        if (!wanted.has(entry.index)) {
            // At least so far it reaches: its own header may tell of more, which whoever reads it looks after.
            if (entry.damage === null) end = Math.max(end, entry.headerOffset + headerLength + entry.packedSize)
        } else if (entry.damage !== null) {
            yield { entry, content: nothing(entry.damage) }
        } else if (entry.headerOffset < end) {
            // Entries that share their bytes are how a small archive unpacks to an endless one.
            yield { entry, content: nothing("overlapping") }
        } else {
            const data = await dataPlace(windows, entry, fileSize)
            end = data === null ? end : data.end
            yield { entry, content: data === null ? nothing("broken") : contentOf(windows, entry, data.start) }
        }
    }
}

/** One entry alone: for the chat's text, before the whole is read. */
export async function* unpackOne(file: Blob, entry: ZipEntry): EntryContent {
    if (entry.damage !== null) return entry.damage
    const slack = 2 * 0xffff + headerLength
    const windows = new ForwardWindows(file, entry.headerOffset + slack + entry.packedSize)
    try {
        const data = await dataPlace(windows, entry, file.size)
        return data === null ? "broken" : yield* contentOf(windows, entry, data.start)
    } finally {
        windows.close()
    }
}

export function asTheyLie(entries: readonly ZipEntry[]): readonly ZipEntry[] {
    return [...entries].sort((one, other) => one.headerOffset - other.headerOffset)
}

interface DataPlace {
    readonly start: number
    readonly end: number
}

/** Only the local header knows how long its own name and extra field are. */
async function dataPlace(windows: ForwardWindows, entry: ZipEntry, fileSize: number): Promise<DataPlace | null> {
    const header = await windows.take(entry.headerOffset, entry.headerOffset + headerLength)
    if (header.length < headerLength) return null
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
    if (view.getUint32(0, true) !== 0x04034b50) return null
    const start = entry.headerOffset + headerLength + view.getUint16(26, true) + view.getUint16(28, true)
    const end = start + entry.packedSize
    return end > fileSize ? null : { start, end }
}

// biome-ignore lint/correctness/useYield: the content of an entry that cannot be read is empty.
async function* nothing(damage: EntryDamage): EntryContent {
    return damage
}

async function* contentOf(windows: ForwardWindows, entry: ZipEntry, start: number): EntryContent {
    const packed = windows.range(start, start + entry.packedSize)
    const unpacked = entry.method === 0 ? packed : inflate(packed)
    let left = entry.size
    let sum = 0
    try {
        for await (const piece of unpacked) {
            const wanted = piece.length > left ? piece.subarray(0, left) : piece
            left -= wanted.length
            sum = crc32(sum, wanted)
            if (wanted.length > 0) yield wanted
            // More than the directory promised, so more than the limits were checked for.
            if (wanted.length < piece.length) return "broken"
        }
    } catch (error) {
        if (!(error instanceof InflateError)) throw error
        if (left > 0) return "broken"
    }
    if (left > 0) return "broken"
    return sum === entry.crc32 ? null : "wrong-checksum"
}

/** The packed bytes are not deflate, break off, or go on after their end. */
class InflateError extends Error {}

async function* inflate(packed: AsyncIterable<Bytes>): AsyncGenerator<Bytes, void, undefined> {
    const stream = new DecompressionStream("deflate-raw")
    const writer = stream.writable.getWriter()
    const reader = (stream.readable as ReadableStream<Bytes>).getReader()
    let readingFailed: { readonly cause: unknown } | null = null
    const feeding = feed(packed, writer).catch((cause: unknown) => {
        readingFailed = { cause }
    })
    try {
        for (;;) {
            const step = await reader.read().catch((cause: unknown) => {
                throw failureOf(readingFailed, cause)
            })
            if (step.done) return
            yield step.value
        }
    } finally {
        await reader.cancel().catch(() => undefined)
        await feeding
    }
}

/** What the file itself refuses is told apart from what the unpacking refuses. */
async function feed(packed: AsyncIterable<Bytes>, writer: WritableStreamDefaultWriter<BufferSource>): Promise<void> {
    let refused = false
    // Errors of the writer come out at the reader as well: told once, there.
    const note = (): void => {
        refused = true
    }
    writer.closed.catch(note)
    try {
        for await (const piece of packed) {
            if (refused) return
            await writer.write(piece).catch(note)
        }
        if (!refused) await writer.close().catch(note)
    } catch (cause) {
        await writer.abort(cause).catch(note)
        throw cause
    }
}

function failureOf(readingFailed: { readonly cause: unknown } | null, cause: unknown): unknown {
    return readingFailed === null ? new InflateError("deflate", { cause }) : readingFailed.cause
}
