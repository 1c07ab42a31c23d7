/**
 * The root secret of an earlier epoch, sealed under a later one's (docs/format.md §3): it lies in the heads of the later
 * epoch for as long as they list anything that was sealed under it.
 *
 *     parameters    u32 the later epoch
 */

import type { Bytes } from "../bytes/bytes.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { Random } from "../crypto/random.ts"
import type { RootSecret } from "../crypto/root-secret.ts"
import { type OpenedSlot, openSlot, type SlotPlace, sealSlot, slotKinds } from "./slot.ts"

/** A sealed root secret and the public facts of the keyring it belonged to. */
export interface EarlierSlot {
    readonly epoch: number
    /** 16 bytes each. */
    readonly id: Bytes
    readonly check: Bytes
    readonly sealed: Bytes
}

const idLength = 16

export async function sealEarlier(
    later: LibraryKeys,
    { epoch, check }: Pick<EarlierSlot, "epoch" | "check">,
    secret: RootSecret,
    random: Random,
): Promise<EarlierSlot> {
    const id = random.bytes(idLength)
    return { epoch, id, check, sealed: await sealSlot(later.earlier, placeOf(later, { epoch, id }), secret, random) }
}

export function openEarlier(later: LibraryKeys, slot: EarlierSlot): Promise<OpenedSlot> {
    return openSlot(later.earlier, placeOf(later, slot), slot.check, slot.sealed)
}

function placeOf({ library, epoch: later }: LibraryKeys, { epoch, id }: Pick<EarlierSlot, "epoch" | "id">): SlotPlace {
    return { library, epoch, kind: slotKinds.earlier, id, parameters: new ByteWriter(4).u32(later).finish() }
}
