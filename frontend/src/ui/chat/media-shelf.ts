/** Opened files as addresses a picture or a player can take; shared while they are shown, and given back afterwards. */

import type { OpenedFile } from "../../engine/protocol.ts"

export type Shelved =
    | { readonly kind: "opened"; readonly address: string; readonly blob: Blob }
    | { readonly kind: "refused"; readonly code: string }

class Entry {
    readonly opened: Promise<Shelved>
    users = 0
    size = 0
    private address: string | null = null
    private gone = false

    constructor(file: Promise<OpenedFile>) {
        this.opened = this.open(file)
    }

    get isOpen(): boolean {
        return this.address !== null
    }

    close(): void {
        this.gone = true
        if (this.address !== null) URL.revokeObjectURL(this.address)
        this.address = null
    }

    private async open(opening: Promise<OpenedFile>): Promise<Shelved> {
        const file = await opening
        if (file.kind === "refused") return file
        const address = URL.createObjectURL(file.blob)
        this.address = address
        this.size = file.blob.size
        if (this.gone) this.close()
        return { kind: "opened", address, blob: file.blob }
    }
}

/** What may stay opened although nobody looks at it, so that scrolling back is instant. */
const keptFiles = 40
const keptBytes = 48_000_000

export class MediaShelf {
    private readonly entries = new Map<number, Entry>()
    private readonly openFile: (index: number) => Promise<OpenedFile>

    constructor(openFile: (index: number) => Promise<OpenedFile>) {
        this.openFile = openFile
    }

    /** Every `take` is answered by one `release`. */
    take(index: number): Promise<Shelved> {
        const entry = this.entries.get(index) ?? new Entry(this.open(index))
        this.entries.delete(index)
        this.entries.set(index, entry)
        entry.users++
        return entry.opened
    }

    release(index: number): void {
        const entry = this.entries.get(index)
        if (entry === undefined) return
        entry.users--
        this.tidy()
    }

    /** Gives everything back: the chat is closed. */
    clear(): void {
        for (const index of [...this.entries.keys()]) this.forget(index)
    }

    private async open(index: number): Promise<OpenedFile> {
        const file = await this.openFile(index).catch((): OpenedFile => ({ kind: "refused", code: "unknown" }))
        // Not remembered: the network may be back at the next look.
        if (file.kind === "refused") this.entries.delete(index)
        return file
    }

    private tidy(): void {
        const idle = [...this.entries].filter(([, entry]) => entry.users <= 0 && entry.isOpen)
        let bytes = idle.reduce((sum, [, entry]) => sum + entry.size, 0)
        let files = idle.length
        for (const [index, entry] of idle) {
            if (files <= keptFiles && bytes <= keptBytes) return
            this.forget(index)
            files--
            bytes -= entry.size
        }
    }

    private forget(index: number): void {
        this.entries.get(index)?.close()
        this.entries.delete(index)
    }
}
