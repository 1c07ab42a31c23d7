/** HKDF-SHA-256 (RFC 5869), by WebCrypto: straight into keys that cannot be exported. */

import type { Bytes } from "../bytes/bytes.ts"

/** A secret to derive from. It can do nothing else, and cannot be read back. */
export type HkdfSource = CryptoKey & { readonly [source]: true }
declare const source: unique symbol

export async function hkdfSource(secret: Bytes): Promise<HkdfSource> {
    const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey", "deriveBits"])
    return key as HkdfSource
}

/** The same, and what is derived from it cannot be read either: keys only, no bytes. */
export async function hkdfKeySource(secret: Bytes): Promise<HkdfSource> {
    return (await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"])) as HkdfSource
}

export function hkdfMacKey(from: HkdfSource, salt: Bytes, info: Bytes): Promise<CryptoKey> {
    const target: HmacKeyGenParams = { name: "HMAC", hash: "SHA-256", length: 256 }
    return crypto.subtle.deriveKey(hkdf(salt, info), from, target, false, ["sign"])
}

export function hkdfSealingKey(from: HkdfSource, salt: Bytes, info: Bytes): Promise<CryptoKey> {
    const target: AesKeyGenParams = { name: "AES-GCM", length: 256 }
    return crypto.subtle.deriveKey(hkdf(salt, info), from, target, false, ["encrypt", "decrypt"])
}

/** For values that are meant to be seen. Keys come from the functions above. */
export async function hkdfBytes(from: HkdfSource, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.deriveBits(hkdf(salt, info), from, 8 * length))
}

function hkdf(salt: Bytes, info: Bytes): HkdfParams {
    return { name: "HKDF", hash: "SHA-256", salt, info }
}
