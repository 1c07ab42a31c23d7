/** Text as UTF-8 and back, strictly: what is not UTF-8 is refused, a byte order mark stays where it is. */

import type { Bytes } from "./bytes.ts"
import { MalformedBytesError } from "./errors.ts"

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

export function utf8(text: string): Bytes {
    return encoder.encode(text)
}

export function fromUtf8(bytes: Bytes): string {
    try {
        return decoder.decode(bytes)
    } catch {
        throw new MalformedBytesError("not UTF-8")
    }
}
