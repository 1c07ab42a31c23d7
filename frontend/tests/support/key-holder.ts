/** Somebody who got hold of a root key, and of everything that lies on the server: what can they open? */

import { toHex } from "../../src/bytes/hex.ts"
import { deriveLibraryKeys } from "../../src/crypto/derive.ts"
import type { LibraryKeys } from "../../src/crypto/keys.ts"
import type { Announcement, KeyringRecord, Ports } from "../../src/engine/ports.ts"
import { openWithCode } from "../../src/engine/unlock.ts"
import { catalogPlace, snapshotPlace } from "../../src/format/associated.ts"
import { readCatalog } from "../../src/format/catalog.ts"
import { openFrame } from "../../src/format/frame.ts"
import { openHead } from "../../src/format/head.ts"
import { openObject } from "../../src/format/object.ts"
import { interposed } from "./mishaps.ts"

const signal = new AbortController().signal

/** Notes every object that is announced. */
export function notingObjects(ports: Ports): { readonly ports: Ports; readonly announced: Map<string, Announcement> } {
    const announced = new Map<string, Announcement>()
    const store = interposed(ports.store, async (name, call, args) => {
        if (name === "begin") for (const facts of args[0] as readonly Announcement[]) announced.set(facts.id, facts)
        return await call()
    })
    return { ports: { ...ports, store }, announced }
}

export async function keysBehind(keyring: KeyringRecord, code: string): Promise<LibraryKeys> {
    const opened = await openWithCode(keyring, code)
    if (opened.kind !== "opened") throw new Error("the code does not open the keyring")
    return await deriveLibraryKeys(opened.secret, keyring.library, keyring.epoch)
}

/** All that the server still has of these. */
async function stored({ store }: Ports, announced: Iterable<Announcement>) {
    const found = []
    for (const facts of announced) {
        const bytes = await store.get(facts.id, 0, facts.size, signal).catch(() => null)
        if (bytes !== null) found.push({ ...facts, bytes })
    }
    return found
}

/** What these keys open of everything that the server keeps: a line for each thing. `frames`: where they are known to lie. */
export async function openedBy(
    keys: LibraryKeys,
    ports: Ports,
    announced: ReadonlyMap<string, Announcement>,
    frames: Frames,
): Promise<readonly string[]> {
    const opened: string[] = []
    const tried = async (name: string, open: () => Promise<unknown>): Promise<void> => {
        await open().then(
            () => opened.push(name),
            () => undefined,
        )
    }
    for (const { id, kind, bytes } of await stored(ports, announced.values())) {
        await tried(`catalog ${id}`, () => openObject(keys.snapshot, catalogPlace(keys, id), bytes))
        await tried(`snapshot ${id}`, () => openObject(keys.snapshot, snapshotPlace(keys, id), bytes))
        if (kind !== "pack") continue
        for (const { pack, offset, entry } of frames) {
            const sealed = bytes.subarray(offset, offset + entry.sealedLength)
            if (pack === id) await tried(`frame ${toHex(entry.id)}`, () => openFrame(keys, entry, sealed))
        }
    }
    const newest = (await ports.server.head(signal))?.sequence ?? 0
    for (let sequence = 1; sequence <= newest; sequence++)
        await tried(`head ${sequence}`, async () => {
            await openHead(keys, sequence, (await ports.server.headAt(sequence, signal)).sealed)
        })
    return opened
}

export type Frames = readonly {
    readonly pack: string
    readonly offset: number
    readonly entry: Parameters<typeof openFrame>[1]
}[]

/** Every frame that a catalog names which these keys open. */
export async function framesKnownTo(
    keys: LibraryKeys,
    ports: Ports,
    announced: ReadonlyMap<string, Announcement>,
): Promise<Frames> {
    const frames = []
    for (const { id, bytes } of await stored(ports, announced.values())) {
        const body = await openObject(keys.snapshot, catalogPlace(keys, id), bytes).catch(() => null)
        if (body === null) continue
        for (const pack of readCatalog(body).packs) {
            let offset = 0
            for (const entry of pack.frames) {
                frames.push({ pack: pack.id, offset, entry })
                offset += entry.sealedLength
            }
        }
    }
    return frames
}
