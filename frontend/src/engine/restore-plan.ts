/**
 * What a restore writes, and where: every content once, with all the places that it belongs to.
 *
 *     everything      Ben / WhatsApp Chat mit Ben 2024-06-07 / IMG-1.jpg
 *     a chat                WhatsApp Chat mit Ben 2024-06-07 / IMG-1.jpg
 *     an export                                                IMG-1.jpg, in a folder of its name
 *
 * [Folder per export] Each export is whole in a folder of its own: its text names its media, and other programs read them
 * together. What several exports of a chat hold is fetched and opened once, and written to each of them; or, when that is
 * asked for, to the newest of them only.
 */

import { toHex } from "../bytes/hex.ts"
import { utf8 } from "../bytes/utf8.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { ChunkIndex } from "../format/chunk-index.ts"
import type { SnapshotFile } from "../format/file-list.ts"
import type { Snapshot } from "../format/snapshot.ts"
import { EngineError } from "./errors.ts"
import type { Library } from "./library.ts"
import type { Path } from "./ports.ts"
import type { RestoreRequest, RestoreSubject } from "./protocol.ts"
import type { Patience } from "./retry.ts"
import { SafeNames, safeName } from "./safe-names.ts"
import { dosOfUtc } from "./times.ts"
import type { ZipMember } from "./zip-layout.ts"

/** One content: its chunks, what it must come to, and every file that it is. */
export interface Content {
    readonly chunks: SnapshotFile["chunks"]
    readonly size: number
    /** What the zip said that was added; null: it was no zip. */
    readonly crc32: number | null
    readonly index: ChunkIndex
    readonly outputs: Output[]
}

export interface Output {
    /** The folder of its export, below the place. */
    readonly root: Path
    /** Below the place, the root included. */
    readonly path: Path
    /** As its export calls it. */
    readonly name: string
    readonly member: ZipMember
}

export interface RestorePlan {
    /** What opens all of it. */
    readonly keys: LibraryKeys
    readonly contents: readonly Content[]
    /** Folders that hold nothing are made, too. */
    readonly folders: readonly Output[]
    /** Of everything in it, in the order of the exports: what a zip lists. */
    readonly order: readonly Output[]
    /** The uppermost folders: one that was not there before needs no looking into. */
    readonly roots: readonly Path[]
    /** Kept for a zip that is one export again. */
    readonly comment: Snapshot["source"]["comment"]
    /** What the whole is called. */
    readonly name: string
    readonly kind: "zip" | "file"
    readonly exports: number
    readonly files: number
    readonly bytes: number
}

export async function planRestore(library: Library, asked: RestoreRequest, patience: Patience): Promise<RestorePlan> {
    const snapshots = await chosen(library, asked.what, patience)
    const keys = keysFor(library, snapshots)
    const alone = asked.what.kind === "import"
    const planner = new Planner(asked)
    const chats = new Map(library.opened.head.conversations.map(({ id, name }) => [id, name]))
    for (const [conversation, imports] of byConversation(snapshots)) {
        const [first] = imports
        // One file that is all of its chat needs no folder around it.
        const single = imports.length === 1 && first?.source.kind === "file"
        const at = asked.what.kind === "everything" && !single ? planner.chat(chats.get(conversation) ?? "") : []
        // Oldest first, so that names stay when more exports come; filled newest first, so that the newest is whole.
        const placed = imports
            .toSorted(oldestFirst)
            .map((snapshot) => ({ snapshot, root: planner.root(snapshot, at, alone) }))
        for (const { snapshot, root } of placed.toReversed()) {
            const { index } = await library.places(snapshot).ofAll(patience)
            planner.add(snapshot, await library.fileList(snapshot, patience), root, at, index)
        }
    }
    const [only] = snapshots
    const comment = alone && only !== undefined ? only.source.comment : new Uint8Array(0)
    const whole = alone && asked.form === "zip" && only?.source.kind === "file"
    const facts = { keys, exports: snapshots.length, comment }
    return { ...planner.plan(), ...facts, name: nameOf(asked.what, only, chats), kind: whole ? "file" : "zip" }
}

/** One key opens a restore. While old exports are being sealed anew, some have another one than the rest. */
function keysFor(library: Library, snapshots: readonly Snapshot[]): LibraryKeys {
    const [keys = library.keys, ...others] = new Set(snapshots.map(({ id }) => library.keysOfImport(id)))
    if (others.length > 0) throw new EngineError("resealing")
    return keys
}

async function chosen(library: Library, what: RestoreSubject, patience: Patience): Promise<readonly Snapshot[]> {
    if (what.kind === "import") return [await library.snapshot(what.importId, patience)]
    const snapshots = await library.snapshots(patience)
    if (what.kind === "everything") return snapshots
    const ofChat = snapshots.filter(({ conversation }) => conversation === what.conversation)
    if (ofChat.length === 0) throw new EngineError("unknown-conversation")
    return ofChat
}

