/**
 * One sealer's way over its shares: read → cut → name → claim → group → seal → pack.
 *
 * Everything goes on at once and in order: while one chunk is sealed, the next are named and the one after is read.
 * Nothing is held that is not on its way, so the slowest step (sending, as a rule) sets the pace of all.
 */

import { type Bytes, concat } from "../bytes/bytes.ts"
import { weigh } from "../bytes/weigh.ts"
import { createLinePrf, type LinePrf } from "../crypto/prf.ts"
import type { Random } from "../crypto/random.ts"
import { type NamedChunk, nameChunk } from "../format/chunk.ts"
import { ChunkMemory } from "../format/chunk-memory.ts"
import { type Cut, type Cutter, chooseCut } from "../format/cut.ts"
import { createCutter } from "../format/cutter.ts"
import { type SealedFrame, sealFrame } from "../format/frame.ts"
import { limits } from "../format/limits.ts"
import { describePack, type FinishedPack, PackBuilder } from "../format/pack.ts"
import { ready } from "../format/zstd.ts"
import type { Crew, Desk, SealedShares, SealingOrder } from "./crew.ts"
import { EngineError } from "./errors.ts"
import { Lane } from "./lane.ts"
import { mediaTypeOf } from "./media-type.ts"
import type { SourceContent } from "./source.ts"

/** Messages of 64 to 256 KiB suit WebCrypto best, and this many in flight keep it busy. */
const namedAhead = 12
const sealedAhead = 8
/** So many chunks are claimed with one question, and so many questions are open at once. */
const claimedTogether = 8
const claimsAhead = 3
/** Packs that wait for room are what takes most memory. */
const packsAhead = 1
/** Found by trying: a collection for each pack costs next to nothing, as little else lives here. */
const garbageWeight = 8

interface FileDraft {
    readonly index: number
    readonly cut: Cut
    readonly type: string
    readonly ids: Bytes[]
    size: number
}

interface Named {
    readonly draft: FileDraft
    readonly chunk: NamedChunk
}

interface Sealed {
    readonly frame: SealedFrame
    readonly cut: Cut
    readonly chunks: readonly NamedChunk[]
}

interface Claimed {
    readonly asked: readonly Named[]
    readonly answer: Uint8Array
}

/** What a sealer asks of the desk; it hands packs over as it filled them. */
export type SealersDesk = Pick<Desk, "share" | "claim"> & {
    take(pack: FinishedPack): Promise<Bytes | null>
}

/** The desk, for whoever hands over packs that were not hashed yet. */
export function hashing(desk: Desk): SealersDesk {
    return {
        share: () => desk.share(),
        claim: (ids, lengths) => desk.claim(ids, lengths),
        take: async (pack) => desk.take(await describePack(pack), pack.bytes),
    }
}

