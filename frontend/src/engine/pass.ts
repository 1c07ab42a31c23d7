/**
 * One pass over an export: read → cut → name → known? → group → seal → pack.
 *
 * Everything goes on at once and in order: while one chunk is sealed, the next are named and the one after is read.
 * Nothing is held that is not on its way, so the slowest step (sending, as a rule) sets the pace of all.
 */

import { type Bytes, concat } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { createLinePrf, type LinePrf } from "../crypto/prf.ts"
import type { Random } from "../crypto/random.ts"
import { type NamedChunk, nameChunk } from "../format/chunk.ts"
import { type Cut, type Cutter, chooseCut } from "../format/cut.ts"
import { createCutter } from "../format/cutter.ts"
import { type SealedFrame, sealFrame } from "../format/frame.ts"
import { limits } from "../format/limits.ts"
import { type FinishedPack, PackBuilder } from "../format/pack.ts"
import { ready } from "../format/zstd.ts"
import { EngineError } from "./errors.ts"
import { Lane } from "./lane.ts"
import { mediaTypeOf } from "./media-type.ts"
import type { ExportSource, SourceContent, SourceFile } from "./source.ts"

export interface PassOptions {
    readonly keys: LibraryKeys
    readonly random: Random
    readonly source: ExportSource
    readonly signal: AbortSignal
    /** Whether a chunk is kept already and need not be sealed. */
    readonly isKnown: (id: Bytes) => boolean
    /** Takes a pack and resolves when there is room for the next; `release` gives its memory back. */
    readonly takePack: (pack: FinishedPack, release: () => void) => Promise<void>
    /** A chunk was found to be kept, from before or from further up in this export. */
    readonly onFound: (id: Bytes, length: number) => void
}

export interface PassedFile {
    readonly file: SourceFile
    readonly size: number
    readonly cut: Cut
    readonly type: string
    /** The ids joined. */
    readonly chunks: Bytes
}

export interface PassResult {
    /** In the order of the zip's directory; what could not be read at all is left out. */
    readonly files: readonly PassedFile[]
    readonly damaged: readonly string[]
}

/** Messages of 64 to 256 KiB suit WebCrypto best, and this many in flight keep it busy. */
const namedAhead = 12
const sealedAhead = 8

interface FileDraft {
    readonly file: SourceFile
    readonly cut: Cut
    readonly type: string
    readonly ids: Bytes[]
    size: number
}

interface Named {
    readonly draft: FileDraft
    readonly chunk: NamedChunk
}

export async function passOver(options: PassOptions): Promise<PassResult> {
    await ready()
    const pass = new Pass(options, await createLinePrf(options.keys.cut))
    const damaged: string[] = []
    const drafts: FileDraft[] = []
    for await (const found of options.source.read()) {
        const { draft, readable } = await pass.addFile(found)
        if (!readable) damaged.push(found.file.name)
        if (readable || draft.size > 0) drafts.push(draft)
    }
    await pass.end()
    drafts.sort((one, other) => one.file.index - other.file.index)
    return { files: drafts.map(finished), damaged }
}

function finished({ file, cut, type, ids, size }: FileDraft): PassedFile {
    return { file, size, cut, type, chunks: concat(...ids) }
}

class Pass {
    readonly #options: PassOptions
    readonly #prf: LinePrf
    readonly #builder: PackBuilder
    readonly #naming = new Lane<Named>(namedAhead, (named) => this.#take(named))
    readonly #sealing = new Lane<SealedFrame>(sealedAhead, (frame) => this.#pack(frame))
    /** Chunks that this pass sealed: the same content further on is not sealed again. */
    readonly #sealed = new Set<string>()
    /** Neighbouring new chunks of one text, to be compressed together. */
    #group: { readonly draft: FileDraft; readonly chunks: NamedChunk[]; size: number } | null = null

    constructor(options: PassOptions, prf: LinePrf) {
        this.#options = options
        this.#prf = prf
        this.#builder = new PackBuilder(options.random)
    }

    async addFile({
        file,
        content,
    }: SourceContent): Promise<{ readonly draft: FileDraft; readonly readable: boolean }> {
        const begin = await readBegin(content)
        const cut = chooseCut(begin.head)
        const draft: FileDraft = { file, cut, type: mediaTypeOf(begin.head), ids: [], size: 0 }
        const cutter = createCutter(cut, this.#prf)
        for (const piece of begin.pieces) await this.#push(draft, cutter.push(piece))
        const damage = begin.ended ? begin.damage : await this.#pushRest(draft, cutter, content)
        await this.#push(draft, cutter.end())
        return { draft, readable: damage === null }
    }

    async end(): Promise<void> {
        await this.#naming.flush()
        await this.#endGroup()
        await this.#sealing.flush()
        for (const pack of this.#builder.end()) await this.#hand(pack)
    }

    async #pushRest(draft: FileDraft, cutter: Cutter, content: SourceContent["content"]): Promise<string | null> {
        for (;;) {
            const step = await content.next()
            if (step.done === true) return step.value
            await this.#push(draft, cutter.push(step.value))
        }
    }

    async #push(draft: FileDraft, chunks: readonly Bytes[]): Promise<void> {
        if (this.#options.signal.aborted) throw new EngineError("stopped")
        for (const bytes of chunks) {
            draft.size += bytes.length
            await this.#naming.push(nameChunk(this.#options.keys, bytes).then((chunk) => ({ draft, chunk })))
        }
    }

    async #take({ draft, chunk }: Named): Promise<void> {
        draft.ids.push(chunk.id)
        const name = toHex(chunk.id)
        if (this.#sealed.has(name) || this.#options.isKnown(chunk.id)) {
            this.#options.onFound(chunk.id, chunk.bytes.length)
            await this.#endGroup()
            return
        }
        this.#sealed.add(name)
        if (draft.cut === "text") await this.#addToGroup(draft, chunk)
        else {
            await this.#endGroup()
            await this.#seal([chunk], draft.cut)
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
        const { keys, random } = this.#options
        await this.#sealing.push(sealFrame(keys, chunks, random, { compress: cut !== "fixed" }))
    }

    async #pack(frame: SealedFrame): Promise<void> {
        for (const pack of this.#builder.add(frame)) await this.#hand(pack)
    }

    async #hand(pack: FinishedPack): Promise<void> {
        await this.#options.takePack(pack, () => this.#builder.reuse(pack.bytes))
    }
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
        pieces.push(step.value)
        length += step.value.length
    }
    return { head: headOf(pieces), pieces, ended: false, damage: null }
}

function headOf(pieces: readonly Bytes[]): Bytes {
    const [first] = pieces
    const joined = first !== undefined && first.length >= limits.cutHead ? first : concat(...pieces)
    return joined.subarray(0, limits.cutHead)
}
