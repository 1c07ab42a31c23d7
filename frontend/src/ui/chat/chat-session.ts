/** What one opened chat needs while it is shown: made anew for another chat, closed when the chat is. */

import { EngineError } from "../../engine/errors.ts"
import type { FileSummary } from "../../engine/protocol.ts"
import type { ChatRecord } from "../../reader/conversation.ts"
import { timeOf } from "./bubble.ts"
import { dayOf } from "./grouping.ts"
import type { Picture, Pictures } from "./light-box.ts"
import { MediaShelf } from "./media-shelf.ts"
import { coloursOf } from "./person-colours.ts"
import { RecordWindows } from "./record-windows.ts"
import type { ChatSource } from "./source.ts"
import { type Recording, VoicePlayer } from "./voice-player.ts"

/** So many records cross the border at once when all are gone through. */
const batch = 2_000

export class ChatSession implements Pictures {
    source: ChatSource
    windows: RecordWindows
    readonly shelf: MediaShelf
    readonly player: VoicePlayer
    readonly colours: readonly number[]
    /** How many records came before those that were here at first. */
    grown = 0
    private files: ReadonlyMap<number, FileSummary>
    private readonly changed: (outcome: "arrived" | "failed") => void

    constructor(source: ChatSource, changed: (outcome: "arrived" | "failed") => void) {
        const { chat } = source
        this.source = source
        this.changed = changed
        this.windows = this.windowsOf(source)
        this.shelf = new MediaShelf((index) => this.source.openFile(index))
        this.player = new VoicePlayer(this.shelf, (recording) => this.voiceAfter(recording))
        this.colours = coloursOf(chat.people)
        this.files = filesOf(chat.files)
    }

    /** Takes all of the chat in place of its end, once what is in sight (by its old places) is here as well. */
    async grow(whole: ChatSource, sight: readonly number[]): Promise<void> {
        const windows = this.windowsOf(whole)
        const more = whole.chat.records - this.count
        await Promise.all(sight.map((place) => windows.get(place + more)))
        this.source = whole
        this.windows = windows
        this.files = filesOf(whole.chat.files)
        this.grown = more
    }

    private windowsOf(source: ChatSource): RecordWindows {
        return new RecordWindows(source.chat.records, (from, to) => source.records(from, to), this.changed)
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

    /** A file's content, for whoever does not show it. */
    readonly open = async (file: number): Promise<Blob> => {
        const opened = await this.source.openFile(file)
        if (opened.kind === "refused") throw new EngineError("file-unreadable")
        return opened.blob
    }

    /** All voice notes that are in the export, from the first to the newest. */
    async voices(): Promise<readonly ChatRecord[]> {
        const { source, count } = this
        const found: ChatRecord[] = []
        for (let from = 0; from < count; from += batch) {
            const records = await source.records(from, Math.min(from + batch, count))
            found.push(...records.filter(({ attachment }) => attachment?.kind === "voice" && attachment.file !== null))
        }
        return found
    }

    /** A record wherever it is; null: it could not be fetched. */
    async record(index: number): Promise<ChatRecord | null> {
        const here = this.windows.peek(index)
        return here ?? (await this.source.records(index, index + 1).catch(() => []))[0] ?? null
    }

    /** Waits until a record and what stands around it are here, so that a jump lands on heights that stay. */
    async load(index: number): Promise<void> {
        const around = [index - 20, index, index + 30].filter((place) => place >= 0 && place < this.count)
        await Promise.all(around.map((place) => this.windows.get(place)))
    }

    /** Pictures are counted from the end: that stays, also when the chat grows meanwhile. */
    async at(fromEnd: number): Promise<Picture | null> {
        return this.asPicture(await this.windows.get(fromEnd + this.count).catch(() => null))
    }

    async beside(fromEnd: number, step: -1 | 1): Promise<Picture | null> {
        for (let place = fromEnd + this.count + step; place >= 0 && place < this.count; place += step) {
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
        return {
            index: record.index - this.count,
            file,
            name,
            film: kind === "video",
            caption: parts.filter(Boolean).join(" · "),
        }
    }

    private async voiceAfter({ index, file: played }: Recording): Promise<Recording | null> {
        // It may have begun to play before the chat grew.
        const place = (await this.windows.get(index))?.attachment?.file === played ? index : index + this.grown
        const next = await this.windows.get(place + 1)
        const file = next?.attachment?.kind === "voice" ? next.attachment.file : null
        return file === null ? null : { index: place + 1, file }
    }
}

function filesOf(files: readonly FileSummary[]): ReadonlyMap<number, FileSummary> {
    return new Map(files.map((file) => [file.index, file]))
}
