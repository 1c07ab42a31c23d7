import "fake-indexeddb/auto"
import { openDB } from "idb"
import { expect, test, vi } from "vitest"
import {
    Handover,
    IndexedDbCatalogs,
    IndexedDbDeviceKeys,
    IndexedDbHeads,
    IndexedDbJournal,
    openDeviceDatabase,
} from "../../src/adapters/indexed-db.ts"
import { passkeySource } from "../../src/keyring/passkey.ts"
import { handClock } from "../support/hand-clock.ts"
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

const touch = async () => ({ credential: "Y3JlZGVudGlhbA", key: await passkeySource(new Uint8Array(32).fill(7)) })

test("a touch is handed over once, as a key that cannot be read", async () => {
    const handover = new Handover(await fresh(), handClock())
    expect(await handover.take()).toBeNull()
    await handover.put(await touch())
    const taken = await handover.take()
    expect(taken).toMatchObject({ credential: "Y3JlZGVudGlhbA", key: { type: "secret", extractable: false } })
    expect(await handover.take()).toBeNull()
})

test("of two pages that take it at once, one gets it", async () => {
    const handover = new Handover(await fresh(), handClock())
    await handover.put(await touch())
    const taken = await Promise.all([handover.take(), handover.take()])
    expect(taken.filter((one) => one !== null)).toHaveLength(1)
})

test("a touch that is older than a minute is thrown away, and so is one from the future", async () => {
    const clock = handClock()
    const handover = new Handover(await fresh(), clock)
    await handover.put(await touch())
    clock.pass(60_001)
    expect(await handover.take()).toBeNull()
    await handover.put(await touch())
    clock.pass(-5)
    expect(await handover.take()).toBeNull()
    clock.pass(5)
    expect(await handover.take()).toBeNull()
})

test("a database from before the handover keeps what it had", async () => {
    const name = `device-${databases++}`
    const old = await openDB(name, 1, {
        upgrade: (database) => {
            for (const store of ["journal", "handles", "devices", "heads", "catalogs"])
                database.createObjectStore(store)
        },
    })
    await old.put("heads", { library: "library", sequence: 7, sha256: "hash" }, "alice")
    old.close()
    const database = await openDeviceDatabase(name)
    expect(await new IndexedDbHeads(database).read("alice")).toMatchObject({ sequence: 7 })
    expect(await new Handover(database, handClock()).take()).toBeNull()
})
