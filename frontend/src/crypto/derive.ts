/** Makes the keys of the tree in `keys.ts`. */

import { type Bytes, concat } from "../bytes/bytes.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { hmac } from "./hash.ts"
import { type HkdfSource, hkdfBytes, hkdfMacKey, hkdfSealingKey, hkdfSource } from "./kdf.ts"
import {
    type ChunkIdKey,
    type ChunkSealKey,
    checkLength,
    type FrameKey,
    type HeadKey,
    type JournalKey,
    type LibraryKeys,
    libraryIdLength,
    type PairingKey,
    type PasskeySource,
    type SnapshotKey,
    type WrappingKey,
} from "./keys.ts"
import { labels } from "./labels.ts"
import type { RootSecret } from "./root-secret.ts"

const compareLength = 4

export async function deriveLibraryKeys(secret: RootSecret, library: Bytes, epoch: number): Promise<LibraryKeys> {
    if (library.length !== libraryIdLength) throw new RangeError("a library id has 16 bytes")
    const source = await hkdfSource(secret.expose())
    const mac = (label: Bytes) => macKey(source, library, info(label, epoch))
    const sealing = (label: Bytes) => sealingKey(source, library, info(label, epoch))
    const chunkId = (await mac(labels.chunkId)) as ChunkIdKey
    return {
        library,
        epoch,
        chunkId,
        chunkSeal: (await mac(labels.chunkSeal)) as ChunkSealKey,
        snapshot: (await sealing(labels.snapshot)) as SnapshotKey,
        head: (await sealing(labels.head)) as HeadKey,
        journal: (await sealing(labels.journal)) as JournalKey,
        earlier: (await sealing(labels.earlier)) as WrappingKey,
        cut: await hmac(chunkId, concat(new Uint8Array([0]), labels.cut)),
        check: await deriveCheck(source, library, epoch),
    }
}

/** Public: equal checks mean that a slot held the root secret its keyring was made with. */
export async function rootCheck(secret: RootSecret, library: Bytes, epoch: number): Promise<Bytes> {
    return deriveCheck(await hkdfSource(secret.expose()), library, epoch)
}

/** The key of one frame, made from its id: two frames never share a key. */
export async function deriveFrameKey(chunkSeal: ChunkSealKey, frameId: Bytes): Promise<FrameKey> {
    const bytes = await hmac(chunkSeal, frameId)
    const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"])
    bytes.fill(0)
    return key as FrameKey
}

export async function deriveWrappingKey(secret: Bytes, salt: Bytes, context: Bytes): Promise<WrappingKey> {
    return (await sealingKey(await hkdfSource(secret), salt, context)) as WrappingKey
}

export async function derivePasskeyWrappingKey(from: PasskeySource, salt: Bytes, context: Bytes): Promise<WrappingKey> {
    return (await sealingKey(from, salt, context)) as WrappingKey
}

/** What two devices make of the session key they agreed on: one seals with it, both people look at the number. */
export async function derivePairing(
    sessionKey: Bytes,
    mailbox: Bytes,
): Promise<{ readonly seal: PairingKey; readonly compare: Bytes }> {
    const source = await hkdfSource(sessionKey)
    return {
        seal: (await sealingKey(source, mailbox, labels.shortCode)) as PairingKey,
        compare: await hkdfBytes(source, mailbox, labels.pairingCompare, compareLength),
    }
}

/** A key that never leaves this device, not even to us. Its chance is the browser's: no tape can make it. */
export async function makeDeviceKey(): Promise<WrappingKey> {
    const target: AesKeyGenParams = { name: "AES-GCM", length: 256 }
    const key = await crypto.subtle.generateKey(target, false, ["encrypt", "decrypt"])
    assertStrong(key, "AES-GCM")
    return key as WrappingKey
}

function deriveCheck(source: HkdfSource, library: Bytes, epoch: number): Promise<Bytes> {
    return hkdfBytes(source, library, info(labels.check, epoch), checkLength)
}

function info(label: Bytes, epoch: number): Bytes {
    return new ByteWriter().bytes(label).u8(0).u32(epoch).finish()
}

async function macKey(source: HkdfSource, salt: Bytes, context: Bytes): Promise<CryptoKey> {
    const key = await hkdfMacKey(source, salt, context)
    assertStrong(key, "HMAC")
    return key
}

async function sealingKey(source: HkdfSource, salt: Bytes, context: Bytes): Promise<CryptoKey> {
    const key = await hkdfSealingKey(source, salt, context)
    assertStrong(key, "AES-GCM")
    return key
}

/** WebCrypto is asked for 256 bits; what it made is looked at before anything is sealed under it. */
function assertStrong(key: CryptoKey, algorithm: string): void {
    const made = key.algorithm as AesKeyAlgorithm | HmacKeyAlgorithm
    if (made.name !== algorithm || made.length !== 256 || key.extractable)
        throw new Error("this browser made a weaker key than it was asked for")
}
