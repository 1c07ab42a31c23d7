/**
 * A chat that is open: one history out of all of its imports, and how to reach their files.
 *
 *     newest import ─▸ its end alone, at once ─▸ all imports, read and merged
 *
 * Files are numbered through all imports, the newest first, so that a file has the same number in the end and in the whole.
 */

import { toHex } from "../bytes/hex.ts"
import { chunkIds, type SnapshotFile } from "../format/file-list.ts"
import type { HeadConversation } from "../format/head.ts"
import { idLength } from "../format/limits.ts"
import type { Snapshot } from "../format/snapshot.ts"
import type { ChatRecord, PartOfExport } from "../reader/conversation.ts"
import { type Imported, merge } from "../reader/merge/merge.ts"
import { daysOf, mediaOf } from "../reader/overview.ts"
import { type MoreOf, SearchIndex, type SearchQuery } from "../reader/search.ts"
import { newestFirst } from "./chat-list.ts"
import { chatTextNumber } from "./chat-text.ts"
import { readChunks } from "./chunks.ts"
import { codeOf, EngineError } from "./errors.ts"
import { decode } from "./inspect.ts"
import type { Library } from "./library.ts"
import { safeType } from "./media-type.ts"
import type { Ports } from "./ports.ts"
import type { ChatPart, FileSummary, OpenChat, OpenedFile } from "./protocol.ts"
import { clockOf, contentsOf, dayFirstOf, readFile, readImport } from "./read-import.ts"
import type { Patience } from "./retry.ts"
import { messagesIn, onlyPart } from "./summary.ts"
import { readTail } from "./tail.ts"
import type { Transcript } from "./transcriber.ts"
import { voiceKey } from "./transcripts.ts"

/** What opening a chat takes. `snapshots`: the newest first. */
interface Opening {
    readonly ports: Ports
    readonly library: Library
    readonly known: HeadConversation
    readonly snapshots: readonly Snapshot[]
    readonly patience: Patience
}

/** An import of the chat; its files are numbered from `base`. */
interface Member {
    readonly snapshot: Snapshot
    readonly base: number
    readonly files: ReadonlyMap<number, SnapshotFile>
}

/** One of the chats that the imports hold: most hold one. */
interface History {
    readonly part: string
    readonly title: string
    readonly people: readonly string[]
    readonly self: string | null
    readonly records: readonly ChatRecord[]
    /** Of each member, by how many minutes its clock is ahead of the newest one's. */
    readonly ahead: readonly number[]
}

interface Shown {
    readonly members: readonly Member[]
    readonly histories: readonly History[]
    /** Null: only the end is here. */
    readonly after: readonly ChatRecord[] | null
    readonly whole: boolean
}

const empty: History = { part: onlyPart, title: "", people: [], self: null, records: [], ahead: [] }

export class OpenedChat {
    readonly summary: OpenChat
    readonly #shown: Shown
    readonly #history: History
    readonly #opening: Opening
    readonly #closing = new AbortController()
    #index: SearchIndex | null = null
    #ids: ReadonlyMap<string, number> | null = null
    #rest: Promise<OpenedChat> | null = null

