/** Alice owns the library, Bob has one of his own. */

import type { Bytes } from "../../src/bytes/bytes.ts"
import { deriveLibraryKeys } from "../../src/crypto/derive.ts"
import type { LibraryKeys } from "../../src/crypto/keys.ts"
import { RootSecret } from "../../src/crypto/root-secret.ts"

export interface Person {
    readonly root: Bytes
    readonly library: Bytes
    readonly epoch: number
    readonly keys: LibraryKeys
}

async function person(rootByte: number, libraryByte: number, epoch = 1): Promise<Person> {
    const root = Uint8Array.from({ length: 32 }, (_, index) => (rootByte + index) % 256)
    const library = Uint8Array.from({ length: 16 }, (_, index) => (libraryByte + index) % 256)
    return { root, library, epoch, keys: await deriveLibraryKeys(RootSecret.of(root.slice()), library, epoch) }
}

export const alice = await person(0x00, 0xa0)
export const bob = await person(0x80, 0xb0)
/** Alice's key, taken for another epoch's. */
export const aliceLater: Person = {
    ...alice,
    epoch: 2,
    keys: await deriveLibraryKeys(RootSecret.of(alice.root.slice()), alice.library, 2),
}
/** Alice after her root key was changed. */
export const aliceChanged = await person(0x40, 0xa0, 2)
