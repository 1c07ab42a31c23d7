/**
 * A passkey on its way to open the library: each touch is announced in words, and asked for by a button of its own, because
 * browsers open their window only for one.
 *
 *     naming → making ─────────────→ testing ⇄ (touch) → opens · failed-test
 *                 ↘ sealing ⇄ (touch) ↗
 *                  ↘ no-output
 *     sealing: a passkey that signs in already begins here
 */

import { codeOf } from "../engine/errors.ts"
import type { AddedPasskey, PasskeyBook, PasskeyFailure } from "../engine/page-ports.ts"
import type { Engine, PasskeyTouch, Ways } from "../engine/protocol.ts"

/** A step that waits for the person: what went wrong with the touch before, or nothing yet. */
interface Step {
    readonly credential: string
    readonly name: string
    /** The browser's window is open. */
    readonly touching: boolean
    readonly trouble: PasskeyFailure["kind"] | null
}

export type PasskeyState =
    | { readonly kind: "naming"; readonly trouble: PasskeyFailure["kind"] | null }
    | { readonly kind: "making" }
    /** `added`: it was made just now, otherwise it is one that signed in before. */
    | ({ readonly kind: "sealing"; readonly added: boolean } & Step)
    | ({ readonly kind: "testing" } & Step)
    | { readonly kind: "opens" }
    | { readonly kind: "no-output" }
    | { readonly kind: "failed-test" }
    | { readonly kind: "reauthenticate"; readonly url: string }
    | { readonly kind: "refused"; readonly code: string }

type PasskeyEngine = Pick<Engine, "addPasskey" | "provePasskey" | "removePasskey" | "ways">

export class PasskeySession {
    readonly #engine: PasskeyEngine
    readonly #book: Pick<PasskeyBook, "add" | "touch">
    readonly #show: (state: PasskeyState) => void
    readonly #know: (ways: Ways) => void

    constructor(
        engine: PasskeyEngine,
        book: Pick<PasskeyBook, "add" | "touch">,
        show: (state: PasskeyState) => void,
        know: (ways: Ways) => void,
    ) {
        this.#engine = engine
        this.#book = book
        this.#show = show
        this.#know = know
    }

    begin(): void {
        this.#show({ kind: "naming", trouble: null })
    }

    /** A passkey that signs in already shall open the library too. */
    use(credential: string, name: string): void {
        this.#show({ kind: "sealing", added: false, credential, name, touching: false, trouble: null })
    }

    async make(name: string): Promise<void> {
        this.#show({ kind: "making" })
        await this.safely(async () => this.made(await this.#book.add(name), name))
    }

    async seal(state: Extract<PasskeyState, { kind: "sealing" }>): Promise<void> {
        const touch = await this.touch(state)
        if (touch !== null) await this.safely(() => this.sealUnder(touch, state.name))
    }

    async test(state: Extract<PasskeyState, { kind: "testing" }>): Promise<void> {
        const touch = await this.touch(state)
        if (touch === null) return
        await this.safely(async () => {
            const outcome = await this.#engine.provePasskey(touch)
            this.#know(await this.#engine.ways())
            this.#show({ kind: outcome.kind === "opened" ? "opens" : "failed-test" })
        })
    }

    /** What was not tried is not kept: the passkey goes on signing in. */
    async giveUp(credential: string): Promise<void> {
        await this.safely(async () => {
            const slot = (await this.#engine.ways()).passkeys.find((one) => one.credential === credential)?.slot
            if (slot !== undefined) this.#know(await this.#engine.removePasskey(slot))
        })
    }

    private async made(added: AddedPasskey, name: string): Promise<void> {
        switch (added.kind) {
            case "added":
                if (!added.prf) this.#show({ kind: "no-output" })
                else if (added.touch !== null) await this.sealUnder(added.touch, name)
                else this.#show({ ...step(added.credential, name), kind: "sealing", added: true })
                return
            case "reauthenticate":
                this.#show(added)
                return
            case "cancelled":
            case "unsupported":
            case "failed":
                this.#show({ kind: "naming", trouble: added.kind })
        }
    }

    private async sealUnder(touch: PasskeyTouch, name: string): Promise<void> {
        this.#know(await this.#engine.addPasskey(touch, name))
        this.#show({ ...step(touch.credential, name), kind: "testing" })
    }

    /** One touch of this very passkey; null when it ended otherwise, which is shown. */
    private async touch(state: Extract<PasskeyState, { kind: "sealing" | "testing" }>): Promise<PasskeyTouch | null> {
        this.#show({ ...state, touching: true, trouble: null })
        const outcome = await this.#book.touch([state.credential]).catch(() => ({ kind: "failed" }) as const)
        switch (outcome.kind) {
            case "touched":
                return outcome.touch
            case "no-output":
                // One that gave an output when it was sealed and gives none now cannot be relied on.
                if (state.kind === "testing") await this.giveUp(state.credential)
                this.#show({ kind: state.kind === "testing" ? "failed-test" : "no-output" })
                return null
            case "cancelled":
            case "unsupported":
            case "failed":
                this.#show({ ...state, touching: false, trouble: outcome.kind })
                return null
        }
    }

    private async safely(work: () => Promise<void>): Promise<void> {
        try {
            await work()
        } catch (error) {
            this.#show({ kind: "refused", code: codeOf(error) })
        }
    }
}

function step(credential: string, name: string): Step {
    return { credential, name, touching: false, trouble: null }
}
