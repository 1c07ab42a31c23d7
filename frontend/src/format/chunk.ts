/**
 * Names of chunks and frames (docs/format.md §5): keyed, so that nobody can tell a known file by its name.
 *
 *     chunk id   first 16 bytes of HMAC(chunk-id, 0x01 ‖ chunk)
 *     frame id   the chunk's id; of several chunks the first 16 bytes of HMAC(chunk-id, 0x02 ‖ all chunks joined)
 */

import type { Bytes } from "../bytes/bytes.ts"
import { hmac } from "../crypto/hash.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { idLength, limits } from "./limits.ts"

const oneChunk = 0x01
const severalChunks = 0x02

/** A chunk and its name. */
export interface NamedChunk {
    readonly id: Bytes
    readonly bytes: Bytes
}

export function chunkId(keys: LibraryKeys, chunk: Bytes): Promise<Bytes> {
    return name(keys, oneChunk, chunk)
}

export async function nameChunk(keys: LibraryKeys, chunk: Bytes): Promise<NamedChunk> {
    return { id: await chunkId(keys, chunk), bytes: chunk }
}

/** The id of a frame of several chunks. */
export function severalChunksId(keys: LibraryKeys, joined: Bytes): Promise<Bytes> {
    return name(keys, severalChunks, joined)
}

/** WebCrypto wants the prefix and the bytes in one place. That place stays warm in the cache: see [Scratch] below. */
const scratch = new Uint8Array(1 + limits.frameContent)

/**
 * [Scratch] One piece of memory serves every name, also while many are being made: WebCrypto takes its copy before
 * `hmac` returns, and nothing here waits in between.
 */
async function name(keys: LibraryKeys, prefix: number, bytes: Bytes): Promise<Bytes> {
    if (bytes.length > limits.frameContent) throw new RangeError("too long for a frame")
    scratch[0] = prefix
    scratch.set(bytes, 1)
    const code = await hmac(keys.chunkId, scratch.subarray(0, 1 + bytes.length))
    return code.slice(0, idLength)
}
