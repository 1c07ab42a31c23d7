/** The engine's worker: ports of this browser, or of memory alone, joined to the engine and exposed to the page. */

import { expose } from "comlink"
import { Api } from "../adapters/api.ts"
import { systemClock } from "../adapters/clock.ts"
import { watchServer } from "../adapters/events.ts"
import {
    IndexedDbCatalogs,
    IndexedDbDeviceKeys,
    IndexedDbHeads,
    IndexedDbJournal,
    openDeviceDatabase,
} from "../adapters/indexed-db.ts"
import { ServerLibrary } from "../adapters/library-server.ts"
import {
    MemoryCatalogs,
    MemoryDeviceKeys,
    MemoryHeads,
    MemoryJournal,
    MemoryScratch,
} from "../adapters/memory-device.ts"
import { noPostOffice, noVault } from "../adapters/memory-refusals.ts"
import { MemoryServer } from "../adapters/memory-store.ts"
import { ServerObjectStore } from "../adapters/object-store.ts"
import { PrivateFolder } from "../adapters/opfs.ts"
import { ServerPostOffice } from "../adapters/post-office.ts"
import { ServerVault } from "../adapters/vault-server.ts"
import { systemRandom } from "../crypto/random.ts"
import { doorOf } from "../engine/client.ts"
import { createEngine } from "../engine/engine.ts"
import type { LibraryServer, Ports } from "../engine/ports.ts"

const socketAt = (path: string) => () => new WebSocket(`${location.origin.replace(/^http/, "ws")}${path}`)

async function serverPorts(csrfToken: () => Promise<string>): Promise<Ports> {
    const api = new Api({ fetch: (url, init) => fetch(url, init), csrfToken })
    const database = await openDeviceDatabase()
    const watch: LibraryServer["watch"] = (listener) => watchServer({ connect: socketAt("/ws/events"), ask }, listener)
    const ask = async () => (await server.head(AbortSignal.timeout(30_000)))?.sequence ?? null
    const server = new ServerLibrary(api, watch)
    return {
        server,
        store: new ServerObjectStore(api, location.origin, systemClock),
        vault: new ServerVault(api, socketAt("/ws/vault")),
        post: new ServerPostOffice({ api, clock: systemClock, connect: (path) => socketAt(path)() }),
        journal: new IndexedDbJournal(database),
        deviceKeys: new IndexedDbDeviceKeys(database),
        heads: new IndexedDbHeads(database),
        catalogs: new IndexedDbCatalogs(database),
        scratch: new PrivateFolder(),
        clock: systemClock,
        random: systemRandom,
    }
}

function memoryPorts(): Ports {
    const server = new MemoryServer()
    return {
        server,
        store: server,
        vault: noVault,
        post: noPostOffice,
        journal: new MemoryJournal(),
        deviceKeys: new MemoryDeviceKeys(),
        heads: new MemoryHeads(),
        catalogs: new MemoryCatalogs(),
        scratch: new MemoryScratch(),
        clock: systemClock,
        random: systemRandom,
    }
}

expose(
    doorOf(async ({ store, csrfToken }) =>
        createEngine(store === "memory" ? memoryPorts() : await serverPorts(csrfToken)),
    ),
)
