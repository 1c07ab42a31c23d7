/** Imports from the page's view: previews, the one that runs, and those that were begun and not finished. */

import { toHex } from "../bytes/hex.ts"
import { idLength } from "../format/limits.ts"
import { runImport } from "./backup.ts"
import { listChats } from "./chat-list.ts"
import { EngineError } from "./errors.ts"
import { forecast } from "./forecast.ts"
import { type ImportFacts, ImportJournal, type JournalContent } from "./import-journal.ts"
import { type Inspected, inspect } from "./inspect.ts"
import type { ImportJob } from "./job.ts"
import type { Library } from "./library.ts"
import type { Ports } from "./ports.ts"
import type {
    ImportChoices,
    ImportOutcome,
    ImportPreview,
    ImportProgress,
    PendingImport,
    QuotaState,
} from "./protocol.ts"
import { dayFirstSetting } from "./read-import.ts"
import { type Patience, persist } from "./retry.ts"
import { sameChats } from "./same-chat.ts"
import { type ExportSource, openSource } from "./source.ts"
import { utcTime } from "./times.ts"

interface Preview {
    readonly source: ExportSource
    readonly inspected: Inspected
    readonly dayFirst: boolean | null
    readonly importId: string
    readonly resumed: ImportFacts | null
    handle: FileSystemFileHandle | null
    started: boolean
}

/** A person looks at one export at a time; a few more may be open in other views. */
const mostPreviews = 8

export class Imports {
    readonly #ports: Ports
    readonly #previews = new Map<string, Preview>()
    #running: AbortController | null = null

    constructor(ports: Ports) {
        this.#ports = ports
    }

