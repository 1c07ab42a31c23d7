/**
 * What a check found wrong. Nothing ends at the first finding: all are kept, and then told by chat, export and file.
 *
 * Which files need a damaged piece is looked up at the end, for damage is rare: until then a piece costs nothing.
 */

import { type DamageCode, DamagedObjectError } from "../format/errors.ts"
import type { HeadSnapshot } from "../format/head.ts"
import { EngineError } from "./errors.ts"

/** Told of one import; an import may be damaged in several ways. */
export interface Damage {
    readonly conversation: string
    readonly chat: string
    readonly importId: string
    /** The export's file name, or null when that cannot be read either. */
    readonly export: string | null
    readonly codes: readonly DamageCode[]
    /** `whole`: nothing of it opens. `files`: these do not. `none`: all of it opened, and yet not all is as it was stored. */
    readonly extent: "whole" | "files" | "none"
    readonly files: readonly string[]
    /** Sealed objects by which the people who run the server can look for the cause. */
    readonly objects: readonly string[]
}

/** How a damaged piece is named: two packs may hold a frame of the same id. */
export function pieceName({ packId, offset }: { readonly packId: string; readonly offset: number }): string {
    return `${packId}/${offset}`
}

/** One import as far as it could be read. */
export interface ExaminedImport {
    readonly ref: HeadSnapshot
    readonly chat: string
    readonly export: string | null
    /** Its snapshot and the catalogs it needs. */
    readonly objects: readonly string[]
    /** File by file, where its pieces lie. Without a name: the list of the files itself. */
    readonly files: () => Iterable<{ readonly name: string | null; readonly pieces: Iterable<PiecePlace> }>
}

interface PiecePlace {
    readonly packId: string
    readonly offset: number
}

export class DamageBook {
    /** Imports that cannot be opened at all, and the objects because of which. */
    readonly #imports = new Map<string, { readonly objects: readonly string[]; readonly code: DamageCode }>()
    readonly #objects = new Map<string, Set<DamageCode>>()
    readonly #pieces = new Map<string, DamageCode>()

    /** How many findings there are. */
    get size(): number {
        return this.#imports.size + this.#objects.size + this.#pieces.size
    }

    import(importId: string, objects: readonly string[], code: DamageCode): void {
        this.#imports.set(importId, { objects, code })
    }

    /** A pack, snapshot or catalog is not as it was stored, whether or not what is needed of it opens. */
    object(id: string, code: DamageCode): void {
        this.#objects.set(id, (this.#objects.get(id) ?? new Set()).add(code))
    }

    piece(place: PiecePlace, code: DamageCode): void {
        this.#pieces.set(pieceName(place), code)
    }

    hasObject(id: string): boolean {
        return this.#objects.has(id)
    }

    /** For who cannot go on with any. */
    throwFirst(): void {
        const codes = [
            ...Array.from(this.#imports.values(), ({ code }) => code),
            ...Array.from(this.#objects.values(), (found) => [...found]).flat(),
            ...this.#pieces.values(),
        ]
        if (codes[0] !== undefined) throw new DamagedObjectError(codes[0])
    }

    tell(imports: readonly ExaminedImport[]): readonly Damage[] {
        return this.size === 0 ? [] : imports.flatMap((one) => this.#of(one) ?? [])
    }

    #of(one: ExaminedImport): Damage | null {
        const { conversation, id: importId } = one.ref
        const named = { conversation, chat: one.chat, importId, export: one.export }
        const whole = this.#imports.get(importId)
        if (whole !== undefined)
            return { ...named, codes: [whole.code], extent: "whole", files: [], objects: whole.objects }
        const codes = new Set<DamageCode>()
        const objects = new Set<string>()
        const files = new Set<string | null>()
        const note = (object: string, found: Iterable<DamageCode>): void => {
            for (const code of found) {
                codes.add(code)
                objects.add(object)
            }
        }
        for (const id of one.objects) note(id, this.#objects.get(id) ?? [])
        for (const { name, pieces } of one.files())
            for (const piece of pieces) {
                note(piece.packId, this.#objects.get(piece.packId) ?? [])
                const code = this.#pieces.get(pieceName(piece))
                if (code === undefined) continue
                note(piece.packId, [code])
                files.add(name)
            }
        if (codes.size === 0) return null
        const extent = files.has(null) ? "whole" : files.size > 0 ? "files" : "none"
        const names = extent === "files" ? [...files].filter((name) => name !== null) : []
        return { ...named, codes: [...codes], extent, files: names, objects: [...objects] }
    }
}

/** What the library is to blame for, or null: networks, sessions and stopping are no damage. */
export function damageCode(error: unknown): DamageCode | null {
    if (error instanceof DamagedObjectError) return error.code
    return error instanceof EngineError && error.code === "missing" ? "missing" : null
}
