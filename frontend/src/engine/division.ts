/**
 * Divides the packs of an import among catalogs, and says which catalog which file needs. Pure.
 *
 *     first   packs with chunks of the list or of the chat's text   ─▸ all that opening a chat takes
 *     then    the others, in the order of their files               ─▸ all that one picture takes
 *
 * What fits into one smallest sealed object is not divided: that would only be more objects.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { type CatalogPack, writeCatalog } from "../format/catalog.ts"
import { indexOf } from "../format/chunk-index.ts"
import { chunkIds, type SnapshotFile } from "../format/file-list.ts"
import { limits } from "../format/limits.ts"
import { sealedObjectLength } from "../format/object.ts"
import type { CatalogHint, FileListRef } from "../format/snapshot.ts"

/** What a snapshot points at. `text`: which of the files the chat's text is. */
export interface Contents {
    readonly files: readonly SnapshotFile[]
    readonly list: FileListRef
    readonly text: number | null
}

export interface NamedCatalog {
    readonly id: string
    readonly packs: readonly CatalogPack[]
}

/** Small photos make many frames: then a catalog names fewer packs, so that one picture never costs much. */
const mostBody = 512 * 1024

export function divide(packs: readonly CatalogPack[], contents: Contents): readonly (readonly CatalogPack[])[] {
    if (sealedObjectLength(lengthOf(packs)) === limits.smallest) return packs.length === 0 ? [] : [packs]
    const { text } = contents
    const first = new Set<string>()
    const numbers = new Map<string, number>()
    const index = indexOf([{ packs }])
    for (const [number, id] of chunksOf(contents)) {
        const pack = index.find(id)?.packId
        if (pack === undefined) continue
        if (number === null || number === text) first.add(pack)
        if (!numbers.has(pack)) numbers.set(pack, number ?? 0)
    }
    const ordered = packs.toSorted((one, other) => (numbers.get(one.id) ?? 0) - (numbers.get(other.id) ?? 0))
    return [
        ...segments(ordered.filter(({ id }) => first.has(id))),
        ...segments(ordered.filter(({ id }) => !first.has(id))),
    ]
}

/** The hints of a snapshot, in the order given; the first catalog that names a chunk is the one to ask. */
export function hintsOf(catalogs: readonly NamedCatalog[], contents: Contents): readonly CatalogHint[] {
    const catalogOf = catalogsByPack(catalogs)
    const index = indexOf(catalogs)
    const hints = new Map(catalogs.map(({ id }) => [id, { list: false, from: 0, to: 0 }]))
    for (const [number, chunk] of chunksOf(contents)) {
        const hint = hints.get(catalogOf.get(index.find(chunk)?.packId ?? "") ?? "")
        if (hint === undefined) continue
        if (number === null) hint.list = true
        else {
            hint.from = hint.to === 0 ? number : Math.min(hint.from, number)
            hint.to = Math.max(hint.to, number + 1)
        }
    }
    return Array.from(hints, ([id, hint]) => ({ id, ...hint }))
}

/** Whether hints lead to every chunk: asked by those who have every catalog open anyway. */
export function hintsHold(
    hints: readonly CatalogHint[],
    catalogs: readonly NamedCatalog[],
    contents: Omit<Contents, "text">,
): boolean {
    const given = new Map(hints.map((hint) => [hint.id, hint]))
    return hintsOf(catalogs, { ...contents, text: null }).every(({ id, list, from, to }) => {
        const hint = given.get(id)
        const covers = hint !== undefined && hint.from <= from && to <= hint.to
        return (!list || hint?.list === true) && (to === 0 || covers)
    })
}

/** Every chunk with the number of its file; null for the list's. */
function* chunksOf({ files, list }: Contents): Generator<readonly [number | null, Bytes], void, undefined> {
    for (const id of chunkIds(list)) yield [null, id]
    for (const [number, file] of files.entries()) for (const id of chunkIds(file)) yield [number, id]
}

function catalogsByPack(catalogs: readonly NamedCatalog[]): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    for (const { id, packs } of catalogs) for (const pack of packs) if (!found.has(pack.id)) found.set(pack.id, id)
    return found
}

function segments(packs: readonly CatalogPack[]): readonly (readonly CatalogPack[])[] {
    const found: CatalogPack[][] = []
    let room = 0
    for (const pack of packs) {
        const length = lengthOf([pack])
        const last = found.at(-1)
        if (last === undefined || last.length === limits.catalogPacks || length > room) {
            found.push([pack])
            room = mostBody - length
        } else {
            last.push(pack)
            room -= length
        }
    }
    return found
}

/** Longer by a byte or so than it will be, for each but the first. */
function lengthOf(packs: readonly CatalogPack[]): number {
    let length = 0
    for (const pack of packs) length += writeCatalog({ packs: [pack] }).length
    return length
}
