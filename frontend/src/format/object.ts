/**
 * A sealed object: a catalog, a snapshot or a head (docs/format.md §7).
 *
 *     version(1) ‖ nonce(12) ‖ ciphertext ‖ tag(16)        length of the whole: padme, at least 4,096
 *     plaintext: u32 length of body ‖ body ‖ zeros
 *
 * What it is, whose it is and which one it is (or which sequence) are authenticated: none can stand in for another.
 */

import { type Bytes, concat } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { nonceLength, open, seal, tagLength } from "../crypto/aead.ts"
import { sha256 } from "../crypto/hash.ts"
import type { SealingKey } from "../crypto/keys.ts"
import type { Random } from "../crypto/random.ts"
import { authentic, DamagedObjectError } from "./errors.ts"
import { formatVersion, limits } from "./limits.ts"
import { padme } from "./padme.ts"

const headerLength = 1 + nonceLength
const overhead = headerLength + tagLength
const lengthLength = 4

/** What the head, or whoever asks, knows of an object: its id and what the store must hold for it. */
export interface ObjectRef {
    /** 32 hexadecimal digits */
    readonly id: string
    /** 64 hexadecimal digits */
    readonly sha256: string
    readonly size: number
}

export function sealedObjectLength(bodyLength: number): number {
    return padme(Math.max(limits.smallest, overhead + lengthLength + bodyLength))
}

export async function sealObject(key: SealingKey, associated: Bytes, body: Bytes, random: Random): Promise<Bytes> {
    const length = sealedObjectLength(body.length)
    if (length > limits.sealedObject) throw new DamagedObjectError("too-large")
    const plaintext = new Uint8Array(length - overhead)
    new DataView(plaintext.buffer).setUint32(0, body.length)
    plaintext.set(body, lengthLength)
    const nonce = random.bytes(nonceLength)
    const header = new ByteWriter(headerLength).u8(formatVersion).bytes(nonce).finish()
    return concat(header, await seal(key, nonce, plaintext, associated))
}

export async function openObject(key: SealingKey, associated: Bytes, sealed: Bytes): Promise<Bytes> {
    if (sealed.length < limits.smallest) throw new DamagedObjectError("truncated")
    if (sealed.length > limits.sealedObject) throw new DamagedObjectError("too-large")
    if (sealed[0] !== formatVersion) throw new DamagedObjectError("unknown-version")
    const nonce = sealed.subarray(1, headerLength)
    const plaintext = await authentic(open(key, nonce, sealed.subarray(headerLength), associated))
    return withoutPadding(plaintext, sealed.length)
}

/** Length and hash, before anything is opened. */
export async function checkHash(ref: ObjectRef, sealed: Bytes): Promise<void> {
    if (sealed.length !== ref.size || toHex(await sha256(sealed)) !== ref.sha256)
        throw new DamagedObjectError("wrong-hash")
}

/** One body has one length of padding, and the padding has one form. */
function withoutPadding(plaintext: Bytes, sealedLength: number): Bytes {
    const length = new DataView(plaintext.buffer, plaintext.byteOffset).getUint32(0)
    if (sealedObjectLength(length) !== sealedLength) throw new DamagedObjectError("bad-padding")
    const end = lengthLength + length
    for (let at = end; at < plaintext.length; at++) if (plaintext[at] !== 0) throw new DamagedObjectError("bad-padding")
    return plaintext.subarray(lengthLength, end)
}
