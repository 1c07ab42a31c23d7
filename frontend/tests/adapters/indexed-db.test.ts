import "fake-indexeddb/auto"
import { vi } from "vitest"
import {
    IndexedDbCatalogs,
    IndexedDbDeviceKeys,
    IndexedDbHeads,
    IndexedDbJournal,
    openDeviceDatabase,
} from "../../src/adapters/indexed-db.ts"
import { makeLocks } from "../support/locks.ts"
import {
    catalogCachePromises,
    deviceKeyPromises,
    headMemoryPromises,
    journalPromises,
} from "../support/port-promises.ts"

let databases = 0
const fresh = () => openDeviceDatabase(`device-${databases++}`)

journalPromises(async () => {
    vi.stubGlobal("navigator", { locks: makeLocks() })
    return new IndexedDbJournal(await fresh())
})
deviceKeyPromises(async () => new IndexedDbDeviceKeys(await fresh()))
headMemoryPromises(async () => new IndexedDbHeads(await fresh()))
catalogCachePromises(async () => new IndexedDbCatalogs(await fresh()))
