/** A device that forgets everything when the page closes: the ports of this side, in memory. */

import type { Bytes } from "../bytes/bytes.ts"
import type {
    CatalogCache,
    DeviceKeys,
    DeviceSlot,
    HeadMemory,
    Journal,
    RememberedHead,
    ScratchFile,
    ScratchFiles,
} from "../engine/ports.ts"

export class MemoryJournal implements Journal {
    readonly #lines = new Map<string, Map<string, Map<string, Bytes>>>()
    readonly #handles = new Map<string, FileSystemFileHandle>()
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

    async keepHandle(library: string, importId: string, handle: FileSystemFileHandle): Promise<void> {
        this.#handles.set(`${library}/${importId}`, handle)
    }

    async handle(library: string, importId: string): Promise<FileSystemFileHandle | null> {
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

    async read(account: string): Promise<RememberedHead | null> {
        return this.#heads.get(account) ?? null
    }

    async write(account: string, head: RememberedHead): Promise<void> {
        const kept = this.#heads.get(account)
        if (kept?.library === head.library && kept.sequence > head.sequence) return
        this.#heads.set(account, head)
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

export class MemoryScratch implements ScratchFiles {
    async create(name: string): Promise<ScratchFile> {
        let parts: Blob[] = []
        return {
            write: async (bytes) => {
                parts.push(new Blob([new Uint8Array(bytes)]))
            },
            finish: async (type) => new File(parts, name, { type }),
            abort: async () => {
                parts = []
            },
        }
    }

    async tidy(): Promise<void> {}
}
