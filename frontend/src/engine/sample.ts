/**
 * What is read back of packs to see that it opens: chosen by place, not by chunk.
 *
 * [Blind windows] A range that begins and ends where a frame does tells the server how long the frame is, and a few of those
 * tell texts apart that were padded to the same length. So these windows lie where chance and the sizes of the packs put
 * them, whatever is inside, and are so long that wherever one lies a whole frame is in it.
 */

import type { LibraryKeys } from "../crypto/keys.ts"
import type { Random } from "../crypto/random.ts"
import type { CatalogPack } from "../format/catalog.ts"
import { openFrame } from "../format/frame.ts"
import { limits } from "../format/limits.ts"
import { ready } from "../format/zstd.ts"
import type { ObjectStore } from "./ports.ts"
import { type Patience, persist } from "./retry.ts"

/** How many windows are read; all, if there are fewer. */
const mostWindows = 4
const step = limits.frameContent
/** The longest frame that begins in the first step still ends inside. */
const windowLength = 2 * step + 4_096

interface Window {
    readonly pack: CatalogPack
    readonly from: number
    readonly to: number
}

export interface SampleSource {
    readonly keys: LibraryKeys
    readonly store: ObjectStore
}

/** Resolves with the number of chunks that were opened; throws what is wrong. */
export async function openSample(
    source: SampleSource,
    packs: readonly CatalogPack[],
    random: Random,
    patience: Patience,
): Promise<number> {
    await ready()
    let opened = 0
    for (const window of choose(packs.flatMap(windowsOf), mostWindows, random))
        opened += await openWindow(source, window, patience)
    return opened
}

function windowsOf(pack: CatalogPack): readonly Window[] {
    const starts: number[] = []
    for (let from = 0; from + windowLength < pack.size; from += step) starts.push(from)
    starts.push(Math.max(0, pack.size - windowLength))
    return starts.map((from) => ({ pack, from, to: Math.min(from + windowLength, pack.size) }))
}

/** Opens every frame that lies in the window as a whole. */
async function openWindow(
    { keys, store }: SampleSource,
    { pack, from, to }: Window,
    patience: Patience,
): Promise<number> {
    const bytes = await persist(patience, () => store.get(pack.id, from, to, patience.signal))
    let opened = 0
    let at = 0
    for (const frame of pack.frames) {
        const end = at + frame.sealedLength
        if (at >= from && end <= to)
            opened += (await openFrame(keys, frame, bytes.subarray(at - from, end - from))).length
        at = end
    }
    return opened
}

/** A fair choice of `count` items, or all. */
function choose<Item>(items: readonly Item[], count: number, random: Random): readonly Item[] {
    if (items.length <= count) return items
    const left = [...items]
    const chosen: Item[] = []
    while (chosen.length < count) chosen.push(...left.splice(below(left.length, random), 1))
    return chosen
}

function below(limit: number, random: Random): number {
    const bytes = random.bytes(4)
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) % limit
}
