/** An import of a copy as an export: for another library its files are read, and sealed anew under that library's key. */

import { chunkIds, type SnapshotFile } from "../../format/file-list.ts"
import type { Snapshot } from "../../format/snapshot.ts"
import { type ChunkSource, readChunks } from "../chunks.ts"
import type { ImportJob } from "../job.ts"
import { dayFirstSetting } from "../read.ts"
import type { Patience } from "../retry.ts"
import type { ExportSource, SourceFile } from "../source.ts"
import type { EntryContent } from "../zip.ts"
import type { ZipEntry } from "../zip-directory.ts"
import type { OpenedCopy } from "./opened-copy.ts"

export async function copiedJob(copy: OpenedCopy, importId: string, patience: Patience): Promise<ImportJob> {
    const { library } = copy
    const { head } = library.opened
    const snapshot = await library.snapshot(importId, patience)
    const kept = await library.fileList(snapshot, patience)
    const chunks = await library.places(snapshot).ofAll(patience)
    const known = head.conversations.find(({ id }) => id === snapshot.conversation)
    const dayFirst = head.settings[`${dayFirstSetting}/${importId}`]
    return {
        source: copiedSource(snapshot, kept, chunks, patience),
        conversation: known ?? { id: snapshot.conversation, name: snapshot.summary.title, self: null },
        reader: snapshot.reader,
        summary: snapshot.summary,
        settings: dayFirst === undefined ? {} : { [dayFirstSetting]: dayFirst },
        replaces: null,
    }
}

function copiedSource(
    { source, added }: Snapshot,
    kept: readonly SnapshotFile[],
    chunks: ChunkSource,
    patience: Patience,
): ExportSource {
    const files = kept.map(sourceFile)
    const contentOf = (index: number): EntryContent => content(chunks, kept[index], patience)
    return {
        kind: source.kind,
        file: { name: source.name, size: source.size, lastModified: Date.parse(source.modified ?? added) },
        files,
        comment: source.comment,
        damaged: [],
        size: files.reduce((sum, { size }) => sum + size, 0),
        portable: null,
        async *read(share) {
            for (const index of share) {
                const file = files[index]
                if (file !== undefined) yield { file, content: contentOf(index) }
            }
        },
        readOne: ({ index }) => contentOf(index),
    }
}

function sourceFile({ name, size, entry }: SnapshotFile, index: number): SourceFile {
    return { index, name, size, folder: name.endsWith("/") && size === 0, entry: entry && zipEntry(name, size, entry) }
}

/** What is kept of an entry; where it lay in the old zip nobody asks. */
function zipEntry(name: string, size: number, entry: NonNullable<SnapshotFile["entry"]>): ZipEntry {
    const { raw: rawName, ...kept } = entry
    return { index: 0, name, rawName, ...kept, packedSize: size, size, headerOffset: 0, damage: null }
}

async function* content(chunks: ChunkSource, file: SnapshotFile | undefined, patience: Patience): EntryContent {
    if (file !== undefined) yield* readChunks(chunks, chunkIds(file), patience)
    return null
}
