/**
 * One pairing under way on this device: its state, its mailbox, its two minutes, and the person's word.
 *
 * What may happen next is decided by `pairing/state.ts`; the two sides do it. Every expected end is a value. The mailbox is
 * ended whenever this side goes without being done, so that the other need not wait for the time to pass.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { fromHex } from "../bytes/hex.ts"
import { RefusedLetterError } from "../pairing/errors.ts"
import type { GiftPlace } from "../pairing/gift.ts"
import {
    begin,
    isOver,
    next,
    type PairingEnd,
    type PairingEvent,
    type PairingRole,
    type PairingState,
} from "../pairing/state.ts"
import { EngineError, NetworkError, PairingRefusedError } from "./errors.ts"
import type { Mailbox, PairingPhase, PairingWay, Ports } from "./ports.ts"
import type { PairingStep } from "./protocol.ts"
import { persist } from "./retry.ts"
import { utcTime } from "./times.ts"

const life = 120_000
const tries = 3

/** A mailbox whose letters are sent until they arrive, and awaited until the pairing is over. */
export interface Post {
    readonly place: GiftPlace
    /** UTC, by this device's clock. */
    readonly until: string
    device(): string
    write(phase: PairingPhase, body: Bytes): Promise<void>
    read(phase: PairingPhase): Promise<Bytes>
}

export class PairingRun {
    readonly #ports: Ports
    readonly #role: PairingRole
    readonly #onStep: (step: PairingStep) => void
    readonly #stopping = new AbortController()
    #state: PairingState
    #deadline = Number.POSITIVE_INFINITY
    #why: PairingEnd | null = null
    #mailbox: Mailbox | null = null
    #answer: (yes: boolean) => void = () => undefined

    constructor(ports: Ports, role: PairingRole, onStep: (step: PairingStep) => void) {
        this.#ports = ports
        this.#role = role
        this.#onStep = onStep
        this.#state = begin(role)
    }

    /** Plays one side to its end. What is no end of a pairing, damage of the library for one, is thrown. */
    async over(
        play: () => Promise<void>,
    ): Promise<{ readonly kind: "done" } | { readonly kind: "ended"; readonly why: PairingEnd }> {
        this.#onStep({ kind: "waiting" })
        try {
            await play()
        } catch (error) {
            const why = this.#endOf(error)
            if (why === null) throw error
            this.went({ kind: "ended", why })
        } finally {
            this.#stopping.abort()
            if (this.#state.kind !== "done") void this.#mailbox?.end()
        }
        return this.#state.kind === "ended" ? { kind: "ended", why: this.#state.why } : { kind: "done" }
    }

    stop(): void {
        this.#cut("stopped")
    }

    answer(yes: boolean): void {
        this.#answer(yes)
    }

    /** What happened; the state it leads to is shown. */
    went(event: PairingEvent): PairingState {
        const before = this.#state
        this.#state = next(before, event)
        const step = stepOf(this.#state)
        if (this.#state !== before && !isOver(this.#state) && step.kind !== stepOf(before).kind) this.#onStep(step)
        return this.#state
    }

    /** The person's word on what `confirming` shows. */
    async confirmed(): Promise<boolean> {
        const { signal } = this.#stopping
        return await new Promise<boolean>((resolve, reject) => {
            const stop = (): void => reject(new EngineError("stopped"))
            this.#answer = resolve
            signal.addEventListener("abort", stop, { once: true })
            if (signal.aborted) stop()
        })
    }

    async open(account: string, way: PairingWay): Promise<Post> {
        return await this.#begin(account, () => this.#ports.post.open(way, this.#stopping.signal))
    }

    async join(account: string, way: PairingWay, mailbox: string | null): Promise<Post> {
        return await this.#begin(account, () => this.#ports.post.join(way, mailbox, this.#stopping.signal))
    }

    async #begin(account: string, enter: () => Promise<Mailbox>): Promise<Post> {
        // Not tried again: an answer that was lost would be a mailbox that nobody holds, or a place that is taken.
        const mailbox = await enter()
        this.#mailbox = mailbox
        const { clock } = this.#ports
        const { signal } = this.#stopping
        this.#deadline = clock.now() + life
        clock.sleep(life, signal).then(
            () => this.#cut("expired"),
            () => undefined,
        )
        const patience = { clock, signal, tries, onNetwork: () => undefined }
        return {
            place: { account: fromHex(account), mailbox: fromHex(mailbox.id) },
            until: utcTime(this.#deadline),
            device: () => mailbox.device() ?? "",
            write: async (phase, body) => await persist(patience, () => mailbox.write(phase, body, signal)),
            read: async (phase) => await persist(patience, () => mailbox.read(phase, signal)),
        }
    }

    #cut(why: PairingEnd): void {
        this.#why ??= why
        this.#stopping.abort()
    }

    #endOf(error: unknown): PairingEnd | null {
        if (this.#why !== null && error instanceof EngineError) return this.#why
        if (error instanceof RefusedLetterError) return "tampered"
        if (error instanceof NetworkError) return "network"
        return error instanceof PairingRefusedError ? this.#endOfRefusal(error) : null
    }

    #endOfRefusal({ refusal }: PairingRefusedError): PairingEnd | null {
        switch (refusal) {
            case "pairing.none":
                if (this.#mailbox !== null) return "expired"
                return this.#role === "old-by-picture" ? "not-a-picture" : "nobody"
            case "pairing.taken":
                return "taken"
            case "pairing.out_of_turn":
            case "pairing.wrong_size":
                return "tampered"
            case "pairing.over":
                return this.#ports.clock.now() >= this.#deadline ? "expired" : "declined"
            case "pairing.too_many":
                return null
        }
    }
}

function stepOf(state: PairingState): PairingStep {
    switch (state.kind) {
        case "showing":
            return { kind: "show-picture", payload: state.shown, until: state.until }
        case "offering":
            return { kind: "show-code", code: state.shown, until: state.until }
        case "confirming":
            return { kind: "confirm", device: state.device, compare: state.compare }
        case "comparing":
            return { kind: "compare", compare: state.compare }
        default:
            return { kind: "waiting" }
    }
}
