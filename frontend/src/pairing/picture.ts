/**
 * What the picture on the new device says (docs/pairing.md §2).
 *
 *     version(1) ‖ mailbox(16) ‖ SHA-256 of the public key(32) ‖ PSK(32)        81 bytes, 108 characters base64url
 *
 * It goes from screen to camera: the server never sees it.
 */

import { fromBase64url, toBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import { MalformedBytesError } from "../bytes/errors.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"

export interface Picture {
    /** 16 bytes */
    readonly mailbox: Bytes
    /** SHA-256 of the public key. */
    readonly keyHash: Bytes
    /** Both sides know it and the server does not. */
    readonly psk: Bytes
}

export type ReadPicture = { readonly kind: "read"; readonly picture: Picture } | { readonly kind: "not-a-picture" }

const version = 1
export const mailboxLength = 16
export const keyHashLength = 32
export const pskLength = 32
const pictureLength = 1 + mailboxLength + keyHashLength + pskLength
const textLength = Math.ceil((4 * pictureLength) / 3)

export function writePicture({ mailbox, keyHash, psk }: Picture): string {
    const bytes = new ByteWriter(pictureLength).u8(version).bytes(mailbox).bytes(keyHash).bytes(psk).finish()
    if (bytes.length !== pictureLength) throw new RangeError("a picture has 81 bytes")
    return toBase64url(bytes)
}

/** A camera sees many pictures, and most are not ours. */
export function readPicture(text: string): ReadPicture {
    if (text.length !== textLength) return { kind: "not-a-picture" }
    const bytes = bytesOf(text)
    if (bytes === null || bytes[0] !== version) return { kind: "not-a-picture" }
    const reader = new ByteReader(bytes.slice(1))
    const mailbox = reader.bytes(mailboxLength)
    const keyHash = reader.bytes(keyHashLength)
    return { kind: "read", picture: { mailbox, keyHash, psk: reader.bytes(pskLength) } }
}

function bytesOf(text: string): Bytes | null {
    try {
        return fromBase64url(text)
    } catch (error) {
        if (error instanceof MalformedBytesError) return null
        throw error
    }
}
