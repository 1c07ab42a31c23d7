/** An import of a copy as an export: for another library its files are read, and sealed anew under that library's key. */

import type { SnapshotFile } from "../../format/file-list.ts"
import type { ImportJob } from "../job.ts"
import { librarySource } from "../library-source.ts"
import { dayFirstSetting } from "../read-import.ts"
import type { Patience } from "../retry.ts"
import type { ZipEntry } from "../zip-directory.ts"
import type { OpenedCopy } from "./opened-copy.ts"

export async function copiedJob(copy: OpenedCopy, importId: string, patience: Patience): Promise<ImportJob> {
    const { library } = copy
    const { head } = library.opened
    const snapshot = await library.snapshot(importId, patience)
    const kept = await library.fileList(snapshot, patience)
    const source = await librarySource(library, { snapshot, files: kept }, patience, zipEntry)
    const { modified } = snapshot.source
    const known = head.conversations.find(({ id }) => id === snapshot.conversation)
    const dayFirst = head.settings[`${dayFirstSetting}/${importId}`]
    return {
        source: { ...source, file: { ...source.file, lastModified: Date.parse(modified ?? snapshot.added) } },
        conversation: known ?? { id: snapshot.conversation, name: snapshot.summary.title, self: null },
        reader: snapshot.reader,
        summary: snapshot.summary,
        settings: dayFirst === undefined ? {} : { [dayFirstSetting]: dayFirst },
        replaces: null,
    }
}

/** What is kept of an entry; where it lay in the old zip nobody asks. */
function zipEntry({ name, size, entry }: SnapshotFile): ZipEntry | null {
    if (entry === null) return null
    const { raw: rawName, ...kept } = entry
    return { index: 0, name, rawName, ...kept, packedSize: size, size, headerOffset: 0, damage: null }
}
