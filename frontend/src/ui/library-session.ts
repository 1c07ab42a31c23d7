/**
 * The library as the page has it now: one state, changed by what the person asks for and by what other devices do.
 *
 *     starting → absent → open ⇄ locked
 *             ↘ broken, head-trouble, revoked: nothing is shown until the page is loaded again
 */

import { unreachable } from "../bytes/unreachable.ts"
import { codeOf } from "../engine/errors.ts"
import type { Change, ChatSummary, Engine, LibraryState, PendingImport, QuotaState, Ways } from "../engine/protocol.ts"

export type Unlocked = Extract<LibraryState, { readonly kind: "unlocked" }>

/** What happened and should be seen once, in the open library. */
export type News = { readonly kind: "guess"; readonly left: number } | { readonly kind: "renewed" }

export type AppState =
    | { readonly kind: "starting" }
    | { readonly kind: "broken"; readonly code: string }
    | { readonly kind: "head-trouble"; readonly trouble: "older-head" | "forked-head" }
    /** Another device signed this one out. */
    | { readonly kind: "revoked" }
    | { readonly kind: "absent" }
    /** `ways`: null when the server could not be asked. */
    | {
          readonly kind: "locked"
          readonly ways: Ways | null
          /** Another device changed the key while this page was open. */
          readonly keyChanged: boolean
      }
    | {
          readonly kind: "open"
          readonly library: Unlocked
          readonly chats: readonly ChatSummary[]
          readonly pending: readonly PendingImport[]
          readonly quota: QuotaState
          readonly ways: Ways | null
          readonly news: News | null
      }

/** News of a guess that this page itself made may arrive a little after the answer to it. */
const ownGuessEcho = 5_000

export class LibrarySession {
    readonly engine: Engine
    readonly #show: (state: AppState) => void
    readonly #now: () => number
    #state: AppState = { kind: "starting" }
    #ways: Ways | null = null
    #news: News | null = null
    #keyChanged = false
    #latest = 0
    #guessing = 0
    #guessed = Number.NEGATIVE_INFINITY

    constructor(engine: Engine, show: (state: AppState) => void, now: () => number = Date.now) {
        this.engine = engine
        this.#show = show
        this.#now = now
    }

    /** Shows where the library stands, and again whenever another device or tab changed it. */
    async start(): Promise<void> {
        await this.refresh()
        await this.engine.onChange((change) => void this.heard(change)).catch((error: unknown) => this.fail(error))
    }

    /** Asks the engine for everything that is shown. Of two at once, the one begun later is shown. */
    async refresh(): Promise<void> {
        this.#latest += 1
        const mine = this.#latest
        try {
            const state = await this.read(await this.engine.state())
            if (mine !== this.#latest) return
            this.show(state)
            // Chats are shown at once; what else opens them is told when it is known.
            if (state.kind === "open") await this.refreshWays()
        } catch (error) {
            if (mine === this.#latest) this.fail(error)
        }
    }

    /** Asks for the ways alone: a try at a password changes nothing else. */
    async refreshWays(): Promise<void> {
        const ways = await this.engine.ways().catch(() => null)
        if (ways !== null) this.knowWays(ways)
    }

    /** Asks for the room alone: an answer to a wish, or a new limit, changes nothing else. */
    async refreshRoom(): Promise<void> {
        const quota = await this.engine.quota().catch(() => null)
        if (quota !== null && this.#state.kind === "open") this.show({ ...this.#state, quota })
    }

    knowWays(ways: Ways): void {
        this.#ways = ways
        if (this.#state.kind === "open" || this.#state.kind === "locked") this.show({ ...this.#state, ways })
    }

    /** Runs a try at the password that this page makes: nobody is told of it as of a stranger's. */
    async guess<Answer>(attempt: () => Promise<Answer>): Promise<Answer> {
        this.#guessing += 1
        try {
            return await attempt()
        } finally {
            this.#guessing -= 1
            this.#guessed = this.#now()
        }
    }

    tell(news: News | null): void {
        this.#news = news
        if (this.#state.kind === "open") this.show({ ...this.#state, news })
    }

    private async heard(change: Change): Promise<void> {
        switch (change.kind) {
            case "head":
                await this.refresh()
                return
            case "guess":
                if (this.#guessing === 0 && this.#now() - this.#guessed > ownGuessEcho) this.tell(change)
                await this.refreshWays()
                return
            case "password-erased":
                this.tell(null)
                await this.refreshWays()
                return
            case "ways":
                await this.refreshWays()
                return
            case "key-changed":
                this.#keyChanged = true
                await this.refresh()
                return
            case "room":
                await this.refreshRoom()
                return
            case "revoked":
                this.#latest += 1
                this.show({ kind: "revoked" })
                return
            default:
                unreachable(change)
        }
    }

    private async read(library: LibraryState): Promise<AppState> {
        switch (library.kind) {
            case "absent":
                return library
            case "locked":
                this.#news = null
                this.#ways = await this.engine.ways().catch(() => null)
                return { kind: "locked", ways: this.#ways, keyChanged: this.#keyChanged }
            case "unlocked": {
                this.#keyChanged = false
                const [chats, pending, quota] = await Promise.all([
                    this.engine.chats(),
                    this.engine.pendingImports(),
                    this.engine.quota(),
                ])
                const known = { ways: this.#ways, news: this.#news }
                return { kind: "open", library, chats: newestFirst(chats), pending, quota, ...known }
            }
            default:
                return unreachable(library)
        }
    }

    private show(state: AppState): void {
        // Who was signed out sees nothing of an answer that was on its way.
        if (this.#state.kind === "revoked") return
        this.#state = state
        this.#show(state)
    }

    /** A state from which only loading the page again leads on. */
    private fail(error: unknown): void {
        const code = codeOf(error)
        this.show(
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
