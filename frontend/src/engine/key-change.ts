/**
 * A new root key in place of the old one: its keyring and the first head under it land together, or not at all.
 *
 * The old root key goes along, sealed under the new one, for as long as something is listed that it sealed: `reseal.ts` sees
 * to that. Whoever held the old key, a code, a password, a passkey or a device, opens nothing with it that is written from now on.
 */

import { type Bytes, equal } from "../bytes/bytes.ts"
import { fromHex, toHex } from "../bytes/hex.ts"
import { deriveLibraryKeys } from "../crypto/derive.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { DamagedObjectError } from "../format/errors.ts"
import { type EarlierKey, type Head, neededEarlier, type OpenedHead, sealHead } from "../format/head.ts"
import { type EarlierSlot, openEarlier, sealEarlier } from "../keyring/earlier.ts"
import { slotKinds } from "../keyring/slot.ts"
import { EngineError, HeadMovedError, unlessNetwork, VaultRefusedError } from "./errors.ts"
import { ImportJournal } from "./import-journal.ts"
import type { Library } from "./library.ts"
import { lineageOf } from "./lineage.ts"
import { openWithTouch, sealPasskeySlot } from "./passkeys.ts"
import type { KeyringRecord, NewSlot, Ports } from "./ports.ts"
import type { PasskeyTouch } from "./protocol.ts"
import { type Patience, persist } from "./retry.ts"
import { provenSettings, stayUnlocked, type Unlocked, unlockWith } from "./session.ts"
import { utcTime } from "./times.ts"
import { type PreparedKey, prepareKey } from "./unlock.ts"

export function prepareKeyChange(ports: Ports, { keyring }: Unlocked): Promise<PreparedKey> {
    return prepareKey(keyring.library, keyring.epoch + 1, ports.random)
}

/** Null: the touch does not open the old key, and so would not open the new one either. */
export async function takeAlong(
    ports: Ports,
    { keyring }: Unlocked,
    prepared: PreparedKey,
    touch: PasskeyTouch,
): Promise<PreparedKey | null> {
    const opened = await openWithTouch(keyring, touch)
    if (opened.kind === "not-this-one") return null
    opened.secret.wipe()
    const slot = await sealPasskeySlot(prepared.keyring, prepared.secret, touch, opened.slot.label, ports.random)
    const others = prepared.keyring.slots.filter(({ parameters }) => !equal(parameters, slot.parameters))
    return { ...prepared, keyring: { ...prepared.keyring, slots: [...others, slot] } }
}

/** How often others may write a head first before that is no chance any more. */
const mostMoves = 20

export async function changeKey(
    ports: Ports,
    session: Unlocked,
    prepared: PreparedKey,
    patience: Patience,
): Promise<Unlocked> {
    if (!(await hasLanded(ports, prepared, patience))) {
        await removePassword(ports, patience)
        await land(ports, session, prepared, patience)
    }
    const { account, stays } = session
    const keyring = await persist(patience, () => ports.server.keyring(patience.signal))
    if (keyring === null || !isOf(keyring, prepared)) throw new EngineError("key-changed")
    const changed = await unlockWith(ports, { account, keyring }, prepared.secret, false, patience)
    session.secret.wipe()
    await giveUpUnfinished(ports, session.library, patience).catch(unlessNetwork)
    // One that was set meanwhile, with the old key in it.
    await removePassword(ports, patience).catch(() => undefined)
    return stays ? await stayUnlocked(ports, changed, true) : changed
}

/** Nobody can go on with what was begun under the old key: its room comes back. What a snapshot needs stays, whoever asks. */
async function giveUpUnfinished(ports: Ports, { id, keys }: Library, patience: Patience): Promise<void> {
    for (const importId of await ports.journal.imports(id)) {
        const journal = new ImportJournal(ports, keys, id, importId)
        const packs = (await journal.read())?.packs.map(({ pack }) => pack.id) ?? []
        if (packs.length > 0) await persist(patience, () => ports.store.abandon(packs, patience.signal))
        await journal.drop()
    }
}

