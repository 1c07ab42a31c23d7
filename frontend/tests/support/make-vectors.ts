/** Makes every file of tests/vectors/. Chance comes from tapes: the same code makes the same bytes. */

import { copyVectors } from "./vectors/copy.ts"
import { cutVectors, frameVectors, packVectors } from "./vectors/frames.ts"
import { keyVectors, padmeVectors, recoveryCodeVectors, slotVectors } from "./vectors/keys.ts"
import { catalogVectors, fileListVectors, headVectors, snapshotVectors } from "./vectors/objects.ts"
import { pairingVectors } from "./vectors/pairing.ts"
import { refusalVectors } from "./vectors/refusals.ts"
import { retentionVectors } from "./vectors/retention.ts"
import { sampleVectors } from "./vectors/sample.ts"
import { passkeyVectors, passwordVectors } from "./vectors/slots.ts"

const files: Readonly<Record<string, () => object | Promise<object>>> = {
    "keys.json": keyVectors,
    "recovery-code.json": recoveryCodeVectors,
    "slot.json": slotVectors,
    "password.json": passwordVectors,
    "passkey.json": passkeyVectors,
    "pairing.json": pairingVectors,
    "padme.json": padmeVectors,
    "cut.json": cutVectors,
    "frame.json": frameVectors,
    "pack.json": packVectors,
    "catalog.json": catalogVectors,
    "file-list.json": fileListVectors,
    "snapshot.json": snapshotVectors,
    "head.json": headVectors,
    "copy.json": copyVectors,
    "refusals.json": refusalVectors,
    "retention.json": retentionVectors,
    "sample.json": sampleVectors,
}

/** File name → text. */
export async function makeVectors(): Promise<ReadonlyMap<string, string>> {
    const made = new Map<string, string>()
    for (const [name, make] of Object.entries(files)) made.set(name, `${JSON.stringify(await make(), null, 1)}\n`)
    return made
}
