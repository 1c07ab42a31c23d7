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
import type { Cut } from "./cut.ts"
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
    readonly kind: Kind
    readonly buffer: Bytes
    readonly frames: FrameEntry[]
    filled: number
}

/** Text is kept apart: whoever opens a chat needs all of it, and the catalogs that name only it stay small. */
type Kind = "text" | "other"
/** With two packs open, small frames fill the gaps that large ones leave. Text has small frames only. */
const mostOpen: Readonly<Record<Kind, number>> = { text: 1, other: 2 }
const mostSpare = 3
/** Room that hardly any frame fits into: such a pack would only take the place of one that can still be filled. */
const notWorthWaiting = 4_096

export class PackBuilder {
    readonly #random: Random
    readonly #spare: Bytes[] = []
    #open: OpenPack[] = []

    constructor(random: Random) {
        this.#random = random
    }

    /** Puts a frame into the first pack of its kind that has room. Gives back the packs that had to be finished for it. */
    add(frame: SealedFrame, cut: Cut): FinishedPack[] {
        const finished: FinishedPack[] = []
        const kind = cut === "text" ? "text" : "other"
        const alike = this.#open.filter((open) => open.kind === kind)
        let pack = alike.find(({ filled }) => filled + frame.sealedLength <= limits.packSize)
        if (pack === undefined) {
            if (alike.length === mostOpen[kind]) finished.push(this.#finish(fullest(alike), limits.packSize))
            pack = { kind, buffer: this.#spare.pop() ?? new Uint8Array(limits.packSize), frames: [], filled: 0 }
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
        if (bytes.buffer.byteLength === limits.packSize && this.#spare.length < mostSpare)
            this.#spare.push(new Uint8Array(bytes.buffer))
    }

    #finish(pack: OpenPack, size: number): FinishedPack {
        this.#open = this.#open.filter((other) => other !== pack)
        // Whatever an earlier pack left in this buffer is overwritten here.
        pack.buffer.set(this.#random.bytes(size - pack.filled), pack.filled)
        return { id: toHex(this.#random.bytes(idLength)), bytes: pack.buffer.subarray(0, size), frames: pack.frames }
    }
}

function fullest(packs: readonly OpenPack[]): OpenPack {
    return packs.reduce((most, pack) => (pack.filled > most.filled ? pack : most))
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
