/**
 * What is shown while two devices are paired; the engine drives, the person looks and answers.
 *
 *     new:  choose → opening → picture → waiting ─────────→ done
 *                  ↘ typing → opening → compare ↗       ↘ ended
 *     old:  choose → camera → opening → confirm → giving → done
 *                  ↘ opening → code ↗                   ↘ ended
 */

import { readDigits } from "../bytes/digits.ts"
import { unreachable } from "../bytes/unreachable.ts"
import { codeOf } from "../engine/errors.ts"
import type { Engine, PairingEnd, PairingOutcome, PairingStep } from "../engine/protocol.ts"

export type PairingWay = "picture" | "code"

export type PairingState =
    | { readonly kind: "choose" }
    | { readonly kind: "typing" }
    | { readonly kind: "camera" }
    | { readonly kind: "opening"; readonly way: PairingWay }
    | { readonly kind: "picture"; readonly payload: string; readonly until: string }
    | { readonly kind: "code"; readonly code: string; readonly until: string }
    | { readonly kind: "waiting"; readonly way: PairingWay }
    | { readonly kind: "compare"; readonly compare: string }
    | { readonly kind: "confirm"; readonly device: string; readonly compare: string | null }
    | { readonly kind: "giving" }
    | { readonly kind: "done" }
    | { readonly kind: "ended"; readonly why: PairingEnd; readonly way: PairingWay; readonly answeredNo: boolean }
    | { readonly kind: "refused"; readonly code: string; readonly way: PairingWay }

type PairingEngine = Pick<
    Engine,
    "receiveByPicture" | "receiveByCode" | "giveByPicture" | "giveByCode" | "answerPairing" | "stopPairing"
>

export class PairingSession {
    readonly #engine: PairingEngine
    readonly #show: (state: PairingState) => void
    #run = 0
    #running = false
    #answeredNo = false

    constructor(engine: PairingEngine, show: (state: PairingState) => void) {
        this.#engine = engine
        this.#show = show
    }

    /** New device. */
    showPicture(stay: boolean): Promise<boolean> {
        return this.run("picture", (hear) => this.#engine.receiveByPicture({ stay }, hear))
    }

    typeCode(): Promise<void> {
        return this.leaveFor({ kind: "typing" })
    }

    receiveByCode(digits: string, stay: boolean): Promise<boolean> {
        return this.run("code", (hear) => this.#engine.receiveByCode(digits, { stay }, hear))
    }

    /** Old device. */
    openCamera(): Promise<void> {
        return this.leaveFor({ kind: "camera" })
    }

    giveByPicture(payload: string): Promise<boolean> {
        return this.run("picture", (hear) => this.#engine.giveByPicture(payload, hear))
    }

    giveByCode(): Promise<boolean> {
        return this.run("code", (hear) => this.#engine.giveByCode(hear))
    }

    async answer(yes: boolean): Promise<void> {
        this.#answeredNo = !yes
        if (yes) this.#show({ kind: "giving" })
        await this.#engine.answerPairing(yes).catch(() => undefined)
    }

    stop(): Promise<void> {
        return this.leaveFor({ kind: "choose" })
    }

    /** Whatever still runs is stopped, and says nothing more. */
    private async leaveFor(state: PairingState): Promise<void> {
        const running = this.#running
        this.#run += 1
        this.#running = false
        this.#show(state)
        if (running) await this.#engine.stopPairing().catch(() => undefined)
    }

    /** True when the key arrived. */
    private async run(
        way: PairingWay,
        pair: (hear: (step: PairingStep) => void) => Promise<PairingOutcome>,
    ): Promise<boolean> {
        this.#run += 1
        const mine = this.#run
        this.#running = true
        this.#answeredNo = false
        const show = (state: PairingState) => {
            if (mine === this.#run) this.#show(state)
        }
        show({ kind: "opening", way })
        let before: PairingStep["kind"] | null = null
        try {
            const outcome = await pair((step) => {
                // The digits stay to be compared until it is over.
                if (step.kind === "waiting" && before === "compare") return
                show(stateOf(step, way, before))
                before = step.kind
            })
            if (mine !== this.#run) return outcome.kind === "done"
            this.#running = false
            show(
                outcome.kind === "done"
                    ? { kind: "done" }
                    : { kind: "ended", why: outcome.why, way, answeredNo: this.#answeredNo },
            )
            return outcome.kind === "done"
        } catch (error) {
            if (mine === this.#run) this.#running = false
            show({ kind: "refused", code: codeOf(error), way })
            return false
        }
    }
}

/** Waiting after something was shown means that the other device has come. */
function stateOf(step: PairingStep, way: PairingWay, before: PairingStep["kind"] | null): PairingState {
    switch (step.kind) {
        case "waiting":
            return before === null || before === "waiting" ? { kind: "opening", way } : { kind: "waiting", way }
        case "show-picture":
            return { kind: "picture", payload: step.payload, until: step.until }
        case "show-code":
            return { kind: "code", code: step.code, until: step.until }
        case "confirm":
            return { kind: "confirm", device: step.device, compare: step.compare }
        case "compare":
            return { kind: "compare", compare: step.compare }
        default:
            return unreachable(step)
    }
}

/** Eight digits, however they were typed; null when they are not eight. */
export function shortCode(typed: string): string | null {
    const { runs, unreadable } = readDigits(typed)
    const digits = runs.join("")
    return unreadable === null && digits.length === 8 ? digits : null
}
