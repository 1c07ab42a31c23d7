/**
 * Encrypted copies as the page sees them: saving one, and the one that is open.
 *
 *     examine ─▸ locked ─▸ unlock ─▸ opened ─▸ bring in ─▸ done
 *             ╰──────────────────────▸ opened: this library's own copy needs no code
 */

import { toHex } from "../../bytes/hex.ts"
import { idLength } from "../../format/limits.ts"
import { listChats } from "../chat-list.ts"
import { codeOf, EngineError } from "../errors.ts"
import { each, sizeOf } from "../needed.ts"
import type { Place } from "../place.ts"
import type { Ports } from "../ports.ts"
import type {
    CopyExamined,
    CopyOptions,
    CopyOutcome,
    CopyProgress,
    CopySaved,
    CopySummary,
    SaveProgress,
} from "../protocol.ts"
import type { Patience } from "../retry.ts"
import { type Session, sameLibrary, type Unlocked } from "../session.ts"
import { bringIn, missingIn, roomForAll } from "./bring-in.ts"
import { CopyFile } from "./copy-file.ts"
import { type OpenedCopy, openCopy, openCopyWithCode } from "./opened-copy.ts"
import { saveCopy } from "./save-copy.ts"
import { sealAnew } from "./seal-anew.ts"
import { takeOver } from "./take-over.ts"

type Held =
    | { readonly kind: "none" }
    | { readonly kind: "locked"; readonly file: CopyFile }
    | { readonly kind: "opened"; readonly copy: OpenedCopy; readonly own: boolean }

export class Copies {
    readonly #ports: Ports
    #held: Held = { kind: "none" }
    #running: AbortController | null = null

    constructor(ports: Ports) {
        this.#ports = ports
    }

