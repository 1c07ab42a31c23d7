/** A device that forgets everything when the page closes: the ports of this side, in memory. */

import type { Bytes } from "../bytes/bytes.ts"
import type { Place } from "../engine/place.ts"
import type {
    CatalogCache,
    Destination,
    Destinations,
    DeviceKeys,
    DeviceSlot,
    HeadMemory,
    Journal,
    RememberedHead,
} from "../engine/ports.ts"
import { destinationOf } from "./destinations.ts"

export class MemoryJournal implements Journal {
    readonly #lines = new Map<string, Map<string, Map<string, Bytes>>>()
    readonly #handles = new Map<string, FileSystemHandle>()
    readonly #claims = new Set<string>()

    async write(library: string, importId: string, line: string, sealed: Bytes): Promise<void> {
        const imports = this.#lines.get(library) ?? new Map<string, Map<string, Bytes>>()
        const lines = imports.get(importId) ?? new Map<string, Bytes>()
        this.#lines.set(library, imports.set(importId, lines.set(line, sealed.slice())))
    }

    async read(library: string, importId: string): Promise<ReadonlyMap<string, Bytes>> {
        return new Map(this.#lines.get(library)?.get(importId))
    }

    async imports(library: string): Promise<readonly string[]> {
        return [...(this.#lines.get(library)?.keys() ?? [])]
    }

    async erase(library: string, importId: string, line: string): Promise<void> {
        this.#lines.get(library)?.get(importId)?.delete(line)
    }

    async drop(library: string, importId: string): Promise<void> {
        this.#lines.get(library)?.delete(importId)
        this.#handles.delete(`${library}/${importId}`)
    }

    async keepHandle(library: string, importId: string, handle: FileSystemHandle): Promise<void> {
        this.#handles.set(`${library}/${importId}`, handle)
    }

    async handle(library: string, importId: string): Promise<FileSystemHandle | null> {
        return this.#handles.get(`${library}/${importId}`) ?? null
    }

    async claim(importId: string): Promise<(() => void) | null> {
        if (this.#claims.has(importId)) return null
        this.#claims.add(importId)
        return () => this.#claims.delete(importId)
    }
}

export class MemoryDeviceKeys implements DeviceKeys {
    readonly #slots = new Map<string, DeviceSlot>()

    async read(library: string): Promise<DeviceSlot | null> {
        return this.#slots.get(library) ?? null
    }

    async write(library: string, slot: DeviceSlot): Promise<void> {
        this.#slots.set(library, slot)
    }

    async remove(library: string): Promise<void> {
        this.#slots.delete(library)
    }
}

export class MemoryHeads implements HeadMemory {
    readonly #heads = new Map<string, RememberedHead>()

    async read(name: string): Promise<RememberedHead | null> {
        return this.#heads.get(name) ?? null
    }

    async write(name: string, head: RememberedHead): Promise<void> {
        const kept = this.#heads.get(name)
        if (kept?.library === head.library && kept.sequence > head.sequence) return
        this.#heads.set(name, head)
    }
}

export class MemoryCatalogs implements CatalogCache {
    readonly #objects = new Map<string, Bytes>()

    async read(id: string): Promise<Bytes | null> {
        return this.#objects.get(id)?.slice() ?? null
    }

    async write(id: string, sealed: Bytes): Promise<void> {
        this.#objects.set(id, sealed.slice())
    }

    async remove(id: string): Promise<void> {
        this.#objects.delete(id)
    }
}

/** Private files in memory; picked ones are the browser's. */
export class MemoryDestinations implements Destinations {
    readonly #files = new Map<string, Map<number, Blob>>()

    open(place: Place): Destination {
        return destinationOf(place, (id) => this.#privateFile(id))
    }

    async tidy(): Promise<void> {}

    #privateFile(id: string): Destination {
        return {
            existing: async () => {
                const parts = this.#files.get(id)
                return parts === undefined ? null : joined(parts)
            },
            makeFolder: async () => "there",
            create: async () => {
                const parts = this.#files.get(id) ?? new Map<number, Blob>()
                this.#files.set(id, parts)
                return {
                    write: async (at, bytes) => void parts.set(at, new Blob([bytes])),
                    finish: async (size) => joined(parts).slice(0, size),
                    abort: async () => void this.#files.delete(id),
                    leave: async () => undefined,
                }
            },
        }
    }
}

/** Pieces where they belong, and nothing but zeros between them. */
function joined(parts: ReadonlyMap<number, Blob>): Blob {
    const pieces: BlobPart[] = []
    let end = 0
    for (const [at, piece] of [...parts].toSorted(([one], [other]) => one - other)) {
        if (at > end) pieces.push(new Uint8Array(at - end))
        pieces.push(at < end ? piece.slice(end - at) : piece)
        end = Math.max(end, at + piece.size)
    }
    return new Blob(pieces)
}
