/** The ways to unlock, as keyring, vault and head tell of them now. */

import { toBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { RefusedSlotError } from "../keyring/errors.ts"
import { readPasskeyParameters } from "../keyring/passkey.ts"
import { slotKinds } from "../keyring/slot.ts"
import { NetworkError, VaultRefusedError } from "./errors.ts"
import type { KeyringRecord, Ports, SlotRecord, VaultState } from "./ports.ts"
import type { PasswordWay, Ways } from "./protocol.ts"
import type { Patience } from "./retry.ts"
import { type Locked, provenSettings, type Unlocked } from "./session.ts"

export async function waysOf(ports: Ports, session: Locked | Unlocked, patience: Patience): Promise<Ways> {
    const proven = (setting: string): string | null =>
        session.kind === "unlocked" ? (session.library.opened.head.settings[setting] ?? null) : null
    return {
        recoveryCode: { proven: proven(provenSettings.recoveryCode) },
        password: await passwordWay(ports, proven(provenSettings.password), patience.signal),
        passkeys: passkeySlots(session.keyring).map(({ slot, credential }) => ({
            slot: toHex(slot.id),
            credential: toBase64url(credential),
            label: slot.label,
            created: slot.created,
        })),
    }
}

/** Whether another way than a password is there and was tried: a password alone must never be all there is. */
export function otherWayProven({ keyring, library }: Unlocked): boolean {
    const { settings } = library.opened.head
    const proven = (setting: string): boolean => settings[setting] !== undefined
    return (
        proven(provenSettings.recoveryCode) ||
        passkeySlots(keyring).some(({ slot }) => proven(provenSettings.passkey(toHex(slot.id))))
    )
}

export interface PasskeySlot {
    readonly slot: SlotRecord
    readonly credential: Bytes
}

/** Slots whose parameters this client does not understand are none of its business: it leaves them alone. */
export function passkeySlots({ slots }: KeyringRecord): readonly PasskeySlot[] {
    return slots.flatMap((slot) => {
        if (slot.kind !== slotKinds.passkey) return []
        try {
            return [{ slot, credential: readPasskeyParameters(slot.parameters) }]
        } catch (error) {
            if (error instanceof RefusedSlotError) return []
            throw error
        }
    })
}

async function passwordWay(ports: Ports, proven: string | null, signal: AbortSignal): Promise<PasswordWay> {
    try {
        return wayOf(await stateOfVault(ports, signal), proven)
    } catch (error) {
        if (error instanceof NetworkError) return { kind: "unavailable", why: "network" }
        if (!(error instanceof VaultRefusedError)) throw error
        return { kind: "unavailable", why: error.refusal === "vault.staff" ? "staff" : "network" }
    }
}

function wayOf({ record, left, of, tombstone }: VaultState, proven: string | null): PasswordWay {
    if (record !== null) return { kind: "set", since: record.created, left, of, proven }
    return tombstone === null ? { kind: "none" } : { kind: "erased", ...tombstone }
}

async function stateOfVault(ports: Ports, signal: AbortSignal): Promise<VaultState> {
    const line = await ports.vault.connect(signal)
    try {
        return await line.ask({ kind: "state" })
    } finally {
        line.close()
    }
}
