/** An import in hand: what is to be added, and everything its steps share. */

import type { SnapshotFile } from "../format/file-list.ts"
import type { HeadConversation } from "../format/head.ts"
import type { Snapshot } from "../format/snapshot.ts"
import { EngineError } from "./errors.ts"
import type { ImportJournal } from "./import-journal.ts"
import type { Library } from "./library.ts"
import type { PassedFile } from "./pass.ts"
import type { Ports } from "./ports.ts"
import type { ProgressTeller } from "./progress.ts"
import type { Patience } from "./retry.ts"
import type { ExportSource } from "./source.ts"
import { utcTime, wallClockOfDos } from "./times.ts"

export interface ImportJob {
    readonly source: ExportSource
    readonly conversation: HeadConversation
    readonly reader: Snapshot["reader"]
    readonly summary: Snapshot["summary"]
    /** Kept in the head beside the snapshot. */
    readonly settings: Readonly<Record<string, string>>
    /** An import of this library that the new one says the same of, and takes the place of. */
    readonly replaces: Replaced | null
}

export interface Replaced {
    readonly snapshot: Snapshot
    readonly files: readonly SnapshotFile[]
}

export interface ImportWork {
    readonly ports: Ports
    readonly library: Library
    readonly journal: ImportJournal
    readonly job: ImportJob
    readonly progress: ProgressTeller
    readonly patience: Patience
}

/** What a snapshot says of an export beside its files. */
export type ImportFactsOfSnapshot = Omit<Snapshot, "id" | "catalogs" | "files" | "text" | "conversation">

export function snapshotFacts({ source, reader, summary, replaces }: ImportJob, now: number): ImportFactsOfSnapshot {
    if (replaces !== null) {
        const { added, source, reader, summary } = replaces.snapshot
        return { added, source, reader, summary }
    }
    const { file, kind, comment } = source
    return {
        added: utcTime(now),
        source: { name: file.name, size: file.size, modified: utcTime(file.lastModified), kind, comment },
        reader,
        summary,
    }
}

/** What the pass found; of an import that takes another's place, names and times are the other's. */
export function snapshotFiles({ replaces }: ImportJob, passed: readonly PassedFile[]): readonly SnapshotFile[] {
    if (replaces === null) return passed.map(snapshotFile)
    if (passed.length !== replaces.files.length) throw new EngineError("unexpected")
    return replaces.files.map((file, index) => {
        const found = passed[index]
        if (found === undefined || found.size !== file.size) throw new EngineError("unexpected")
        return { ...file, cut: found.cut, chunks: found.chunks }
    })
}

function snapshotFile({ file, size, cut, type, chunks }: PassedFile): SnapshotFile {
    const { name, folder, entry } = file
    return {
        name,
        size,
        modified: entry === null ? null : wallClockOfDos(entry.time),
        type: folder ? "inode/directory" : type,
        cut,
        chunks,
        entry: entry === null ? null : zipEntry(entry),
    }
}

function zipEntry(entry: NonNullable<PassedFile["file"]["entry"]>): NonNullable<SnapshotFile["entry"]> {
    const { method, time, attributes, madeBy, flags, crc32, rawName } = entry
    return { method, time, attributes, madeBy, flags, crc32, raw: rawName }
}
