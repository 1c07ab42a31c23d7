/** The cast on this side: a server in memory, devices that survive a reload, and engines that come and go. */

import {
    MemoryCatalogs,
    MemoryDestinations,
    MemoryDeviceKeys,
    MemoryHeads,
    MemoryJournal,
} from "../../src/adapters/memory-device.ts"
import { noDatabases, noPostOffice, noSecond, noVault } from "../../src/adapters/memory-refusals.ts"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { systemRandom } from "../../src/crypto/random.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { EngineError, type EngineErrorCode } from "../../src/engine/errors.ts"
import { OwnHands } from "../../src/engine/open-slices.ts"
import type { Clock, Ports } from "../../src/engine/ports.ts"
import type { Engine, ImportChoices, ImportOutcome, ImportPreview, ImportProgress } from "../../src/engine/protocol.ts"
import { crewOfOne } from "../../src/engine/sealer.ts"

/** A clock on which waiting takes no time but is noted. */
export function quickClock(): Clock & { readonly waits: number[] } {
    let now = Date.UTC(2026, 10, 23, 18, 0, 0)
    const waits: number[] = []
    return {
        waits,
        now: () => {
            now += 7
            return now
        },
        sleep: async (milliseconds) => {
            waits.push(milliseconds)
            now += milliseconds
        },
    }
}

/** Everything a browser profile keeps when its pages are closed. */
export function makeDevice(): Pick<Ports, "journal" | "deviceKeys" | "heads" | "catalogs" | "destinations"> {
    return {
        journal: new MemoryJournal(),
        deviceKeys: new MemoryDeviceKeys(),
        heads: new MemoryHeads(),
        catalogs: new MemoryCatalogs(),
        destinations: new MemoryDestinations(),
    }
}

export type Device = ReturnType<typeof makeDevice>

export interface Desk {
    readonly server: MemoryServer
    readonly device: Device
    readonly clock: ReturnType<typeof quickClock>
    readonly ports: Ports
}

export function makeDesk(server = new MemoryServer(), device = makeDevice(), change: Partial<Ports> = {}): Desk {
    const clock = quickClock()
    const ports: Ports = {
        openers: { start: (keys) => new OwnHands(ports.store, clock).start(keys) },
        server,
        store: server,
        vault: noVault,
        post: noPostOffice,
        second: noSecond,
        databases: noDatabases,
        clock,
        random: systemRandom,
        crew: crewOfOne(systemRandom),
        ...device,
        ...change,
    }
    return { server, device, clock, ports }
}

export interface AliceAtHome extends Desk {
    readonly engine: Engine
    readonly code: string
}

/** Alice has made her library on this device and stays unlocked. */
export async function aliceAtHome(
    server = new MemoryServer(),
    change: Partial<Ports> = {},
    proven = true,
): Promise<AliceAtHome> {
    const desk = makeDesk(server, makeDevice(), change)
    const engine = createEngine(desk.ports)
    const { code } = await engine.prepareLibrary()
    await engine.createLibrary({ proven, stay: true })
    return { ...desk, engine, code }
}

/** The same device after a reload: another engine over what it kept. */
export function reloaded(desk: Desk, change: Partial<Ports> = {}): Engine {
    return createEngine({ ...desk.ports, clock: quickClock(), ...change })
}

export async function addExport(
    engine: Engine,
    file: File,
    choices: Partial<ImportChoices> = {},
    onProgress: (progress: ImportProgress) => void = () => undefined,
): Promise<ImportOutcome> {
    const preview = await engine.inspect(file)
    return await engine.startImport(choicesFor(preview, choices), onProgress)
}

export function choicesFor(preview: ImportPreview, choices: Partial<ImportChoices> = {}): ImportChoices {
    return {
        previewId: preview.id,
        conversation: preview.same.find(({ why }) => why === "title")?.id ?? null,
        title: preview.title,
        dayFirst: null,
        self: null,
        ...choices,
    }
}

/** The export as it was given, as a download. What is refused is thrown. */
export async function saveOriginal(engine: Engine, importId: string): Promise<File> {
    const request = { what: { kind: "import", importId }, form: "zip", repeats: "everywhere" } as const
    const outcome = await engine.restore(request, null, () => undefined)
    if (outcome.kind !== "done")
        throw new EngineError(outcome.kind === "failed" ? (outcome.code as EngineErrorCode) : "stopped")
    const [refused] = outcome.refused
    if (refused !== undefined) throw new EngineError(refused.code as EngineErrorCode)
    if (outcome.file === null) throw new Error("no file")
    return outcome.file
}
