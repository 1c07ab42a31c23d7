/**
 * "Check my backup": reads a sample of what is stored back, or everything, and tells all that is wrong with it.
 *
 * A check of everything can be stopped and gone on with: packs are read in the order of their ids, and how far it got is
 * handed to the page to keep. It never points beyond damage, so that damage is found again.
 */

import { toHex } from "../bytes/hex.ts"
import { utf8 } from "../bytes/utf8.ts"
import { sha256 } from "../crypto/hash.ts"
import { DamageBook, pieceName } from "./damage.ts"
import { type Examination, examineHead, examineLists, examineStore, type NeededPack } from "./examine.ts"
import { checkedSetting, type LastCheck, writtenCheck } from "./last-check.ts"
import type { Library } from "./library.ts"
import { Pace } from "./pace.ts"
import type { Clock, Ports } from "./ports.ts"
import type { CheckProgress, CheckReport, CheckRequest } from "./protocol.ts"
import { type PieceListener, type Portion, portionsOf, readBack } from "./read-back.ts"
import type { Patience } from "./retry.ts"
import { choose, sampleSize } from "./sample.ts"
import { SecondOpinion } from "./second-opinion.ts"
import type { Unlocked } from "./session.ts"
import { utcTime } from "./times.ts"

export async function checkLibrary(
    ports: Ports,
    session: Unlocked,
    request: CheckRequest,
    signal: AbortSignal,
    tell: (progress: CheckProgress) => void,
): Promise<CheckReport> {
    const progress = new CheckTeller(ports.clock, tell)
    const patience: Patience = {
        clock: ports.clock,
        signal,
        tries: Number.POSITIVE_INFINITY,
        onNetwork: (network) => progress.set({ network }),
    }
    const work: Examination = { ports, library: session.library, patience, book: new DamageBook(), blind: false }
    // Python takes seconds to start: it starts while the lists are read.
    const opinion = request.secondOpinion ? new SecondOpinion(ports.second, signal) : null
    try {
        const report = await check(work, session, request, opinion, progress)
        if (request.conversation === null && isSuccess(report)) await noteChecked(session.library, report, patience)
        return report
    } finally {
        opinion?.end()
    }
}

/** Nothing is damaged, and nobody sees it otherwise. That nobody else could be asked is no damage. */
export function isSuccess({ damage, opinion, pieces }: CheckReport): boolean {
    const doubted = opinion.kind === "refused" || (opinion.kind === "compared" && opinion.differing > 0)
    return pieces > 0 && damage.length === 0 && !doubted
}

async function check(
    work: Examination,
    session: Unlocked,
    request: CheckRequest,
    opinion: SecondOpinion | null,
    progress: CheckTeller,
): Promise<CheckReport> {
    const { ports, book } = work
    const { conversation } = request
    progress.set({ phase: "listing" })
    const listing = await examineLists(
        work,
        await examineHead(work),
        (snapshot) => conversation === null || snapshot.conversation === conversation,
    )
    progress.set({ phase: "asking" })
    await examineStore(work, listing)
    if (opinion !== null) {
        progress.set({ phase: "waking" })
        await opinion.begin(work, session, listing)
    }

    const { packs, imports } = listing
    const names = packs.flatMap((pack) => pack.pieces.map(pieceName))
    const size = sampleSize(names.length)
    // Of few pieces all are read, and then whole packs are worth it.
    const everything = request.everything || size === names.length
    const sample = new Set(choose(names, size, ports.random))
    const mark = await markOf(packs)
    const left = everything ? packs.filter(({ ref }) => ref.id > reached(request.from, mark)) : packs
    let opened = everything ? packs.reduce((sum, { pieces }) => sum + pieces.length, 0) : 0
    if (everything) opened -= left.reduce((sum, { pieces }) => sum + pieces.length, 0)
    let bytes = 0
    const onPiece: PieceListener = async (place, sealed, content) => {
        if (content !== null) opened += 1
        bytes += sealed.length
        if (opinion !== null && sample.has(pieceName(place))) await opinion.compare(place, sealed, content)
    }
    const portions = portionsOf(left, everything ? "everything" : withSuspects(sample, packs, book))
    progress.reading(sizeOf(portions))
    await readBack(work, portions, onPiece, (portion) => {
        const from = everything && book.size === 0 ? `${mark}.${portion.packId}` : null
        progress.done(portion.to - portion.from, book.size, from)
    })
    return {
        at: utcTime(ports.clock.now()),
        conversation,
        everything,
        imports: imports.length,
        packs: packs.length,
        pieces: names.length,
        opened,
        bytes,
        damage: book.tell(imports),
        opinion: opinion === null ? { kind: "none" } : await opinion.outcome(),
    }
}

async function noteChecked(library: Library, check: LastCheck, patience: Patience): Promise<void> {
    await library.commit(patience, async (before) => ({
        head: { settings: { ...before?.head.settings, [checkedSetting]: writtenCheck(check) } },
        add: [],
        remove: [],
    }))
}

/** Of a pack that the store itself describes otherwise, everything is read: else nobody could say what it costs. */
function withSuspects(
    sample: ReadonlySet<string>,
    packs: readonly NeededPack[],
    book: DamageBook,
): ReadonlySet<string> {
    const suspects = packs.filter(({ ref }) => book.hasObject(ref.id))
    return new Set([...sample, ...suspects.flatMap(({ pieces }) => pieces.map(pieceName))])
}

/** Which packs they are: who goes on later has to find the same. */
async function markOf(packs: readonly NeededPack[]): Promise<string> {
    return toHex(await sha256(utf8(packs.map(({ ref }) => ref.id).join()))).slice(0, 16)
}

/** The last pack that is known to be right, or nothing that any id comes after. */
function reached(from: string | null, mark: string): string {
    return from?.startsWith(`${mark}.`) ? from.slice(mark.length + 1) : ""
}

function sizeOf(portions: readonly Portion[]): number {
    return portions.reduce((sum, { from, to }) => sum + to - from, 0)
}

class CheckTeller {
    readonly #clock: Clock
    readonly #tell: (progress: CheckProgress) => void
    #now: CheckProgress = {
        phase: "listing",
        done: 0,
        total: 0,
        damaged: 0,
        from: null,
        network: "fine",
        remaining: null,
    }
    #pace: Pace

    constructor(clock: Clock, tell: (progress: CheckProgress) => void) {
        this.#clock = clock
        this.#tell = tell
        this.#pace = new Pace(clock.now())
    }

    set(change: Partial<CheckProgress>): void {
        this.#now = { ...this.#now, ...change }
        this.#tell(this.#now)
    }

    reading(total: number): void {
        this.#pace = new Pace(this.#clock.now())
        this.set({ phase: "reading", total })
    }

    done(bytes: number, damaged: number, from: string | null): void {
        const done = this.#now.done + bytes
        const remaining = this.#pace.remaining(this.#clock.now(), done, this.#now.total)
        this.set({ done, damaged, remaining, from: from ?? this.#now.from })
    }
}
