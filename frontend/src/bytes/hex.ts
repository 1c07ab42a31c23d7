/** Hexadecimal digits, lower case: how ids and hashes are written in text. */

import type { Bytes } from "./bytes.ts"
import { MalformedBytesError } from "./errors.ts"

const pairs = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, "0"))

export function toHex(bytes: Bytes): string {
    let text = ""
    for (const byte of bytes) text += pairs[byte]
    return text
}

/** Refuses upper case, odd lengths and everything that is not a digit: one value has one spelling. */
export function fromHex(text: string): Bytes {
    if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new MalformedBytesError("not hexadecimal")
    const bytes = new Uint8Array(text.length / 2)
    for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
    return bytes
}
