/** One pass over an export: a crew goes over its files, and everything that is new comes back sealed, in packs. */

import type { Bytes } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { Random } from "../crypto/random.ts"
import type { CatalogPack } from "../format/catalog.ts"
import type { Cut } from "../format/cut.ts"
import { idLength } from "../format/limits.ts"
import type { Rest } from "../format/pack.ts"
import type { Crew, Desk, SealedFile } from "./crew.ts"
import { EngineError } from "./errors.ts"
import { crewOfOne } from "./sealer.ts"
import { Shares } from "./shares.ts"
import type { ExportSource, SourceFile } from "./source.ts"

/** What of a source is asked for: a text that was made here is one, too. */
export type PassedSource = Pick<ExportSource, "files" | "size" | "portable" | "read">

export interface PassOptions {
    readonly crew: Crew
    readonly keys: LibraryKeys
    readonly random: Random
    readonly source: PassedSource
    readonly signal: AbortSignal
    /** Whether a chunk is kept already and need not be sealed. */
    readonly isKnown: (id: Bytes) => boolean
    /** Takes a pack and resolves when there is room for the next; `release` gives its memory back. */
    readonly takePack: (pack: CatalogPack, bytes: Bytes, release: () => void) => Promise<void>
    /** A chunk was found to be kept, from before or from elsewhere in this export. */
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
    /** Frames that filled no pack. */
    readonly rests: readonly Rest[]
}

export async function passOver(options: PassOptions): Promise<PassResult> {
    const { keys, source, signal, random } = options
    // What only this thread can read, this thread seals.
    const crew = source.portable === null ? crewOfOne(random) : options.crew
    const { files, rests } = await crew.seal({ keys, source, signal }, deskFor(options))
    const inOrder = [...files].sort((one, other) => one.index - other.index)
    const named = inOrder.map((one) => ({ one, file: fileOf(source, one) }))
    return {
        files: named
            .filter(({ one }) => one.readable || one.size > 0)
            .map(({ one: { size, cut, type, chunks }, file }) => ({ file, size, cut, type, chunks })),
        damaged: named.filter(({ one }) => !one.readable).map(({ file }) => file.name),
        rests,
    }
}

function fileOf(source: PassedSource, { index }: SealedFile): SourceFile {
    const file = source.files[index]
    if (file === undefined) throw new EngineError("unexpected")
    return file
}

function deskFor({ source, signal, isKnown, takePack, onFound }: PassOptions): Desk {
    const shares = new Shares(source)
    /** Chunks that some sealer was told to seal: the same content elsewhere is not sealed again. */
    const given = new Set<string>()
    const spare: Bytes[] = []
    const goesOn = (): void => {
        if (signal.aborted) throw new EngineError("stopped")
    }
    const isWanted = (id: Bytes, length: number): boolean => {
        const name = toHex(id)
        if (given.has(name) || isKnown(id)) {
            onFound(id, length)
            return false
        }
        given.add(name)
        return true
    }
    return {
        async share() {
            goesOn()
            return shares.next()
        },
        async claim(ids, lengths) {
            goesOn()
            return Uint8Array.from(lengths, (length, position) =>
                isWanted(ids.subarray(position * idLength, (position + 1) * idLength), length) ? 1 : 0,
            )
        },
        async take(pack, bytes) {
            goesOn()
            await takePack(pack, bytes, () => spare.push(bytes))
            return spare.pop() ?? null
        },
    }
}
