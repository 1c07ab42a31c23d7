/**
 * What is proposed to be deleted, what the person makes of it, and doing so.
 *
 *     comparing → open ⇄ deleting
 *              ↘ refused
 *
 * Whatever is deleted was chosen here and asked about; what the person unticked stays unticked when the list is read anew.
 */

import { codeOf } from "../engine/errors.ts"
import type { Engine, JudgedChat, JudgedImport, KeepState, Weighed } from "../engine/protocol.ts"
import type { RetentionRule } from "../engine/retention.ts"

export type RetentionState =
    | { readonly kind: "comparing" }
    | { readonly kind: "refused"; readonly code: string }
    | OpenRetention
    | (Omit<OpenRetention, "kind"> & { readonly kind: "deleting" })

interface OpenRetention {
    readonly kind: "open"
    readonly keep: KeepState
    /** Ids of the exports that would go. */
    readonly chosen: ReadonlySet<string>
    /** Null while it is being computed, and when nothing is chosen. */
    readonly weighed: Weighed | null
    readonly said: Said | null
}

/** What came of the last thing the person did here. */
export type Said =
    | { readonly kind: "saved" }
    | { readonly kind: "deleted"; readonly count: number; readonly freed: number }
    | { readonly kind: "trouble"; readonly code: string }

type RetentionEngine = Pick<Engine, "judge" | "setRule" | "weigh" | "deleteImports">

export class RetentionSession {
    readonly #engine: RetentionEngine
    readonly #conversation: string | null
    readonly #zone: string
    readonly #show: (state: RetentionState) => void
    /** What the person ticked and unticked. */
    readonly #ticks = new Map<string, boolean>()
    #state: RetentionState = { kind: "comparing" }
    /** Stays said while the list is read anew, which another device may cause at any moment. */
    #said: Said | null = null
    #latest = 0

    constructor(
        engine: RetentionEngine,
        conversation: string | null,
        zone: string,
        show: (state: RetentionState) => void,
    ) {
        this.#engine = engine
        this.#conversation = conversation
        this.#zone = zone
        this.#show = show
    }

    /** Reads the rules and compares. Of two at once, the one begun later is shown. */
    async read(): Promise<void> {
        this.#latest += 1
        const mine = this.#latest
        try {
            const keep = await this.#engine.judge(this.#conversation, this.#zone)
            if (mine !== this.#latest) return
            const known = new Set(judgedIn(keep).map(({ importId }) => importId))
            for (const id of this.#ticks.keys()) if (!known.has(id)) this.#ticks.delete(id)
            await this.#choose(keep)
        } catch (error) {
            if (mine === this.#latest) this.#become({ kind: "refused", code: codeOf(error) })
        }
    }

    async tick(importId: string, goes: boolean): Promise<void> {
        if (this.#state.kind !== "open") return
        this.#ticks.set(importId, goes)
        this.#said = null
        await this.#choose(this.#state.keep)
    }

    /** Null: the chat follows the rule for all. What was ticked under the old rule is forgotten. */
    async setRule(rule: RetentionRule | null): Promise<void> {
        try {
            await this.#engine.setRule(this.#conversation, rule)
            this.#ticks.clear()
            this.#said = { kind: "saved" }
            await this.read()
        } catch (error) {
            this.#tell({ kind: "trouble", code: codeOf(error) })
        }
    }

    /**
     * What the person was asked about, in one commit; nothing of it when an export that was to stay is gone meanwhile, or
     * when something else is chosen by now.
     */
    async delete(asked: ReadonlySet<string>): Promise<void> {
        const before = this.#state
        if (before.kind !== "open" || before.weighed === null || before.chosen.size === 0) return
        const { keep, chosen, weighed } = before
        if (asked.size !== chosen.size || [...asked].some((id) => !chosen.has(id))) {
            this.#tell({ kind: "trouble", code: "library-changed" })
            return
        }
        this.#become({ ...before, kind: "deleting", said: null })
        const touched = keep.chats.filter(({ imports }) => imports.some(({ importId }) => chosen.has(importId)))
        const staying = touched.flatMap(({ imports }) =>
            imports.flatMap(({ importId }) => (chosen.has(importId) ? [] : [importId])),
        )
        try {
            await this.#engine.deleteImports([...chosen], staying)
            this.#said = { kind: "deleted", count: chosen.size, freed: weighed.freed }
        } catch (error) {
            this.#said = { kind: "trouble", code: codeOf(error) }
        }
        await this.read()
    }

    async #choose(keep: KeepState): Promise<void> {
        this.#latest += 1
        const mine = this.#latest
        const chosen = new Set(judgedIn(keep).flatMap((one) => (this.#goes(one) ? [one.importId] : [])))
        const open = { kind: "open", keep, chosen, weighed: null, said: this.#said } as const
        this.#become(open)
        if (chosen.size === 0) return
        try {
            const weighed = await this.#engine.weigh([...chosen])
            if (mine === this.#latest) this.#become({ ...open, weighed })
        } catch (error) {
            if (mine === this.#latest) this.#tell({ kind: "trouble", code: codeOf(error) })
        }
    }

    #goes(one: JudgedImport): boolean {
        return this.#ticks.get(one.importId) ?? isProposed(one)
    }

    #tell(said: Said): void {
        this.#said = said
        if (this.#state.kind === "open") this.#become({ ...this.#state, said })
    }

    #become(state: RetentionState): void {
        this.#state = state
        this.#show(state)
    }
}

/** The rule lets it go, and all it holds stays elsewhere. */
export function isProposed({ reasons }: JudgedImport): boolean {
    return reasons.length === 0
}

/** Whether a person may choose it: not what the rule keeps. */
export function isOpenToChoice({ reasons }: JudgedImport): boolean {
    return reasons.every(({ kind }) => kind === "only-here")
}

/** Whether there is anything to decide about in this chat. */
export function hasChoice({ imports }: JudgedChat): boolean {
    return imports.some(isOpenToChoice)
}

function judgedIn({ chats }: KeepState): readonly JudgedImport[] {
    return chats.flatMap(({ imports }) => imports)
}
