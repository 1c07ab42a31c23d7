/** The bookmarks of the chat that is shown: read when the whole chat is here, and kept in step with what the person does. */

import type { Bookmark } from "../../engine/protocol.ts"
import type { ChatRecord } from "../../reader/conversation.ts"
import type { ChatSource } from "./source.ts"

export class BookmarkShelf {
    bookmarks: readonly Bookmark[] = []
    /** The one whose note is to be written next. */
    edited: string | null = null
    readonly #changed: () => void
    #source: ChatSource | null = null
    #marked: ReadonlyMap<number, Bookmark> = new Map()

    constructor(changed: () => void) {
        this.#changed = changed
    }

    /** A chat of which only the end is here has none yet: their places are not known. */
    async take(source: ChatSource | null): Promise<void> {
        this.#source = source
        this.#settle([])
        if (source === null || !source.chat.whole || source.bookmarks === null) return
        const listed = await source.bookmarks.list().catch(() => [])
        if (this.#source === source) this.#settle(listed)
    }

    isMarked(index: number): boolean {
        return this.#marked.has(index)
    }

    /** Marks it, or finds the mark that is there; either way its note may be written. */
    async mark(record: ChatRecord): Promise<void> {
        const known = this.#marked.get(record.index)
        if (known !== undefined) {
            this.edited = null
            this.#changed()
            return
        }
        const id = await this.#source?.bookmarks?.keep({ id: null, record: record.index, note: "" })
        if (id === undefined) return
        this.edited = id
        await this.#again()
    }

    readonly note = async (bookmark: Bookmark, note: string): Promise<void> => {
        const { id, record } = bookmark
        this.edited = null
        if (record === null) return
        await this.#source?.bookmarks?.keep({ id, record, note })
        await this.#again()
    }

    readonly remove = async ({ id }: Bookmark): Promise<void> => {
        await this.#source?.bookmarks?.remove(id)
        await this.#again()
    }

    async #again(): Promise<void> {
        const source = this.#source
        const listed = await source?.bookmarks?.list()
        if (listed !== undefined && this.#source === source) this.#settle(listed)
    }

    #settle(bookmarks: readonly Bookmark[]): void {
        this.bookmarks = bookmarks
        this.#marked = new Map(bookmarks.flatMap((one) => (one.record === null ? [] : [[one.record, one] as const])))
        this.#changed()
    }
}
