import { expect, test } from "vitest"
import {
    MemoryCatalogs,
    MemoryDeviceKeys,
    MemoryHeads,
    MemoryJournal,
    MemoryScratch,
} from "../../src/adapters/memory-device.ts"
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

test("a scratch file holds what was written, in order", async () => {
    const file = await new MemoryScratch().create("name")
    await file.write(new Uint8Array([1, 2]))
    await file.write(new Uint8Array([3]))
    const finished = await file.finish("application/zip")
    expect(finished.name).toBe("name")
    expect(finished.type).toBe("application/zip")
    expect(new Uint8Array(await finished.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]))
})
