/**
 * A password being set, changed or removed. What is typed goes through, and is kept nowhere.
 *
 *     closed ⇄ editing → working → closed(done) · editing(refused) · prove-first
 */

import { unreachable } from "../bytes/unreachable.ts"
import { codeOf } from "../engine/errors.ts"
import type { Engine, PasswordStrength, Ways } from "../engine/protocol.ts"

export type PasswordState =
    | { readonly kind: "closed"; readonly said: "done" | "removed" | null }
    | {
          readonly kind: "editing"
          /** Null while nothing is typed. */
          readonly strength: PasswordStrength | null
          /** A code of the engine: nothing was changed. */
          readonly trouble: string | null
      }
    | { readonly kind: "working" }
    | { readonly kind: "prove-first" }
    | { readonly kind: "removing" }
    | { readonly kind: "remove-failed"; readonly code: string }

type PasswordEngine = Pick<Engine, "passwordStrength" | "setPassword" | "removePassword">

export class PasswordSession {
    readonly #engine: PasswordEngine
    readonly #hints: readonly string[]
    readonly #show: (state: PasswordState) => void
    readonly #know: (ways: Ways) => void
    #latest = 0

    constructor(
        engine: PasswordEngine,
        hints: readonly string[],
        show: (state: PasswordState) => void,
        know: (ways: Ways) => void,
    ) {
        this.#engine = engine
        this.#hints = hints
        this.#show = show
        this.#know = know
    }

    edit(): void {
        this.#latest += 1
        this.#show({ kind: "editing", strength: null, trouble: null })
    }

    close(): void {
        this.#latest += 1
        this.#show({ kind: "closed", said: null })
    }

    /** Tells how good it would be. Of two at once, the one typed later is told. */
    async judge(password: string): Promise<PasswordStrength | null> {
        this.#latest += 1
        const mine = this.#latest
        try {
            const strength = password === "" ? null : await this.#engine.passwordStrength(password, this.#hints)
            if (mine === this.#latest) this.#show({ kind: "editing", strength, trouble: null })
            return strength
        } catch (error) {
            if (mine === this.#latest) this.#show({ kind: "editing", strength: null, trouble: codeOf(error) })
            return null
        }
    }

    /** Asked to set one, and nothing was typed. */
    missing(): void {
        this.#show({ kind: "editing", strength: { score: 0, refused: "empty", advice: [] }, trouble: null })
    }

    async set(password: string): Promise<void> {
        this.#latest += 1
        this.#show({ kind: "working" })
        try {
            const outcome = await this.#engine.setPassword(password, this.#hints)
            switch (outcome.kind) {
                case "done":
                    this.#know(outcome.ways)
                    this.#show({ kind: "closed", said: "done" })
                    return
                case "refused":
                    this.#show({ kind: "editing", strength: outcome.strength, trouble: null })
                    return
                case "prove-first":
                    this.#show(outcome)
                    return
                default:
                    unreachable(outcome)
            }
        } catch (error) {
            this.#show({ kind: "editing", strength: null, trouble: codeOf(error) })
        }
    }

    async remove(): Promise<void> {
        this.#show({ kind: "removing" })
        try {
            this.#know(await this.#engine.removePassword())
            this.#show({ kind: "closed", said: "removed" })
        } catch (error) {
            this.#show({ kind: "remove-failed", code: codeOf(error) })
        }
    }
}

/** What the account is called makes a weak password: whole, and the part before the at sign. */
export function hintsOf(account: string): readonly string[] {
    const [name = ""] = account.split("@")
    return [...new Set([account, name])].filter((hint) => hint !== "")
}
