/** In which order contents are fetched: pack by pack, in stretches of a few MiB that one call of a hand opens. */

import type { ChunkPlace } from "../format/chunk-index.ts"
import { DamagedObjectError } from "../format/errors.ts"
import { chunkIds } from "../format/file-list.ts"
import type { Content } from "./restore-plan.ts"

/** Some consecutive chunks of a content. */
export interface Part {
    readonly content: Content
    /** Where they begin in it. */
    readonly at: number
    readonly length: number
    readonly places: readonly ChunkPlace[]
}

/** Half a pack: longer ranges cost more in memory that is touched for the first time than they save in requests (bench-restore). */
const longest = 4 * 1024 * 1024

/** The nearest first: contents as their first chunks lie in the packs, packs as they were first met. */
export function inPackOrder(contents: readonly Content[]): readonly Content[] {
    const packs = new Map<string, number>()
    const keyed = contents.map((content) => {
        const [id] = chunkIds(content)
        const place = id === undefined ? null : content.index.find(id)
        if (place === null) return { content, pack: -1, offset: 0 }
        if (!packs.has(place.packId)) packs.set(place.packId, packs.size)
        return { content, pack: packs.get(place.packId) ?? 0, offset: place.offset }
    })
    return keyed
        .toSorted((one, other) => one.pack - other.pack || one.offset - other.offset)
        .map(({ content }) => content)
}

/** `refuse` is told of contents that cannot be found; what is `over` meanwhile is left out. */
export function* stretchesOf(
    contents: readonly Content[],
    over: (content: Content) => boolean,
    refuse: (content: Content, error: unknown) => void,
): Generator<readonly Part[], void, undefined> {
    let stretch: Part[] = []
    let length = 0
    let pack = ""
    for (const content of contents) {
        let parts: readonly Part[]
        try {
            parts = partsOf(content)
        } catch (error) {
            refuse(content, error)
            continue
        }
        for (const part of parts) {
            if (over(content)) break
            const begins = part.places[0]?.packId ?? ""
            if (length > 0 && (length + part.length > longest || begins !== pack)) {
                yield stretch
                stretch = []
                length = 0
            }
            if (length === 0) pack = begins
            stretch.push(part)
            length += part.length
        }
    }
    if (length > 0) yield stretch
}

function partsOf(content: Content): readonly Part[] {
    const parts: Part[] = []
    let [places, at, length]: [ChunkPlace[], number, number] = [[], 0, 0]
    for (const id of chunkIds(content)) {
        const place = content.index.find(id)
        if (place === null) throw new DamagedObjectError("missing")
        if (length > 0 && length + place.length > longest) {
            parts.push({ content, at, length, places })
            ;[places, at, length] = [[], at + length, 0]
        }
        places.push(place)
        length += place.length
    }
    if (length > 0) parts.push({ content, at, length, places })
    // A file is as long as its chunks together.
    if (at + length !== content.size) throw new DamagedObjectError("malformed")
    return parts
}
