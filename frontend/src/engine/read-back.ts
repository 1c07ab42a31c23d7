/** Fetches what is stored and opens it, piece by piece; what does not open is noted, and the rest is read on. */

import type { Bytes } from "../bytes/bytes.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { ChunkPlace } from "../format/chunk-index.ts"
import { openFrame } from "../format/frame.ts"
import { checkHash, type ObjectRef } from "../format/object.ts"
import { ready } from "../format/zstd.ts"
import { mergeRanges } from "./chunks.ts"
import { damageCode, pieceName } from "./damage.ts"
import type { Examination, NeededPack } from "./examine.ts"
import { persist } from "./retry.ts"

const readAtOnce = 3

/** A part of a pack that is fetched at once. `whole`: all of it, to be held against its hash. */
export interface Portion {
    readonly keys: LibraryKeys
    readonly packId: string
    readonly from: number
    readonly to: number
    readonly places: readonly ChunkPlace[]
    readonly whole: ObjectRef | null
}

/** Told of every piece: what it holds, or null if it does not open. Who keeps the sealed bytes makes a copy. */
export type PieceListener = (place: ChunkPlace, sealed: Bytes, content: readonly Bytes[] | null) => Promise<void>

/** Whole packs, or only the chosen pieces of them. */
export function portionsOf(
    packs: readonly NeededPack[],
    chosen: ReadonlySet<string> | "everything",
): readonly Portion[] {
    if (chosen === "everything")
        return packs.map(({ keys, ref, pieces }) => {
            return { keys, packId: ref.id, from: 0, to: ref.size, places: pieces, whole: ref }
        })
    return packs.flatMap(({ keys, pieces }) =>
        mergeRanges(pieces.filter((place) => chosen.has(pieceName(place)))).map((range) => {
            return { ...range, keys, whole: null }
        }),
    )
}

/** Reads and opens; `done` is told of each portion, in the order in which all before it are done, too. */
export async function readBack(
    work: Examination,
    portions: readonly Portion[],
    onPiece: PieceListener,
    done: (portion: Portion) => void,
): Promise<void> {
    await ready()
    let next = 0
    let told = 0
    const finished = new Set<number>()
    const reader = async (): Promise<void> => {
        for (let at = next++; ; at = next++) {
            const portion = portions[at]
            if (portion === undefined) return
            await readPortion(work, portion, onPiece).catch((error: unknown) => {
                next = portions.length
                throw error
            })
            finished.add(at)
            for (let first = portions[told]; finished.has(told) && first !== undefined; first = portions[told]) {
                finished.delete(told++)
                done(first)
            }
        }
    }
    // All are waited for: nothing goes on behind the back of whoever is told that it ended.
    const ends = await Promise.allSettled(Array.from({ length: readAtOnce }, reader))
    for (const end of ends) if (end.status === "rejected") throw end.reason
}

async function readPortion(work: Examination, portion: Portion, onPiece: PieceListener): Promise<void> {
    const { ports, patience, book } = work
    const { keys, packId, from, to, places, whole } = portion
    let bytes: Bytes
    try {
        bytes = await persist(patience, () => ports.store.get(packId, from, to, patience.signal))
    } catch (error) {
        const code = damageCode(error)
        if (code === null) throw error
        for (const place of places) book.piece(place, code)
        return
    }
    if (whole !== null) await noting(checkHash(whole, bytes), (code) => book.object(packId, code))
    await Promise.all(
        places.map(async (place) => {
            const at = place.offset - from
            const sealed = bytes.subarray(at, at + place.frame.sealedLength)
            const content = await noting(openFrame(keys, place.frame, sealed), (code) => book.piece(place, code))
            await onPiece(place, sealed, content)
        }),
    )
}

/** Null: it is damaged, and noted. */
async function noting<T>(
    work: Promise<T>,
    note: (code: NonNullable<ReturnType<typeof damageCode>>) => void,
): Promise<T | null> {
    try {
        return await work
    } catch (error) {
        const code = damageCode(error)
        if (code === null) throw error
        note(code)
        return null
    }
}
