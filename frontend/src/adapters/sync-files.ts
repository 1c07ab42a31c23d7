/** Files of the private folder that a worker writes in place. The compiler's library for pages does not name them. */

import { EngineError } from "../engine/errors.ts"

export interface SyncAccessHandle {
    write(bytes: Uint8Array, options: { readonly at: number }): number
    getSize(): number
    truncate(size: number): void
    close(): void
}

interface SyncFileHandle {
    createSyncAccessHandle(): Promise<SyncAccessHandle>
}

export async function syncAccess(handle: FileSystemFileHandle): Promise<SyncAccessHandle> {
    return await (handle as unknown as SyncFileHandle).createSyncAccessHandle()
}

/** All of the bytes, or `storage-full`. */
export function writeAt(access: SyncAccessHandle, bytes: Uint8Array, at: number): void {
    for (let written = 0; written < bytes.length; ) written += writeSome(access, bytes.subarray(written), at + written)
}

function writeSome(access: SyncAccessHandle, bytes: Uint8Array, at: number): number {
    try {
        const count = access.write(bytes, { at })
        if (count > 0) return count
    } catch (cause) {
        throw new EngineError("storage-full", { cause })
    }
    throw new EngineError("storage-full")
}
