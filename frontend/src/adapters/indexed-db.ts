/**
 * What this device keeps in IndexedDB: journal, device keys, newest heads, cached catalogs.
 *
 *     journal    [library, import, line] → sealed bytes
 *     handles    [library, import]       → handle of a file or folder
 *     devices    library                 → slot, with a key that cannot be exported
 *     heads      library or account      → newest head seen
 *     catalogs   object id               → sealed bytes, as they came
 *     handover   "touch"                 → a passkey's touch on its way from the sign-in page to the library's, for a minute
 *
 * Nothing here is readable without the root key, but for ids, sequences and sizes. The keys among it cannot be exported.
 */

import { type DBSchema, type IDBPDatabase, openDB } from "idb"
import type { Bytes } from "../bytes/bytes.ts"
import { EngineError } from "../engine/errors.ts"
import type {
    CatalogCache,
    Clock,
    DeviceKeys,
    DeviceSlot,
    HeadMemory,
    Journal,
    RememberedHead,
} from "../engine/ports.ts"
import type { PasskeyTouch } from "../engine/protocol.ts"

interface Schema extends DBSchema {
    journal: { key: [string, string, string]; value: Bytes }
    handles: { key: [string, string]; value: FileSystemHandle }
    devices: { key: string; value: DeviceSlot }
    heads: { key: string; value: RememberedHead }
    catalogs: { key: string; value: Bytes }
    handover: { key: "touch"; value: PasskeyTouch & { readonly at: number } }
}

const handoverLife = 60_000

export type DeviceDatabase = IDBPDatabase<Schema>

export async function openDeviceDatabase(name = "backupweb"): Promise<DeviceDatabase> {
    return await openDB<Schema>(name, 2, {
        upgrade(database, before) {
            if (before < 1)
                for (const store of ["journal", "handles", "devices", "heads", "catalogs"] as const)
                    database.createObjectStore(store)
            if (before < 2) database.createObjectStore("handover")
        },
        // Another tab wants a newer shape: let it have it, this one opens anew when it is reloaded.
        blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(),
    })
}

export class IndexedDbJournal implements Journal {
    readonly #database: DeviceDatabase

    constructor(database: DeviceDatabase) {
        this.#database = database
    }

    async write(library: string, importId: string, line: string, sealed: Bytes): Promise<void> {
        // Strict: a line that was told to be written must not be lost with the power.
        await durable(async () => {
            const transaction = this.#database.transaction("journal", "readwrite", { durability: "strict" })
            await transaction.store.put(sealed.slice(), [library, importId, line])
            await transaction.done
        })
    }

    async read(library: string, importId: string): Promise<ReadonlyMap<string, Bytes>> {
        const range = linesOf(library, importId)
        const transaction = this.#database.transaction("journal")
        const [keys, values] = await Promise.all([transaction.store.getAllKeys(range), transaction.store.getAll(range)])
        return new Map(keys.flatMap(([, , line], index) => pair(line, values[index])))
    }

    async imports(library: string): Promise<readonly string[]> {
        const keys = await this.#database.getAllKeys("journal", IDBKeyRange.bound([library], [library, []]))
        return [...new Set(keys.map(([, importId]) => importId))]
    }

    async erase(library: string, importId: string, line: string): Promise<void> {
        await this.#database.delete("journal", [library, importId, line])
    }

    async drop(library: string, importId: string): Promise<void> {
        const transaction = this.#database.transaction(["journal", "handles"], "readwrite")
        await Promise.all([
            transaction.objectStore("journal").delete(linesOf(library, importId)),
            transaction.objectStore("handles").delete([library, importId]),
            transaction.done,
        ])
    }

