/** How a file is cut is decided by what it begins with (docs/format.md §4). */

import type { Bytes } from "../bytes/bytes.ts"
import { limits } from "./limits.ts"

export type Cut = "text" | "sqlite" | "fixed"

export const cuts: readonly Cut[] = ["text", "sqlite", "fixed"]

/**
 * A file goes in piece by piece, chunks come out as soon as they are certain. All chunks joined are the file, and they do
 * not depend on how it was split into pieces.
 *
 * Chunks are copies: a piece may be overwritten as soon as it was pushed.
 */
export interface Cutter {
    push(piece: Bytes): Bytes[]
    end(): Bytes[]
}

const sqliteMark = new TextEncoder().encode("SQLite format 3\0")

/** By what a file begins with: its first 8,192 bytes (more are not looked at), or all of it if it is shorter. */
export function chooseCut(head: Bytes): Cut {
    if (head.length === 0) return "fixed"
    if (sqliteMark.every((byte, index) => head[index] === byte)) return "sqlite"
    const seen = head.subarray(0, limits.cutHead)
    return !seen.includes(0) && isUtf8(seen) ? "text" : "fixed"
}

function isUtf8(seen: Bytes): boolean {
    try {
        // A character may be cut off by the end of the window, but not by the end of the file.
        new TextDecoder("utf-8", { fatal: true }).decode(seen, { stream: seen.length === limits.cutHead })
        return true
    } catch {
        return false
    }
}
