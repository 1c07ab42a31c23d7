/** An import that the library holds, as an export to be read once more: the files as they were, out of their chunks. */

import type { Bytes } from "../bytes/bytes.ts"
import { chunkIds, type SnapshotFile } from "../format/file-list.ts"
import { readChunks } from "./chunks.ts"
import type { Replaced } from "./job.ts"
import { idsOf } from "./kept.ts"
import type { Library } from "./library.ts"
import type { Patience } from "./retry.ts"
import type { ExportSource, SourceFile } from "./source.ts"
import type { EntryContent } from "./zip.ts"
import type { ZipEntry } from "./zip-directory.ts"

export async function librarySource(
    library: Library,
    { snapshot, files }: Replaced,
    patience: Patience,
    entryOf: (file: SnapshotFile) => ZipEntry | null = noEntry,
): Promise<ExportSource> {
    const chunks = await library.places(snapshot).ofAll(patience)
    const { name, size, modified, kind, comment } = snapshot.source
    const sources = files.map((file, index): SourceFile => {
        const { name, size } = file
        return { index, name, size, folder: name.endsWith("/") && size === 0, entry: entryOf(file) }
    })
    return {
        kind,
        file: { name, size, lastModified: modified === null ? 0 : Date.parse(modified) },
        files: sources,
        comment,
        damaged: [],
        size: files.reduce((sum, file) => sum + file.size, 0),
        portable: null,
        /** All chunks come in one stream, so that ranges are fetched ahead across files. */
        async *read(share) {
            const wanted = new Set(share)
            const shared = sources.filter(({ index }) => wanted.has(index))
            const stream = readChunks(chunks, idsOf(files.filter((_, index) => wanted.has(index))), patience)
            for (const file of shared) {
                const content = take(stream, chunksIn(files[file.index]))
                yield { file, content }
                for await (const _left of content);
            }
        },
        readOne: ({ index }) => whole(readChunks(chunks, idsOf(files.slice(index, index + 1)), patience)),
    }
}

/** Entries of a zip stay what they were: nobody asks for them here, for the file list says all of them. */
function noEntry(): null {
    return null
}

function chunksIn(file: SnapshotFile | undefined): number {
    return file === undefined ? 0 : chunkIds(file).length
}

async function* take(stream: AsyncGenerator<Bytes>, count: number): EntryContent {
    for (let left = count; left > 0; left--) {
        const step = await stream.next()
        if (step.done === true) break
        yield step.value
    }
    return null
}

async function* whole(stream: AsyncGenerator<Bytes>): EntryContent {
    yield* stream
    return null
}
