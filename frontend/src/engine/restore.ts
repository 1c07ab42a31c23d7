/**
 * Gives back what was added: fetched and opened by many hands, checked byte by byte, written where it belongs.
 *
 *     plan ─▸ look what is there ─▸ stretches ─▸ hands ─▸ target
 *                                       ▲                   │
 *                                       └── so many at a time, each until it is written
 *
 * [Checked] Every frame is authenticated and every chunk named again when it is opened; every file is then as long as the
 * snapshot says, sums up to what its zip said, and lies there with that size. What does not is refused by name, and nothing of
 * it stays.
 */

import type { DamageCode } from "../format/errors.ts"
import { crc32Joined } from "./crc32.ts"
import { codeOf, EngineError, type EngineErrorCode } from "./errors.ts"
import type { OpenedSlice, OpeningHands } from "./ports.ts"
import type { RestoreOutcome } from "./protocol.ts"
import type { Content, RestorePlan } from "./restore-plan.ts"
import type { Target } from "./restore-targets.ts"
import type { RestoreTeller } from "./restore-teller.ts"
import { type Patience, persist } from "./retry.ts"
import { inPackOrder, type Part, stretchesOf } from "./stretches.ts"

export type Restored = Omit<Extract<RestoreOutcome, { kind: "done" }>, "file"> & { readonly file: Blob | null }

/** Contents that are looked for at the same time. */
const lookedAtOnce = 4

interface Sums {
    length: number
    readonly bySlice: Map<number, { readonly sum: number; readonly length: number }>
}

export class Restore {
    readonly #plan: RestorePlan
    readonly #target: Target
    readonly #hands: OpeningHands
    readonly #patience: Patience
    readonly #progress: RestoreTeller
    /** Aborted when somebody asks, and when one of many hands fails: then the others need not go on. */
    readonly #over = new AbortController()
    readonly #refused = new Map<Content, EngineErrorCode>()
    readonly #sums = new Map<Content, Sums>()
    #alreadyThere = 0

    constructor(plan: RestorePlan, target: Target, hands: OpeningHands, patience: Patience, progress: RestoreTeller) {
        this.#plan = plan
        this.#target = target
        this.#hands = hands
        const stop = (): void => this.#over.abort()
        patience.signal.addEventListener("abort", stop)
        if (patience.signal.aborted) stop()
        this.#patience = { ...patience, signal: this.#over.signal }
        this.#progress = progress
    }

    async run(): Promise<Restored> {
        try {
            await this.#target.begin()
            const missing = await this.#look()
            this.#progress.begin("restoring")
            await this.#fetch(missing)
            this.#progress.begin("finishing")
            const file = await this.#target.end()
            return this.#outcome(file)
        } catch (error) {
            await this.#target.leave().catch(() => undefined)
            throw error
        }
    }

    // ------------------------------------------------------------ what is there

