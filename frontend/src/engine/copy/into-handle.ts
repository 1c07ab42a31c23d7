/** A file at a place that the person chose (File System Access): it appears there once it is finished, or not at all. */

import { EngineError } from "../errors.ts"
import type { ScratchFile } from "../ports.ts"

export async function writeInto(handle: FileSystemFileHandle): Promise<ScratchFile> {
    const stream = await handle.createWritable().catch(refuse)
    return {
        write: async (bytes) => {
            // What is written may be lent: the stream reads it before it resolves.
            await stream.write(bytes as Uint8Array<ArrayBuffer>).catch(refuse)
        },
        finish: async () => {
            await stream.close().catch(refuse)
            return await handle.getFile()
        },
        abort: async () => {
            await stream.abort().catch(() => undefined)
        },
    }
}

function refuse(cause: unknown): never {
    throw new EngineError("storage-full", { cause })
}
