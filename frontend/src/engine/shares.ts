/** Deals the files of an export out to several sealers: runs of neighbours, large ones first, small ones at the end. */

import type { ExportSource, SourceFile } from "./source.ts"

const mostShare = 64 * 1024 * 1024
const leastShare = 4 * 1024 * 1024
/** A share is this part of what is left: so nobody gets a long one when the others are about to end. */
const partOfRest = 8

export class Shares {
    readonly #files: readonly SourceFile[]
    readonly #divide: boolean
    #next = 0
    #rest: number

    /** A source that only this thread can read is dealt out in one piece. */
    constructor({ files, size, portable }: Pick<ExportSource, "files" | "size" | "portable">) {
        this.#files = [...files].sort((one, other) => placeOf(one) - placeOf(other))
        this.#divide = portable !== null
        this.#rest = size
    }

    /** Indexes of files, in the order in which they lie; null: none is left. */
    next(): readonly number[] | null {
        if (this.#next === this.#files.length) return null
        const wanted = this.#divide ? this.#size() : Number.POSITIVE_INFINITY
        const share: number[] = []
        for (let size = 0; size < wanted; ) {
            const file = this.#files[this.#next]
            if (file === undefined) break
            share.push(file.index)
            size += file.size
            this.#rest -= file.size
            this.#next += 1
        }
        return share
    }

    #size(): number {
        return Math.min(mostShare, Math.max(leastShare, this.#rest / partOfRest))
    }
}

function placeOf({ entry, index }: SourceFile): number {
    return entry === null ? index : entry.headerOffset
}