export class Sealer {
    readonly #order: SealingOrder
    readonly #desk: SealersDesk
    readonly #random: Random
    readonly #builder: PackBuilder
    readonly #memory = new ChunkMemory()
    readonly #naming = new Lane<Named>(namedAhead, (named) => this.#ask(named))
    readonly #claiming = new Lane<Claimed>(claimsAhead, (claimed) => this.#take(claimed))
    readonly #sealing = new Lane<Sealed>(sealedAhead, (sealed) => this.#pack(sealed))
    readonly #handing = new Lane<Bytes | null>(packsAhead, async (spare) => {
        if (spare !== null) this.#builder.reuse(spare)
    })
    #asking: Named[] = []
    /** Neighbouring new chunks of one text, to be compressed together. */
    #group: { readonly draft: FileDraft; readonly chunks: NamedChunk[]; size: number } | null = null

    constructor(order: SealingOrder, desk: SealersDesk, random: Random) {
        this.#order = order
        this.#desk = desk
        this.#random = random
        this.#builder = new PackBuilder(random)
    }

    async run(): Promise<SealedShares> {
        await ready()
        const prf = await createLinePrf(this.#order.keys.cut)
        const passed: { readonly draft: FileDraft; readonly readable: boolean }[] = []
        for (let share = await this.#desk.share(); share !== null; share = await this.#desk.share())
            for await (const found of this.#order.source.read(share)) passed.push(await this.#addFile(found, prf))
        await this.#end()
        const files = passed.map(({ draft: { index, size, cut, type, ids }, readable }) => {
            return { index, size, cut, type, chunks: concat(...ids), readable }
        })
        return { files, rests: this.#builder.leave() }
    }

    async #addFile(
        { file, content }: SourceContent,
        prf: LinePrf,
    ): Promise<{ readonly draft: FileDraft; readonly readable: boolean }> {
        const begin = await readBegin(content)
        const cut = chooseCut(begin.head)
        const draft: FileDraft = { index: file.index, cut, type: mediaTypeOf(begin.head), ids: [], size: 0 }
        const cutter = createCutter(cut, prf, this.#memory)
        for (const piece of begin.pieces) await this.#push(draft, cutter.push(piece))
        const damage = begin.ended ? begin.damage : await this.#pushRest(draft, cutter, content)
        await this.#push(draft, cutter.end())
        return { draft, readable: damage === null }
    }

    async #end(): Promise<void> {
        await this.#naming.flush()
        await this.#askNow()
        await this.#claiming.flush()
        await this.#endGroup()
        await this.#sealing.flush()
        await this.#handing.flush()
    }

    async #pushRest(draft: FileDraft, cutter: Cutter, content: SourceContent["content"]): Promise<string | null> {
        for (;;) {
            const step = await content.next()
            if (step.done === true) return step.value
            await this.#push(draft, cutter.push(step.value))
        }
    }

    async #push(draft: FileDraft, chunks: readonly Bytes[]): Promise<void> {
        if (this.#order.signal.aborted) throw new EngineError("stopped")
        for (const bytes of chunks) {
            draft.size += bytes.length
            await this.#naming.push(nameChunk(this.#order.keys, bytes).then((chunk) => ({ draft, chunk })))
        }
    }

    async #ask(named: Named): Promise<void> {
        named.draft.ids.push(named.chunk.id)
        this.#asking.push(named)
        if (this.#asking.length >= claimedTogether) await this.#askNow()
    }

    async #askNow(): Promise<void> {
        const asked = this.#asking
        this.#asking = []
        if (asked.length === 0) return
        const ids = concat(...asked.map(({ chunk }) => chunk.id))
        const lengths = asked.map(({ chunk }) => chunk.bytes.length)
        await this.#claiming.push(this.#desk.claim(ids, lengths).then((answer) => ({ asked, answer })))
    }

    async #take({ asked, answer }: Claimed): Promise<void> {
        for (const [position, { draft, chunk }] of asked.entries()) {
            if (answer[position] !== 1) {
                this.#memory.give(chunk.bytes)
                await this.#endGroup()
            } else if (draft.cut === "text") await this.#addToGroup(draft, chunk)
            else {
                await this.#endGroup()
                await this.#seal([chunk], draft.cut)
            }
        }
    }

    async #addToGroup(draft: FileDraft, chunk: NamedChunk): Promise<void> {
        const group = this.#group
        if (group !== null && group.draft === draft && group.size + chunk.bytes.length <= limits.frameContent) {
            group.chunks.push(chunk)
            group.size += chunk.bytes.length
        } else {
            await this.#endGroup()
            this.#group = { draft, chunks: [chunk], size: chunk.bytes.length }
        }
    }

    async #endGroup(): Promise<void> {
        const group = this.#group
        this.#group = null
        if (group !== null) await this.#seal(group.chunks, group.draft.cut)
    }

    async #seal(chunks: readonly NamedChunk[], cut: Cut): Promise<void> {
        const sealing = sealFrame(this.#order.keys, chunks, this.#random, { compress: cut !== "fixed" })
        await this.#sealing.push(sealing.then((frame) => ({ frame, cut, chunks })))
    }

    async #pack({ frame, cut, chunks }: Sealed): Promise<void> {
        for (const { bytes } of chunks) this.#memory.give(bytes)
        for (const pack of this.#builder.add(frame, cut)) await this.#hand(pack)
    }

    async #hand(pack: FinishedPack): Promise<void> {
        // The frames' ciphertexts, which lie in the pack now.
        weigh(garbageWeight * pack.bytes.length)
        await this.#handing.push(this.#desk.take(pack))
    }
}

/** One sealer in this very thread: where there are no workers, and for sources that live here. */
export function crewOfOne(random: Random): Crew {
    return { seal: (order, desk) => new Sealer(order, hashing(desk), random).run() }
}

/** How a file begins, and what of its content was read for knowing that. */
interface Begin {
    readonly head: Bytes
    readonly pieces: readonly Bytes[]
    readonly ended: boolean
    readonly damage: string | null
}

async function readBegin(content: SourceContent["content"]): Promise<Begin> {
    const pieces: Bytes[] = []
    for (let length = 0; length < limits.cutHead; ) {
        const step = await content.next()
        if (step.done === true) return { head: headOf(pieces), pieces, ended: true, damage: step.value }
        length += step.value.length
        // A piece is good until the next is asked for.
        pieces.push(length < limits.cutHead ? step.value.slice() : step.value)
    }
    return { head: headOf(pieces), pieces, ended: false, damage: null }
}

function headOf(pieces: readonly Bytes[]): Bytes {
    const [first] = pieces
    const joined = first !== undefined && first.length >= limits.cutHead ? first : concat(...pieces)
    return joined.subarray(0, limits.cutHead)
}
