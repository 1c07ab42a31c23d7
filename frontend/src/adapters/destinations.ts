/**
 * Where files are written: a folder or a file that a person picked (File System Access), or the browser's private folder.
 *
 * [Swap] A picked file is written to a copy that the browser keeps aside, and takes its name when the copy is closed. Until then
 * an empty file may stand under a new name; whoever goes on later takes an empty file for none.
 */

import { unreachable } from "../bytes/unreachable.ts"
import { EngineError } from "../engine/errors.ts"
import type { Place } from "../engine/place.ts"
import type { Destination, Destinations, OutputFile, Path } from "../engine/ports.ts"
import { privateFile, tidyPrivateFolder } from "./opfs.ts"

export class BrowserDestinations implements Destinations {
    open(place: Place): Destination {
        return destinationOf(place, privateFile)
    }

    tidy = tidyPrivateFolder
}

export function destinationOf(place: Place, privateFile: (id: string) => Destination): Destination {
    switch (place.kind) {
        case "folder":
            return new PickedFolder(place.folder)
        case "file":
            return new PickedFile(place.file)
        case "private":
            return privateFile(place.id)
        default:
            return unreachable(place)
    }
}

class PickedFolder implements Destination {
    readonly #folder: FileSystemDirectoryHandle
    /** Folders that were opened, by their path: thousands of files lie in a few of them. */
    readonly #opened = new Map<string, Promise<FileSystemDirectoryHandle>>()

    constructor(folder: FileSystemDirectoryHandle) {
        this.#folder = folder
    }

    async existing(path: Path): Promise<Blob | null> {
        return await allowed(async () => {
            const parent = await orNull(this.#parentOf(path, false))
            const handle = parent && (await orNull(parent.getFileHandle(last(path))))
            return handle && (await handle.getFile())
        })
    }

    async makeFolder(path: Path): Promise<"made" | "there"> {
        return await allowed(async () => {
            const there = await orNull(this.#folderAt(path, false))
            if (there !== null) return "there"
            await this.#folderAt(path, true)
            return "made"
        })
    }

    async create(path: Path): Promise<OutputFile> {
        return await allowed(async () => {
            const parent = await this.#parentOf(path, true)
            const handle = await parent.getFileHandle(last(path), { create: true })
            return await swapped(handle, () => parent.removeEntry(last(path)))
        })
    }

    #parentOf(path: Path, create: boolean): Promise<FileSystemDirectoryHandle> {
        return this.#folderAt(path.slice(0, -1), create)
    }

    async #folderAt(path: Path, create: boolean): Promise<FileSystemDirectoryHandle> {
        if (path.length === 0) return this.#folder
        const name = path.join("/")
        const known = this.#opened.get(name)
        if (known !== undefined) return await known
        const opening = this.#folderAt(path.slice(0, -1), create).then((parent) =>
            parent.getDirectoryHandle(last(path), { create }),
        )
        this.#opened.set(name, opening)
        // One that is not there may be made later.
        opening.catch(() => this.#opened.delete(name))
        return await opening
    }
}

/** One file: a zip. What an earlier try wrote is gone with its copy, so it begins anew. */
class PickedFile implements Destination {
    readonly #file: FileSystemFileHandle

    constructor(file: FileSystemFileHandle) {
        this.#file = file
    }

    async existing(): Promise<null> {
        return null
    }

    async makeFolder(): Promise<"there"> {
        return "there"
    }

    async create(): Promise<OutputFile> {
        const file = this.#file as FileSystemFileHandle & { remove?(): Promise<void> }
        return await allowed(() => swapped(file, async () => await file.remove?.()))
    }
}

/** See [Swap]. `remove` takes an empty file away that was made for this. */
async function swapped(handle: FileSystemFileHandle, remove: () => Promise<void>): Promise<OutputFile> {
    const stream = await handle.createWritable()
    let length = 0
    const forget = async (): Promise<void> => {
        await stream.abort().catch(() => undefined)
        const left = await handle.getFile().catch(() => null)
        if (left?.size === 0) await remove().catch(() => undefined)
    }
    return {
        write: (at, data) =>
            allowed(async () => {
                length = Math.max(length, at + data.length)
                await stream.write({ type: "write", position: at, data })
            }),
        finish: (size) =>
            allowed(async () => {
                if (length !== size) await stream.truncate(size)
                await stream.close()
                return await handle.getFile()
            }),
        abort: forget,
        leave: forget,
    }
}

async function allowed<T>(work: () => Promise<T>): Promise<T> {
    try {
        return await work()
    } catch (cause) {
        throw refusal(cause)
    }
}

function refusal(cause: unknown): unknown {
    if (!(cause instanceof DOMException)) return cause
    return new EngineError(cause.name === "QuotaExceededError" ? "storage-full" : "place-refused", { cause })
}

/** Null: there is none of that name, or something of another kind. */
async function orNull<T>(looking: Promise<T>): Promise<T | null> {
    try {
        return await looking
    } catch (error) {
        if (error instanceof DOMException && (error.name === "NotFoundError" || error.name === "TypeMismatchError"))
            return null
        throw error
    }
}

function last(path: Path): string {
    return path.at(-1) ?? ""
}
