/**
 * What a file is, told by its first bytes and never by its name.
 *
 * Only types that a browser shows without running anything are named. Everything that could be a document with
 * scripts (HTML, SVG, XML) is plain text or nothing in particular.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { chooseCut } from "../format/cut.ts"

const unknown = "application/octet-stream"

interface Mark {
    readonly at: number
    readonly bytes: string
    readonly type: string
}

/** Bytes as Latin-1 letters. */
const marks: readonly Mark[] = [
    { at: 0, bytes: "\xff\xd8\xff", type: "image/jpeg" },
    { at: 0, bytes: "\x89PNG\r\n\x1a\n", type: "image/png" },
    { at: 0, bytes: "GIF87a", type: "image/gif" },
    { at: 0, bytes: "GIF89a", type: "image/gif" },
    { at: 8, bytes: "WEBP", type: "image/webp" },
    { at: 8, bytes: "WAVE", type: "audio/wav" },
    { at: 8, bytes: "AVI ", type: "video/x-msvideo" },
    { at: 0, bytes: "BM", type: "image/bmp" },
    { at: 0, bytes: "OggS", type: "audio/ogg" },
    { at: 0, bytes: "ID3", type: "audio/mpeg" },
    { at: 0, bytes: "\xff\xfb", type: "audio/mpeg" },
    { at: 0, bytes: "\xff\xf3", type: "audio/mpeg" },
    { at: 0, bytes: "\xff\xf2", type: "audio/mpeg" },
    { at: 0, bytes: "\xff\xf1", type: "audio/aac" },
    { at: 0, bytes: "\xff\xf9", type: "audio/aac" },
    { at: 0, bytes: "#!AMR", type: "audio/amr" },
    { at: 0, bytes: "fLaC", type: "audio/flac" },
    { at: 0, bytes: "\x1aE\xdf\xa3", type: "video/webm" },
    { at: 0, bytes: "%PDF-", type: "application/pdf" },
    { at: 0, bytes: "PK\x03\x04", type: "application/zip" },
    { at: 0, bytes: "SQLite format 3\0", type: "application/vnd.sqlite3" },
]

/** Brands of the ISO base media format, by how they begin. */
const brands: readonly (readonly [string, string])[] = [
    ["heic", "image/heic"],
    ["heix", "image/heic"],
    ["mif1", "image/heic"],
    ["avif", "image/avif"],
    ["M4A", "audio/mp4"],
    ["M4B", "audio/mp4"],
    ["qt", "video/quicktime"],
]

/** `head`: how the file begins, at most 8,192 bytes of it. */
export function mediaTypeOf(head: Bytes): string {
    if (head.length === 0) return unknown
    const letters = String.fromCharCode(...head.subarray(0, 32))
    if (letters.slice(4, 8) === "ftyp") return brandOf(letters.slice(8, 12))
    const mark = marks.find(({ at, bytes }) => letters.startsWith(bytes, at))
    if (mark !== undefined) return mark.type
    if (chooseCut(head) !== "text") return unknown
    return letters.startsWith("BEGIN:VCARD") ? "text/vcard" : "text/plain"
}

function brandOf(brand: string): string {
    return brands.find(([begins]) => brand.startsWith(begins))?.[1] ?? "video/mp4"
}

/** What a browser may be handed: the type as it was found, and whatever else it says as nothing in particular. */
export function safeType(type: string): string {
    const known = marks.some((mark) => mark.type === type) || brands.some(([, named]) => named === type)
    if (known || type === "video/mp4") return type
    return type === "text/plain" || type === "text/vcard" ? "text/plain;charset=utf-8" : unknown
}
