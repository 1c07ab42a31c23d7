/** Passkeys as the settings list them: those that sign in, joined to the slots that open the library. */

import type { SignInPasskey } from "../engine/page-ports.ts"
import type { PasskeyWay } from "../engine/protocol.ts"

export interface ListedPasskey {
    readonly credential: string
    readonly name: string
    readonly created: string
    readonly lastUsed: string | null
    /** Number of the passkey that signs in, or null: it only opens. */
    readonly signIn: number | null
    /** Its slot, or null: it only signs in. */
    readonly slot: string | null
}

/** A slot whose passkey signs in no more is listed too: what opens the library has to be seen to be removed. */
export function listedPasskeys(
    signIns: readonly SignInPasskey[],
    slots: readonly PasskeyWay[],
): readonly ListedPasskey[] {
    const slotOf = new Map(slots.map((slot) => [slot.credential, slot]))
    const known = new Set(signIns.map(({ credential }) => credential))
    return [
        ...signIns.map(({ id, credential, name, created, lastUsed }) => ({
            credential,
            name,
            created,
            lastUsed,
            signIn: id,
            slot: slotOf.get(credential)?.slot ?? null,
        })),
        ...slots
            .filter(({ credential }) => !known.has(credential))
            .map(({ credential, label, created, slot }) => ({
                credential,
                name: label,
                created,
                lastUsed: null,
                signIn: null,
                slot,
            })),
    ]
}
