/**
 * The library as the page has it now: one state, changed by what the person asks for and by what other devices do.
 *
 *     starting → absent → open ⇄ locked
 *             ↘ broken, head-trouble: nothing is shown until the page is loaded again
 */

import { codeOf } from "../engine/errors.ts"
import type { ChatSummary, Engine, LibraryState, PendingImport, QuotaState } from "../engine/protocol.ts"

export type Unlocked = Extract<LibraryState, { readonly kind: "unlocked" }>

export type AppState =
    | { readonly kind: "starting" }
    | { readonly kind: "broken"; readonly code: string }
    | { readonly kind: "head-trouble"; readonly trouble: "older-head" | "forked-head" }
    | { readonly kind: "absent" }
    | { readonly kind: "locked" }
    | {
          readonly kind: "open"
          readonly library: Unlocked
          readonly chats: readonly ChatSummary[]
          readonly pending: readonly PendingImport[]
          readonly quota: QuotaState
      }

export class LibrarySession {
    readonly engine: Engine
    readonly #show: (state: AppState) => void
    #latest = 0

    constructor(engine: Engine, show: (state: AppState) => void) {
        this.engine = engine
        this.#show = show
    }

    /** Shows where the library stands, and again whenever another device or tab changed it. */
    async start(): Promise<void> {
        await this.refresh()
        await this.engine.onChange(() => void this.refresh()).catch((error: unknown) => this.fail(error))
    }

    /** Asks the engine for everything that is shown. Of two at once, the one begun later is shown. */
    async refresh(): Promise<void> {
        this.#latest += 1
        const mine = this.#latest
        try {
            const state = await this.read(await this.engine.state())
            if (mine === this.#latest) this.#show(state)
        } catch (error) {
            if (mine === this.#latest) this.fail(error)
        }
    }

    private async read(library: LibraryState): Promise<AppState> {
        if (library.kind !== "unlocked") return { kind: library.kind }
        const [chats, pending, quota] = await Promise.all([
            this.engine.chats(),
            this.engine.pendingImports(),
            this.engine.quota(),
        ])
        return { kind: "open", library, chats: newestFirst(chats), pending, quota }
    }

    /** A state from which only loading the page again leads on. */
    private fail(error: unknown): void {
        const code = codeOf(error)
        this.#show(
            code === "older-head" || code === "forked-head"
                ? { kind: "head-trouble", trouble: code }
                : { kind: "broken", code },
        )
    }
}

function newestFirst(chats: readonly ChatSummary[]): readonly ChatSummary[] {
    const key = (chat: ChatSummary) => chat.last ?? chat.imports[0]?.added ?? ""
    return [...chats].sort((a, b) => (key(a) < key(b) ? 1 : key(a) > key(b) ? -1 : a.name.localeCompare(b.name)))
}
