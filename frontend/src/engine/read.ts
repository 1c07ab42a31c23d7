/** Opens chats and files of a library: fetched by range, verified chunk by chunk, read in this worker. */

import type { Bytes } from "../bytes/bytes.ts"
import { concat } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { chunkIds, type SnapshotFile } from "../format/file-list.ts"
import type { HeadConversation } from "../format/head.ts"
import { idLength } from "../format/limits.ts"
import type { Snapshot } from "../format/snapshot.ts"
import type { ChatRecord } from "../reader/conversation.ts"
import type { ParsedChat } from "../reader/parse-whatsapp.ts"
import { chatTextNumber } from "./chat-text.ts"
import { readChunks } from "./chunks.ts"
import { codeOf, EngineError } from "./errors.ts"
import { readChat } from "./inspect.ts"
import type { Library } from "./library.ts"
import { safeType } from "./media-type.ts"
import type { Places } from "./places.ts"
import type { Ports } from "./ports.ts"
import type { ChatSummary, FileSummary, OpenChat, OpenedFile } from "./protocol.ts"
import type { Patience } from "./retry.ts"
import { readTail, type Tail } from "./tail.ts"

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

/** What opening a chat takes. */
interface Opening {
    readonly ports: Ports
    readonly library: Library
    readonly known: HeadConversation
    readonly snapshot: Snapshot
    readonly patience: Patience
}

type Shown = Pick<Tail, "people" | "self" | "records" | "files">

/** A chat that is open: its records, and how to reach its files. Of a long one the newest records come first. */
export class OpenedChat {
    readonly summary: OpenChat
    readonly #records: readonly ChatRecord[]
    readonly #files: ReadonlyMap<number, SnapshotFile>
    readonly #places: Places
    readonly #opening: Opening
    readonly #closing: AbortController
    #rest: Promise<OpenedChat> | null = null

    private constructor(opening: Opening, shown: Shown, whole: boolean) {
        const { ports, library, known, snapshot, patience } = opening
        this.summary = {
            chatId: toHex(ports.random.bytes(idLength)),
            conversation: known.id,
            importId: snapshot.id,
            title: known.name,
            self: known.self ?? shown.self,
            people: shown.people,
            records: shown.records.length,
            whole,
            files: Array.from(shown.files, ([index, file]) => summarise(file, index)),
        }
        this.#records = shown.records
        this.#files = shown.files
        this.#places = library.places(snapshot)
        this.#closing = new AbortController()
        this.#opening = { ...opening, patience: { ...patience, signal: this.#closing.signal } }
        if (!whole) this.whole().catch(() => undefined)
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
        const opening = { ports, library, known, snapshot, patience }
        const tail = await readTail(library, snapshot, dayFirstOf(library, snapshot.id), patience)
        return tail === null ? await OpenedChat.openWhole(opening) : new OpenedChat(opening, tail, false)
    }

    static async openWhole(opening: Opening): Promise<OpenedChat> {
        const { library, snapshot, patience } = opening
        const files = await library.fileList(snapshot, patience)
        const chat = await parse(library, snapshot, files, patience)
        const { people = [], self = null, records = [] } = chat ?? {}
        return new OpenedChat(opening, { people, self, records, files: new Map(files.entries()) }, true)
    }

    /** The same chat with all of its records. It is on its way already; after a failure it is tried again. */
    async whole(): Promise<OpenedChat> {
        if (this.summary.whole) return this
        this.#rest ??= OpenedChat.openWhole(this.#opening).catch((error: unknown) => {
            this.#rest = null
            throw error
        })
        return await this.#rest
    }

    /** Nothing more is fetched for it. */
    close(): void {
        this.#closing.abort()
    }

    records(from: number, to: number): readonly ChatRecord[] {
        return this.#records.slice(Math.max(0, from), Math.max(0, to))
    }

    /** A file that does not open is a value: the rest of the chat is shown all the same. */
    async file(index: number, patience: Patience): Promise<OpenedFile> {
        const file = this.#files.get(index)
        if (file === undefined) throw new EngineError("unknown-file")
        try {
            const ids = chunkIds(file)
            const source = await this.#places.ofFile(index, ids, patience)
            // Pieces, because a browser may lay them aside: a long video never lies in memory as a whole.
            const pieces: Blob[] = []
            for await (const chunk of readChunks(source, ids, patience)) pieces.push(new Blob([chunk]))
            return { kind: "opened", blob: new Blob(pieces, { type: safeType(file.type) }) }
        } catch (error) {
            const code = codeOf(error)
            if (code === "network" || code === "session-expired" || code === "stopped") throw error
            return { kind: "refused", code }
        }
    }
}

async function parse(
    library: Library,
    snapshot: Snapshot,
    files: readonly SnapshotFile[],
    patience: Patience,
): Promise<ParsedChat | null> {
    const number = chatTextNumber(snapshot.reader, files)
    const file = files[number ?? -1]
    if (number === null || file === undefined) return null
    const ids = chunkIds(file)
    const source = await library.places(snapshot).ofFile(number, ids, patience)
    const chunks: Bytes[] = []
    for await (const chunk of readChunks(source, ids, patience)) chunks.push(chunk)
    const names = files.map(({ name }) => name)
    return readChat(concat(...chunks), names, snapshot.summary.title, dayFirstOf(library, snapshot.id))
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
