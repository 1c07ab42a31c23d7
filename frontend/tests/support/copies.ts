/** Encrypted copies for tests: saving one, what lies in it, and making others out of its parts. */

import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import type { CopyOptions, CopyOutcome, Engine } from "../../src/engine/protocol.ts"
import { unpack } from "../../src/engine/zip.ts"
import { readDirectory } from "../../src/engine/zip-directory.ts"
import { type MadeEntry, makeZip } from "./zips.ts"

export const site = "https://alice.example"

export const options: CopyOptions = { handle: null, fileName: "Backupweb.zip", site, readme: "What this is.\r\n" }

export async function savedCopy(engine: Engine): Promise<File> {
    const saved = await engine.saveCopy(options, () => undefined)
    if (saved.kind !== "done" || saved.file === null) throw new Error(JSON.stringify(saved))
    return saved.file
}

export async function bringIn(engine: Engine, at = site): Promise<CopyOutcome> {
    return await engine.bringInCopy({ site: at, stay: false }, () => undefined)
}

/** Name → bytes, in the order of the file. */
export async function entriesOf(copy: Blob): Promise<Map<string, Bytes>> {
    const directory = await readDirectory(copy)
    if (directory === null) throw new Error("no zip")
    const found = new Map<string, Bytes>()
    for await (const { entry, content } of unpack(copy, directory)) {
        const pieces: Bytes[] = []
        for await (const piece of content) pieces.push(piece.slice())
        found.set(entry.name, concat(...pieces))
    }
    return found
}

export function copyOf(entries: Iterable<readonly [string, Bytes]>, change: Partial<MadeEntry> = {}): File {
    const made = [...entries].map(([name, content]): MadeEntry => ({ name, content, ...change }))
    return new File([makeZip(made)], "Backupweb.zip")
}
