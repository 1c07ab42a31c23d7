/**
 * A copy on a computer that has nothing but the file: no server, no account, no memory. It is read, and nothing is written.
 *
 * The same engine as online, down to each check; only the ports are others.
 */

import type { ChatRecord } from "../../reader/conversation.ts"
import type { Day, Piece } from "../../reader/overview.ts"
import type { SearchQuery } from "../../reader/search.ts"
import { listChats } from "../chat-list.ts"
import { EngineError } from "../errors.ts"
import { OpenedChat } from "../opened-chat.ts"
import type { Ports } from "../ports.ts"
import type { ChatSummary, OpenChat, OpenedFile, RestoreOutcome, SaveProgress } from "../protocol.ts"
import { Restores } from "../restores.ts"
import type { Patience } from "../retry.ts"
import { CopyFile } from "./copy-file.ts"
import { type OpenedCopy, openCopyWithCode } from "./opened-copy.ts"

/** An export that is open: its records, and its files. */
export interface OfflineChat {
    readonly chat: OpenChat
    records(from: number, to: number): Promise<readonly ChatRecord[]>
    openFile(index: number): Promise<OpenedFile>
    raw(index: number): Promise<string | null>
    placeOf(id: string): Promise<number | null>
    days(): Promise<readonly Day[]>
    media(): Promise<readonly Piece[]>
    search(query: SearchQuery): Promise<Uint32Array>
}

export interface OfflineCopy {
    /** Where the copy says that it was saved. */
    readonly site: string
    /** False: another code was typed. */
    unlock(code: string): Promise<boolean>
    chats(): Promise<readonly ChatSummary[]>
    openChat(conversation: string, importId: string): Promise<OfflineChat>
    /** `handle` null: the file is made here and given back with the outcome; else it lies where the person wanted it. */
    saveOriginal(
        importId: string,
        handle: FileSystemFileHandle | null,
        onProgress: (progress: SaveProgress) => void,
    ): Promise<RestoreOutcome>
}

export async function readOfflineCopy(ports: Ports, file: File): Promise<OfflineCopy> {
    const copy = await CopyFile.read(file)
    let opened: OpenedCopy | null = null
    const here = (): OpenedCopy => {
        if (opened === null) throw new EngineError("locked")
        return opened
    }
    const patience = (): Patience => ({
        clock: ports.clock,
        signal: new AbortController().signal,
        tries: 1,
        onNetwork: () => undefined,
    })
    return {
        site: copy.facts.site,

        async unlock(code) {
            opened = await openCopyWithCode(ports, copy, code, patience())
            return opened !== null
        },

        chats: async () => listChats(here().library, patience()),

        async openChat(conversation, importId) {
            const { ports: reading, library } = here()
            const opened = await OpenedChat.open(reading, library, conversation, importId, patience())
            const chat = await opened.whole()
            return {
                chat: chat.summary,
                records: async (from, to) => chat.records(from, to),
                openFile: (index) => chat.file(index, patience()),
                raw: (index) => chat.raw(index, patience()),
                placeOf: async (id) => chat.placeOf(id),
                days: async () => chat.days(),
                media: async () => chat.media(),
                search: async (query) => chat.find(query, () => ""),
            }
        },

        async saveOriginal(importId, handle, onProgress) {
            const { ports: reading, library } = here()
            const request = { what: { kind: "import", importId }, form: "zip", repeats: "everywhere" } as const
            const place = handle === null ? null : ({ kind: "file", file: handle } as const)
            return await new Restores(reading).run(request, place, library, onProgress)
        },
    }
}
