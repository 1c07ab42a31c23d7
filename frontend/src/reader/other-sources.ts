/**
 * The other messengers' exports: Telegram Desktop, Signal, and the downloads of Messenger and Instagram.
 *
 * All of them are JSON and may hold many chats. What they are is told by what stands in them, because names are changed by
 * downloads and by people.
 */
import type { PartOfExport } from "./conversation.ts"
import { readMeta } from "./meta/read.ts"
import { distinctParts } from "./parts/chat.ts"
import { candidates } from "./parts/files.ts"
import { sourceOf } from "./parts/glimpse.ts"
import { readSignal } from "./signal/read.ts"
import { readTelegram } from "./telegram/read.ts"

export type OtherSource = "telegram" | "signal" | "meta"

/** So many files whose names say nothing are looked into, those nearest to the root first. */
const mostGuesses = 100
/** So many files named like parts of threads are looked into, before all of that name are believed. */
const mostSamples = 3

/** How the apps name their texts: these are looked into first. */
const isOwnName = (name: string): boolean => /(?:^|\/)(?:result|main)[^/]{0,12}\.jsonl?$/i.test(name)
const isThreadFile = (name: string): boolean => /(?:^|\/)message_\d{1,5}\.json$/i.test(name)
const depth = (name: string): number => (isOwnName(name) ? 0 : name.split("/").length)
const folder = (name: string): string => name.slice(0, name.lastIndexOf("/") + 1)

/** Which texts have to be read for it: indices into fileNames. Decided by content: `sample` gives the first 64 KiB of a file's text. Null: none of them. */
export async function recogniseOther(
    fileNames: readonly string[],
    sample: (file: number) => Promise<string>,
): Promise<{ readonly reader: OtherSource; readonly texts: readonly number[] } | null> {
    const found: Record<OtherSource, number[]> = { telegram: [], signal: [], meta: [] }
    const name = (file: number): string => fileNames[file] ?? ""
    const all = candidates(fileNames, /\.jsonl?$/i)
    const threads = all.filter((file) => isThreadFile(name(file)))
    const others = all.filter((file) => !isThreadFile(name(file)))
    others.sort((one, other) => depth(name(one)) - depth(name(other)))
    const look = async (file: number): Promise<OtherSource | null> => {
        const source = sourceOf(await sample(file))
        if (source !== null) found[source].push(file)
        return source
    }
    for (const file of others.slice(0, mostGuesses)) await look(file)
    // End-to-end encrypted chats lie side by side, each under its own name.
    const folders = new Set(found.meta.map((file) => folder(name(file))))
    found.meta.push(...others.slice(mostGuesses).filter((file) => folders.has(folder(name(file)))))
    let believed = false
    for (const file of threads.slice(0, mostSamples)) believed = (await look(file)) === "meta" || believed
    if (believed) found.meta.push(...threads.slice(mostSamples))
    for (const reader of ["telegram", "signal", "meta"] as const) {
        const texts = found[reader].sort((one, other) => one - other)
        if (texts.length > 0) return { reader, texts }
    }
    return null
}

/**
 * `texts`: file index → its decoded text. Chats without a record are left out. Order: as in the export.
 *
 * `zone`, as IANA names it, is whose clock on the wall is shown for Signal, Messenger and Instagram, which write moments;
 * without it, this device's. Telegram writes the wall clock of the computer that exported, and keeps it.
 */
export function readOther(
    reader: OtherSource,
    fileNames: readonly string[],
    texts: ReadonlyMap<number, string>,
    zone?: string,
): readonly PartOfExport[] {
    return distinctParts(readers[reader](fileNames, texts, zone))
}

const readers = { telegram: readTelegram, signal: readSignal, meta: readMeta } as const
