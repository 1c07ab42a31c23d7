/** Where a shown chat comes from: an opened chat and what can be asked about it. */

import type { Engine, OpenChat, OpenedFile } from "../../engine/protocol.ts"
import type { ChatRecord } from "../../reader/conversation.ts"

export interface ChatSource {
    readonly chat: OpenChat
    /** Records `from` (included) to `to` (excluded), in the order of the chat. */
    records(from: number, to: number): Promise<readonly ChatRecord[]>
    openFile(index: number): Promise<OpenedFile>
    setSelf(name: string | null): Promise<void>
}

export function sourceOf(engine: Engine, chat: OpenChat): ChatSource {
    return {
        chat,
        records: (from, to) => engine.records(chat.chatId, from, to),
        openFile: (index) => engine.openFile(chat.chatId, index),
        setSelf: (name) => engine.setSelf(chat.conversation, name),
    }
}
