/**
 * A slot: a sealed copy of the root secret, one for each way to hold it (docs/format.md §3).
 *
 *     version(1) ‖ nonce(12) ‖ ciphertext(32) ‖ tag(16)        61 bytes
 *
 * Library, epoch, kind, slot id and parameters are authenticated. AES-GCM does not commit to its key, so the keyring's
 * public `check` is made again from what was opened.
 */

import { type Bytes, concat, equal } from "../bytes/bytes.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { nonceLength, open, seal, tagLength } from "../crypto/aead.ts"
import { rootCheck } from "../crypto/derive.ts"
import { NotAuthenticError } from "../crypto/errors.ts"
import type { WrappingKey } from "../crypto/keys.ts"
import { labels } from "../crypto/labels.ts"
import type { Random } from "../crypto/random.ts"
import { RootSecret, rootSecretLength } from "../crypto/root-secret.ts"
import { readStretching } from "../crypto/stretching.ts"
import { RefusedSlotError } from "./errors.ts"
import { readPasskeyParameters } from "./passkey.ts"

/** `earlier`: the root secret of an earlier epoch, in the heads of a later one. */
export const slotKinds = { recoveryCode: 1, password: 2, passkey: 3, device: 4, earlier: 5 } as const

/** Where a slot belongs. Whoever opens it says what it must be. */
export interface SlotPlace {
    /** 16 bytes */
    readonly library: Bytes
    readonly epoch: number
    readonly kind: number
    /** 16 bytes */
    readonly id: Bytes
    /** Empty for recovery code and device; the later epoch for an earlier one's. */
    readonly parameters: Bytes
}

export type OpenedSlot =
    | { readonly kind: "opened"; readonly secret: RootSecret }
    /** The key does not fit: another code was typed, or the slot was altered; nobody can tell which. */
    | { readonly kind: "not-authentic" }

const version = 1
const headerLength = 1 + nonceLength
export const sealedSlotLength = headerLength + rootSecretLength + tagLength

export async function sealSlot(key: WrappingKey, place: SlotPlace, secret: RootSecret, random: Random): Promise<Bytes> {
    refuseUnknown(place)
    const nonce = random.bytes(nonceLength)
    const header = new ByteWriter(headerLength).u8(version).bytes(nonce).finish()
    return concat(header, await seal(key, nonce, secret.expose(), associated(place)))
}

/** `check` is the keyring's. */
export async function openSlot(key: WrappingKey, place: SlotPlace, check: Bytes, sealed: Bytes): Promise<OpenedSlot> {
    if (sealed.length < sealedSlotLength) throw new RefusedSlotError("truncated")
    if (sealed.length > sealedSlotLength) throw new RefusedSlotError("too-large")
    if (sealed[0] !== version) throw new RefusedSlotError("unknown-version")
    refuseUnknown(place)
    const secret = await unwrap(key, place, sealed)
    if (secret === null) return { kind: "not-authentic" }
    if (!equal(await rootCheck(secret, place.library, place.epoch), check)) {
        secret.wipe()
        throw new RefusedSlotError("wrong-id")
    }
    return { kind: "opened", secret }
}

async function unwrap(key: WrappingKey, place: SlotPlace, sealed: Bytes): Promise<RootSecret | null> {
    const nonce = sealed.subarray(1, headerLength)
    try {
        return RootSecret.of(await open(key, nonce, sealed.subarray(headerLength), associated(place)))
    } catch (error) {
        if (error instanceof NotAuthenticError) return null
        throw error
    }
}

/** Parameters change what a slot means: a client that does not understand them keeps its hands off. */
function refuseUnknown({ kind, parameters }: SlotPlace): void {
    switch (kind) {
        case slotKinds.password:
            if (readStretching(parameters).kind !== "read") throw new RefusedSlotError("malformed")
            return
        case slotKinds.passkey:
            readPasskeyParameters(parameters)
            return
        case slotKinds.earlier:
            if (parameters.length !== 4) throw new RefusedSlotError("malformed")
            return
        case slotKinds.recoveryCode:
        case slotKinds.device:
            if (parameters.length > 0) throw new RefusedSlotError("malformed")
            return
        default:
            throw new RefusedSlotError("malformed")
    }
}

function associated(place: SlotPlace): Bytes {
    return new ByteWriter(64)
        .bytes(labels.slot)
        .u8(0)
        .bytes(place.library)
        .u32(place.epoch)
        .u8(place.kind)
        .bytes(place.id)
        .bytes(place.parameters)
        .finish()
}
