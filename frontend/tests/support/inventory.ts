/** What a device that has never been here finds in a library, and whether the server keeps anything beside it. */

import { createEngine } from "../../src/engine/engine.ts"
import { each, neededBy, sizeOf } from "../../src/engine/needed.ts"
import type { Patience } from "../../src/engine/retry.ts"
import { unlockSession } from "../../src/engine/session.ts"
import type { CatalogPack } from "../../src/format/catalog.ts"
import { headHash, noParent, openHead } from "../../src/format/head.ts"
import { zipContents } from "./exports.ts"
import { type AliceAtHome, makeDesk, saveOriginal } from "./people.ts"

/** The name of the file of an import that is listed, and all that comes back of it. */
export interface ListedFile {
    readonly name: string
    readonly content: string
}

/** Opens everything that is listed, byte for byte. */
export async function takeInventory({
    server,
    code,
}: Pick<AliceAtHome, "server" | "code">): Promise<readonly ListedFile[]> {
    const engine = createEngine(makeDesk(server).ports)
    if ((await engine.unlock(code, { stay: false })).kind !== "opened") throw new Error("the code does not open")
    const files = []
    for (const { importId, fileName } of (await engine.chats()).flatMap(({ imports }) => imports)) {
        const saved = await saveOriginal(engine, importId)
        files.push({ name: fileName, content: await fingerprint(saved) })
    }
    return files
}

/** All that must come back of an export, as text that can be compared. */
export async function fingerprint(file: Blob): Promise<string> {
    return JSON.stringify(await zipContents(file))
}

async function openLibrary({ server, code }: Pick<AliceAtHome, "server" | "code">) {
    const { ports, clock } = makeDesk(server)
    const { signal } = new AbortController()
    const patience: Patience = { clock, signal, tries: 1, onNetwork: () => undefined }
    const keyring = await server.keyring(signal)
    if (keyring === null) throw new Error("there is no library")
    const { id: account } = await server.account(signal)
    const opened = await unlockSession(ports, { account, keyring }, code, false, patience)
    if (opened === null) throw new Error("the code does not open")
    return { library: opened.library, patience }
}

/** Every pack that a catalog names, with the frames that only the key shows. */
export async function packsOf(alice: Pick<AliceAtHome, "server" | "code">): Promise<readonly CatalogPack[]> {
    const { library, patience } = await openLibrary(alice)
    const listed = library.opened.head.catalogs.map(({ id }) => id)
    return (await library.catalogs(listed, patience)).flatMap(({ packs }) => packs)
}

/** All that the listed imports need. On the way the heads are followed from the first to the newest. */
async function bytesNeeded(alice: Pick<AliceAtHome, "server" | "code">): Promise<number> {
    const { library, patience } = await openLibrary(alice)
    const { head } = library.opened
    const needed = []
    for (const { id } of head.snapshots) needed.push(await neededBy(library, id, patience))
    let parent = noParent
    for (let sequence = 1; sequence <= head.sequence; sequence++) {
        const { sealed } = await alice.server.headAt(sequence, patience.signal)
        if ((await openHead(library.keys, sequence, sealed)).head.parent !== parent)
            throw new Error(`head ${sequence} does not follow the one before`)
        parent = await headHash(sealed)
    }
    return sizeOf(each(needed))
}

/** After its time of grace the server keeps what the listed imports need, and nothing else: bytes beside it. */
export async function leftOver(alice: Pick<AliceAtHome, "server" | "code">): Promise<number> {
    alice.server.collect()
    const { quota } = await alice.server.account(new AbortController().signal)
    return quota.used + quota.reserved - (await bytesNeeded(alice))
}
