/**
 * A folder as a person picks one, in memory: the handles of File System Access, as far as files are written with them.
 *
 * A copy takes the file's name when it is closed; a crash forgets copies and leaves the empty files that they were to become.
 */

type Entry = FakeFile | FakeFolder

/** Names that browsers refuse (WHATWG File System, valid file name). */
const refusedName = /^(?:\.{1,2}|)$|[/\\]/

export class FakeFile {
    readonly kind = "file"
    readonly name: string
    content = new Blob([])
    readonly #folder: FakeFolder

    constructor(name: string, folder: FakeFolder) {
        this.name = name
        this.#folder = folder
    }

    async getFile(): Promise<File> {
        return new File([this.content], this.name)
    }

    async createWritable(): Promise<object> {
        this.#folder.world.ask("createWritable")
        let bytes = Buffer.alloc(0)
        let over = false
        const { world } = this.#folder
        return {
            write: async ({ position, data }: { position: number; data: Uint8Array }) => {
                world.ask("write")
                if (over) throw new TypeError("closed")
                if (bytes.length < position + data.length) {
                    const longer = Buffer.alloc(position + data.length)
                    bytes.copy(longer)
                    bytes = longer
                }
                bytes.set(data, position)
            },
            truncate: async (size: number) => {
                bytes = bytes.subarray(0, size)
            },
            close: async () => {
                world.ask("close")
                over = true
                this.content = new Blob([new Uint8Array(bytes)])
            },
            abort: async () => {
                over = true
            },
        }
    }
}

export class FakeFolder {
    readonly kind = "directory"
    readonly name: string
    readonly entries = new Map<string, Entry>()
    readonly world: World

    constructor(name = "picked", world: World = new World()) {
        this.name = name
        this.world = world
    }

    async getFileHandle(name: string, { create = false } = {}): Promise<FakeFile> {
        return this.#get(name, "file", create, () => new FakeFile(name, this)) as FakeFile
    }

    async getDirectoryHandle(name: string, { create = false } = {}): Promise<FakeFolder> {
        return this.#get(name, "directory", create, () => new FakeFolder(name, this.world)) as FakeFolder
    }

    async removeEntry(name: string): Promise<void> {
        this.entries.delete(name)
    }

    /** All files below, by their path. */
    async files(below = ""): Promise<Map<string, string>> {
        const found = new Map<string, string>()
        for (const [name, entry] of this.entries)
            if (entry.kind === "file")
                found.set(below + name, Buffer.from(new Uint8Array(await entry.content.arrayBuffer())).toString("hex"))
            else for (const [path, content] of await entry.files(`${below}${name}/`)) found.set(path, content)
        return found
    }

    folders(below = ""): string[] {
        return [...this.entries.values()].flatMap((entry) =>
            entry.kind === "file" ? [] : [below + entry.name, ...entry.folders(`${below}${entry.name}/`)],
        )
    }

    #get(name: string, kind: Entry["kind"], create: boolean, make: () => Entry): Entry {
        this.world.ask(create ? "create" : "get")
        if (refusedName.test(name)) throw new TypeError(`the name is refused: ${JSON.stringify(name)}`)
        const there = this.entries.get(name)
        if (there !== undefined && there.kind !== kind) throw new DOMException("", "TypeMismatchError")
        if (there !== undefined) return there
        if (!create) throw new DOMException("", "NotFoundError")
        const made = make()
        this.entries.set(name, made)
        return made
    }
}

/** What may go wrong with a disk; and how often it was asked. */
export class World {
    readonly asked: string[] = []
    failing: ((what: string, count: number) => void) | null = null

    ask(what: string): void {
        this.asked.push(what)
        this.failing?.(what, this.asked.length)
    }
}

export function asFolder(folder: FakeFolder): FileSystemDirectoryHandle {
    return folder as unknown as FileSystemDirectoryHandle
}

export function asFile(file: FakeFile): FileSystemFileHandle {
    return file as unknown as FileSystemFileHandle
}
