/** Ways into a library: making one, the recovery code, and the key that stays on this device. */

import { type Bytes, equal } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { deriveLibraryKeys, makeDeviceKey } from "../crypto/derive.ts"
import { type LibraryKeys, libraryIdLength } from "../crypto/keys.ts"
import type { Random } from "../crypto/random.ts"
import { RootSecret } from "../crypto/root-secret.ts"
import { DamagedObjectError } from "../format/errors.ts"
import { idLength } from "../format/limits.ts"
import { makeRecoveryCode, recoveryWrappingKey } from "../keyring/recovery-code.ts"
import { openSlot, type SlotPlace, sealSlot, slotKinds } from "../keyring/slot.ts"
import { checkRecoveryCode } from "../keyring/typed-code.ts"
import type { DeviceKeys, DeviceSlot, KeyringRecord, NewSlot } from "./ports.ts"

const noParameters = new Uint8Array(0)
const firstEpoch = 1

/** A root secret and how it can be had again, before anything of it was sent. */
export interface PreparedKey {
    readonly secret: RootSecret
    readonly keyring: KeyringRecord<NewSlot>
    readonly code: string
}

export function prepareLibrary(random: Random): Promise<PreparedKey> {
    return prepareKey(random.bytes(libraryIdLength), firstEpoch, random)
}

/** A new root secret for this epoch of the library, and a recovery code for it. */
export async function prepareKey(library: Bytes, epoch: number, random: Random): Promise<PreparedKey> {
    const secret = RootSecret.make(random)
    const code = makeRecoveryCode(random)
    const place = { library, epoch, kind: slotKinds.recoveryCode, id: random.bytes(idLength) }
    const wrapping = await recoveryWrappingKey(code, library, place.id)
    const sealed = await sealSlot(wrapping, { ...place, parameters: noParameters }, secret, random)
    const { check } = await deriveLibraryKeys(secret, library, epoch)
    const slot = { id: place.id, kind: place.kind, parameters: noParameters, sealed, label: "" }
    return { secret, code, keyring: { library, epoch, check, slots: [slot] } }
}

export type UnlockedSecret = { readonly kind: "opened"; readonly secret: RootSecret } | { readonly kind: "wrong-code" }

/** Tries every slot that a recovery code can open. */
export async function openWithCode(keyring: KeyringRecord, typed: string): Promise<UnlockedSecret> {
    const { code } = checkRecoveryCode(typed)
    if (code === null) return { kind: "wrong-code" }
    for (const slot of keyring.slots) {
        if (slot.kind !== slotKinds.recoveryCode) continue
        const wrapping = await recoveryWrappingKey(code, keyring.library, slot.id)
        const place: SlotPlace = { ...slot, library: keyring.library, epoch: keyring.epoch }
        const opened = await openSlot(wrapping, place, keyring.check, slot.sealed)
        if (opened.kind === "opened") return opened
    }
    return { kind: "wrong-code" }
}

/** Null: this device holds no key for the library, or one that does not open it any more. */
export async function openWithDevice(keyring: KeyringRecord, devices: DeviceKeys): Promise<RootSecret | null> {
    const slot = await devices.read(toHex(keyring.library))
    if (slot === null) return null
    const opened = await openSlot(slot.key, devicePlace(keyring, slot), keyring.check, slot.sealed)
    return opened.kind === "opened" ? opened.secret : null
}

/** From now on this device opens the library without asking. */
export async function keepOnDevice(
    keyring: KeyringRecord,
    secret: RootSecret,
    devices: DeviceKeys,
    random: Random,
): Promise<void> {
    const key = await makeDeviceKey()
    const id = random.bytes(idLength)
    const sealed = await sealSlot(key, devicePlace(keyring, { id }), secret, random)
    await devices.write(toHex(keyring.library), { id, key, sealed })
}

/** The keys, if they are those of this keyring: a server cannot slip in another check than the one that was opened. */
export async function keysOf(secret: RootSecret, keyring: KeyringRecord): Promise<LibraryKeys> {
    const keys = await deriveLibraryKeys(secret, keyring.library, keyring.epoch)
    if (!equal(keys.check, keyring.check)) throw new DamagedObjectError("wrong-library")
    return keys
}

function devicePlace({ library, epoch }: KeyringRecord, { id }: Pick<DeviceSlot, "id">): SlotPlace {
    return { library, epoch, kind: slotKinds.device, id, parameters: noParameters }
}
