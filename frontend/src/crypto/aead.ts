/** AES-256-GCM (NIST SP 800-38D), by WebCrypto: ciphertext ‖ tag(16), nothing before the tag was checked. */

import type { Bytes } from "../bytes/bytes.ts"
import { NotAuthenticError } from "./errors.ts"
import type { SealingKey } from "./keys.ts"

export const nonceLength = 12
export const tagLength = 16

/** `nonce` is fresh chance for every call; the same nonce twice under one key gives the plaintext away. */
export async function seal(key: SealingKey, nonce: Bytes, plaintext: Bytes, associated: Bytes): Promise<Bytes> {
    const algorithm = { name: "AES-GCM", iv: nonce, additionalData: associated, tagLength: 8 * tagLength }
    return new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plaintext))
}

export async function open(key: SealingKey, nonce: Bytes, sealed: Bytes, associated: Bytes): Promise<Bytes> {
    const algorithm = { name: "AES-GCM", iv: nonce, additionalData: associated, tagLength: 8 * tagLength }
    try {
        return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed))
    } catch (error) {
        if (error instanceof DOMException && error.name === "OperationError") throw new NotAuthenticError()
        throw error
    }
}
