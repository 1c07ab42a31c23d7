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
import { chunkIds, type Snapshot, type SnapshotFile } from "../format/snapshot.ts"
import type { ChatRecord } from "../reader/conversation.ts"
import type { ParsedChat } from "../reader/parse-whatsapp.ts"
import { readChunks } from "./chunks.ts"
import { readChat } from "./inspect.ts"
import { indexOf, packsOf, readKept } from "./kept.ts"
import type { Library } from "./library.ts"
import type { Ports } from "./ports.ts"
import { chatFileOf, dayFirstOf } from "./read.ts"
import type { Element, HeldImport, StoredImport } from "./retention.ts"
import type { Patience } from "./retry.ts"

export class Holdings {
    readonly #ports: Ports
    readonly #held = new Map<string, HeldImport>()
    readonly #stored = new Map<string, StoredImport>()
    /** Words become numbers: of the same message in ten exports one is kept. */
    readonly #numbers = new Map<string, number>()

    constructor(ports: Ports) {
        this.#ports = ports
    }

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
        const chunks = await this.#fetch(library, unread, patience)
        for (const snapshot of unread) this.#held.set(snapshot.id, this.#read(library, snapshot, chunks))
        return snapshots.flatMap(({ id }) => this.#held.get(id) ?? [])
    }

    /** Every import of the library. */
    async stored(library: Library, patience: Patience): Promise<readonly StoredImport[]> {
        const { head } = library.opened
        const sizes = new Map([...head.snapshots, ...head.catalogs].map(({ id, size }) => [id, size]))
        const stored: StoredImport[] = []
        for (const snapshot of await library.snapshots(patience)) {
            const known = this.#stored.get(snapshot.id)
            const one = known ?? (await storedImport(library, snapshot, sizes, patience))
            this.#stored.set(snapshot.id, one)
            stored.push(one)
        }
        return stored
    }

    async #fetch(
        library: Library,
        snapshots: readonly Snapshot[],
        patience: Patience,
    ): Promise<ReadonlyMap<string, Bytes>> {
        const wanted = new Map<string, Bytes>()
        for (const snapshot of snapshots) for (const id of chunkIdsOf(chatFileOf(snapshot))) wanted.set(toHex(id), id)
        if (wanted.size === 0) return new Map()
        const { index } = await readKept(library, patience)
        const source = { keys: library.keys, store: this.#ports.store, index }
        const names = [...wanted.keys()]
        const fetched = new Map<string, Bytes>()
        for await (const chunk of readChunks(source, wanted.values(), patience))
            fetched.set(names[fetched.size] ?? "", chunk)
        return fetched
    }

    #read(library: Library, snapshot: Snapshot, chunks: ReadonlyMap<string, Bytes>): HeldImport {
        const { id, added, summary } = snapshot
        const file = chatFileOf(snapshot)
        const names = snapshot.files.map(({ name }) => name)
        const bytes = concat(...chunkIdsOf(file).map((chunk) => chunks.get(toHex(chunk)) ?? new Uint8Array(0)))
        const chat = file === null ? null : readChat(bytes, names, summary.title, dayFirstOf(library, snapshot.id))
        const { messages, notices } = this.#elements(chat)
        // What was read is compared word by word; a text that is no chat after all is compared as a file.
        const files = snapshot.files.filter((one) => one.size > 0 && (chat === null || one !== file))
        const contents = new Set(files.map(({ chunks: ids }) => this.#number(`file ${toBase64url(ids)}`)))
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

async function storedImport(
    library: Library,
    snapshot: Snapshot,
    sizes: ReadonlyMap<string, number>,
    patience: Patience,
): Promise<StoredImport> {
    const catalogs = await library.catalogs(snapshot.catalogs, patience)
    const packs = packsOf(indexOf(catalogs), snapshot.files)
    const objects = new Map([snapshot.id, ...snapshot.catalogs].map((id) => [id, sizes.get(id) ?? 0]))
    for (const { packs: named } of catalogs) for (const { id, size } of named) if (packs.has(id)) objects.set(id, size)
    return { id: snapshot.id, objects }
}

function chunkIdsOf(file: SnapshotFile | null): readonly Bytes[] {
    return file === null ? [] : chunkIds(file)
}
