/** The engine's worker: ports of this browser, or of memory alone, joined to the engine and exposed to the page. */

import { expose } from "comlink"
import { Api } from "../adapters/api.ts"
import { systemClock } from "../adapters/clock.ts"
import { WorkerDatabases } from "../adapters/databases.ts"
import { BrowserDestinations } from "../adapters/destinations.ts"
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
    MemoryDestinations,
    MemoryDeviceKeys,
    MemoryHeads,
    MemoryJournal,
} from "../adapters/memory-device.ts"
import { noPostOffice, noVault } from "../adapters/memory-refusals.ts"
import { MemoryServer } from "../adapters/memory-store.ts"
import { ServerObjectStore } from "../adapters/object-store.ts"
import { WorkerOpeners } from "../adapters/openers.ts"
import { ServerPostOffice } from "../adapters/post-office.ts"
import { WorkerReader } from "../adapters/second-reader.ts"
import { ServerVault } from "../adapters/vault-server.ts"
import { WorkerCrew } from "../adapters/worker-crew.ts"
import { systemRandom } from "../crypto/random.ts"
import { doorOf } from "../engine/client.ts"
import type { Crew } from "../engine/crew.ts"
import { createEngine } from "../engine/engine.ts"
import { OwnHands } from "../engine/open-slices.ts"
import type { LibraryServer, ObjectStore, Openers, Ports } from "../engine/ports.ts"
import { crewOfOne } from "../engine/sealer.ts"
import { allowOwnWorkers } from "./trusted-types.ts"

const socketAt = (path: string) => () => new WebSocket(`${location.origin.replace(/^http/, "ws")}${path}`)

allowOwnWorkers()

/** Where workers cannot start workers, the engine's own does it all. */
function crew(): Crew {
    if (typeof Worker === "undefined") return crewOfOne(systemRandom)
    const start = () => new Worker(new URL("./sealing.worker.ts", import.meta.url), { type: "module", name: "sealing" })
    return new WorkerCrew(start, navigator.hardwareConcurrency)
}

/** As for the crew. */
function openers(csrfToken: () => Promise<string>, store: ObjectStore): Openers {
    if (typeof Worker === "undefined") return new OwnHands(store, systemClock)
    const start = () => new Worker(new URL("./opening.worker.ts", import.meta.url), { type: "module", name: "opening" })
    return new WorkerOpeners(start, csrfToken, navigator.hardwareConcurrency)
}

const second = new WorkerReader(
    () => new Worker(new URL("./opinion.worker.ts", import.meta.url), { type: "module", name: "second opinion" }),
    systemClock,
)

const databases = new WorkerDatabases(
    {
        sqlite: () =>
            new Worker(new URL("./database.worker.ts", import.meta.url), { type: "module", name: "database" }),
        python: () =>
            new Worker(new URL("./deep-import.worker.ts", import.meta.url), { type: "module", name: "deep import" }),
    },
    systemClock,
)

async function serverPorts(csrfToken: () => Promise<string>): Promise<Ports> {
    const api = new Api({ fetch: (url, init) => fetch(url, init), csrfToken })
    const database = await openDeviceDatabase()
    const watch: LibraryServer["watch"] = (listener) => watchServer({ connect: socketAt("/ws/events"), ask }, listener)
    const ask = async () => (await server.head(AbortSignal.timeout(30_000)))?.sequence ?? null
    const server = new ServerLibrary(api, watch)
    const store = new ServerObjectStore(api, location.origin, systemClock)
    return {
        server,
        store,
        vault: new ServerVault(api, socketAt("/ws/vault")),
        post: new ServerPostOffice({ api, clock: systemClock, connect: (path) => socketAt(path)() }),
        journal: new IndexedDbJournal(database),
        deviceKeys: new IndexedDbDeviceKeys(database),
        heads: new IndexedDbHeads(database),
        catalogs: new IndexedDbCatalogs(database),
        destinations: new BrowserDestinations(),
        openers: openers(csrfToken, store),
        crew: crew(),
        second,
        databases,
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
        destinations: new MemoryDestinations(),
        openers: new OwnHands(server, systemClock),
        crew: crew(),
        second,
        databases,
        clock: systemClock,
        random: systemRandom,
    }
}

expose(
    doorOf(async ({ store, csrfToken }) =>
        createEngine(store === "memory" ? memoryPorts() : await serverPorts(csrfToken)),
    ),
)
