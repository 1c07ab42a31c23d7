import { MemoryCatalogs, MemoryDeviceKeys, MemoryHeads, MemoryJournal } from "../../src/adapters/memory-device.ts"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import {
    catalogCachePromises,
    deviceKeyPromises,
    headMemoryPromises,
    journalPromises,
    serverPromises,
} from "../support/port-promises.ts"

journalPromises(async () => new MemoryJournal())
deviceKeyPromises(async () => new MemoryDeviceKeys())
headMemoryPromises(async () => new MemoryHeads())
catalogCachePromises(async () => new MemoryCatalogs())
serverPromises(async () => {
    const server = new MemoryServer(1_000_000)
    return { store: server, server }
})
