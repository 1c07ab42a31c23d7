/**
 * How much of a library is read back, and what that says about the rest.
 *
 * A sample is drawn without putting back. Of `pieces` pieces of which `lost` do not open, a sample of `read` misses all of
 * them with the chance
 *
 *     (pieces − read)! (pieces − lost)! / (pieces! (pieces − read − lost)!)
 *
 * which the page tells in words: a sample is no proof, and it is not called one.
 */

import { type Bytes, concat } from "../bytes/bytes.ts"
import { fromHex } from "../bytes/hex.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { sha256 } from "../crypto/hash.ts"
import type { Random } from "../crypto/random.ts"

/** A sample is so large that a loss of one piece in a hundred … */
export const noticedLoss = 1 / 100
/** … stays unnoticed once in a hundred times at most. */
const missedAtMost = 1 / 100

/** The chance that a sample holds none of the lost pieces: 0 only if it cannot be otherwise. */
export function chanceToMiss(pieces: number, read: number, lost: number): number {
    let missed = 1
    for (let one = 0; one < lost; one++) missed *= Math.max(0, pieces - read - one) / (pieces - one)
    return missed
}

/** How many pieces of a library count as one in a hundred: at least one. */
export function lossOf(pieces: number): number {
    return Math.max(1, Math.ceil(pieces * noticedLoss))
}

/** The smallest sample that keeps the promise above; of few pieces, all. */
export function sampleSize(pieces: number): number {
    const lost = lossOf(pieces)
    let [tooFew, enough] = [-1, pieces]
    while (enough - tooFew > 1) {
        const middle = Math.floor((tooFew + enough) / 2)
        if (chanceToMiss(pieces, middle, lost) <= missedAtMost) enough = middle
        else tooFew = middle
    }
    return enough
}

/** A fair choice of `count` items, or all, in their order. */
export function choose<Item>(items: readonly Item[], count: number, random: Random): readonly Item[] {
    if (items.length <= count) return items
    // Each item is taken with the chance of what is still wanted among what is still left.
    let wanted = count
    return items.filter((_, index) => {
        const taken = below(items.length - index, random) < wanted
        if (taken) wanted -= 1
        return taken
    })
}

/** A number from 0 to below the limit, each as likely as the other. */
function below(limit: number, random: Random): number {
    const most = 2 ** 32 - (2 ** 32 % limit)
    for (;;) {
        const bytes = random.bytes(4)
        const drawn = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
        if (drawn < most) return drawn % limit
    }
}

/** A piece that was opened: its pack, where it begins there, and SHA-256 of what it holds. Hexadecimal digits. */
export interface ReadPiece {
    readonly packId: string
    readonly offset: number
    readonly sha256: string
}

/**
 * One hash over a sample, the same for whoever opened the same.
 *
 *     SHA-256( per piece, by pack id and then by offset: pack id(16) ‖ u32 offset ‖ SHA-256(32) )
 */
export async function sampleHash(pieces: readonly ReadPiece[]): Promise<Bytes> {
    const inOrder = pieces.toSorted((one, other) =>
        one.packId === other.packId ? one.offset - other.offset : one.packId < other.packId ? -1 : 1,
    )
    const lines = inOrder.map(({ packId, offset, sha256 }) =>
        new ByteWriter().bytes(fromHex(packId)).u32(offset).bytes(fromHex(sha256)).finish(),
    )
    return await sha256(concat(...lines))
}
