/** The second implementation in Python, as this worker calls it (`frontend/python/backupweb_client/browser.py`). */

import { gcm } from "@noble/ciphers/aes.js"
import { hkdf } from "@noble/hashes/hkdf.js"
import { sha256 } from "@noble/hashes/sha2.js"
import type { PyodideInterface } from "pyodide"
import type { Bytes } from "../bytes/bytes.ts"
import type { SealedLibrary } from "../engine/ports.ts"

/** The package, as the lock names it. */
export const readerWheel = "backupweb-client"

/** Python's reader of one library; it lives as long as the worker. */
export interface PythonReader {
    /** Null, or the name of the refusal. The secret's bytes are overwritten. */
    begin(library: SealedLibrary): string | null
    /** SHA-256 of what the piece holds, in hexadecimal digits, or the name of the refusal. */
    read(pack: string, offset: number, sealed: Bytes): string
    /** One hash over all that was opened, in hexadecimal digits. */
    hash(): string
}

/** What Python has not: AES-GCM and HKDF, from a library that is neither the browser's nor OpenSSL. */
const ciphers = {
    seal_gcm: (key: Bytes, nonce: Bytes, plaintext: Bytes, associated: Bytes) =>
        gcm(key, nonce, associated).encrypt(plaintext),
    open_gcm(key: Bytes, nonce: Bytes, sealed: Bytes, associated: Bytes): Uint8Array | undefined {
        const cipher = gcm(key, nonce, associated)
        try {
            return cipher.decrypt(sealed)
        } catch {
            return undefined
        }
    },
    hkdf: (ikm: Bytes, salt: Bytes, info: Bytes, length: number) => hkdf(sha256, ikm, salt, info, length),
}

interface Browser {
    begin(
        root: readonly [Bytes, string, number, string],
        head: readonly [number, Bytes],
        snapshots: readonly (readonly [string, Bytes])[],
        catalogs: readonly (readonly [string, Bytes])[],
    ): unknown
    read(reader: unknown, pack: string, offset: number, sealed: Bytes): string
    sample_hash(reader: unknown): string
}

export function pythonReader(python: PyodideInterface): PythonReader {
    python.registerJsModule("backupweb_noble", ciphers)
    const browser = python.pyimport("backupweb_client.browser") as Browser
    let reader: unknown = null
    return {
        begin({ secret, library, epoch, check, head, snapshots, catalogs }) {
            const begun = browser.begin(
                [secret, library, epoch, check],
                [head.sequence, head.sealed],
                snapshots,
                catalogs,
            )
            secret.fill(0)
            if (typeof begun === "string") return begun
            reader = begun
            return null
        },
        read: (pack, offset, sealed) => browser.read(reader, pack, offset, sealed),
        hash: () => browser.sample_hash(reader),
    }
}
