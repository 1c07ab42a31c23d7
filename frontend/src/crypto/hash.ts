/** SHA-256 and HMAC-SHA-256, by WebCrypto. */

import type { Bytes } from "../bytes/bytes.ts"
import type { MacKey } from "./keys.ts"

export async function sha256(bytes: Bytes): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))
}

/** WebCrypto takes its copy of `bytes` before this returns: the caller may overwrite them at once. */
export async function hmac(key: MacKey, bytes: Bytes): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes))
}
