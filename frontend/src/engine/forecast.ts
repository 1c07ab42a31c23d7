/**
 * How much of an export is here already, told before a byte of it is read: the directory of a zip names sizes and
 * checksums, and so does the list of every import.
 *
 * A forecast, and nothing relies on it: checksums of zips are no proof, so the pass names every chunk itself. Whoever
 * made two pictures with the same checksum has only spoilt this line of the preview.
 */

import type { Library } from "./library.ts"
import type { ImportForecast } from "./protocol.ts"
import type { Patience } from "./retry.ts"
import type { ExportSource } from "./source.ts"

/** Null: nothing to compare with, or the lists cannot be had just now. */
export async function forecast(
    source: ExportSource,
    library: Library,
    conversation: string,
    patience: Patience,
): Promise<ImportForecast | null> {
    const known = new Set<string>()
    try {
        const listed = library.opened.head.snapshots.filter((ref) => ref.conversation === conversation)
        for (const { id } of listed)
            for (const { size, entry } of await library.fileList(await library.snapshot(id, patience), patience))
                if (entry !== null) known.add(mark(size, entry.crc32))
    } catch {
        return null
    }
    let there = 0
    let toSend = 0
    for (const { size, entry } of source.files) {
        if (entry === null || entry.damage !== null) continue
        if (known.has(mark(size, entry.crc32))) there += size
        else toSend += entry.packedSize
    }
    return { there, toSend }
}

function mark(size: number, crc32: number): string {
    return `${size}/${crc32}`
}