    async save(
        session: Unlocked,
        { handle, fileName, ...words }: CopyOptions,
        tell: (progress: SaveProgress) => void,
    ): Promise<CopySaved> {
        return await this.#run(async (patience) => {
            const place: Place =
                handle === null
                    ? { kind: "private", id: toHex(this.#ports.random.bytes(idLength)) }
                    : { kind: "file", file: handle }
            const target = this.#ports.destinations.open(place)
            const { file, imports, objects } = await saveCopy(this.#ports, session, words, target, patience, tell)
            // At a place of the person's own choice it lies already.
            return {
                kind: "done",
                file: handle === null ? new File([file], fileName, { type: "application/zip" }) : null,
                name: handle?.name ?? fileName,
                size: file.size,
                imports,
                objects,
            }
        })
    }

    async examine(file: File, session: Session, patience: Patience): Promise<CopyExamined> {
        this.close()
        const copy = await CopyFile.read(file)
        if (session.kind === "unlocked" && sameLibrary(copy.facts.keyring, session.keyring)) {
            const opened = await openCopy(this.#ports, copy, session.secret, patience)
            return await this.#opened({ kind: "opened", copy: opened, own: true }, session, patience)
        }
        this.#held = { kind: "locked", file: copy }
        return { kind: "locked", site: copy.facts.site }
    }

    /** With the recovery code of the library that was copied. */
    async unlock(code: string, session: Session, patience: Patience): Promise<CopyExamined> {
        if (this.#held.kind !== "locked") throw new EngineError("not-a-copy")
        const opened = await openCopyWithCode(this.#ports, this.#held.file, code, patience)
        if (opened === null) return { kind: "wrong-code" }
        return await this.#opened({ kind: "opened", copy: opened, own: false }, session, patience)
    }

    /** `entered`: the account had no library, and has this one now. */
    async bringIn(
        session: Session,
        options: { readonly site: string; readonly stay: boolean },
        entered: (session: Unlocked) => void,
        tell: (progress: CopyProgress) => void,
    ): Promise<CopyOutcome> {
        if (this.#held.kind !== "opened") throw new EngineError("not-a-copy")
        const { copy } = this.#held
        let now: CopyProgress = { done: 0, total: 0, network: "fine" }
        const change = (what: Partial<CopyProgress>): void => {
            now = { ...now, ...what }
            tell(now)
        }
        return await this.#run(async (patience) => {
            const waiting = { ...patience, onNetwork: (network: CopyProgress["network"]) => change({ network }) }
            // Before the account takes anything over: what does not fit leaves it as it was.
            const room =
                session.kind === "absent" ? await roomForAll({ ports: this.#ports, copy, patience: waiting }) : 0
            if (room > 0) return { kind: "over-quota", missing: room }
            const here =
                session.kind === "absent"
                    ? await takeOver(this.#ports, session.account, copy, options, waiting)
                    : session
            if (here.kind === "locked") throw new EngineError("locked")
            if (session.kind === "absent") {
                // Its secret is the session's from now on.
                this.#held = { kind: "opened", copy, own: true }
                entered(here)
            }
            const work = {
                ports: this.#ports,
                library: here.library,
                copy,
                patience: waiting,
                tell: (done: number, total: number) => change({ done, total }),
            }
            const asItIs = sameLibrary(copy.file.facts.keyring, here.keyring) && !(await hasEarlierKeys(work))
            return asItIs ? await bringIn(work) : await sealAnew(work)
        })
    }

    stop(): void {
        this.#running?.abort()
    }

    /** Stops whatever runs, and closes. */
    forget(): void {
        this.stop()
        this.close()
    }

    close(): void {
        if (this.#held.kind === "opened" && !this.#held.own) this.#held.copy.secret.wipe()
        this.#held = { kind: "none" }
    }

    async #opened(
        held: Extract<Held, { kind: "opened" }>,
        session: Session,
        patience: Patience,
    ): Promise<CopyExamined> {
        this.#held = held
        return { kind: "opened", copy: await summaryOf(held.copy, session, patience) }
    }

    /** One at a time; it waits for the network as long as it takes. */
    async #run<Done>(
        work: (patience: Patience) => Promise<Done>,
    ): Promise<Done | { readonly kind: "stopped" } | { readonly kind: "failed"; readonly code: string }> {
        if (this.#running !== null) throw new EngineError("import-running")
        const running = new AbortController()
        this.#running = running
        const { clock } = this.#ports
        const tries = Number.POSITIVE_INFINITY
        try {
            return await work({ clock, signal: running.signal, tries, onNetwork: () => undefined })
        } catch (error) {
            return running.signal.aborted ? { kind: "stopped" } : { kind: "failed", code: codeOf(error) }
        } finally {
            this.#running = null
        }
    }
}

/** What was copied while a key was being changed lies under two: the account may have forgotten the earlier one. */
async function hasEarlierKeys({ library, copy, patience }: Parameters<typeof missingIn>[0]): Promise<boolean> {
    await library.refresh(patience)
    const listed = new Set(library.opened.head.snapshots.map(({ id }) => id))
    return copy.library.sealedEarlier.some(({ id }) => !listed.has(id))
}

async function summaryOf(copy: OpenedCopy, session: Session, patience: Patience): Promise<CopySummary> {
    const { head } = copy.library.opened
    const chats = (await listChats(copy.library, patience)).map(({ name, reader, imports, last }) => ({
        name,
        reader,
        last,
        imports: imports.length,
    }))
    const common = { site: copy.file.facts.site, written: head.written, sequence: head.sequence, chats }
    if (session.kind !== "unlocked") return { ...common, into: "new", missing: head.snapshots.length, size: null }
    if (!sameLibrary(copy.file.facts.keyring, session.keyring))
        return { ...common, into: "other", missing: head.snapshots.length, size: null }
    const missing = await missingIn({ library: session.library, copy, patience })
    const size = sizeOf(each(missing.map(({ objects }) => objects)))
    return { ...common, into: "same", missing: missing.length, size }
}
