/**
 * A copy on a computer that has nothing but the file: no server, no account, no memory. It is read, and nothing is written.
 *
 * The same engine as online, down to each check; only the ports are others.
 */

import type { ChatRecord } from "../../reader/conversation.ts"
import { EngineError } from "../errors.ts"
import type { Ports } from "../ports.ts"
import type { ChatSummary, OpenChat, OpenedFile, RestoreOutcome, SaveProgress } from "../protocol.ts"
import { listChats, OpenedChat } from "../read.ts"
import { Restores } from "../restores.ts"
import type { Patience } from "../retry.ts"
import { CopyFile } from "./copy-file.ts"
import { type OpenedCopy, openCopyWithCode } from "./opened-copy.ts"

/** An export that is open: its records, and its files. */
export interface OfflineChat {
    readonly chat: OpenChat
    records(from: number, to: number): Promise<readonly ChatRecord[]>
    openFile(index: number): Promise<OpenedFile>
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
            const chat = await OpenedChat.open(reading, library, conversation, importId, patience())
            return {
                chat: chat.summary,
                records: async (from, to) => chat.records(from, to),
                openFile: (index) => chat.file(index, patience()),
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
