/** Reads tests/vectors/. */

import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { fromBase64url } from "../../src/bytes/base64url.ts"
import type { Bytes } from "../../src/bytes/bytes.ts"
import { fromHex } from "../../src/bytes/hex.ts"
import type { FrameEntry } from "../../src/format/frame.ts"

export const vectorFolder = resolve(import.meta.dirname, "../../../tests/vectors")

/** The caller says what the file holds: these files are ours, and a wrong word fails the test that reads it. */
export function readVectors<Content>(name: string): Content {
    return JSON.parse(readFileSync(resolve(vectorFolder, name), "utf8"))
}

export interface EntryText {
    readonly id: string
    readonly flags: number
    readonly sealedLength: number
    readonly chunks: readonly { readonly id: string; readonly length: number }[]
}

export function readEntry(entry: EntryText): FrameEntry {
    const chunks = entry.chunks.map(({ id, length }) => ({ id: fromHex(id), length }))
    return { ...entry, id: fromHex(entry.id), chunks }
}

export interface Sealed {
    readonly sealed?: string
    readonly sealedOf?: readonly (string | number)[]
}

/** The bytes themselves, or those that another file holds at that place. */
export function sealedBytes({ sealed, sealedOf }: Sealed): Bytes {
    if (sealed !== undefined) return fromBase64url(sealed)
    const [file, ...path] = sealedOf ?? []
    let value: unknown = readVectors(String(file))
    for (const step of path) value = (value as Record<string | number, unknown>)[step]
    return fromBase64url(String(value))
}
