/** Lays a speech model into the browser's private folder, looking at it on the way. In a worker, which alone may write in place. */

import { createSHA256 } from "hash-wasm"
import type { Bytes } from "../bytes/bytes.ts"
import { EngineError } from "../engine/errors.ts"
import {
    largestModel,
    modelHeaderLength,
    type Progress,
    readModelHeader,
    type SpeechModel,
} from "../engine/transcriber.ts"
import { contentName, factsName, folderName, forgetModel } from "./kept-model.ts"
import { type SyncAccessHandle, syncAccess, writeAt } from "./sync-files.ts"

/** Offered by the site, with its address; or a file that the person picked. */
export type ModelSource =
    | { readonly kind: "offered"; readonly model: SpeechModel; readonly address: string }
    | { readonly kind: "picked"; readonly file: File }

/** What was kept before is gone, however this ends. */
export async function writeModel(source: ModelSource, onProgress: Progress): Promise<SpeechModel> {
    const { name, size } = source.kind === "offered" ? source.model : source.file
    if (size > largestModel) throw new EngineError("not-a-model")
    const stream = source.kind === "offered" ? await fetched(source.address) : source.file.stream()
    await forgetModel()
    const folder = await privateFolder()
    const content = await syncAccess(await folder.getFileHandle(contentName, { create: true }))
    try {
        const { sha256, multilingual } = await copied(stream, content, size, onProgress)
        if (source.kind === "offered" && sha256 !== source.model.sha256) throw new EngineError("wrong-hash")
        content.close()
        const model: SpeechModel = { name, size, sha256, multilingual }
        const facts = await syncAccess(await folder.getFileHandle(factsName, { create: true }))
        writeAt(facts, new TextEncoder().encode(JSON.stringify(model)), 0)
        facts.close()
        return model
    } catch (error) {
        content.close()
        await forgetModel()
        throw error
    }
}

/** Writes and hashes piece by piece: the whole is never in memory. */
async function copied(
    stream: ReadableStream<Bytes>,
    content: SyncAccessHandle,
    size: number,
    onProgress: Progress,
): Promise<{ readonly sha256: string; readonly multilingual: boolean }> {
    const hashing = await createSHA256()
    const header = new Uint8Array(modelHeaderLength)
    let facts: ReturnType<typeof readModelHeader> = null
    let at = 0
    for await (const piece of piecesOf(stream)) {
        if (at < header.length) header.set(piece.subarray(0, header.length - at), at)
        writeAt(content, piece, at)
        hashing.update(piece)
        at += piece.length
        if (facts === null && at >= header.length) {
            facts = readModelHeader(header)
            // Before half a gigabyte is copied that is a film.
            if (facts === null) throw new EngineError("not-a-model")
        }
        if (at > size) throw new EngineError("wrong-hash")
        onProgress(at / size)
    }
    if (facts === null) throw new EngineError("not-a-model")
    if (at !== size) throw new EngineError("network")
    return { sha256: hashing.digest("hex"), multilingual: facts.multilingual }
}

async function* piecesOf(stream: ReadableStream<Bytes>): AsyncGenerator<Bytes> {
    const reader = stream.getReader()
    try {
        for (;;) {
            const { done, value } = await reader.read().catch((cause: unknown) => {
                throw new EngineError("network", { cause })
            })
            if (done) return
            yield value
        }
    } finally {
        await reader.cancel().catch(() => undefined)
    }
}

async function fetched(address: string): Promise<ReadableStream<Bytes>> {
    const answer = await fetch(address, { credentials: "same-origin" }).catch((cause: unknown) => {
        throw new EngineError("network", { cause })
    })
    if (answer.status === 401) throw new EngineError("session-expired")
    if (answer.status === 404) throw new EngineError("missing")
    if (!answer.ok || answer.body === null) throw new EngineError("network")
    return answer.body
}

async function privateFolder(): Promise<FileSystemDirectoryHandle> {
    try {
        return await (await navigator.storage.getDirectory()).getDirectoryHandle(folderName, { create: true })
    } catch (cause) {
        throw new EngineError("storage-full", { cause })
    }
}
