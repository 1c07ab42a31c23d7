/** Where a shown chat comes from: an opened chat and what can be asked about it. */

import type { Bookmark, Engine, OpenChat, OpenedFile } from "../../engine/protocol.ts"
import type { ChatRecord } from "../../reader/conversation.ts"
import type { Day, Piece } from "../../reader/overview.ts"
import type { SearchQuery } from "../../reader/search.ts"

export interface ChatSource {
    readonly chat: OpenChat
    /** Records `from` (included) to `to` (excluded), in the order of the chat. */
    records(from: number, to: number): Promise<readonly ChatRecord[]>
    openFile(index: number): Promise<OpenedFile>
    /** What stands in the export for a record; null: the export is a database. */
    raw(index: number): Promise<string | null>
    /** Where the record stands that its source calls so; null: nowhere. */
    placeOf(id: string): Promise<number | null>
    days(): Promise<readonly Day[]>
    media(): Promise<readonly Piece[]>
    search(query: SearchQuery): Promise<Uint32Array>
    /** Null where nothing can be kept. */
    readonly bookmarks: Bookmarks | null
    setSelf(name: string | null): Promise<void>
}

export interface Bookmarks {
    list(): Promise<readonly Bookmark[]>
    /** `id` null: a new one. */
    keep(bookmark: { readonly id: string | null; readonly record: number; readonly note: string }): Promise<string>
    remove(id: string): Promise<void>
}

export function sourceOf(engine: Engine, chat: OpenChat): ChatSource {
    const { chatId } = chat
    return {
        chat,
        records: (from, to) => engine.records(chatId, from, to),
        openFile: (index) => engine.openFile(chatId, index),
        raw: (index) => engine.rawRecord(chatId, index),
        placeOf: (id) => engine.placeOf(chatId, id),
        days: () => engine.daysOf(chatId),
        media: () => engine.mediaOf(chatId),
        search: (query) => engine.search(chatId, query),
        bookmarks: {
            list: () => engine.bookmarks(chatId),
            keep: (bookmark) => engine.keepBookmark(chatId, bookmark),
            remove: (id) => engine.removeBookmark(chatId, id),
        },
        setSelf: (name) => engine.setSelf(chat.conversation, name),
    }
}