    private constructor(opening: Opening, shown: Shown, part: string | null) {
        const { ports, known, snapshots, patience } = opening
        const { members, histories, after, whole } = shown
        this.#shown = shown
        this.#history = histories.find((one) => one.part === part) ?? histories[0] ?? empty
        this.#opening = { ...opening, patience: { ...patience, signal: this.#closing.signal } }
        const { people, self, records, ahead } = this.#history
        this.summary = {
            chatId: toHex(ports.random.bytes(idLength)),
            conversation: known.id,
            importId: snapshots[0]?.id ?? "",
            imports: members.map(({ snapshot, base, files }, number) => {
                const text = whole ? chatTextNumber(snapshot.reader, [...files.values()]) : null
                return {
                    importId: snapshot.id,
                    ahead: ahead[number] ?? 0,
                    asked: clockOf(opening.library, snapshot.id) === null,
                    text: text === null ? null : base + text,
                }
            }),
            title: histories.length > 1 ? this.#history.title : known.name,
            part: this.#history.part,
            parts: histories.length > 1 ? histories.map(partOf) : [],
            self: known.self ?? self,
            people,
            records: records.length,
            messages: messagesIn(this.#history),
            whole,
            continues: after === null || endsWith(records, after),
            files: members.flatMap(({ base, files }) => Array.from(files, ([at, file]) => summarise(file, base + at))),
        }
        if (!whole) this.whole().catch(() => undefined)
    }

    /** `importId` null: all imports of the conversation, as one history. */
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
        const found = await Promise.all(wanted.map(({ id }) => library.snapshot(id, patience)))
        const [newest, ...others] = found.toSorted(newestFirst)
        if (newest === undefined) throw new EngineError("unknown-import")
        // What is kept as files is looked at export by export.
        const readable = newest.reader === "files" ? [] : others.filter(({ reader }) => reader !== "files")
        const opening = { ports, library, known, snapshots: [newest, ...readable], patience }
        const tail = await readTail(library, newest, dayFirstOf(library, newest.id), patience)
        if (tail === null) return await OpenedChat.openWhole(opening, null)
        const { files, ...end } = tail
        const members = [{ snapshot: newest, base: 0, files }]
        const history = { ...end, part: onlyPart, title: known.name, ahead: [] }
        return new OpenedChat(opening, { members, histories: [history], after: null, whole: false }, null)
    }

    static async openWhole(opening: Opening, after: readonly ChatRecord[] | null): Promise<OpenedChat> {
        const { ports, library, snapshots, patience } = opening
        const members: Member[] = []
        const read: (readonly PartOfExport[])[] = []
        let base = 0
        for (const snapshot of snapshots) {
            const files = await library.fileList(snapshot, patience)
            members.push({ snapshot, base, files: new Map(files.entries()) })
            read.push(await readImport(library, snapshot, files, ports.databases, patience))
            base += files.length
        }
        return new OpenedChat(opening, { members, histories: join(library, members, read), after, whole: true }, null)
    }

