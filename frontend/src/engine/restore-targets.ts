/** Where contents go: to many files in a folder, or to their places in one zip. Both find what an earlier try left. */

import { type Bytes, equal } from "../bytes/bytes.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { chunkId } from "../format/chunk.ts"
import { chunkIds } from "../format/file-list.ts"
import { crc32 } from "./crc32.ts"
import { EngineError } from "./errors.ts"
import type { Destination, OutputFile, Path } from "./ports.ts"
import type { Content, Output, RestorePlan } from "./restore-plan.ts"
import { numbered } from "./safe-names.ts"
import { localHeader, type PlacedMember, ZipLayout } from "./zip-layout.ts"

export interface Found {
    /** Outputs that were there, whole. */
    readonly there: number
    /** Null: something is still to be fetched. Else the content's sum. */
    readonly sum: number | null
}

export interface Target {
    /** Folders, and what else is there before the first content. */
    begin(): Promise<void>
    /** Looks for a content that an earlier try wrote, and checks each of its bytes. Each is looked for before any is written. */
    find(content: Content, signal: AbortSignal): Promise<Found>
    /** Resolves with the number of places it was written to. */
    write(content: Content, at: number, chunks: readonly Bytes[]): Promise<number>
    /** All of it is written, and sums up to what it must. Resolves with the number of files that lie there now. */
    finish(content: Content, sum: number): Promise<number>
    /** Nothing of it stays. */
    refuse(content: Content): Promise<void>
    /** The whole is done: of a zip, what was written. */
    end(): Promise<Blob | null>
    /** Nothing stays but what is finished, and what the next try can go on with. */
    leave(): Promise<void>
    /** Outputs that lie under another name than theirs. */
    readonly renamed: readonly Renamed[]
}

export interface Renamed {
    readonly from: string
    readonly to: string
}

/** Read back in one go; more of them are in memory at a time. */
const readAtOnce = 8 * 1024 * 1024

/** The content's sum, if these are its bytes: every chunk is named again. Null: something else. */
async function sumIfHeld(keys: LibraryKeys, content: Content, blob: Blob, signal: AbortSignal): Promise<number | null> {
    if (blob.size !== content.size) return null
    let [sum, at, ids, length]: [number, number, Bytes[], number] = [0, 0, [], 0]
    const lengths: number[] = []
    const holds = async (): Promise<boolean> => {
        if (signal.aborted) throw new EngineError("stopped")
        const bytes = new Uint8Array(await blob.slice(at, at + length).arrayBuffer())
        let from = 0
        for (const [index, id] of ids.entries()) {
            const chunk = bytes.subarray(from, from + (lengths[index] ?? 0))
            if (!equal(await chunkId(keys, chunk), id)) return false
            from += chunk.length
        }
        sum = crc32(sum, bytes)
        return true
    }
    for (const id of chunkIds(content)) {
        const place = content.index.find(id)
        if (place === null) return null
        if (length > 0 && length + place.length > readAtOnce) {
            if (!(await holds())) return null
            at += length
            ;[ids, length] = [[], 0]
            lengths.length = 0
        }
        ids.push(id)
        lengths.push(place.length)
        length += place.length
    }
    return at + length === blob.size && (await holds()) ? sum : null
}

interface Outgoing {
    readonly file: OutputFile
    readonly path: Path
}

export class FolderTarget implements Target {
    readonly renamed: Renamed[] = []
    readonly #keys: LibraryKeys
    readonly #plan: RestorePlan
    readonly #destination: Destination
    /** Roots that were there before: only in them can anything lie already. */
    readonly #old = new Set<string>()
    /** Where outputs that are still missing go, when it is not where the plan says. */
    readonly #missing = new Map<Content, readonly Path[]>()
    readonly #open = new Map<Content, Promise<readonly Outgoing[]>>()

    constructor(keys: LibraryKeys, plan: RestorePlan, destination: Destination) {
        this.#keys = keys
        this.#plan = plan
        this.#destination = destination
    }