class Planner {
    readonly #asked: RestoreRequest
    readonly #names = new SafeNames()
    readonly #contents = new Map<string, Content>()
    readonly #folders: Output[] = []
    readonly #order: Output[] = []
    readonly #roots: Path[] = []
    #files = 0
    #bytes = 0

    constructor(asked: RestoreRequest) {
        this.#asked = asked
    }

    plan() {
        const [folders, order, roots] = [this.#folders, this.#order, this.#roots]
        return { contents: [...this.#contents.values()], folders, order, roots, files: this.#files, bytes: this.#bytes }
    }

    chat(name: string): Path {
        return this.#names.ownFolder(name)
    }

    /** Null: a file that was added as it is lies beside the folders. */
    root({ source, summary, added }: Snapshot, at: Path, alone: boolean): Path | null {
        if (source.kind === "file") return null
        if (alone && this.#asked.form === "zip") return []
        const name = source.name.replace(/\.zip$/i, "")
        const dated = alone ? name : `${name} ${(summary.last ?? added).slice(0, 10)}`
        return this.#names.ownFolder(dated, at)
    }

    add(snapshot: Snapshot, files: readonly SnapshotFile[], root: Path | null, beside: Path, index: ChunkIndex): void {
        const at = root ?? beside
        if (at.length > 0) this.#roots.push(at)
        for (const file of files) {
            const name = root === null ? snapshot.source.name : file.name
            // As it was in the zip that it came from, whatever it is called: only a zip that is the same again keeps that.
            const asItWas = root?.length === 0
            if (file.name.endsWith("/") && file.size === 0) this.#addFolder(snapshot, file, at, asItWas)
            else {
                const path = this.#names.file(name, at)
                this.#addFile(snapshot, file, index, {
                    root: at,
                    path,
                    name,
                    member: memberOf(snapshot, file, asItWas ? null : path),
                })
            }
        }
    }

    #addFolder(snapshot: Snapshot, file: SnapshotFile, at: Path, asItWas: boolean): void {
        const path = this.#names.folder(file.name, at)
        const output = {
            root: at,
            path,
            name: file.name,
            member: memberOf(snapshot, file, asItWas ? null : [...path, ""]),
        }
        this.#folders.push(output)
        this.#order.push(output)
    }

    #addFile(snapshot: Snapshot, file: SnapshotFile, index: ChunkIndex, output: Output): void {
        const { size, chunks } = file
        const crc32 = file.entry?.crc32 ?? null
        const key = `${snapshot.conversation}/${crc32 ?? ""}/${size}/${toHex(chunks)}`
        const before = this.#contents.get(key)
        if (before !== undefined && size > 0 && this.#asked.repeats === "once") return
        const content = before ?? { chunks, size, crc32, index, outputs: [] }
        content.outputs.push(output)
        this.#contents.set(key, content)
        this.#order.push(output)
        this.#files += 1
        this.#bytes += size
    }
}

const plainFile = { attributes: 0o100644 * 0x10000, madeBy: 0x031e }
const someDay = 0x0021_0000

/** `path` null: under the bytes that the zip had for its name. */
function memberOf({ source }: Snapshot, { name, size, entry }: SnapshotFile, path: Path | null): ZipMember {
    const { attributes, madeBy } = entry ?? plainFile
    const time = entry?.time ?? (source.modified === null ? someDay : dosOfUtc(source.modified))
    const raw = path === null ? (entry?.raw ?? null) : null
    const marked = raw === null || ((entry?.flags ?? 0) & 0x0800) !== 0
    // A zip entry must have a name.
    const text = path === null ? (/^\/*$/.test(name) ? "_" : name) : path.join("/")
    return { name: raw ?? utf8(text), utf8: marked, size, time, attributes, madeBy }
}

function byConversation(snapshots: readonly Snapshot[]): ReadonlyMap<string, readonly Snapshot[]> {
    const groups = new Map<string, Snapshot[]>()
    for (const snapshot of snapshots)
        groups.set(snapshot.conversation, [...(groups.get(snapshot.conversation) ?? []), snapshot])
    return groups
}

function oldestFirst(one: Snapshot, other: Snapshot): number {
    return compare(one.summary.last ?? one.added, other.summary.last ?? other.added) || compare(one.id, other.id)
}

function compare(one: string, other: string): number {
    return one < other ? -1 : one > other ? 1 : 0
}

function nameOf(what: RestoreSubject, only: Snapshot | undefined, chats: ReadonlyMap<string, string>): string {
    switch (what.kind) {
        case "everything":
            return "Backupweb.zip"
        case "conversation":
            return `${safeName(chats.get(what.conversation) ?? "")}.zip`
        case "import":
            return only?.source.name ?? ""
    }
}
