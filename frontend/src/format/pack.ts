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

/** The frames of a pack that was not filled, and the bytes that they are. */
export interface Rest {
    readonly bytes: Bytes
    readonly frames: readonly FrameEntry[]
}

interface OpenPack {
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
    #open: Record<Kind, OpenPack[]> = { text: [], other: [] }

    constructor(random: Random) {
        this.#random = random
    }

    /** Puts a frame into the first pack of its kind that has room. Gives back the packs that had to be finished for it. */
    add(frame: SealedFrame, cut: Cut): FinishedPack[] {
        const finished: FinishedPack[] = []
        const kind = cut === "text" ? "text" : "other"
        const open = this.#open[kind]
        let pack = open.find(({ filled }) => filled + frame.sealedLength <= limits.packSize)
        if (pack === undefined) {
            if (open.length === mostOpen[kind]) finished.push(this.#finish(kind, fullest(open)))
            pack = { buffer: this.#spare.pop() ?? new Uint8Array(limits.packSize), frames: [], filled: 0 }
            this.#open[kind].push(pack)
        }
        pack.buffer.set(frame.header, pack.filled)
        pack.buffer.set(frame.body, pack.filled + frame.header.length)
        pack.filled += frame.sealedLength
        const { id, flags, sealedLength, chunks } = frame
        pack.frames.push({ id, flags, sealedLength, chunks })
        if (limits.packSize - pack.filled < notWorthWaiting) finished.push(this.#finish(kind, pack))
        return finished
    }

    /** What is in the packs that are still open; this builder has none then. */
    leave(): Rest[] {
        const rests = [...this.#open.text, ...this.#open.other].map(({ buffer, filled, frames }) => ({
            bytes: buffer.subarray(0, filled),
            frames,
        }))
        this.#open = { text: [], other: [] }
        return rests
    }

    /** Takes back the memory of a pack that was sent. A buffer that was transferred is not worth keeping. */
    reuse(bytes: Bytes): void {
        if (bytes.buffer.byteLength === limits.packSize && this.#spare.length < mostSpare)
            this.#spare.push(new Uint8Array(bytes.buffer))
    }

    #finish(kind: Kind, pack: OpenPack): FinishedPack {
        this.#open[kind] = this.#open[kind].filter((other) => other !== pack)
        return finished(pack, limits.packSize, this.#random)
    }
}

/**
 * The last packs of an import, from all of its builders. Rests that fit into one pack share it, text or not: each pack less
 * is padding less, and what opens a chat is still one range of it.
 */
export function joinRests(rests: readonly Rest[], random: Random): FinishedPack[] {
    const packs: OpenPack[] = []
    for (const { bytes, frames } of rests.toSorted((one, other) => other.bytes.length - one.bytes.length)) {
        let pack = cheapest(packs, bytes.length)
        if (pack === null) {
            pack = { buffer: new Uint8Array(limits.packSize), frames: [], filled: 0 }
            packs.push(pack)
        }
        pack.buffer.set(bytes, pack.filled)
        pack.filled += bytes.length
        pack.frames.push(...frames)
    }
    return packs.map((pack) => finished(pack, padded(pack.filled), random))
}

/** The pack that grows least when so much is put into it; null where a pack of its own is shorter. */
function cheapest(packs: readonly OpenPack[], length: number): OpenPack | null {
    const growth = ({ filled }: OpenPack): number => padded(filled + length) - padded(filled)
    const open = packs.filter((pack) => pack.filled + length <= limits.packSize && growth(pack) <= padded(length))
    return open.toSorted((one, other) => growth(one) - growth(other))[0] ?? null
}

/** As little as hides how much is in it. */
function padded(length: number): number {
    return Math.max(limits.smallest, padme(length))
}

function finished({ buffer, filled, frames }: OpenPack, size: number, random: Random): FinishedPack {
    // Whatever an earlier pack left in this buffer is overwritten here.
    buffer.set(random.bytes(size - filled), filled)
    return { id: toHex(random.bytes(idLength)), bytes: buffer.subarray(0, size), frames }
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