    async keepHandle(library: string, importId: string, handle: FileSystemHandle): Promise<void> {
        await durable(async () => void (await this.#database.put("handles", handle, [library, importId])))
    }

    async handle(library: string, importId: string): Promise<FileSystemHandle | null> {
        return (await this.#database.get("handles", [library, importId])) ?? null
    }

    /** By a web lock: it ends with the tab, however the tab ends. */
    async claim(importId: string): Promise<(() => void) | null> {
        return await new Promise((resolve, reject) => {
            const held = (lock: Lock | null): Promise<void> | undefined => {
                if (lock === null) {
                    resolve(null)
                    return undefined
                }
                return new Promise((release) => resolve(release))
            }
            navigator.locks.request(`backupweb-import-${importId}`, { ifAvailable: true }, held).catch(reject)
        })
    }
}

export class IndexedDbDeviceKeys implements DeviceKeys {
    readonly #database: DeviceDatabase

    constructor(database: DeviceDatabase) {
        this.#database = database
    }

    async read(library: string): Promise<DeviceSlot | null> {
        return (await this.#database.get("devices", library)) ?? null
    }

    async write(library: string, slot: DeviceSlot): Promise<void> {
        await durable(async () => void (await this.#database.put("devices", slot, library)))
    }

    async remove(library: string): Promise<void> {
        await this.#database.delete("devices", library)
    }
}

export class IndexedDbHeads implements HeadMemory {
    readonly #database: DeviceDatabase

    constructor(database: DeviceDatabase) {
        this.#database = database
    }

    async read(name: string): Promise<RememberedHead | null> {
        return (await this.#database.get("heads", name)) ?? null
    }

    async write(name: string, head: RememberedHead): Promise<void> {
        // Read and written in one transaction: two tabs must not set the memory back between them.
        await durable(async () => {
            const transaction = this.#database.transaction("heads", "readwrite", { durability: "strict" })
            const kept = await transaction.store.get(name)
            if (kept?.library !== head.library || kept.sequence <= head.sequence)
                await transaction.store.put(head, name)
            await transaction.done
        })
    }
}

export class IndexedDbCatalogs implements CatalogCache {
    readonly #database: DeviceDatabase

    constructor(database: DeviceDatabase) {
        this.#database = database
    }

    async read(id: string): Promise<Bytes | null> {
        return (await this.#database.get("catalogs", id)) ?? null
    }

    /** A cache that is full is no failure. */
    async write(id: string, sealed: Bytes): Promise<void> {
        await this.#database.put("catalogs", sealed.slice(), id).catch(() => undefined)
    }

    async remove(id: string): Promise<void> {
        await this.#database.delete("catalogs", id)
    }
}

/** A touch that signed in is handed to the page that unlocks: once, and only while the person still remembers it. */
export class Handover {
    readonly #database: DeviceDatabase
    readonly #clock: Pick<Clock, "now">

    constructor(database: DeviceDatabase, clock: Pick<Clock, "now">) {
        this.#database = database
        this.#clock = clock
    }

    async put({ credential, key }: PasskeyTouch): Promise<void> {
        await this.#database.put("handover", { credential, key, at: this.#clock.now() }, "touch")
    }

    /** Null: there is none, or it is too old. Either way there is none afterwards. */
    async take(): Promise<PasskeyTouch | null> {
        // Read and erased in one transaction: of two tabs, one gets it.
        const transaction = this.#database.transaction("handover", "readwrite")
        const held = await transaction.store.get("touch")
        await transaction.store.delete("touch")
        await transaction.done
        if (held === undefined) return null
        const { credential, key, at } = held
        const age = this.#clock.now() - at
        return age >= 0 && age <= handoverLife ? { credential, key } : null
    }
}

function linesOf(library: string, importId: string): IDBKeyRange {
    return IDBKeyRange.bound([library, importId], [library, importId, []])
}

function pair(line: string, value: Bytes | undefined): [string, Bytes][] {
    return value === undefined ? [] : [[line, value]]
}

async function durable(work: () => Promise<void>): Promise<void> {
    try {
        await work()
    } catch (cause) {
        const full = cause instanceof DOMException && cause.name === "QuotaExceededError"
        throw full ? new EngineError("storage-full", { cause }) : cause
    }
}
