/**
 * A search over all chats: one after the other is read, the newest first, and tells what it found.
 *
 * What was read stays for the next key that is typed, as long as it is not too much.
 */

import type { SearchQuery } from "../reader/search.ts"
import { listChats } from "./chat-list.ts"
import { EngineError } from "./errors.ts"
import type { Library } from "./library.ts"
import { OpenedChat } from "./opened-chat.ts"
import type { Ports } from "./ports.ts"
import type { ChatSummary, FoundInChat } from "./protocol.ts"
import type { Patience } from "./retry.ts"
import { transcriptsOf } from "./transcripts.ts"

/** Records of chats that stay read between two keys. */
const mostRecords = 1_000_000
/** What is shown of one chat; the rest is found within it. */
const shownOfChat = 5

export class Searches {
    readonly #ports: Ports
    /** By all that a chat was read from, in the order of their last use. */
    readonly #read = new Map<string, readonly OpenedChat[]>()
    #running: AbortController | null = null

    constructor(ports: Ports) {
        this.#ports = ports
    }

    stop(): void {
        this.#running?.abort()
    }

    forget(): void {
        this.stop()
        this.#read.clear()
    }

    async run(
        library: Library,
        query: SearchQuery,
        patience: Patience,
        onFound: (found: FoundInChat) => void,
    ): Promise<void> {
        this.stop()
        const mine = new AbortController()
        this.#running = mine
        const waiting = { ...patience, signal: mine.signal }
        try {
            for (const summary of await listChats(library, waiting)) {
                if (summary.reader === "files") continue
                for (const chat of await this.#open(library, summary, waiting)) {
                    if (mine.signal.aborted) throw new EngineError("stopped")
                    const found = foundIn(library, chat, query)
                    if (found !== null) onFound(found)
                }
            }
        } catch (error) {
            throw mine.signal.aborted ? new EngineError("stopped") : error
        }
    }

    async #open(library: Library, summary: ChatSummary, patience: Patience): Promise<readonly OpenedChat[]> {
        const key = JSON.stringify([summary.conversation, ...summary.imports.map(({ importId }) => importId)])
        const known = this.#read.get(key)
        this.#read.delete(key)
        const chats = known ?? (await this.#openAll(library, summary.conversation, patience))
        this.#read.set(key, chats)
        let records = 0
        for (const [name, read] of [...this.#read].toReversed()) {
            records += read.reduce((sum, chat) => sum + chat.summary.records, 0)
            if (records > mostRecords && name !== key) this.#read.delete(name)
        }
        return chats
    }

    async #openAll(library: Library, conversation: string, patience: Patience): Promise<readonly OpenedChat[]> {
        const opened = await OpenedChat.open(this.#ports, library, conversation, null, patience)
        const whole = await opened.whole()
        const { parts, part } = whole.summary
        return [whole, ...parts.filter((one) => one.part !== part).map((one) => whole.part(one.part))]
    }
}

function foundIn(library: Library, chat: OpenedChat, query: SearchQuery): FoundInChat | null {
    const hits = chat.find(query, chat.moreOf(transcriptsOf(library, chat.summary.conversation)))
    if (hits.length === 0) return null
    const { conversation, part, title } = chat.summary
    const { people, records } = chat.history
    const newest = [...hits.subarray(-shownOfChat)].toReversed().flatMap((index) => records[index] ?? [])
    return { conversation, part, title, people, total: hits.length, records: newest }
}
