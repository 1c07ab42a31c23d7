/** Reads a file forward in large windows and hands out views: many small reads would cost ten times as much. */

import type { Bytes } from "../bytes/bytes.ts"
import { EngineError } from "./errors.ts"

const windowSize = 8 * 1024 * 1024

interface Window {
    readonly start: number
    readonly bytes: Bytes
}

/** Ranges may be asked for in any order; only rising ones are quick. At most two windows are held. */
export class ForwardWindows {
    readonly #blob: Blob
    readonly #end: number
    #here: Window = { start: 0, bytes: new Uint8Array(0) }
    #ahead: { readonly start: number; readonly window: Promise<Window> } | null = null

    /** Nothing at or after `end` is read. */
    constructor(blob: Blob, end = blob.size) {
        this.#blob = blob
        this.#end = Math.min(end, blob.size)
    }

    /** The bytes `from` (included) to `to` (excluded) in as many views as windows hold them; stops early at the end. */
    async *range(from: number, to: number): AsyncGenerator<Bytes, void, undefined> {
        const stop = Math.min(to, this.#end)
        for (let at = from; at < stop; ) {
            const { start, bytes } = await this.#windowAt(at)
            const view = bytes.subarray(at - start, Math.min(stop - start, bytes.length))
            at += view.length
            yield view
        }
    }

    /** The same in one piece, copied only when it lies across two windows; shorter at the end of the file. */
    async take(from: number, to: number): Promise<Bytes> {
        const views: Bytes[] = []
        for await (const view of this.range(from, to)) views.push(view)
        const [first] = views
        if (first !== undefined && views.length === 1) return first
        const joined = new Uint8Array(views.reduce((sum, view) => sum + view.length, 0))
        let at = 0
        for (const view of views) {
            joined.set(view, at)
            at += view.length
        }
        return joined
    }

    async #windowAt(offset: number): Promise<Window> {
        const { start, bytes } = this.#here
        if (offset >= start && offset < start + bytes.length) return this.#here
        const ahead = this.#ahead
        this.#ahead = null
        this.#here = ahead?.start === offset ? await ahead.window : await this.#read(offset)
        const next = offset + this.#here.bytes.length
        if (next < this.#end) {
            // The next window is on its way while this one is cut and sealed.
            const window = this.#read(next)
            window.catch(() => undefined)
            this.#ahead = { start: next, window }
        }
        return this.#here
    }

    async #read(start: number): Promise<Window> {
        const stop = Math.min(start + windowSize, this.#end)
        try {
            const bytes = new Uint8Array(await this.#blob.slice(start, stop).arrayBuffer())
            if (bytes.length !== stop - start) throw new EngineError("file-changed")
            return { start, bytes }
        } catch (cause) {
            // A file that was moved, changed or taken away since it was picked.
            throw cause instanceof EngineError ? cause : new EngineError("file-unreadable", { cause })
        }
    }
}
