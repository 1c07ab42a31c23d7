/**
 * Files in the browser's private folder: written where they lie by the engine's worker, handed to the page, tidied later.
 *
 *     saved / <id> / file
 */

import type { Destination, OutputFile } from "../engine/ports.ts"
import { syncAccess, writeAt } from "./sync-files.ts"

const folderName = "saved"
const fileName = "file"
const keptFor = 24 * 60 * 60 * 1000

/** One private file. What an earlier try wrote of it is still there. */
export function privateFile(id: string): Destination {
    return {
        existing: async () => {
            const root = await openRoot()
            const folder = await root.getDirectoryHandle(id).catch(() => null)
            const handle = await folder?.getFileHandle(fileName).catch(() => null)
            return (await handle?.getFile()) ?? null
        },
        makeFolder: async () => "there",
        create: async () => {
            const folder = await (await openRoot()).getDirectoryHandle(id, { create: true })
            return await writtenInPlace(await folder.getFileHandle(fileName, { create: true }), id)
        },
    }
}

async function writtenInPlace(handle: FileSystemFileHandle, id: string): Promise<OutputFile> {
    const access = await syncAccess(handle)
    return {
        write: async (at, bytes) => writeAt(access, bytes, at),
        finish: async (size) => {
            if (access.getSize() !== size) access.truncate(size)
            // Not flushed: nobody relies on it after a power cut; what is gone then is found missing and fetched again.
            access.close()
            return await handle.getFile()
        },
        abort: async () => {
            access.close()
            await (await openRoot()).removeEntry(id, { recursive: true })
        },
        leave: async () => access.close(),
    }
}

/** A day later nobody is saving any more; a file that another tab still writes cannot be removed and is left. */
export async function tidyPrivateFolder(): Promise<void> {
    const root = await openRoot()
    const folders = (root as unknown as { values(): AsyncIterable<FileSystemDirectoryHandle> }).values()
    for await (const folder of folders) {
        const file = await folder.getFileHandle(fileName).then(
            (handle) => handle.getFile(),
            () => null,
        )
        if (file === null || file.lastModified < Date.now() - keptFor)
            await root.removeEntry(folder.name, { recursive: true }).catch(() => undefined)
    }
}

async function openRoot(): Promise<FileSystemDirectoryHandle> {
    return await (await navigator.storage.getDirectory()).getDirectoryHandle(folderName, { create: true })
}