    /** The same chat with all of its records. It is on its way already; after a failure it is tried again. */
    async whole(): Promise<OpenedChat> {
        if (this.summary.whole) return this
        this.#rest ??= OpenedChat.openWhole(this.#opening, this.#history.records).catch((error: unknown) => {
            this.#rest = null
            throw error
        })
        return await this.#rest
    }

    /** Another of the chats that the imports hold. */
    part(part: string): OpenedChat {
        return new OpenedChat(this.#opening, this.#shown, part)
    }

    /** Nothing more is fetched for it. */
    close(): void {
        this.#closing.abort()
    }

    records(from: number, to: number): readonly ChatRecord[] {
        return this.#history.records.slice(Math.max(0, from), Math.max(0, to))
    }

    get history(): Pick<History, "people" | "records"> {
        return this.#history
    }

    placeOf(id: string): number | null {
        this.#ids ??= new Map(
            this.#history.records.flatMap((record, index) =>
                record.id === undefined ? [] : [[record.id, index] as const],
            ),
        )
        return this.#ids.get(id) ?? null
    }

    days() {
        return daysOf(this.#history.records)
    }

    media() {
        return mediaOf(this.#history.records)
    }

    /** `more`: what is known of a record beside its text; asked until `forgetIndex`. */
    find(query: SearchQuery, more: MoreOf): Uint32Array {
        this.#index ??= new SearchIndex(this.#history.records, this.#history.people, more)
        return this.#index.find(query)
    }

    /** What can be found has changed. */
    forgetIndex(): void {
        this.#index = null
    }

    /** What stands in the export for a record; null: it was read from a database. */
    async raw(index: number, patience: Patience): Promise<string | null> {
        const record = this.#history.records[index]
        const member = this.#shown.members[record?.from ?? 0]
        if (record === undefined || member === undefined) throw new EngineError("unknown-file")
        const { snapshot, files } = member
        const number = record.raw.file ?? chatTextNumber(snapshot.reader, [...files.values()])
        if (number === null || record.raw.length === 0) return null
        const text = decode(await readFile(this.#opening.library, snapshot, number, files.get(number), patience))
        return text.slice(record.raw.offset, record.raw.offset + record.raw.length)
    }

    /** By which the text of a voice note is found; null: by nothing. */
    voiceKey(index: number): string | null {
        const member = this.#shown.members.findLast(({ base }) => base <= index)
        const file = member?.files.get(index - member.base)
        return file === undefined ? null : voiceKey(file)
    }

    /** What voice notes say, for the search; `said`: by their keys. */
    moreOf(said: ReadonlyMap<string, Transcript>): MoreOf {
        if (said.size === 0) return () => ""
        return ({ attachment }) => {
            const key = attachment?.kind === "voice" && attachment.file !== null ? this.voiceKey(attachment.file) : null
            return key === null ? "" : (said.get(key)?.text ?? "")
        }
    }

    /** A file that does not open is a value: the rest of the chat is shown all the same. */
    async file(index: number, patience: Patience): Promise<OpenedFile> {
        const member = this.#shown.members.findLast(({ base }) => base <= index)
        const file = member?.files.get(index - member.base)
        if (member === undefined || file === undefined) throw new EngineError("unknown-file")
        try {
            const ids = chunkIds(file)
            const places = this.#opening.library.places(member.snapshot)
            const source = await places.ofFile(index - member.base, ids, patience)
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

/** The chats of all imports: those of one name are one history. */
function join(
    library: Library,
    members: readonly Member[],
    read: readonly (readonly PartOfExport[])[],
): readonly History[] {
    const parts = new Map<string, { readonly number: number; readonly chat: PartOfExport }[]>()
    read.forEach((chats, number) => {
        for (const chat of chats) parts.set(chat.part, [...(parts.get(chat.part) ?? []), { number, chat }])
    })
    return [...parts].map(([part, imports]): History => {
        const [first] = imports
        const title = first?.chat.title ?? ""
        if (first !== undefined && imports.length === 1) {
            const { people, self } = first.chat
            const records = first.chat.records.map((record) => placed(record, first.number, members))
            return { part, title, people, self, records, ahead: [] }
        }
        const merged = merge(imports.map(({ number, chat }): Imported => asImported(library, members[number], chat)))
        const numbers = imports.map(({ number }) => number)
        const records = merged.records.map((record) => placed(record, numbers[record.from] ?? 0, members))
        const ahead = members.map((_, number) => merged.ahead[numbers.indexOf(number)] ?? 0)
        return { part, title, people: merged.people, self: merged.self, records, ahead }
    })
}

function asImported(library: Library, member: Member | undefined, { people, self, records }: PartOfExport): Imported {
    if (member === undefined) return { people, self, records }
    const ahead = clockOf(library, member.snapshot.id)
    return { people, self, records, ahead, contentOf: contentsOf(member.files) }
}

/** With its file's number among those of all imports. */
function placed(record: ChatRecord, number: number, members: readonly Member[]): ChatRecord {
    const base = members[number]?.base ?? 0
    if (number === 0 && record.from === undefined) return record
    const { attachment } = record
    if (base === 0 || attachment === null || attachment.file === null) return { ...record, from: number }
    return { ...record, from: number, attachment: { ...attachment, file: base + attachment.file } }
}

/** Whether all of the chat ends with what was shown of it before. */
function endsWith(records: readonly ChatRecord[], end: readonly ChatRecord[]): boolean {
    const more = records.length - end.length
    return (
        more >= 0 &&
        end.every(({ text, raw }, at) => {
            const same = records[more + at]
            return (same?.from ?? 0) === 0 && same?.text === text && same.raw.length === raw.length
        })
    )
}

function partOf({ part, title, records }: History): ChatPart {
    return { part, title, messages: records.length, last: records.findLast(({ time }) => time !== "")?.time ?? null }
}

function summarise({ name, size, type }: SnapshotFile, index: number): FileSummary {
    return { index, name, size, type: safeType(type), folder: name.endsWith("/") && size === 0 }
}
