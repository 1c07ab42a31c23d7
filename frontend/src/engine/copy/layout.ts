/**
 * An encrypted copy: one zip that holds of a library what a server holds, sealed as it lies there (docs/format.md §9).
 *
 *     README.txt ‖ copy.json ‖ head ‖ objects/<id> ‖ objects/<id> …        stored, nothing compressed
 *
 * Nothing in it is trusted: what it says is held against the keys and hashes, as if a server had said it.
 */

import { toBase64url } from "../../bytes/base64url.ts"
import type { Bytes } from "../../bytes/bytes.ts"
import { fromHex, toHex } from "../../bytes/hex.ts"
import { utf8 } from "../../bytes/utf8.ts"
import { DamagedObjectError } from "../../format/errors.ts"
import * as json from "../../format/json.ts"
import { formatVersion, idLength } from "../../format/limits.ts"
import { slotKinds } from "../../keyring/slot.ts"
import type { KeyringRecord, SlotRecord } from "../ports.ts"

/** The most that `copy.json` may have: thousands of slots. */
export const longestFacts = 1_048_576

/** A copy does not say when a way to unlock was made, and reading it nobody asks. */
const unknown = "1970-01-01T00:00:00Z"

/** What a copy says about itself, before anything of it was opened. */
export interface CopyFacts {
    /** Where it was saved: `https://host`. Shown, and decides which passkeys can be taken along. */
    readonly site: string
    readonly keyring: KeyringRecord
    /** Of the head that lies in it. */
    readonly sequence: number
}

const readSlot = json.shape({
    id: json.id,
    kind: json.whole,
    parameters: json.bytes,
    sealed: json.bytes,
    label: json.text,
})

const readFields = json.shape({
    format: json.whole,
    site: json.text,
    library: json.id,
    epoch: json.u32,
    check: json.bytes,
    sequence: json.whole,
    slots: json.listOf(readSlot),
})

export function writeFacts({ site, keyring, sequence }: CopyFacts): Bytes {
    const fields = {
        format: formatVersion,
        site,
        library: toHex(keyring.library),
        epoch: keyring.epoch,
        check: toBase64url(keyring.check),
        sequence,
        slots: keyring.slots.filter(canTravel).map(({ id, kind, parameters, sealed, label }) => ({
            id: toHex(id),
            kind,
            parameters: toBase64url(parameters),
            sealed: toBase64url(sealed),
            label,
        })),
    }
    return utf8(`${JSON.stringify(fields, null, 1)}\n`)
}

export function readFacts(bytes: Bytes): CopyFacts {
    const { site, library, epoch, check, sequence, slots } = json.readJson(bytes, formatVersion, readFields)
    if (check.length !== idLength || epoch < 1 || sequence < 1) throw new DamagedObjectError("malformed")
    const keyring = {
        library: fromHex(library),
        epoch,
        check,
        slots: slots.map((slot) => ({ ...slot, id: fromHex(slot.id), created: unknown })),
    }
    return { site, keyring, sequence }
}

/** A password's slot lies in the vault, a device's on the device: neither is in a keyring, nor in a copy. */
function canTravel({ kind }: SlotRecord): boolean {
    return kind === slotKinds.recoveryCode || kind === slotKinds.passkey
}
