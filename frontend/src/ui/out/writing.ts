/** Pieces become a file: in a place of the person's choice, or in the browser's private folder and from there to the downloads. */

import { EngineError } from "../../engine/errors.ts"

/** Where the engine keeps what is prepared as a download, and takes it away a day later. */
const privateFolder = "saved"

export interface Written {
    readonly file: File | "saved"
    readonly bytes: number
}

/** A picked file takes its name when it is closed; what is stopped before leaves nothing behind. */
export async function writtenTo(
    pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
    target: FileSystemFileHandle | null,
    name: string,
    onBytes: (bytes: number) => void,
): Promise<Written> {
    if (target !== null) {
        const bytes = await poured(pieces, target, onBytes)
        return { file: "saved", bytes }
    }
    const handle = await privateFile()
    if (handle === null) return await inMemory(pieces, name, onBytes)
    const bytes = await poured(pieces, handle, onBytes)
    return { file: new File([await handle.getFile()], name), bytes }
}

/** Null: this browser lets pages write nothing there, only workers. */
async function privateFile(): Promise<FileSystemFileHandle | null> {
    try {
        const root = await navigator.storage.getDirectory()
        const saved = await root.getDirectoryHandle(privateFolder, { create: true })
        const folder = await saved.getDirectoryHandle(crypto.randomUUID(), { create: true })
        const handle = await folder.getFileHandle("file", { create: true })
        return "createWritable" in handle ? handle : null
    } catch {
        return null
    }
}

async function poured(
    pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
    handle: FileSystemFileHandle & { remove?(): Promise<void> },
    onBytes: (bytes: number) => void,
): Promise<number> {
    const stream = await handle.createWritable().catch(refuse)
    let bytes = 0
    try {
        for await (const piece of pieces) {
            await stream.write(piece).catch(refuse)
            bytes += piece.length
            onBytes(bytes)
        }
        await stream.close().catch(refuse)
        return bytes
    } catch (error) {
        await stream.abort().catch(() => undefined)
        const left = await handle.getFile().catch(() => null)
        if (left?.size === 0) await handle.remove?.().catch(() => undefined)
        throw error
    }
}

function refuse(cause: unknown): never {
    const full = cause instanceof DOMException && cause.name === "QuotaExceededError"
    throw new EngineError(full ? "storage-full" : "place-refused", { cause })
}

/** Pieces are made into blobs early: a browser may put those on its disk. */
const blobSize = 8 << 20

async function inMemory(
    pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
    name: string,
    onBytes: (bytes: number) => void,
): Promise<Written> {
    const blobs: Blob[] = []
    let held: Uint8Array<ArrayBuffer>[] = []
    let [bytes, since] = [0, 0]
    for await (const piece of pieces) {
        held.push(piece)
        bytes += piece.length
        since += piece.length
        onBytes(bytes)
        if (since < blobSize) continue
        blobs.push(new Blob(held))
        held = []
        since = 0
    }
    return { file: new File([...blobs, ...held], name), bytes }
}
