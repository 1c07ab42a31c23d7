/**
 * The key tree: what may seal what, as types.
 *
 *     root secret (32 bytes, chance)
 *      ├─ chunk-id     HMAC   names chunks and frames
 *      │   └─ cut      bytes  BLAKE2s key of the text cutter
 *      ├─ chunk-seal   HMAC   makes frame keys
 *      │   └─ frame    GCM    one frame
 *      ├─ snapshot     GCM    catalogs and snapshots
 *      ├─ head         GCM    heads
 *      ├─ journal      GCM    what this device remembers of an unfinished import
 *      ├─ earlier      GCM    root secrets of earlier epochs, until all of theirs is sealed anew
 *      └─ check        bytes  public: which root secret a keyring belongs to
 *
 * Every key here is non-extractable and has no string form. `LibraryKeys` can be posted to a worker, a
 * `RootSecret` cannot: structured cloning leaves its bytes behind.
 */

import type { Bytes } from "../bytes/bytes.ts"
import type { HkdfSource } from "./kdf.ts"

declare const kind: unique symbol
type Key<Kind extends string> = CryptoKey & { readonly [kind]: Kind }

export type ChunkIdKey = Key<"chunk-id">
export type ChunkSealKey = Key<"chunk-seal">
export type SnapshotKey = Key<"snapshot">
export type HeadKey = Key<"head">
export type JournalKey = Key<"journal">
export type FrameKey = Key<"frame">
/** Seals a root secret into a slot: from recovery code, password, passkey or a later root secret, or made for this device. */
export type WrappingKey = Key<"wrapping">
/** What a touch of a passkey gave: wrapping keys are derived from it, and nothing else. */
export type PasskeySource = HkdfSource & Key<"passkey">
/** Seals a gift between two devices that agreed on a short code. */
export type PairingKey = Key<"pairing">

export type MacKey = ChunkIdKey | ChunkSealKey
export type SealingKey = SnapshotKey | HeadKey | JournalKey | FrameKey | WrappingKey | PairingKey

export interface LibraryKeys {
    /** 16 bytes: names the library inside every seal. */
    readonly library: Bytes
    readonly epoch: number
    readonly chunkId: ChunkIdKey
    readonly chunkSeal: ChunkSealKey
    readonly snapshot: SnapshotKey
    readonly head: HeadKey
    readonly journal: JournalKey
    readonly earlier: WrappingKey
    /** 32 bytes. Bytes, because BLAKE2s runs in our own memory. */
    readonly cut: Bytes
    /** 16 bytes, public. */
    readonly check: Bytes
}

export const libraryIdLength = 16
export const checkLength = 16
