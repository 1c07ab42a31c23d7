/**
 * What voice notes say, sealed in the head's settings (docs/format.md §7). A note is known by its size and checksum, so that
 * its text is there whichever export it comes from, and after the key was changed.
 */

import type { SnapshotFile } from "../format/file-list.ts"
import { EngineError } from "./errors.ts"
import type { Library } from "./library.ts"
import type { Patience } from "./retry.ts"
import type { Transcript } from "./transcriber.ts"

const setting = "said"
/** Characters of one note: an hour of speech. */
const longestText = 60_000
/** The head is read by every device at every unlock: so many characters of all notes together. */
const mostText = 4_000_000

export function voiceKey({ size, entry }: SnapshotFile): string | null {
    return entry === null || size === 0 ? null : `${size}-${entry.crc32.toString(16).padStart(8, "0")}`
}

/** By the keys of their files. */
export function transcriptsOf(library: Library, conversation: string): ReadonlyMap<string, Transcript> {
    const found = new Map<string, Transcript>()
    for (const [name, value] of Object.entries(library.opened.head.settings)) {
        const [first, key, owner] = name.split("/")
        if (first !== setting || owner !== conversation || key === undefined) continue
        const said = read(key, value)
        if (said !== null) found.set(key, said)
    }
    return found
}

export async function keepTranscript(
    library: Library,
    conversation: string,
    { file: key, text, language, model, made }: Transcript,
    patience: Patience,
): Promise<void> {
    if (!/^\d+-[0-9a-f]{8}$/.test(key)) throw new EngineError("unknown-file")
    const kept = JSON.stringify({ text: text.slice(0, longestText), language, model, made })
    await library.commit(patience, async (opened) => {
        const { conversations = [], settings = {} } = opened?.head ?? {}
        if (!conversations.some(({ id }) => id === conversation)) throw new EngineError("unknown-conversation")
        const all = Object.entries(settings).filter(([name]) => name.startsWith(`${setting}/`))
        if (all.reduce((sum, [, value]) => sum + value.length, kept.length) > mostText)
            throw new EngineError("too-many-transcripts")
        const changed = { ...settings, [`${setting}/${key}/${conversation}`]: kept }
        return { head: { settings: changed }, add: [], remove: [] }
    })
}

/** What is not understood is no text, and stays as it is. */
function read(key: string, value: string): Transcript | null {
    try {
        const { text, language, model, made } = JSON.parse(value) as Record<string, unknown>
        if (typeof text !== "string" || typeof model !== "string" || typeof made !== "string") return null
        return { file: key, text, language: typeof language === "string" ? language : null, model, made }
    } catch {
        return null
    }
}
