/** A copy that was opened with a key: a library like any other, read from a file and remembered nowhere. */

import type { RootSecret } from "../../crypto/root-secret.ts"
import { DamagedObjectError } from "../../format/errors.ts"
import { Library } from "../library.ts"
import { OwnHands } from "../open-slices.ts"
import type { CatalogCache, HeadMemory, Ports } from "../ports.ts"
import type { Patience } from "../retry.ts"
import { keysOf, openWithCode } from "../unlock.ts"
import type { CopyFile } from "./copy-file.ts"

export interface OpenedCopy {
    readonly file: CopyFile
    readonly library: Library
    /** Those of this browser, but for what is read: that comes from the file. */
    readonly ports: Ports
    /** To be wiped when the copy is closed, unless it was this library's own. */
    readonly secret: RootSecret
}

/** Null: another code was typed. */
export async function openCopyWithCode(
    around: Ports,
    file: CopyFile,
    code: string,
    patience: Patience,
): Promise<OpenedCopy | null> {
    const outcome = await openWithCode(file.facts.keyring, code)
    return outcome.kind === "wrong-code" ? null : await openCopy(around, file, outcome.secret, patience)
}

/** The newest head of a copy is the one that lies in it: an old copy is no rollback, so no memory is asked. */
export async function openCopy(
    around: Ports,
    file: CopyFile,
    secret: RootSecret,
    patience: Patience,
): Promise<OpenedCopy> {
    const ports = copyPorts(around, file)
    const library = new Library(await keysOf(secret, file.facts.keyring), "copy", ports)
    if ((await library.refresh(patience)) === null) throw new DamagedObjectError("missing")
    return { file, library, ports, secret }
}

function copyPorts(around: Ports, file: CopyFile): Ports {
    const openers = new OwnHands(file, around.clock)
    return { ...around, store: file, server: file, heads: noHeads, catalogs: noCatalogs, openers }
}

const noHeads: HeadMemory = { read: async () => null, write: async () => undefined }

const noCatalogs: CatalogCache = {
    read: async () => null,
    write: async () => undefined,
    remove: async () => undefined,
}
