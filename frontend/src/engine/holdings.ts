/**
 * What each import holds: its messages, its files, and the sealed objects it lies in. Read once, for imports never change.
 *
 * A message is told by its minute, its sender and its words, not by the bytes of the export: another export names its media
 * anew, leaves them out, or cuts the text elsewhere. The n-th time that the same message occurs is an element of its own.
 */

import { toBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import { concat } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { chunkIds, type SnapshotFile } from "../format/file-list.ts"
import type { Snapshot } from "../format/snapshot.ts"
import type { ChatRecord } from "../reader/conversation.ts"
import type { ParsedChat } from "../reader/parse-whatsapp.ts"
import { chatTextNumber } from "./chat-text.ts"
import { readChunks } from "./chunks.ts"
import { readChat } from "./inspect.ts"
import type { Library } from "./library.ts"
import { neededBy } from "./needed.ts"
import { dayFirstOf } from "./read-import.ts"
import type { Element, HeldImport, StoredImport } from "./retention.ts"
import type { Patience } from "./retry.ts"

export class Holdings {
    readonly #held = new Map<string, HeldImport>()
    readonly #stored = new Map<string, StoredImport>()
    /** Words become numbers: of the same message in ten exports one is kept. */
    readonly #numbers = new Map<string, number>()

    forget(): void {
        this.#held.clear()
        this.#stored.clear()
        this.#numbers.clear()
    }

    /** The imports of one conversation. Their chats are read; chunks that several share are fetched once. */
    async ofConversation(library: Library, conversation: string, patience: Patience): Promise<readonly HeldImport[]> {
        const listed = library.opened.head.snapshots.filter((one) => one.conversation === conversation)
        const snapshots = await Promise.all(listed.map(({ id }) => library.snapshot(id, patience)))
        const unread = snapshots.filter(({ id }) => !this.#held.has(id))
        const chunks = new Map<string, Bytes>()
        for (const snapshot of unread) {
            const files = await library.fileList(snapshot, patience)
            const number = chatTextNumber(snapshot.reader, files)
            await fetchText(library, snapshot, files, number, chunks, patience)
            this.#held.set(snapshot.id, this.#read(library, snapshot, files, number, chunks))
        }
        return snapshots.flatMap(({ id }) => this.#held.get(id) ?? [])
    }

    /** Every import of the library. */
    async stored(library: Library, patience: Patience): Promise<readonly StoredImport[]> {
        const stored: StoredImport[] = []
        for (const { id } of library.opened.head.snapshots) {
            const one = this.#stored.get(id) ?? (await storedImport(library, id, patience))
            this.#stored.set(id, one)
            stored.push(one)
        }
        return stored
    }

    #read(
        library: Library,
        { id, added, summary }: Snapshot,
        files: readonly SnapshotFile[],
        number: number | null,
        chunks: ReadonlyMap<string, Bytes>,
    ): HeldImport {
        const file = number === null ? undefined : files[number]
        const names = files.map(({ name }) => name)
        const bytes = concat(...chunkIdsOf(file).map((chunk) => chunks.get(toHex(chunk)) ?? new Uint8Array(0)))
        const chat = file === undefined ? null : readChat(bytes, names, summary.title, dayFirstOf(library, id))
        const { messages, notices } = this.#elements(chat)
        // What was read is compared word by word; a text that is no chat after all is compared as a file.
        const compared = files.filter((one) => one.size > 0 && (chat === null || one !== file))
        const contents = new Set(compared.map(({ chunks: ids }) => this.#number(`file ${toBase64url(ids)}`)))
        return { id, added, last: summary.last, messages, notices, files: contents }
    }

    #elements(chat: ParsedChat | null): Pick<HeldImport, "messages" | "notices"> {
        const messages = new Set<Element>()
        const notices = new Set<Element>()
        const times = new Map<string, number>()
        for (const record of chat?.records ?? []) {
            const words = wordsOf(record, chat?.people ?? [])
            const before = times.get(words) ?? 0
            times.set(words, before + 1)
            const element = this.#number(`${before} ${words}`)
            if (record.kind === "system") notices.add(element)
            else messages.add(element)
        }
        return { messages, notices }
    }

    #number(words: string): number {
        const number = this.#numbers.get(words) ?? this.#numbers.size
        this.#numbers.set(words, number)
        return number
    }
}

/** An attachment that was left out or renamed is the same message; whether its file is there, the files tell. */
function wordsOf({ kind, time, sender, text, poll }: ChatRecord, people: readonly string[]): string {
    const same = kind === "omitted" || kind === "view-once" ? "message" : kind
    // The app says it in the language of the phone.
    const said = kind === "deleted" ? "" : text.normalize("NFC").trim()
    const options = poll?.options.map((option) => option.text) ?? []
    const who = sender === null ? "" : (people[sender] ?? "")
    return JSON.stringify([time.slice(0, 16), same, who, said, ...options])
}

async function storedImport(library: Library, id: string, patience: Patience): Promise<StoredImport> {
    const needed = await neededBy(library, id, patience)
    return { id, objects: new Map(needed.map((object) => [object.id, object.size])) }
}

/** Adds what is not there yet: of a text that several exports share, most. */
async function fetchText(
    library: Library,
    snapshot: Snapshot,
    files: readonly SnapshotFile[],
    number: number | null,
    chunks: Map<string, Bytes>,
    patience: Patience,
): Promise<void> {
    const wanted = chunkIdsOf(files[number ?? -1]).filter((id) => !chunks.has(toHex(id)))
    if (number === null || wanted.length === 0) return
    const source = await library.places(snapshot).ofFile(number, wanted, patience)
    const names = wanted.map(toHex)
    let at = 0
    for await (const chunk of readChunks(source, wanted, patience)) chunks.set(names[at++] ?? "", chunk)
}

function chunkIdsOf(file: SnapshotFile | undefined): readonly Bytes[] {
    return file === undefined ? [] : chunkIds(file)
}