    async inspect(file: File, dayFirst: boolean | null, library: Library, patience: Patience): Promise<ImportPreview> {
        const source = await openSource(file)
        const inspected = await inspect(source, this.#ports.databases, dayFirst, patience.signal)
        const quota = await this.#quota(patience)
        const pending = await this.#pendingOf(library, file)
        const importId = pending?.importId ?? this.#newId()
        const id = this.#newId()
        this.#keep(id, {
            source,
            inspected,
            dayFirst,
            importId,
            resumed: pending?.content.facts ?? null,
            handle: null,
            started: false,
        })
        const resumes = pending === null ? null : await this.#describe(library, importId, pending.content)
        const described = describeInspected(inspected)
        const same = sameChats(await listChats(library, patience), described)
        const likely = same.find(({ why }) => why !== "none") ?? null
        return {
            id,
            fileName: file.name,
            size: file.size,
            ...described,
            files: source.files.filter(({ folder }) => !folder).length,
            unpackedSize: source.size,
            damaged: source.damaged,
            same,
            known: likely === null ? null : await forecast(source, library, likely.id, patience),
            quota,
            resumes,
        }
    }

    async start(
        choices: ImportChoices,
        library: Library,
        tell: (progress: ImportProgress) => void,
    ): Promise<ImportOutcome> {
        if (this.#running !== null) throw new EngineError("import-running")
        const preview = this.#previewOf(choices.previewId)
        const running = new AbortController()
        this.#running = running
        try {
            const job = await this.#jobOf(preview, choices)
            const journal = this.#journalOf(library, preview.importId)
            await journal.writeFacts(this.#factsOf(preview, job, choices))
            preview.started = true
            if (preview.handle !== null) await this.#keepHandle(library, preview.importId, preview.handle)
            const outcome = await runImport(this.#ports, library, journal, job, running.signal, tell)
            if (outcome.kind === "done") this.#previews.delete(choices.previewId)
            return outcome
        } finally {
            this.#running = null
        }
    }

    /** Whether one is being sent by this engine. */
    get running(): boolean {
        return this.#running !== null
    }

    stop(): void {
        this.#running?.abort()
    }

    /** Forgets what was looked at. */
    forget(): void {
        this.stop()
        this.#previews.clear()
    }

    async rememberHandle(previewId: string, handle: FileSystemFileHandle, library: Library): Promise<void> {
        const preview = this.#previewOf(previewId)
        preview.handle = handle
        if (preview.started) await this.#keepHandle(library, preview.importId, handle)
    }

    async pending(library: Library): Promise<readonly PendingImport[]> {
        const described: PendingImport[] = []
        for (const importId of await this.#ports.journal.imports(library.id)) {
            const journal = this.#journalOf(library, importId)
            const content = await journal.read()
            if (content !== null) described.push(await this.#describe(library, importId, content))
            // Begun before the key was changed: nobody can go on with it.
            else await journal.drop()
        }
        return described
    }

    async handle(importId: string, library: Library): Promise<FileSystemFileHandle | null> {
        const handle = await this.#ports.journal.handle(library.id, importId)
        return handle?.kind === "file" ? (handle as FileSystemFileHandle) : null
    }

    /** Gives the room back that the unfinished import had taken. */
    async discard(importId: string, library: Library, patience: Patience): Promise<void> {
        const release = await this.#ports.journal.claim(importId)
        if (release === null) throw new EngineError("import-running")
        try {
            const journal = this.#journalOf(library, importId)
            const content = await journal.read()
            const listed = new Set((await library.refresh(patience))?.head.snapshots.map(({ id }) => id))
            // A commit that landed unheard is no unfinished import: its objects stay.
            const landed = content?.snapshots.some(({ snapshot }) => listed.has(snapshot)) ?? false
            const ids = content === null || landed ? [] : objectsOf(content)
            if (ids.length > 0) await persist(patience, () => this.#ports.store.abandon(ids, patience.signal))
            await journal.drop()
        } finally {
            release()
        }
    }

    async #jobOf(preview: Preview, choices: ImportChoices): Promise<ImportJob> {
        const { source } = preview
        const asked = preview.inspected.dateExample !== null && choices.dayFirst !== null
        const again = asked && choices.dayFirst !== (preview.dayFirst ?? true)
        const inspected = again
            ? await inspect(source, this.#ports.databases, choices.dayFirst, new AbortController().signal)
            : preview.inspected
        const { reader, title, parts, summary } = inspected
        const self = parts.find((part) => part.self !== null)?.self ?? null
        return {
            source,
            reader,
            conversation: {
                id: choices.conversation ?? preview.resumed?.conversation ?? this.#newId(),
                name: choices.title,
                self: choices.self ?? self,
            },
            summary: { title, ...summary },
            settings: asked ? { [dayFirstSetting]: choices.dayFirst === true ? "yes" : "no" } : {},
            replaces: null,
        }
    }

    #factsOf({ source, resumed }: Preview, { conversation }: ImportJob, { dayFirst }: ImportChoices): ImportFacts {
        const { name, size, lastModified } = source.file
        return {
            fileName: name,
            size,
            modified: lastModified,
            title: conversation.name,
            conversation: conversation.id,
            dayFirst,
            begun: resumed?.begun ?? utcTime(this.#ports.clock.now()),
        }
    }

    async #describe(library: Library, importId: string, { facts, packs }: JournalContent): Promise<PendingImport> {
        return {
            importId,
            fileName: facts.fileName,
            size: facts.size,
            title: facts.title,
            sentBytes: packs.reduce((sum, { pack, confirmed }) => sum + (confirmed ? pack.size : 0), 0),
            dayFirst: facts.dayFirst,
            begun: facts.begun,
            hasHandle: (await this.#ports.journal.handle(library.id, importId)) !== null,
        }
    }

    /** The same file: name, size and time. What it holds is compared anyway, chunk by chunk. */
    async #pendingOf(
        library: Library,
        file: File,
    ): Promise<{ readonly importId: string; readonly content: JournalContent } | null> {
        for (const importId of await this.#ports.journal.imports(library.id)) {
            const content = await this.#journalOf(library, importId).read()
            if (content === null) continue
            const { fileName, size, modified } = content.facts
            if (fileName === file.name && size === file.size && modified === file.lastModified)
                return { importId, content }
        }
        return null
    }

    #keep(id: string, preview: Preview): void {
        this.#previews.set(id, preview)
        const [oldest] = this.#previews.keys()
        if (this.#previews.size > mostPreviews && oldest !== undefined) this.#previews.delete(oldest)
    }

    #previewOf(id: string): Preview {
        const preview = this.#previews.get(id)
        if (preview === undefined) throw new EngineError("unknown-preview")
        return preview
    }

    async #keepHandle(library: Library, importId: string, handle: FileSystemFileHandle): Promise<void> {
        await this.#ports.journal.keepHandle(library.id, importId, handle)
    }

    #journalOf(library: Library, importId: string): ImportJournal {
        return new ImportJournal(this.#ports, library.keys, library.id, importId)
    }

    async #quota(patience: Patience): Promise<QuotaState> {
        return (await persist(patience, () => this.#ports.server.account(patience.signal))).quota
    }

    #newId(): string {
        return toHex(this.#ports.random.bytes(idLength))
    }
}

function objectsOf({ packs, snapshots }: JournalContent): readonly string[] {
    return [
        ...packs.map(({ pack }) => pack.id),
        ...snapshots.flatMap(({ snapshot, catalogs }) => [snapshot, ...catalogs]),
    ]
}

function describeInspected({ reader, title, parts, summary, mediaMissing, encrypted, dateExample }: Inspected) {
    return {
        reader,
        title,
        chats: parts.length,
        encrypted,
        ...summary,
        mediaMissing,
        dateOrder: dateExample === null ? "decided" : "ask",
        dateExample,
    } as const
}