    async begin(): Promise<void> {
        for (const root of this.#plan.roots)
            if ((await this.#destination.makeFolder(root)) === "there") this.#old.add(root.join("/"))
        for (const folder of this.#plan.folders) {
            await this.#destination.makeFolder(folder.path)
            this.#note({ ...folder, name: folder.name.replace(/\/$/, "") }, folder.path)
        }
    }

    async find(content: Content, signal: AbortSignal): Promise<Found> {
        const missing: Path[] = []
        let sum: number | null = null
        for (const output of content.outputs) {
            const looked = await this.#look(content, output, signal)
            this.#note(output, looked.path)
            if (looked.sum === null) missing.push(looked.path)
            else sum = looked.sum
        }
        if (missing.length > 0) this.#missing.set(content, missing)
        return { there: content.outputs.length - missing.length, sum: missing.length === 0 ? sum : null }
    }

    /** Of the names that this output may have, the first that is free or is it. What else lies there is the person's. */
    async #look(
        content: Content,
        { root, path }: Output,
        signal: AbortSignal,
    ): Promise<{ readonly path: Path; readonly sum: number | null }> {
        if (root.length > 0 && !this.#old.has(root.join("/"))) return { path, sum: null }
        for (let number = 1; ; number++) {
            const candidate = number === 1 ? path : [...path.slice(0, -1), numbered(path.at(-1) ?? "", number)]
            const blob = await this.#destination.existing(candidate)
            // An empty file is what a crash leaves of one that was to be written.
            if (blob === null || (blob.size === 0 && content.size > 0)) return { path: candidate, sum: null }
            const sum = await sumIfHeld(this.#keys, content, blob, signal)
            if (sum !== null) return { path: candidate, sum }
        }
    }

    async write(content: Content, at: number, chunks: readonly Bytes[]): Promise<number> {
        const outgoing = await this.#outgoing(content)
        for (const { file } of outgoing) await writeAll(file, at, chunks)
        return outgoing.length
    }

    async finish(content: Content): Promise<number> {
        const outgoing = await this.#outgoing(content)
        for (const { file } of outgoing) {
            const written = await file.finish(content.size)
            if (written.size !== content.size) throw new EngineError("place-refused")
        }
        this.#open.delete(content)
        return outgoing.length
    }

    async refuse(content: Content): Promise<void> {
        const outgoing = (await this.#open.get(content)) ?? []
        this.#open.delete(content)
        for (const { file } of outgoing) await file.abort()
    }

    async end(): Promise<null> {
        return null
    }

    async leave(): Promise<void> {
        for (const content of [...this.#open.keys()]) await this.refuse(content).catch(() => undefined)
    }

    #outgoing(content: Content): Promise<readonly Outgoing[]> {
        const open = this.#open.get(content) ?? this.#create(this.#missing.get(content) ?? [])
        this.#open.set(content, open)
        return open
    }

    async #create(paths: readonly Path[]): Promise<readonly Outgoing[]> {
        const outgoing: Outgoing[] = []
        for (const path of paths) outgoing.push({ path, file: await this.#destination.create(path) })
        return outgoing
    }

    #note({ root, name }: Output, path: Path): void {
        const to = path.slice(root.length).join("/")
        if (to !== name) this.renamed.push({ from: name, to })
    }
}

/** One file in which every content has its place: a zip, or the one file that was added. */
export class FileTarget implements Target {
    readonly renamed: Renamed[] = []
    readonly #keys: LibraryKeys
    readonly #plan: RestorePlan
    readonly #destination: Destination
    /** Null: the file is the content. */
    readonly #layout: ZipLayout | null
    readonly #members = new Map<Output, PlacedMember>()
    readonly #sums = new Map<PlacedMember, number>()
    #before: Blob | null = null
    #file: Promise<OutputFile> | null = null
    #refused = false

    constructor(keys: LibraryKeys, plan: RestorePlan, destination: Destination) {
        this.#keys = keys
        this.#plan = plan
        this.#destination = destination
        this.#layout = plan.kind === "file" ? null : new ZipLayout(plan.comment)
        const folders = new Set(plan.folders)
        for (const output of plan.order) {
            const member = this.#layout?.add(output.member) ?? { ...output.member, headerAt: 0, contentAt: 0 }
            this.#members.set(output, member)
            if (folders.has(output)) this.#sums.set(member, 0)
        }
    }

    async begin(): Promise<void> {
        this.#before = await this.#destination.existing([])
    }

    async find(content: Content, signal: AbortSignal): Promise<Found> {
        const before = this.#before
        if (before === null || content.size === 0) return { there: 0, sum: null }
        let sum: number | null = null
        for (const output of content.outputs) {
            const { contentAt } = this.#memberOf(output)
            sum = await sumIfHeld(this.#keys, content, before.slice(contentAt, contentAt + content.size), signal)
            if (sum === null) return { there: 0, sum }
        }
        return { there: content.outputs.length, sum }
    }

    async write(content: Content, at: number, chunks: readonly Bytes[]): Promise<number> {
        const file = await this.#opened()
        for (const output of content.outputs) await writeAll(file, this.#memberOf(output).contentAt + at, chunks)
        return content.outputs.length
    }

    async finish(content: Content, sum: number): Promise<number> {
        for (const output of content.outputs) this.#sums.set(this.#memberOf(output), sum)
        return content.outputs.length
    }

    /** A zip does not name it, and its place holds nothing that was not checked. */
    async refuse(): Promise<void> {
        if (this.#layout !== null) return
        this.#refused = true
        await (await this.#file)?.abort()
    }

    async end(): Promise<Blob | null> {
        if (this.#refused) return null
        const file = await this.#opened()
        const size = this.#layout === null ? this.#plan.bytes : await this.#writeTable(this.#layout, file)
        const written = await file.finish(size)
        if (written.size !== size) throw new EngineError("place-refused")
        return written
    }

    async leave(): Promise<void> {
        if (!this.#refused) await (await this.#file)?.leave()
    }

    async #writeTable(layout: ZipLayout, file: OutputFile): Promise<number> {
        for (const [member, sum] of this.#sums) await file.write(member.headerAt, localHeader(member, sum))
        let end = 0
        for (const { at, bytes } of layout.directory(this.#sums)) {
            await file.write(at, bytes)
            end = at + bytes.length
        }
        return end
    }

    #opened(): Promise<OutputFile> {
        this.#file ??= this.#destination.create([])
        return this.#file
    }

    #memberOf(output: Output): PlacedMember {
        const member = this.#members.get(output)
        if (member === undefined) throw new TypeError("an output that the plan does not order")
        return member
    }
}

async function writeAll(file: OutputFile, at: number, chunks: readonly Bytes[]): Promise<void> {
    let place = at
    for (const chunk of chunks) {
        await file.write(place, chunk)
        place += chunk.length
    }
}
