/** Opens chats and files of a library: fetched by range, verified chunk by chunk, read in this worker. */

import type { Bytes } from "../bytes/bytes.ts"
import { concat } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { idLength } from "../format/limits.ts"
import { chunkIds, type Snapshot, type SnapshotFile } from "../format/snapshot.ts"
import type { ChatRecord } from "../reader/conversation.ts"
import { findChatText, type ParsedChat } from "../reader/parse-whatsapp.ts"
import { type ChunkSource, readChunks } from "./chunks.ts"
import { codeOf, EngineError } from "./errors.ts"
import { readChat } from "./inspect.ts"
import { indexOf } from "./kept.ts"
import type { Library } from "./library.ts"
import { safeType } from "./media-type.ts"
import type { Ports } from "./ports.ts"
import type { ChatSummary, FileSummary, OpenChat, OpenedFile } from "./protocol.ts"
import type { Patience } from "./retry.ts"

/** The setting that says how the days of a chat were to be read; the snapshot's id follows behind a slash. */
export const dayFirstSetting = "day-first"

/** All chats, the one with the newest message first. */
export async function listChats(library: Library, patience: Patience): Promise<readonly ChatSummary[]> {
    const { conversations, snapshots: listed } = library.opened.head
    const snapshots = await library.snapshots(patience)
    const chats = conversations.map(({ id, name, self }): ChatSummary => {
        const imports = snapshots.filter((_, index) => listed[index]?.conversation === id).toSorted(newestFirst)
        const [newest] = imports
        return {
            conversation: id,
            name,
            self,
            reader: newest?.reader ?? "files",
            people: newest?.summary.people ?? [],
            messages: Math.max(0, ...imports.map(({ summary }) => summary.messages)),
            media: Math.max(0, ...imports.map(({ summary }) => summary.media)),
            first: earliest(imports.map(({ summary }) => summary.first)),
            last: latest(imports.map(({ summary }) => summary.last)),
            imports: imports.map(({ id: importId, added, source, summary }) => ({
                importId,
                added,
                fileName: source.name,
                size: source.size,
                messages: summary.messages,
                media: summary.media,
                first: summary.first,
                last: summary.last,
            })),
        }
    })
    return chats.toSorted((one, other) => compare(other.last ?? "", one.last ?? "") || compare(one.name, other.name))
}

/** A chat that is open: its records, and how to reach its files. */
export class OpenedChat {
    readonly summary: OpenChat
    readonly #records: readonly ChatRecord[]
    readonly #snapshot: Snapshot
    readonly #source: ChunkSource

    private constructor(summary: OpenChat, records: readonly ChatRecord[], snapshot: Snapshot, source: ChunkSource) {
        this.summary = summary
        this.#records = records
        this.#snapshot = snapshot
        this.#source = source
    }

    /** `importId` null: the newest import of the conversation. */
    static async open(
        ports: Ports,
        library: Library,
        conversation: string,
        importId: string | null,
        patience: Patience,
    ): Promise<OpenedChat> {
        const { head } = library.opened
        const known = head.conversations.find(({ id }) => id === conversation)
        if (known === undefined) throw new EngineError("unknown-conversation")
        const listed = head.snapshots.filter((snapshot) => snapshot.conversation === conversation)
        const wanted = listed.filter(({ id }) => importId === null || id === importId)
        const snapshots = await Promise.all(wanted.map(({ id }) => library.snapshot(id, patience)))
        const [snapshot] = snapshots.toSorted(newestFirst)
        if (snapshot === undefined) throw new EngineError("unknown-import")
        const catalogs = await library.catalogs(snapshot.catalogs, patience)
        const source = { keys: library.keys, store: ports.store, index: indexOf(catalogs) }
        const chat = await parse(snapshot, source, dayFirstOf(library, snapshot.id), patience)
        const summary: OpenChat = {
            chatId: toHex(ports.random.bytes(idLength)),
            conversation,
            importId: snapshot.id,
            title: known.name,
            self: known.self ?? chat?.self ?? null,
            people: chat?.people ?? [],
            records: chat?.records.length ?? 0,
            files: snapshot.files.map(summarise),
        }
        return new OpenedChat(summary, chat?.records ?? [], snapshot, source)
    }

    records(from: number, to: number): readonly ChatRecord[] {
        return this.#records.slice(Math.max(0, from), Math.max(0, to))
    }

    /** A file that does not open is a value: the rest of the chat is shown all the same. */
    async file(index: number, patience: Patience): Promise<OpenedFile> {
        const file = this.#snapshot.files[index]
        if (file === undefined) throw new EngineError("unknown-file")
        try {
            // Pieces, because a browser may lay them aside: a long video never lies in memory as a whole.
            const pieces: Blob[] = []
            for await (const chunk of readChunks(this.#source, chunkIds(file), patience)) pieces.push(new Blob([chunk]))
            return { kind: "opened", blob: new Blob(pieces, { type: safeType(file.type) }) }
        } catch (error) {
            const code = codeOf(error)
            if (code === "network" || code === "session-expired" || code === "stopped") throw error
            return { kind: "refused", code }
        }
    }
}

async function parse(
    snapshot: Snapshot,
    source: ChunkSource,
    dayFirst: boolean | null,
    patience: Patience,
): Promise<ParsedChat | null> {
    const file = chatFileOf(snapshot)
    if (file === null) return null
    const names = snapshot.files.map(({ name }) => name)
    const chunks: Bytes[] = []
    for await (const chunk of readChunks(source, chunkIds(file), patience)) chunks.push(chunk)
    return readChat(concat(...chunks), names, snapshot.summary.title, dayFirst)
}

/** The text of the chat, or null where none was recognised. */
export function chatFileOf({ reader, files }: Snapshot): SnapshotFile | null {
    if (reader !== "whatsapp") return null
    const textName = findChatText(files.map(({ name }) => name))
    // The same name may stand twice: the last one is meant.
    return files.findLast(({ name }) => name === textName) ?? null
}

/** How the person said that the days of this import are written, or null. */
export function dayFirstOf(library: Library, importId: string): boolean | null {
    const setting = library.opened.head.settings[`${dayFirstSetting}/${importId}`]
    return setting === undefined ? null : setting === "yes"
}

function summarise({ name, size, type }: SnapshotFile, index: number): FileSummary {
    return { index, name, size, type: safeType(type), folder: name.endsWith("/") && size === 0 }
}

function newestFirst(one: Snapshot, other: Snapshot): number {
    return compare(other.summary.last ?? "", one.summary.last ?? "") || compare(other.added, one.added)
}

function earliest(times: readonly (string | null)[]): string | null {
    return times.filter((time) => time !== null).toSorted(compare)[0] ?? null
}

function latest(times: readonly (string | null)[]): string | null {
    return (
        times
            .filter((time) => time !== null)
            .toSorted(compare)
            .at(-1) ?? null
    )
}

function compare(one: string, other: string): number {
    return one < other ? -1 : one > other ? 1 : 0
}
