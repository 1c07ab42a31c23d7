/**
 * A crew of sealers goes over an export together; one desk deals out the work and collects what was made.
 *
 *     desk ──share──▸ sealer ──ids──▸ desk ──which of them──▸ sealer ──pack──▸ desk
 *
 * The desk alone knows what is kept already. It gives every chunk to one sealer only, so that nothing is sealed twice
 * however many work at once. Memory goes with a pack to the desk, and comes back when the pack was sent.
 */

import type { Bytes } from "../bytes/bytes.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { CatalogPack } from "../format/catalog.ts"
import type { Cut } from "../format/cut.ts"
import type { Rest } from "../format/pack.ts"
import type { ExportSource } from "./source.ts"

/** What a sealer asks for. Rejects when the work has ended, whyever; then the sealer ends too. */
export interface Desk {
    /** The next files to go over, by their index, in the order in which they lie; null: none is left. */
    share(): Promise<readonly number[] | null>
    /** `ids` joined, and the chunks' lengths. Answers with a byte for each: 1 for those that this sealer shall seal. */
    claim(ids: Bytes, lengths: readonly number[]): Promise<Uint8Array>
    /** Takes a pack, its memory included, and resolves when there is room for the next. May bring the memory of an earlier one. */
    take(pack: CatalogPack, bytes: Bytes): Promise<Bytes | null>
}

/** What became of a file. */
export interface SealedFile {
    readonly index: number
    readonly size: number
    readonly cut: Cut
    readonly type: string
    /** The ids joined. */
    readonly chunks: Bytes
    /** False: it is damaged, and this is what could be read of it. */
    readonly readable: boolean
}

export interface SealingOrder {
    readonly keys: LibraryKeys
    readonly source: Pick<ExportSource, "portable" | "read">
    readonly signal: AbortSignal
}

export interface SealedShares {
    readonly files: readonly SealedFile[]
    /** Frames that filled no pack. */
    readonly rests: readonly Rest[]
}

export interface Crew {
    /** Resolves when no share is left and every full pack was taken. */
    seal(order: SealingOrder, desk: Desk): Promise<SealedShares>
}