/** An earlier try whose answer was lost. */
async function hasLanded(ports: Ports, prepared: PreparedKey, patience: Patience): Promise<boolean> {
    const keyring = await persist(patience, () => ports.server.keyring(patience.signal))
    return keyring !== null && isOf(keyring, prepared)
}

function isOf(kept: KeyringRecord, { keyring }: PreparedKey): boolean {
    return equal(kept.library, keyring.library) && kept.epoch === keyring.epoch && equal(kept.check, keyring.check)
}

/** The vault's record holds the old root key. It goes first: a password that opens nothing would be worse than none. */
async function removePassword(ports: Ports, { signal }: Patience): Promise<void> {
    const { removePasswordRecord } = await import("./password-session.ts")
    await removePasswordRecord(ports, signal).catch((error: unknown) => {
        // Who has no vault has no password.
        if (!(error instanceof VaultRefusedError && error.refusal === "vault.staff")) throw error
    })
}

async function land(ports: Ports, session: Unlocked, prepared: PreparedKey, patience: Patience): Promise<void> {
    const { library } = session
    const { server, random } = ports
    const { keyring, secret } = prepared
    const keys = await deriveLibraryKeys(secret, keyring.library, keyring.epoch)
    const fetchHead = async (sequence: number) =>
        (await persist(patience, () => server.headAt(sequence, patience.signal))).sealed
    for (let moves = 0; moves < mostMoves; moves++) {
        const newest = (await library.refresh(patience)) ?? library.opened
        const lineage = await lineageOf(library.keys, newest, fetchHead)
        const head = await firstHead(ports, session, prepared, keys, newest, lineage)
        const sealed = await sealHead(keys, head, random)
        const { sequence } = head
        try {
            await persist(patience, () => server.changeKey({ keyring, head: { sequence, sealed } }, patience.signal))
            return
        } catch (error) {
            if (!(error instanceof HeadMovedError)) throw error
        }
    }
    throw new EngineError("head-moved")
}

/** The head as it was, but for what the new key changes. */
async function firstHead(
    ports: Ports,
    session: Unlocked,
    { keyring: { slots } }: PreparedKey,
    keys: LibraryKeys,
    { head, hash }: OpenedHead,
    lineage: Bytes,
): Promise<Head> {
    const written = utcTime(ports.clock.now())
    const next = {
        ...head,
        sequence: head.sequence + 1,
        parent: hash,
        written,
        lineage,
        settings: settingsAfter(head, slots, written),
        earlier: await earlierKeys(ports, session, keys, head),
    }
    return { ...next, earlier: neededEarlier(next) }
}

/** Those that the old key kept, and the old key itself. */
async function earlierKeys(
    ports: Ports,
    { keyring, secret, library }: Unlocked,
    keys: LibraryKeys,
    { earlier }: Head,
): Promise<readonly EarlierKey[]> {
    const handedOn: EarlierSlot[] = []
    for (const { id, ...key } of earlier) {
        const opened = await openEarlier(library.keys, { ...key, id: fromHex(id) })
        if (opened.kind === "not-authentic") throw new DamagedObjectError("not-authentic")
        handedOn.push(await sealEarlier(keys, key, opened.secret, ports.random))
        opened.secret.wipe()
    }
    handedOn.push(await sealEarlier(keys, keyring, secret, ports.random))
    return handedOn.map(({ id, ...key }) => ({ ...key, id: toHex(id) }))
}

/** The code was typed back, and the passkeys that come along opened the old key with the same touch. */
function settingsAfter({ settings }: Head, slots: readonly NewSlot[], now: string): Head["settings"] {
    const ways = [provenSettings.recoveryCode, provenSettings.password, provenSettings.passkey("")]
    const others = Object.entries(settings).filter(([name]) => !ways.some((way) => name.startsWith(way)))
    const passkeys = slots.filter(({ kind }) => kind === slotKinds.passkey)
    return {
        ...Object.fromEntries(others),
        [provenSettings.recoveryCode]: now,
        ...Object.fromEntries(passkeys.map(({ id }) => [provenSettings.passkey(toHex(id)), now])),
    }
}
