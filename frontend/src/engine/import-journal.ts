/**
 * The journal of one import, sealed: what it is about, and which packs left.
 *
 *     import            JSON      the file and where it goes
 *     pack/<id>         u8 confirmed ‖ catalog body of this one pack
 *     snapshot/<id>     JSON      a snapshot that a commit was about to list
 *
 * A pack is written down before its first byte leaves: one that arrived, while the answer did not, is found again.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { concat } from "../bytes/bytes.ts"
import { fromUtf8, utf8 } from "../bytes/utf8.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { type CatalogPack, readCatalog, writeCatalog } from "../format/catalog.ts"
import { DamagedObjectError } from "../format/errors.ts"
import * as json from "../format/json.ts"
import { openObject, sealObject } from "../format/object.ts"
import type { Ports } from "./ports.ts"

/** What an import is about; enough to know its file again. */
export interface ImportFacts {
    readonly fileName: string
    readonly size: number
    /** Milliseconds, as the file says. */
    readonly modified: number
    readonly title: string
    readonly conversation: string
    /** What the person said about the order of day and month. */
    readonly dayFirst: boolean | null
    readonly begun: string
}

export interface JournaledPack {
    readonly pack: CatalogPack
    /** The store had confirmed it. */
    readonly confirmed: boolean
}

/** Objects that were announced for a commit, if it ever came to that. */
export interface JournaledSnapshot {
    readonly snapshot: string
    readonly catalogs: readonly string[]
}

export interface JournalContent {
    readonly facts: ImportFacts
    readonly packs: readonly JournaledPack[]
    readonly snapshots: readonly JournaledSnapshot[]
}

const readFacts: json.Read<ImportFacts> = json.shape({
    fileName: json.text,
    size: json.whole,
    modified: json.whole,
    title: json.text,
    conversation: json.id,
    dayFirst: json.orNull(json.flag),
    begun: json.time,
})

const readSnapshot: json.Read<JournaledSnapshot> = json.shape({ snapshot: json.id, catalogs: json.listOf(json.id) })

export class ImportJournal {
    readonly importId: string
    readonly #ports: Ports
    readonly #keys: LibraryKeys
    readonly #library: string

    constructor(ports: Ports, keys: LibraryKeys, library: string, importId: string) {
        this.#ports = ports
        this.#keys = keys
        this.#library = library
        this.importId = importId
    }

    /** Null: there is none, or none that this library's key opens. */
    async read(): Promise<JournalContent | null> {
        const lines = await this.#ports.journal.read(this.#library, this.importId)
        let facts: ImportFacts | null = null
        const packs: JournaledPack[] = []
        const snapshots: JournaledSnapshot[] = []
        for (const [line, sealed] of lines) {
            const body = await this.#open(line, sealed)
            if (body === null) continue
            if (line === "import") facts = readFacts(parse(body))
            else if (line.startsWith("pack/")) packs.push(readPack(body))
            else snapshots.push(readSnapshot(parse(body)))
        }
        return facts === null ? null : { facts, packs, snapshots }
    }

    async writeFacts(facts: ImportFacts): Promise<void> {
        await this.#write("import", utf8(JSON.stringify(facts)))
    }

    async writePack(pack: CatalogPack, confirmed: boolean): Promise<void> {
        await this.#write(
            `pack/${pack.id}`,
            concat(new Uint8Array([confirmed ? 1 : 0]), writeCatalog({ packs: [pack] })),
        )
    }

    async erasePack(id: string): Promise<void> {
        await this.#ports.journal.erase(this.#library, this.importId, `pack/${id}`)
    }

    async writeSnapshot(snapshot: JournaledSnapshot): Promise<void> {
        await this.#write(`snapshot/${snapshot.snapshot}`, utf8(JSON.stringify(snapshot)))
    }

    async eraseSnapshot(id: string): Promise<void> {
        await this.#ports.journal.erase(this.#library, this.importId, `snapshot/${id}`)
    }

    async drop(): Promise<void> {
        await this.#ports.journal.drop(this.#library, this.importId)
    }

    async #write(line: string, body: Bytes): Promise<void> {
        const sealed = await sealObject(this.#keys.journal, this.#place(line), body, this.#ports.random)
        await this.#ports.journal.write(this.#library, this.importId, line, sealed)
    }

    /** A line that does not open is as good as none: what it told is sent again. */
    async #open(line: string, sealed: Bytes): Promise<Bytes | null> {
        try {
            return await openObject(this.#keys.journal, this.#place(line), sealed)
        } catch (error) {
            if (error instanceof DamagedObjectError) return null
            throw error
        }
    }

    /** A line of one import cannot stand in for another, nor for one of another import. */
    #place(line: string): Bytes {
        return utf8(`${this.importId}/${line}`)
    }
}

function readPack(body: Bytes): JournaledPack {
    const [pack] = readCatalog(body.subarray(1)).packs
    if (pack === undefined) throw new DamagedObjectError("malformed")
    return { pack, confirmed: body[0] === 1 }
}

function parse(body: Bytes): unknown {
    return JSON.parse(fromUtf8(body))
}
