/**
 * A pack: sealed frames one after another, then chance (docs/format.md §6).
 *
 *     frame ‖ frame ‖ … ‖ padding
 *
 * A full pack is exactly 8 MiB. Frames are written where they will lie; a buffer comes back through `reuse` when its pack
 * was sent.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { sha256 } from "../crypto/hash.ts"
import type { Random } from "../crypto/random.ts"
import type { CatalogPack } from "./catalog.ts"
import type { FrameEntry, SealedFrame } from "./frame.ts"
import { idLength, limits } from "./limits.ts"
import { padme } from "./padme.ts"

export interface FinishedPack {
    /** 32 hexadecimal digits */
    readonly id: string
    readonly bytes: Bytes
    readonly frames: readonly FrameEntry[]
}

interface OpenPack {
    readonly buffer: Bytes
    readonly frames: FrameEntry[]
    filled: number
}

/** With a few packs open, small frames fill the gaps that large ones leave. */
const mostOpen = 3
/** Room that hardly any frame fits into: such a pack would only take the place of one that can still be filled. */
const notWorthWaiting = 4_096

export class PackBuilder {
    readonly #random: Random
    readonly #spare: Bytes[] = []
    #open: OpenPack[] = []

    constructor(random: Random) {
        this.#random = random
    }

    /** Puts a frame into the first pack that has room. Gives back the pack that had to be finished for it, if any. */
    add(frame: SealedFrame): FinishedPack[] {
        const finished: FinishedPack[] = []
        let pack = this.#open.find(({ filled }) => filled + frame.sealedLength <= limits.packSize)
        if (pack === undefined) {
            if (this.#open.length === mostOpen) finished.push(this.#finish(this.#fullest(), limits.packSize))
            pack = { buffer: this.#spare.pop() ?? new Uint8Array(limits.packSize), frames: [], filled: 0 }
            this.#open.push(pack)
        }
        pack.buffer.set(frame.header, pack.filled)
        pack.buffer.set(frame.body, pack.filled + frame.header.length)
        pack.filled += frame.sealedLength
        const { id, flags, sealedLength, chunks } = frame
        pack.frames.push({ id, flags, sealedLength, chunks })
        if (limits.packSize - pack.filled < notWorthWaiting) finished.push(this.#finish(pack, limits.packSize))
        return finished
    }

    /** The packs that are still open, padded as little as hides how much is in them. */
    end(): FinishedPack[] {
        return this.#open.map((pack) => this.#finish(pack, Math.max(limits.smallest, padme(pack.filled))))
    }

    /** Takes back the memory of a pack that was sent. A buffer that was transferred is not worth keeping. */
    reuse(bytes: Bytes): void {
        if (bytes.buffer.byteLength === limits.packSize && this.#spare.length < mostOpen)
            this.#spare.push(new Uint8Array(bytes.buffer))
    }

    #fullest(): OpenPack {
        return this.#open.reduce((fullest, pack) => (pack.filled > fullest.filled ? pack : fullest))
    }

    #finish(pack: OpenPack, size: number): FinishedPack {
        this.#open = this.#open.filter((other) => other !== pack)
        // Whatever an earlier pack left in this buffer is overwritten here.
        pack.buffer.set(this.#random.bytes(size - pack.filled), pack.filled)
        return { id: toHex(this.#random.bytes(idLength)), bytes: pack.buffer.subarray(0, size), frames: pack.frames }
    }
}

/** The pack as its catalog names it. */
export async function describePack(pack: FinishedPack): Promise<CatalogPack> {
    return {
        id: pack.id,
        sha256: toHex(await sha256(pack.bytes)),
        size: pack.bytes.length,
        frames: pack.frames,
    }
}
