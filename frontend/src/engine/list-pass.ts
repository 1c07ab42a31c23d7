/** Seals the file list of an import: a pass of its own over one text that was made here. */

import type { Bytes } from "../bytes/bytes.ts"
import type { Random } from "../crypto/random.ts"
import { type SnapshotFile, writeFileList } from "../format/file-list.ts"
import { describePack, joinRests, type Rest } from "../format/pack.ts"
import type { FileListRef } from "../format/snapshot.ts"
import { type PassOptions, type PassResult, passOver } from "./pass.ts"
import type { EntryContent } from "./zip.ts"

/** Whoever calls it knows the files already: nothing is told of what was found. */
export type ListPassOptions = Pick<PassOptions, "crew" | "keys" | "random" | "signal" | "isKnown" | "takePack">

interface PassedList extends Pick<PassResult, "rests"> {
    readonly list: FileListRef
}

export async function passOverList(options: ListPassOptions, files: readonly SnapshotFile[]): Promise<PassedList> {
    const text = writeFileList(files)
    const file = { index: 0, name: "", size: text.length, folder: false, entry: null }
    async function* read() {
        yield { file, content: contentOf(text) }
    }
    const passed = await passOver({
        ...options,
        source: { files: [file], size: text.length, portable: null, read },
        onFound: () => undefined,
    })
    const chunks = passed.files[0]?.chunks ?? new Uint8Array(0)
    return { list: { count: files.length, size: text.length, chunks }, rests: passed.rests }
}

async function* contentOf(text: Bytes): EntryContent {
    if (text.length > 0) yield text
    return null
}

/** The last packs of an import: what filled no pack of any pass. */
export async function takeRests(
    rests: readonly Rest[],
    random: Random,
    takePack: PassOptions["takePack"],
): Promise<void> {
    for (const pack of joinRests(rests, random)) await takePack(await describePack(pack), pack.bytes, () => undefined)
}
