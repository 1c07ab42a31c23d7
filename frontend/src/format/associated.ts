/** Associated data of sealed objects (docs/format.md §7): what an object is, whose it is, and which one. */

import type { Bytes } from "../bytes/bytes.ts"
import { fromHex } from "../bytes/hex.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { labels } from "../crypto/labels.ts"

export function catalogPlace(keys: LibraryKeys, id: string): Bytes {
    return place(keys, labels.catalogObject).bytes(fromHex(id)).finish()
}

export function snapshotPlace(keys: LibraryKeys, id: string): Bytes {
    return place(keys, labels.snapshotObject).bytes(fromHex(id)).finish()
}

export function headPlace(keys: LibraryKeys, sequence: number): Bytes {
    return place(keys, labels.headObject).u64(sequence).finish()
}

function place(keys: LibraryKeys, label: Bytes): ByteWriter {
    return new ByteWriter(80).bytes(label).u8(0).bytes(keys.library).u32(keys.epoch)
}
