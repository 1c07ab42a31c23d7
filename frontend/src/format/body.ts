/** The body of a snapshot or a head: compressed JSON, and the library and epoch it must name. */

import type { Bytes } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { utf8 } from "../bytes/utf8.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { DamagedObjectError } from "./errors.ts"
import { type Read, readJson, withoutHalfPairs } from "./json.ts"
import { formatVersion } from "./limits.ts"
import { compress, decompress, ready } from "./zstd.ts"

/**
 * Writes `fields` with format, library and epoch before them: no caller can get those wrong. What was written is read
 * back before it is sealed, for nobody could repair it afterwards.
 */
export async function writeBody(keys: LibraryKeys, fields: object, most: number, read: Read<unknown>): Promise<Bytes> {
    await ready()
    const owner = { format: formatVersion, library: toHex(keys.library), epoch: keys.epoch }
    const json = utf8(JSON.stringify({ ...owner, ...fields }, withoutHalfPairs))
    if (json.length > most) throw new DamagedObjectError("too-large")
    readJson(json, formatVersion, read)
    return compress(json)
}

export async function readBody<Value extends Owned>(
    keys: LibraryKeys,
    body: Bytes,
    most: number,
    read: Read<Value>,
): Promise<Value> {
    await ready()
    const value = readJson(decompress(body, most), formatVersion, read)
    if (value.library !== toHex(keys.library) || value.epoch !== keys.epoch)
        throw new DamagedObjectError("wrong-library")
    return value
}

interface Owned {
    readonly library: string
    readonly epoch: number
}
