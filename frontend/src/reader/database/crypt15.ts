/**
 * Opens WhatsApp's own end-to-end encrypted backup, `.crypt15`, with its 64-digit key or the file `encrypted_backup.key`.
 *
 *     length(1) ‖ [flag 0x01] ‖ protobuf, field 3 = { field 1 = IV(16) } ‖ AES-256-GCM ciphertext ‖ tag(16) ‖ [MD5(16)]
 *
 * The key is HKDF-SHA-256 over the 32 bytes behind the digits, without salt, with the words "backup encryption" as info. What
 * is inside is zlib, or a zip. Nothing is given out before the tag was right. No vendor documents this: the facts were
 * found by others and held against files made by another program.
 */

import { md5 } from "@noble/hashes/legacy.js"
import type { Bytes } from "../../bytes/bytes.ts"
import { fromHex } from "../../bytes/hex.ts"
import { isSqlite } from "./rows.ts"

/** What the file is not, what the key is not, and what is not whole any more. */
export type DatabaseErrorCode = "not-encrypted-backup" | "wrong-key" | "damaged-backup"

export class DatabaseError extends Error {
    readonly code: DatabaseErrorCode

    constructor(code: DatabaseErrorCode) {
        super(code)
        this.name = "DatabaseError"
        this.code = code
    }
}

const ivLength = 16
const tagLength = 16
const digestLength = 16
const keyLength = 32

interface Header {
    readonly iv: Bytes
    /** Where the ciphertext begins. */
    readonly end: number
}

/** Whether a file begins as such a backup does. */
export function isCrypt15(head: Bytes): boolean {
    return headerOf(head) !== null
}

/** 64 hexadecimal digits as WhatsApp shows them, with or without spaces; null: not that many, or others. */
export function rootOfDigits(text: string): Bytes | null {
    const digits = text.replace(/[\s-]/g, "").toLowerCase()
    return /^[0-9a-f]{64}$/.test(digits) ? fromHex(digits) : null
}

/** `encrypted_backup.key` is a Java array of bytes, written by Java: its last 32 bytes are the root. */
export function rootOfKeyFile(file: Bytes): Bytes | null {
    const java = file[0] === 0xac && file[1] === 0xed
    if (file.length === keyLength) return file.slice()
    return java && file.length >= keyLength && file.length <= 1024 ? file.slice(-keyLength) : null
}

/** The plaintext of the backup: a database, or a zip. */
export async function openCrypt15(file: Bytes, root: Bytes): Promise<Bytes> {
    const header = headerOf(file)
    if (header === null) throw new DatabaseError("not-encrypted-backup")
    const key = await keyOf(root)
    // Backups of one file end with a digest, those of several do not; which of the two it is, the tag says.
    const ends = [file.length - digestLength, file.length].filter((end) => end - header.end >= tagLength)
    for (const end of ends) {
        const opened = await decrypt(key, header.iv, file.subarray(header.end, end))
        if (opened !== null) return await unpacked(opened)
    }
    // A file with a right digest is as it was written. Of one without, nobody can tell a wrong key from a changed byte.
    throw new DatabaseError(endsWithItsDigest(file) ? "wrong-key" : "damaged-backup")
}

function endsWithItsDigest(file: Bytes): boolean {
    const digest = md5(file.subarray(0, -digestLength))
    return digest.every((byte, at) => byte === file[file.length - digestLength + at])
}

async function keyOf(root: Bytes): Promise<CryptoKey> {
    const source = await crypto.subtle.importKey("raw", root, "HKDF", false, ["deriveKey"])
    const info = new TextEncoder().encode("backup encryption")
    const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info }
    return await crypto.subtle.deriveKey(how, source, { name: "AES-GCM", length: 256 }, false, ["decrypt"])
}

async function decrypt(key: CryptoKey, iv: Bytes, sealed: Bytes): Promise<Bytes | null> {
    try {
        return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, tagLength: 128 }, key, sealed))
    } catch {
        return null
    }
}

async function unpacked(plain: Bytes): Promise<Bytes> {
    if (plain[0] === 0x50 && plain[1] === 0x4b) return plain
    if (isSqlite(plain)) return plain
    try {
        const stream = new Blob([plain]).stream().pipeThrough(new DecompressionStream("deflate"))
        return new Uint8Array(await new Response(stream).arrayBuffer())
    } catch {
        throw new DatabaseError("damaged-backup")
    }
}

// ---------------------------------------------------------------- the header

function headerOf(file: Bytes): Header | null {
    const length = file[0] ?? 0
    const start = file[1] === 0x01 ? 2 : 1
    const end = start + length
    if (length === 0 || end > file.length) return null
    const inner = fieldOf(file.subarray(start, end), 3)
    const iv = inner === null ? null : fieldOf(inner, 1)
    return iv?.length === ivLength ? { iv: iv.slice(), end } : null
}

/** The first field of this number that has a length; null where there is none, or what stands here is no protobuf. */
function fieldOf(message: Bytes, wanted: number): Bytes | null {
    let at = 0
    const varint = (): number => {
        let value = 0
        for (let shift = 0; shift < 35; shift += 7) {
            const byte = message[at++]
            if (byte === undefined) return -1
            value += (byte & 0x7f) * 2 ** shift
            if (byte < 0x80) return value
        }
        return -1
    }
    while (at < message.length) {
        const tag = varint()
        if (tag < 0) return null
        const [field, kind] = [Math.floor(tag / 8), tag % 8]
        if (kind === 0) {
            if (varint() < 0) return null
        } else if (kind === 1) at += 8
        else if (kind === 5) at += 4
        else if (kind === 2) {
            const length = varint()
            if (length < 0 || at + length > message.length) return null
            if (field === wanted) return message.subarray(at, at + length)
            at += length
        } else return null
    }
    return null
}
