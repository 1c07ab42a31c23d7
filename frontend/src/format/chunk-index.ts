/**
 * Where every known chunk lies: all catalogs of a library in memory, lean enough for a million chunks.
 *
 *     table (hash of id → row) ──▸ rows: id, length, frame ──▸ frames: id, pack, offset, … ──▸ packs
 *
 * Numbers in columns instead of objects: some 90 bytes for a chunk with a frame of its own, an eighth of a `Map`.
 */

import type { Bytes } from "../bytes/bytes.ts"
import type { Catalog, CatalogPack } from "./catalog.ts"
import type { FrameEntry } from "./frame.ts"
import { idLength } from "./limits.ts"

/** All that is needed to fetch and open a chunk. */
export interface ChunkPlace {
    readonly packId: string
    /** Where the frame begins in its pack. It ends `frame.sealedLength` later. */
    readonly offset: number
    readonly frame: FrameEntry
    /** Which of the frame's chunks it is. */
    readonly position: number
    readonly length: number
}

const idWords = idLength / 4
/** id (four words), length, frame */
const rowWords = idWords + 2
/** id (four words), pack, offset, sealed length, flags, first row, count */
const frameWords = idWords + 6

export class ChunkIndex {
    #packs: string[] = []
    #rows = new Words(rowWords)
    #frames = new Words(frameWords)
    /** Row + 1, or 0 for an empty place; always at least half empty. */
    #table = new Uint32Array(1024)
    #size = 0

    /** How many different chunks are known. */
    get size(): number {
        return this.#size
    }

    addCatalog(catalog: Catalog): void {
        for (const pack of catalog.packs) this.addPack(pack)
    }

    /** A chunk that is known already stays where it was found first. */
    addPack(pack: Pick<CatalogPack, "id" | "frames">): void {
        const packIndex = this.#packs.push(pack.id) - 1
        let offset = 0
        for (const frame of pack.frames) {
            const [first, count] = [this.#rows.count, frame.chunks.length]
            const row = [packIndex, offset, frame.sealedLength, frame.flags, first, count]
            const frameIndex = this.#frames.push([...wordsOf(frame.id), ...row])
            for (const chunk of frame.chunks) this.#addChunk(chunk.id, chunk.length, frameIndex)
            offset += frame.sealedLength
        }
    }

    has(id: Bytes): boolean {
        return this.#find(wordsOf(id)) !== null
    }

    find(id: Bytes): ChunkPlace | null {
        const row = this.#find(wordsOf(id))
        if (row === null) return null
        const [length, frameIndex] = [this.#rows.at(row, idWords), this.#rows.at(row, idWords + 1)]
        const field = (index: number) => this.#frames.at(frameIndex, idWords + index)
        const [pack, offset, sealedLength, flags, first, count] = [0, 1, 2, 3, 4, 5].map(field) as Six
        const chunks = Array.from({ length: count }, (_, index) => ({
            id: idAt(this.#rows, first + index),
            length: this.#rows.at(first + index, idWords),
        }))
        const frame = { id: idAt(this.#frames, frameIndex), flags, sealedLength, chunks }
        return { packId: this.#packs[pack] ?? "", offset, frame, position: row - first, length }
    }

    #addChunk(id: Bytes, length: number, frameIndex: number): void {
        const words = wordsOf(id)
        const row = this.#rows.push([...words, length, frameIndex])
        if (this.#find(words) !== null) return
        this.#size += 1
        if (2 * this.#size > this.#table.length) this.#growTable()
        this.#table[this.#freePlace(words)] = row + 1
    }

    /** Ids are the output of a keyed hash: their first word spreads well, and nobody can choose it. */
    #find(words: IdWords): number | null {
        const mask = this.#table.length - 1
        for (let place = words[0] & mask; ; place = (place + 1) & mask) {
            const entry = this.#table[place] ?? 0
            if (entry === 0) return null
            if (this.#rows.beginsWith(entry - 1, words)) return entry - 1
        }
    }

    #freePlace(words: IdWords): number {
        const mask = this.#table.length - 1
        let place = words[0] & mask
        while (this.#table[place] !== 0) place = (place + 1) & mask
        return place
    }

    #growTable(): void {
        const entries = this.#table.filter((entry) => entry !== 0)
        this.#table = new Uint32Array(2 * this.#table.length)
        for (const entry of entries) this.#table[this.#freePlace(idWordsAt(this.#rows, entry - 1))] = entry
    }
}

/** In this order: where two catalogs name a chunk, the one listed first holds. */
export function indexOf(catalogs: readonly Catalog[]): ChunkIndex {
    const index = new ChunkIndex()
    for (const catalog of catalogs) index.addCatalog(catalog)
    return index
}

type IdWords = readonly [number, number, number, number]
type Six = [number, number, number, number, number, number]

/** Rows of equally many words, in one piece of memory that doubles. */
class Words {
    count = 0
    readonly #stride: number
    #words: Uint32Array

    constructor(stride: number) {
        this.#stride = stride
        this.#words = new Uint32Array(stride * 256)
    }

    push(row: readonly number[]): number {
        const at = this.count * this.#stride
        if (at === this.#words.length) {
            const larger = new Uint32Array(2 * this.#words.length)
            larger.set(this.#words)
            this.#words = larger
        }
        this.#words.set(row, at)
        return this.count++
    }

    at(row: number, word: number): number {
        return this.#words[row * this.#stride + word] ?? 0
    }

    beginsWith(row: number, words: IdWords): boolean {
        const at = row * this.#stride
        return words.every((word, index) => this.#words[at + index] === word)
    }
}

function wordsOf(id: Bytes): IdWords {
    const view = new DataView(id.buffer, id.byteOffset, idLength)
    return [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)]
}

function idWordsAt(words: Words, row: number): IdWords {
    return [words.at(row, 0), words.at(row, 1), words.at(row, 2), words.at(row, 3)]
}

function idAt(words: Words, row: number): Bytes {
    const id = new Uint8Array(idLength)
    const view = new DataView(id.buffer)
    idWordsAt(words, row).forEach((word, index) => {
        view.setUint32(4 * index, word)
    })
    return id
}
