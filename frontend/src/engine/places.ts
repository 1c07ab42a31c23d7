/**
 * Finds the chunks of one import, and opens no more catalogs than that takes.
 *
 *     snapshot ─▸ hints: which catalogs to ask ─▸ in the snapshot's order, until every chunk is found ─▸ else all of them
 *
 * Where two catalogs name a chunk, the one listed first holds: so they are asked in that order, also those that are hinted
 * at, and a hint that says too little costs time and nothing else.
 */

import type { Bytes } from "../bytes/bytes.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { Catalog } from "../format/catalog.ts"
import { type ChunkIndex, indexOf } from "../format/chunk-index.ts"
import { chunkIds } from "../format/file-list.ts"
import type { CatalogHint, Snapshot } from "../format/snapshot.ts"
import type { ChunkSource } from "./chunks.ts"
import type { ObjectStore } from "./ports.ts"
import type { Patience } from "./retry.ts"

/** Of a library, what finding takes. */
export interface Catalogs {
    readonly keys: LibraryKeys
    catalogs(ids: readonly string[], patience: Patience): Promise<readonly Catalog[]>
}

/** Catalogs that are opened before it is asked whether they are enough. */
const openedAtOnce = 4

export class Places {
    readonly #catalogs: Catalogs
    readonly #store: ObjectStore
    readonly #snapshot: Snapshot
    /** By the catalogs that were opened for it. */
    readonly #indexes = new Map<string, ChunkIndex>()

    constructor(catalogs: Catalogs, store: ObjectStore, snapshot: Snapshot) {
        this.#catalogs = catalogs
        this.#store = store
        this.#snapshot = snapshot
    }

    ofList(patience: Patience): Promise<ChunkSource> {
        return this.#source(chunkIds(this.#snapshot.files), ({ list }) => list, patience)
    }

    /** `ids`: those of its chunks that are wanted. */
    ofFile(number: number, ids: readonly Bytes[], patience: Patience): Promise<ChunkSource> {
        return this.#source(ids, ({ from, to }) => from <= number && number < to, patience)
    }

    async ofAll(patience: Patience): Promise<ChunkSource> {
        return this.#from(await this.#index(this.#snapshot.catalogs, patience))
    }

    async #source(
        ids: readonly Bytes[],
        hinted: (hint: CatalogHint) => boolean,
        patience: Patience,
    ): Promise<ChunkSource> {
        const likely = this.#snapshot.catalogs.filter(hinted)
        for (let count = openedAtOnce; count < likely.length + openedAtOnce; count += openedAtOnce) {
            const index = await this.#index(likely.slice(0, count), patience)
            if (ids.every((id) => index.has(id))) return this.#from(index)
        }
        return await this.ofAll(patience)
    }

    async #index(hints: readonly CatalogHint[], patience: Patience): Promise<ChunkIndex> {
        const ids = hints.map(({ id }) => id)
        const name = ids.join()
        const index = this.#indexes.get(name) ?? indexOf(await this.#catalogs.catalogs(ids, patience))
        this.#indexes.set(name, index)
        return index
    }

    #from(index: ChunkIndex): ChunkSource {
        return { keys: this.#catalogs.keys, store: this.#store, index }
    }
}
