/** What one opened chat needs while it is shown: made anew for another chat, closed when the chat is. */

import type { FileSummary } from "../../engine/protocol.ts"
import type { ChatRecord } from "../../reader/conversation.ts"
import { timeOf } from "./bubble.ts"
import { dayOf } from "./grouping.ts"
import type { Picture, Pictures } from "./light-box.ts"
import { MediaShelf } from "./media-shelf.ts"
import { coloursOf } from "./person-colours.ts"
import { findDay, RecordWindows } from "./record-windows.ts"
import type { ChatSource } from "./source.ts"
import { type Recording, VoicePlayer } from "./voice-player.ts"

export interface Days {
    readonly first: string
    readonly last: string
}

export class ChatSession implements Pictures {
    readonly source: ChatSource
    readonly windows: RecordWindows
    readonly shelf: MediaShelf
    readonly player: VoicePlayer
    readonly colours: readonly number[]
    private readonly files: ReadonlyMap<number, FileSummary>

    constructor(source: ChatSource, changed: (outcome: "arrived" | "failed") => void) {
        const { chat } = source
        this.source = source
        this.windows = new RecordWindows(chat.records, (from, to) => source.records(from, to), changed)
        this.shelf = new MediaShelf((index) => source.openFile(index))
        this.player = new VoicePlayer(this.shelf, (recording) => this.voiceAfter(recording))
        this.colours = coloursOf(chat.people)
        this.files = new Map(chat.files.map((file) => [file.index, file]))
    }

    get count(): number {
        return this.source.chat.records
    }

    close(): void {
        this.player.stop()
        this.shelf.clear()
    }

    file(index: number): FileSummary | null {
        return this.files.get(index) ?? null
    }

    /** First and last day, for the date field; null when they could not be read. */
    async days(): Promise<Days | null> {
        const last = await this.windows.get(this.count - 1).catch(() => null)
        const [first] = await this.source.records(0, 1).catch(() => [])
        return first === undefined || last === null ? null : { first: dayOf(first), last: dayOf(last) }
    }

    /** The first record of a day, or of the next one that has any. */
    findDay(day: string): Promise<number> {
        return findDay(this.count, day, async (index) => (await this.source.records(index, index + 1))[0] ?? null)
    }

    /** Waits until a record and what stands around it are here, so that a jump lands on heights that stay. */
    async load(index: number): Promise<void> {
        const around = [index - 20, index, index + 30].filter((place) => place >= 0 && place < this.count)
        await Promise.all(around.map((place) => this.windows.get(place)))
    }

    async at(index: number): Promise<Picture | null> {
        return this.asPicture(await this.windows.get(index).catch(() => null))
    }

    async beside(index: number, step: -1 | 1): Promise<Picture | null> {
        for (let place = index + step; place >= 0 && place < this.count; place += step) {
            const picture = this.asPicture(
                this.windows.peek(place) ?? (await this.windows.get(place).catch(() => null)),
            )
            if (picture !== null) return picture
        }
        return null
    }

    private asPicture(record: ChatRecord | null): Picture | null {
        if (record === null || record.attachment === null || record.attachment.file === null) return null
        const { kind, file, name } = record.attachment
        if (kind !== "photo" && kind !== "video") return null
        const who = record.sender === null ? "" : (this.source.chat.people[record.sender] ?? "")
        const parts = [who, `${dayOf(record)} ${timeOf(record)}`, record.text.slice(0, 200)]
        return { index: record.index, file, name, film: kind === "video", caption: parts.filter(Boolean).join(" · ") }
    }

    private async voiceAfter({ index }: Recording): Promise<Recording | null> {
        const next = await this.windows.get(index + 1)
        const file = next?.attachment?.kind === "voice" ? next.attachment.file : null
        return file === null ? null : { index: index + 1, file }
    }
}
