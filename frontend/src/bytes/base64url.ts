/** base64url without padding (RFC 4648 §5), read strictly: one value has one spelling. */

import type { Bytes } from "./bytes.ts"
import { MalformedBytesError } from "./errors.ts"

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
const values = new Int8Array(128).fill(-1)
for (let value = 0; value < 64; value++) values[alphabet.charCodeAt(value)] = value

export function toBase64url(bytes: Bytes): string {
    let text = ""
    for (let i = 0; i < bytes.length; i += 3) {
        const left = bytes.length - i
        const triple = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
        text += alphabet.charAt(triple >> 18) + alphabet.charAt((triple >> 12) & 63)
        if (left > 1) text += alphabet.charAt((triple >> 6) & 63)
        if (left > 2) text += alphabet.charAt(triple & 63)
    }
    return text
}

/** Refuses padding, white space, the other alphabet, and last digits with bits that carry nothing. */
export function fromBase64url(text: string): Bytes {
    if (text.length % 4 === 1) throw new MalformedBytesError("not base64url")
    const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
    let bits = 0
    let held = 0
    let offset = 0
    for (let i = 0; i < text.length; i++) {
        const value = values[text.charCodeAt(i)] ?? -1
        if (value < 0) throw new MalformedBytesError("not base64url")
        held = (held << 6) | value
        bits += 6
        if (bits >= 8) {
            bits -= 8
            bytes[offset++] = held >> bits
            held &= (1 << bits) - 1
        }
    }
    if (held !== 0) throw new MalformedBytesError("not base64url")
    return bytes
}
