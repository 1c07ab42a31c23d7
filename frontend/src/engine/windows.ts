/**
 * Reads a file forward into two pieces of memory in turn: while one is looked at, the other is filled.
 *
 * Reading slice by slice would leave each slice to the garbage, and a browser collects hundreds of megabytes of it
 * before it tidies up; a stream that fills memory of ours is quicker besides.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { fill } from "../bytes/fill.ts"
import { EngineError } from "./errors.ts"

const windowSize = 1024 * 1024

interface Window {
    readonly start: number
    readonly bytes: Bytes
}

interface Stream {
    /** Fills `memory` with what comes next, and gives it back (not the same object), shorter at the end. */
    fill(memory: Bytes): Promise<Bytes>
    close(): void
}

/** Ranges may be asked for in any order; only rising ones are quick. */
export class ForwardWindows {
    readonly #blob: Blob
    readonly #end: number
    #here: Window = { start: 0, bytes: new Uint8Array(0) }
    #ahead: { readonly start: number; readonly window: Promise<Window> } | null = null
    #stream: Stream | null = null

    /** Nothing at or after `end` is read. */
    constructor(blob: Blob, end = blob.size) {
        this.#blob = blob
        this.#end = Math.min(end, blob.size)
    }

    /**
     * The bytes `from` (included) to `to` (excluded) in as many views as windows hold them; stops early at the end. A view is
     * good until the next is asked for.
     */
    async *range(from: number, to: number): AsyncGenerator<Bytes, void, undefined> {
        const stop = Math.min(to, this.#end)
        for (let at = from; at < stop; ) {
            const { start, bytes } = await this.#windowAt(at)
            const view = bytes.subarray(at - start, Math.min(stop - start, bytes.length))
            at += view.length
            yield view
        }
    }

    /** The same in one piece, copied; shorter at the end of the file. */
    async take(from: number, to: number): Promise<Bytes> {
        const taken = new Uint8Array(Math.max(0, Math.min(to, this.#end) - from))
        let at = 0
        for await (const view of this.range(from, to)) {
            taken.set(view, at)
            at += view.length
        }
        return taken
    }

    /** Nothing is read any more. */
    close(): void {
        this.#stream?.close()
        this.#stream = null
        this.#ahead = null
    }

    async #windowAt(offset: number): Promise<Window> {
        const last = this.#here
        if (offset >= last.start && offset < last.start + last.bytes.length) return last
        const ahead = this.#ahead
        if (ahead?.start === offset) {
            this.#here = await ahead.window
        } else {
            this.close()
            this.#stream = open(this.#blob.slice(offset, this.#end))
            this.#here = await this.#fill(
                this.#stream,
                offset,
                new Uint8Array(Math.min(windowSize, this.#end - offset)),
            )
        }
        this.#ahead = null
        const next = this.#here.start + this.#here.bytes.length
        if (next < this.#end && this.#stream !== null) {
            // The memory of the window before: nobody looks at that one any more.
            const memory =
                last.bytes.byteLength === windowSize
                    ? last.bytes
                    : new Uint8Array(Math.min(windowSize, this.#end - next))
            const window = this.#fill(this.#stream, next, memory)
            window.catch(() => undefined)
            this.#ahead = { start: next, window }
        }
        return this.#here
    }

    async #fill(stream: Stream, start: number, memory: Bytes): Promise<Window> {
        try {
            const bytes = await stream.fill(memory)
            if (bytes.length < Math.min(memory.length, this.#end - start)) throw new EngineError("file-changed")
            return { start, bytes }
        } catch (cause) {
            // A file that was moved, changed or taken away since it was picked.
            throw cause instanceof EngineError ? cause : new EngineError("file-unreadable", { cause })
        }
    }
}

function open(blob: Blob): Stream {
    try {
        return filling(blob.stream().getReader({ mode: "byob" }))
    } catch {
        // Browsers whose files cannot be read into given memory.
        return slicing(blob)
    }
}

function filling(reader: ReadableStreamBYOBReader): Stream {
    return {
        fill: (memory) => fill(reader, memory),
        close: () => void reader.cancel().catch(() => undefined),
    }
}

function slicing(blob: Blob): Stream {
    let at = 0
    return {
        async fill(memory) {
            const bytes = new Uint8Array(await blob.slice(at, at + memory.length).arrayBuffer())
            at += bytes.length
            return bytes
        },
        close: () => undefined,
    }
}
