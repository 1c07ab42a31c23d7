/**
 * What is read back right after it was sent: chosen by place, not by piece.
 *
 * [Blind windows] A range that begins and ends where a frame does tells the server how long the frame is, and a few of those
 * tell texts apart that were padded to the same length. So these windows lie where chance and the sizes of the packs put them,
 * whatever is inside, and are so long that wherever one lies a whole frame is in it.
 */

import { limits } from "../format/limits.ts"
import type { NeededPack } from "./examine.ts"
import type { Ports } from "./ports.ts"
import type { Portion } from "./read-back.ts"
import { choose } from "./sample.ts"

const step = limits.frameContent
/** The longest frame that begins in the first step still ends inside. */
const windowLength = 2 * step + 4_096

/** So many windows at most, and the pieces that lie in them as a whole. */
export function blindWindows(packs: readonly NeededPack[], most: number, random: Ports["random"]): readonly Portion[] {
    return choose(packs.flatMap(windowsOf), most, random)
}

function windowsOf({ keys, ref, pieces }: NeededPack): readonly Portion[] {
    const starts: number[] = []
    for (let from = 0; from + windowLength < ref.size; from += step) starts.push(from)
    starts.push(Math.max(0, ref.size - windowLength))
    return starts.map((from) => {
        const to = Math.min(from + windowLength, ref.size)
        const places = pieces.filter(({ offset, frame }) => offset >= from && offset + frame.sealedLength <= to)
        return { keys, packId: ref.id, from, to, places, whole: null }
    })
}