    async #look(): Promise<readonly Content[]> {
        const missing: Content[] = []
        const all = this.#plan.contents.values()
        await this.#together(lookedAtOnce, async () => {
            for (const content of all) {
                this.#stopIfAsked()
                const { there, sum } = await this.#target.find(content, this.#patience.signal)
                this.#alreadyThere += there
                this.#progress.found(there, there * content.size)
                if (sum === null) missing.push(content)
                else await this.#complete(content, sum)
            }
        })
        return missing
    }

    // ------------------------------------------------------------ what is fetched

    async #fetch(missing: readonly Content[]): Promise<void> {
        const empty = missing.filter(({ size }) => size === 0)
        for (const content of empty) await this.#finish(content, 0)
        const refused: [Content, unknown][] = []
        const stretches = stretchesOf(
            inPackOrder(missing.filter(({ size }) => size > 0)),
            (content) => this.#refused.has(content),
            (content, error) => refused.push([content, error]),
        )
        await this.#together(this.#hands.width, async () => {
            for (const stretch of stretches) {
                this.#stopIfAsked()
                await this.#restore(stretch)
            }
        })
        for (const [content, error] of refused) await this.#refuse(content, error)
    }

    /** A stretch with something wrong in it is asked for part by part, so that only that is refused. */
    async #restore(stretch: readonly Part[]): Promise<void> {
        try {
            const opened = await this.#open(stretch)
            await Promise.all(stretch.map((part, index) => this.#write(part, opened[index])))
        } catch (error) {
            const [part] = stretch
            if (!isDamage(codeOf(error)) || part === undefined) throw error
            if (stretch.length === 1) await this.#refuse(part.content, error)
            else for (const each of stretch) await this.#restore([each])
        }
    }

    #open(stretch: readonly Part[]): Promise<readonly OpenedSlice[]> {
        const slices = stretch.map(({ places }) => places)
        return persist(this.#patience, () => this.#hands.open(slices, this.#patience.signal))
    }

    async #write({ content, at, length }: Part, opened: OpenedSlice | undefined): Promise<void> {
        if (opened === undefined) throw new EngineError("unexpected")
        if (this.#refused.has(content)) return
        const places = await this.#target.write(content, at, opened.chunks)
        const sums = this.#sums.get(content) ?? { length: 0, bySlice: new Map() }
        this.#sums.set(content, sums)
        sums.bySlice.set(at, { sum: opened.crc32, length })
        sums.length += length
        this.#progress.wrote(places * length)
        if (sums.length === content.size) await this.#finish(content, joined(sums))
    }

    async #finish(content: Content, sum: number): Promise<void> {
        this.#sums.delete(content)
        if (content.crc32 !== null && content.crc32 !== sum) {
            await this.#refuse(content, new EngineError("wrong-checksum"))
            return
        }
        if (content.size === 0) await this.#target.write(content, 0, [])
        this.#progress.finishedFiles(await this.#target.finish(content, sum))
    }

    async #complete(content: Content, sum: number): Promise<void> {
        if (content.crc32 === null || content.crc32 === sum) await this.#target.finish(content, sum)
        else await this.#refuse(content, new EngineError("wrong-checksum"))
    }

    async #refuse(content: Content, error: unknown): Promise<void> {
        this.#refused.set(content, codeOf(error))
        this.#sums.delete(content)
        await this.#target.refuse(content)
    }

    // ------------------------------------------------------------ what came of it

    #outcome(file: Blob | null): Restored {
        const refused = [...this.#refused].flatMap(([{ outputs }, code]) =>
            outputs.map(({ path }) => ({ name: path.join("/"), code })),
        )
        const lost = [...this.#refused.keys()].reduce((sum, { outputs, size }) => sum + outputs.length * size, 0)
        return {
            kind: "done",
            files: this.#plan.files - refused.length,
            bytes: this.#plan.bytes - lost,
            alreadyThere: this.#alreadyThere,
            renamed: this.#target.renamed,
            refused,
            file,
        }
    }

    /** So many at a time. The first failure ends them all and is told, once none of them writes any more. */
    async #together(count: number, work: () => Promise<void>): Promise<void> {
        let failure: { readonly error: unknown } | null = null
        const guarded = async (): Promise<void> => {
            try {
                await work()
            } catch (error) {
                failure ??= { error }
                this.#over.abort()
            }
        }
        await Promise.all(Array.from({ length: count }, guarded))
        // The compiler does not see that the closure above sets it.
        const failed = failure as { readonly error: unknown } | null
        if (failed !== null) throw failed.error
    }

    #stopIfAsked(): void {
        if (this.#patience.signal.aborted) throw new EngineError("stopped")
    }
}

function joined({ bySlice }: Sums): number {
    const inOrder = [...bySlice].toSorted(([one], [other]) => one - other)
    return inOrder.reduce((before, [, { sum, length }]) => crc32Joined(before, sum, length), 0)
}

const damages: Readonly<Record<DamageCode | "wrong-checksum", true>> = {
    truncated: true,
    "too-large": true,
    "unknown-version": true,
    "unknown-flags": true,
    "not-authentic": true,
    "wrong-hash": true,
    "wrong-id": true,
    "wrong-library": true,
    "bad-padding": true,
    malformed: true,
    missing: true,
    "older-head": true,
    "forked-head": true,
    "wrong-checksum": true,
}

/** What concerns one file, and not the whole way. */
function isDamage(code: EngineErrorCode): boolean {
    return Object.hasOwn(damages, code)
}
