/**
 * Restores from the page's view: the one that runs, and the one that was begun on this device and not finished.
 *
 * What was asked for is kept sealed in the journal, beside the handle of the place. What was written is not noted down: whoever
 * goes on looks at what lies there, and believes only bytes that open to the right names.
 */

import { toHex } from "../bytes/hex.ts"
import { fromUtf8, utf8 } from "../bytes/utf8.ts"
import { DamagedObjectError } from "../format/errors.ts"
import * as json from "../format/json.ts"
import { idLength } from "../format/limits.ts"
import { openObject, sealObject } from "../format/object.ts"
import { codeOf, EngineError } from "./errors.ts"
import type { Library } from "./library.ts"
import type { Place } from "./place.ts"
import type { Ports } from "./ports.ts"
import type { PendingRestore, RestoreEstimate, RestoreOutcome, RestoreProgress, RestoreRequest } from "./protocol.ts"
import { Restore, type Restored } from "./restore.ts"
import { planRestore, type RestorePlan } from "./restore-plan.ts"
import { FileTarget, FolderTarget } from "./restore-targets.ts"
import { RestoreTeller } from "./restore-teller.ts"
import type { Patience } from "./retry.ts"
import { utcTime } from "./times.ts"

/** In the journal, on a shelf of its own: one of a library at a time. */
const journaled = "restore"

function shelfOf({ id }: Library): string {
    return `${id}/${journaled}`
}

interface Note {
    readonly request: RestoreRequest
    readonly name: string
    readonly begun: string
    /** Of a private file. */
    readonly id: string | null
}

const readWhat: json.Read<RestoreRequest["what"]> = (value) => {
    const { kind, id } = json.shape({
        kind: json.oneOf("everything", "conversation", "import"),
        id: json.orNull(json.id),
    })(value)
    if (kind === "everything") return { kind }
    if (id === null) throw new DamagedObjectError("malformed")
    return kind === "conversation" ? { kind, conversation: id } : { kind, importId: id }
}

const readNote: json.Read<Note> = json.shape({
    request: json.shape({
        what: readWhat,
        form: json.oneOf("files", "zip"),
        repeats: json.oneOf("everywhere", "once"),
    }),
    name: json.text,
    begun: json.time,
    id: json.orNull(json.id),
})

export class Restores {
    readonly #ports: Ports
    #running: AbortController | null = null

    constructor(ports: Ports) {
        this.#ports = ports
    }

    async estimate(request: RestoreRequest, library: Library, patience: Patience): Promise<RestoreEstimate> {
        const { name, files, bytes, exports } = await planRestore(library, request, patience)
        return { name, exports, files, bytes }
    }

    async run(
        request: RestoreRequest,
        picked: Place | null,
        library: Library,
        tell: (progress: RestoreProgress) => void,
    ): Promise<RestoreOutcome> {
        if (this.#running !== null) throw new EngineError("restore-running")
        const running = new AbortController()
        this.#running = running
        let release: (() => void) | null = null
        try {
            release = await this.#ports.journal.claim(journaled)
            if (release === null) throw new EngineError("restore-running")
            const place = picked ?? { kind: "private", id: toHex(this.#ports.random.bytes(idLength)) }
            const { name, restored } = await this.#run(request, place, library, running.signal, tell)
            await this.#ports.journal.drop(shelfOf(library), journaled)
            const { file } = restored
            return { ...restored, file: place.kind === "private" && file !== null ? namedFile(file, name) : null }
        } catch (error) {
            const code = codeOf(error)
            return code === "stopped" ? { kind: "stopped" } : { kind: "failed", code }
        } finally {
            release?.()
            this.#running = null
        }
    }

    async #run(
        request: RestoreRequest,
        place: Place,
        library: Library,
        signal: AbortSignal,
        tell: (progress: RestoreProgress) => void,
    ): Promise<{ readonly name: string; readonly restored: Restored }> {
        const { clock, destinations, openers } = this.#ports
        let teller: RestoreTeller | null = null
        const patience: Patience = {
            clock,
            signal,
            tries: Number.POSITIVE_INFINITY,
            onNetwork: (network) => teller?.network(network),
        }
        const plan = await planRestore(library, request, patience)
        await this.#note(library, request, plan, place)
        teller = new RestoreTeller(clock, plan.bytes, plan.files, tell)
        const Target = request.form === "files" ? FolderTarget : FileTarget
        const target = new Target(plan.keys, plan, destinations.open(place))
        const hands = openers.start(plan.keys)
        try {
            return { name: plan.name, restored: await new Restore(plan, target, hands, patience, teller).run() }
        } finally {
            hands.close()
        }
    }

    stop(): void {
        this.#running?.abort()
    }

    async pending(library: Library): Promise<PendingRestore | null> {
        if (this.#running !== null) return null
        const note = await this.#noted(library)
        if (note === null) return null
        const { request, name, begun, id } = note
        if (id !== null) return { request, name, begun, place: { kind: "private", id } }
        const handle = await this.#ports.journal.handle(shelfOf(library), journaled)
        if (handle?.kind === "directory")
            return { request, name, begun, place: { kind: "folder", folder: handle as FileSystemDirectoryHandle } }
        if (handle?.kind === "file")
            return { request, name, begun, place: { kind: "file", file: handle as FileSystemFileHandle } }
        return null
    }

    /** What lies in a person's folder stays there: it is whole, and theirs. */
    async discard(library: Library): Promise<void> {
        const pending = await this.pending(library)
        if (pending?.place.kind === "private")
            await (await this.#ports.destinations.open(pending.place).create([])).abort()
        await this.#ports.journal.drop(shelfOf(library), journaled)
    }

    // ------------------------------------------------------------ the note

    async #note(
        library: Library,
        { what, form, repeats }: RestoreRequest,
        { name }: RestorePlan,
        place: Place,
    ): Promise<void> {
        const { journal, clock, random } = this.#ports
        const id = what.kind === "everything" ? null : what.kind === "conversation" ? what.conversation : what.importId
        const note = {
            request: { what: { kind: what.kind, id }, form, repeats },
            name,
            begun: (await this.#noted(library))?.begun ?? utcTime(clock.now()),
            id: place.kind === "private" ? place.id : null,
        }
        await journal.drop(shelfOf(library), journaled)
        const sealed = await sealObject(library.keys.journal, notePlace, utf8(JSON.stringify(note)), random)
        if (place.kind === "folder") await journal.keepHandle(shelfOf(library), journaled, place.folder)
        if (place.kind === "file") await journal.keepHandle(shelfOf(library), journaled, place.file)
        await journal.write(shelfOf(library), journaled, journaled, sealed)
    }

    /** Null: there is none, or none that this library's key opens. */
    async #noted(library: Library): Promise<Note | null> {
        const sealed = (await this.#ports.journal.read(shelfOf(library), journaled)).get(journaled)
        if (sealed === undefined) return null
        try {
            return readNote(JSON.parse(fromUtf8(await openObject(library.keys.journal, notePlace, sealed))))
        } catch {
            return null
        }
    }
}

/** No import has a line of this name: neither can stand in for the other. */
const notePlace = utf8(journaled)

function namedFile(file: Blob, name: string): File {
    const type = name.toLowerCase().endsWith(".zip") ? "application/zip" : "application/octet-stream"
    return new File([file], name, { type })
}
