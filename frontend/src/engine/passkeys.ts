/** Passkeys that open the library: one slot per credential, sealed under a key that only a touch gives. */

import { fromBase64url } from "../bytes/base64url.ts"
import { equal } from "../bytes/bytes.ts"
import { fromHex, toHex } from "../bytes/hex.ts"
import type { Random } from "../crypto/random.ts"
import type { RootSecret } from "../crypto/root-secret.ts"
import { idLength } from "../format/limits.ts"
import { asPasskeySource, passkeyParameters, passkeyWrappingKey } from "../keyring/passkey.ts"
import { openSlot, sealSlot, slotKinds } from "../keyring/slot.ts"
import type { KeyringRecord, NewSlot, Ports, SlotRecord } from "./ports.ts"
import type { PasskeyTouch } from "./protocol.ts"
import { type Patience, persist } from "./retry.ts"
import { noteProven, provenSettings, type Unlocked } from "./session.ts"
import { passkeySlots } from "./ways.ts"

export type OpenedByTouch =
    | { readonly kind: "opened"; readonly secret: RootSecret; readonly slot: SlotRecord }
    | { readonly kind: "not-this-one" }

/** Tries every slot of this passkey. */
export async function openWithTouch(keyring: KeyringRecord, touch: PasskeyTouch): Promise<OpenedByTouch> {
    for (const slot of slotsOf(keyring, touch)) {
        const wrapping = await passkeyWrappingKey(asPasskeySource(touch.key), keyring.library, slot.id)
        const place = { ...slot, library: keyring.library, epoch: keyring.epoch }
        const opened = await openSlot(wrapping, place, keyring.check, slot.sealed)
        if (opened.kind === "opened") return { ...opened, slot }
    }
    return { kind: "not-this-one" }
}

/** A slot under this touch. One of the same passkey that this touch does not open is of no use any more, and goes. */
export async function addPasskeySlot(
    ports: Ports,
    { keyring, secret }: Unlocked,
    touch: PasskeyTouch,
    label: string,
    patience: Patience,
): Promise<KeyringRecord> {
    const opened = await openWithTouch(keyring, touch)
    if (opened.kind === "opened") {
        opened.secret.wipe()
        return keyring
    }
    const slot = await sealPasskeySlot(keyring, secret, touch, label, ports.random)
    const { epoch } = keyring
    const added = await persist(patience, () => ports.server.addSlot(slot, epoch, patience.signal))
    return await removeSlots(ports, added, slotsOf(keyring, touch), patience)
}

/** A slot of this keyring, sealed under the touch. */
export async function sealPasskeySlot(
    { library, epoch }: Pick<KeyringRecord, "library" | "epoch">,
    secret: RootSecret,
    touch: PasskeyTouch,
    label: string,
    random: Random,
): Promise<NewSlot> {
    const id = random.bytes(idLength)
    const kind = slotKinds.passkey
    const parameters = passkeyParameters(fromBase64url(touch.credential))
    const wrapping = await passkeyWrappingKey(asPasskeySource(touch.key), library, id)
    const sealed = await sealSlot(wrapping, { library, epoch, kind, id, parameters }, secret, random)
    return { id, kind, parameters, sealed, label }
}

/** Self-test: what another touch opens is the root secret. A slot that it does not open is taken away. */
export async function provePasskeySlot(
    ports: Ports,
    session: Unlocked,
    touch: PasskeyTouch,
    patience: Patience,
): Promise<{ readonly proven: boolean; readonly keyring: KeyringRecord }> {
    const { keyring } = session
    const opened = await openWithTouch(keyring, touch)
    if (opened.kind === "not-this-one")
        return { proven: false, keyring: await removeSlots(ports, keyring, slotsOf(keyring, touch), patience) }
    opened.secret.wipe()
    await notePasskey(ports, session, opened.slot, patience)
    return { proven: true, keyring }
}

/** Once per slot: the head only tells that it was proven at all. */
export async function notePasskey(
    ports: Ports,
    session: Unlocked,
    { id }: SlotRecord,
    patience: Patience,
): Promise<void> {
    const setting = provenSettings.passkey(toHex(id))
    if (session.library.opened.head.settings[setting] === undefined) await noteProven(ports, session, setting, patience)
}

export async function removePasskeySlot(
    ports: Ports,
    keyring: KeyringRecord,
    slot: string,
    patience: Patience,
): Promise<KeyringRecord> {
    const id = fromHex(slot)
    const removed = passkeySlots(keyring).flatMap(({ slot }) => (equal(slot.id, id) ? [slot] : []))
    return await removeSlots(ports, keyring, removed, patience)
}

function slotsOf(keyring: KeyringRecord, { credential }: PasskeyTouch): readonly SlotRecord[] {
    const id = fromBase64url(credential)
    return passkeySlots(keyring).flatMap(({ slot, credential }) => (equal(credential, id) ? [slot] : []))
}

async function removeSlots(
    ports: Ports,
    keyring: KeyringRecord,
    slots: readonly SlotRecord[],
    patience: Patience,
): Promise<KeyringRecord> {
    let left = keyring
    for (const { id } of slots) left = await persist(patience, () => ports.server.removeSlot(id, patience.signal))
    return left
}
