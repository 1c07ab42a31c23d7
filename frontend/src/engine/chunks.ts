/**
 * Reads chunks back: finds their frames, fetches neighbouring ones in one range, opens and checks each.
 *
 *     ids ─▸ window of frames ─▸ ranges of packs ─▸ frames ─▸ chunks, in the order asked
 *
 * While one window is consumed the next is on its way; no more than two are held.
 */

import type { Bytes } from "../bytes/bytes.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { ChunkIndex, ChunkPlace } from "../format/chunk-index.ts"
import { DamagedObjectError } from "../format/errors.ts"
import { openFrame } from "../format/frame.ts"
import { ready } from "../format/zstd.ts"
import type { ObjectStore } from "./ports.ts"
import { type Patience, persist } from "./retry.ts"

export interface FrameSource {
    readonly keys: LibraryKeys
    readonly store: Pick<ObjectStore, "get">
}

export interface ChunkSource extends FrameSource {
    readonly index: ChunkIndex
}

/** Content of one window, and the most of one range: 8 MiB cost a browser a third less per byte than 1 MiB. */
const windowContent = 16 * 1024 * 1024
const longestRange = 8 * 1024 * 1024
/** A gap that is cheaper to fetch along than to ask anew after. */
const bridgedGap = 64 * 1024
const rangesAtOnce = 4
/** Of one range. More of them only push each other out of the processor's caches. */
const framesAtOnce = 4

/** The chunks of each frame, by the frame's place. */
export type OpenedFrames = ReadonlyMap<string, readonly Bytes[]>

interface Window {
    readonly places: readonly ChunkPlace[]
    readonly opened: Promise<OpenedFrames>
}

/** The chunks with these ids, each verified, in this order. */
export async function* readChunks(
    source: ChunkSource,
    ids: Iterable<Bytes>,
    patience: Patience,
): AsyncGenerator<Bytes, void, undefined> {
    await ready()
    const windows = inWindows(source.index, ids)
    let ahead = begin(source, windows, patience)
    while (ahead !== null) {
        const { places, opened } = ahead
        const frames = await opened
        ahead = begin(source, windows, patience)
        for (const place of places) yield chunkOf(frames, place)
    }
}

function begin(source: ChunkSource, windows: Iterator<readonly ChunkPlace[]>, patience: Patience): Window | null {
    const step = windows.next()
    if (step.done === true) return null
    const opened = openWindow(source, step.value, patience)
    // It is awaited in its turn; until then its failure is nobody's.
    opened.catch(() => undefined)
    return { places: step.value, opened }
}

function* inWindows(index: ChunkIndex, ids: Iterable<Bytes>): Generator<readonly ChunkPlace[], void, undefined> {
    let window: ChunkPlace[] = []
    let content = 0
    for (const id of ids) {
        const place = index.find(id)
        if (place === null) throw new DamagedObjectError("missing")
        if (content + place.length > windowContent && window.length > 0) {
            yield window
            window = []
            content = 0
        }
        window.push(place)
        content += place.length
    }
    if (window.length > 0) yield window
}

export interface PackRange {
    readonly packId: string
    readonly from: number
    to: number
    readonly places: ChunkPlace[]
}

export function chunkOf(frames: OpenedFrames, place: ChunkPlace): Bytes {
    const chunk = frames.get(frameName(place))?.[place.position]
    if (chunk === undefined) throw new DamagedObjectError("missing")
    return chunk
}

/** Every frame that these chunks lie in, each opened once. */
export async function openWindow(
    source: FrameSource,
    places: readonly ChunkPlace[],
    patience: Patience,
): Promise<OpenedFrames> {
    const frames = new Map(places.map((place) => [frameName(place), place]))
    const ranges = mergeRanges([...frames.values()])
    const opened = new Map<string, readonly Bytes[]>()
    let next = 0
    const work = async (): Promise<void> => {
        for (let range = ranges[next++]; range !== undefined; range = ranges[next++])
            await openRange(source, range, patience, opened)
    }
    await Promise.all(Array.from({ length: rangesAtOnce }, work))
    return opened
}

/** Neighbouring frames in one range; by pack and place. */
export function mergeRanges(places: readonly ChunkPlace[]): readonly PackRange[] {
    const ranges: PackRange[] = []
    const inOrder = [...places].sort((one, other) =>
        one.packId === other.packId ? one.offset - other.offset : one.packId < other.packId ? -1 : 1,
    )
    for (const place of inOrder) {
        const end = place.offset + place.frame.sealedLength
        const last = ranges.at(-1)
        const near = last?.packId === place.packId && place.offset <= last.to + bridgedGap
        if (last !== undefined && near && end - last.from <= longestRange) {
            last.to = end
            last.places.push(place)
        } else ranges.push({ packId: place.packId, from: place.offset, to: end, places: [place] })
    }
    return ranges
}

async function openRange(
    { keys, store }: FrameSource,
    { packId, from, to, places }: PackRange,
    patience: Patience,
    opened: Map<string, readonly Bytes[]>,
): Promise<void> {
    const bytes = await persist(patience, () => store.get(packId, from, to, patience.signal))
    let next = 0
    const work = async (): Promise<void> => {
        for (let place = places[next++]; place !== undefined; place = places[next++]) {
            const at = place.offset - from
            const sealed = bytes.subarray(at, at + place.frame.sealedLength)
            opened.set(frameName(place), await openFrame(keys, place.frame, sealed))
        }
    }
    await Promise.all(Array.from({ length: framesAtOnce }, work))
}

/** Two packs may hold a frame of the same id. */
function frameName({ packId, offset }: ChunkPlace): string {
    return `${packId}/${offset}`
}
