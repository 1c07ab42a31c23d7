/** Files that are made here, in the browser's private folder: written by a worker, handed to the page, tidied later. */

import { EngineError } from "../engine/errors.ts"
import type { ScratchFile, ScratchFiles } from "../engine/ports.ts"

const folderName = "saved"
const keptFor = 24 * 60 * 60 * 1000

export class PrivateFolder implements ScratchFiles {
    async create(name: string): Promise<ScratchFile> {
        const folder = await (await openFolder()).getDirectoryHandle(crypto.randomUUID(), { create: true })
        // A name from an export may hold what no file system takes; the page offers the true one for saving.
        const handle = await folder.getFileHandle("file", { create: true })
        const access = await (handle as unknown as SyncFileHandle).createSyncAccessHandle()
        let at = 0
        return {
            write: async (bytes) => {
                for (let written = 0; written < bytes.length; ) {
                    const count = writeAt(access, bytes.subarray(written), at)
                    written += count
                    at += count
                }
            },
            finish: async (type) => {
                access.flush()
                access.close()
                const file = await handle.getFile()
                return new File([file], name, { type, lastModified: file.lastModified })
            },
            abort: async () => {
                access.close()
                await (await openFolder()).removeEntry(folder.name, { recursive: true })
            },
        }
    }

    /** A day later nobody is saving any more; a file that another tab still writes cannot be removed and is left. */
    async tidy(): Promise<void> {
        const root = await openFolder()
        const folders = (root as unknown as { values(): AsyncIterable<FileSystemDirectoryHandle> }).values()
        for await (const folder of folders) {
            const file = await folder.getFileHandle("file").then(
                (handle) => handle.getFile(),
                () => null,
            )
            if (file === null || file.lastModified < Date.now() - keptFor)
                await root.removeEntry(folder.name, { recursive: true }).catch(() => undefined)
        }
    }
}

async function openFolder(): Promise<FileSystemDirectoryHandle> {
    return await (await navigator.storage.getDirectory()).getDirectoryHandle(folderName, { create: true })
}

/** Only workers have these; the compiler's library for pages does not name them. */
interface SyncFileHandle {
    createSyncAccessHandle(): Promise<SyncAccessHandle>
}

interface SyncAccessHandle {
    write(bytes: Uint8Array, options: { readonly at: number }): number
    flush(): void
    close(): void
}

function writeAt(access: SyncAccessHandle, bytes: Uint8Array, at: number): number {
    try {
        const count = access.write(bytes, { at })
        if (count > 0 || bytes.length === 0) return count
    } catch (cause) {
        throw new EngineError("storage-full", { cause })
    }
    throw new EngineError("storage-full")
}
