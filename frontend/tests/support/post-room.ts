/**
 * A post office for tests: the rules of docs/pairing.md §1 in memory, and the port on top of it.
 *
 * The port here and the adapter over a fake network both stand before this one room, so that one suite binds them.
 */

import { type Bytes, equal } from "../../src/bytes/bytes.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { systemRandom } from "../../src/crypto/random.ts"
import { EngineError, PairingRefusedError } from "../../src/engine/errors.ts"
import type { Mailbox, PairingPhase, PairingWay, PostOffice } from "../../src/engine/ports.ts"
import { utcTime } from "../../src/engine/times.ts"

type Side = "opener" | "joiner"

const phases: Readonly<Record<PairingWay, readonly (readonly [PairingPhase, Side, number])[]>> = {
    picture: [
        ["public-key", "opener", 1_216],
        ["key", "joiner", 1_188],
        ["done", "opener", 1],
    ],
    code: [
        ["ke1", "joiner", 96],
        ["ke2", "opener", 320],
        ["ke3", "joiner", 64],
        ["key", "opener", 80],
        ["done", "joiner", 1],
    ],
}

const life = 120_000

export interface Letter {
    readonly phase: PairingPhase
    readonly from: Side
    readonly body: Bytes
}

interface Box {
    readonly id: string
    readonly way: PairingWay
    readonly account: string
    readonly opened: number
    readonly tokens: Map<string, Side>
    readonly names: { readonly opener: string; joiner: string | null }
    readonly letters: Letter[]
    ended: boolean
}

export interface Opened {
    readonly mailbox: string
    readonly token: string
    readonly expires: string
}

export interface News {
    readonly letters: readonly Pick<Letter, "phase" | "body">[]
    readonly joined: string | null
    readonly over: boolean
}

export class PostRoom {
    readonly boxes: Box[] = []
    readonly listeners = new Set<() => void>()
    /** What the relay does to a letter on its way. */
    onTheWay: (letter: Letter) => Letter = (letter) => letter
    readonly #now: () => number

    constructor(now: () => number) {
        this.#now = now
    }

    open(account: string, device: string, way: PairingWay): Opened {
        const names = { opener: device, joiner: null }
        const box: Box = {
            id: freshId(),
            way,
            account,
            opened: this.#now(),
            tokens: new Map(),
            names,
            letters: [],
            ended: false,
        }
        this.boxes.push(box)
        return this.#side(box, "opener")
    }

    join(
        account: string,
        device: string,
        way: PairingWay,
        mailbox: string | null,
    ): Opened & { readonly device: string } {
        const open = this.boxes.filter((box) => box.account === account && box.way === way && !this.#over(box))
        const box = mailbox === null ? open.at(-1) : open.find(({ id }) => id === mailbox)
        if (box === undefined) throw new PairingRefusedError("pairing.none")
        if (box.names.joiner !== null) throw new PairingRefusedError("pairing.taken")
        box.names.joiner = device
        const side = this.#side(box, "joiner")
        this.tell()
        return { ...side, device: box.names.opener }
    }

    write(mailbox: string, token: string, phase: PairingPhase, body: Bytes): void {
        const { box, side } = this.#at(mailbox, token)
        if (this.#over(box)) throw new PairingRefusedError("pairing.over")
        const there = box.letters.find((letter) => letter.phase === phase && letter.from === side)
        if (there !== undefined && equal(there.body, body)) return
        const [next, writer, size] = phases[box.way][box.letters.length] ?? []
        if (next !== phase || writer !== side) throw new PairingRefusedError("pairing.out_of_turn")
        if (body.length !== size) throw new PairingRefusedError("pairing.wrong_size")
        box.letters.push({ phase, from: side, body: body.slice() })
        this.tell()
    }

    read(mailbox: string, token: string): News {
        const { box, side } = this.#at(mailbox, token)
        const letters = box.letters.filter(({ from }) => from !== side).map((letter) => this.onTheWay(letter))
        return {
            letters: letters.map(({ phase, body }) => ({ phase, body })),
            joined: side === "opener" ? box.names.joiner : null,
            over: this.#over(box),
        }
    }

    end(mailbox: string, token: string): void {
        this.#at(mailbox, token).box.ended = true
        this.tell()
    }

    tell(): void {
        for (const listener of [...this.listeners]) listener()
    }

    /** This room as one device of an account sees it. */
    office(account: string, device: string): PostOffice {
        return {
            open: async (way) => new RoomMailbox(this, this.open(account, device, way), null),
            join: async (way, mailbox) => {
                const { device: other, ...side } = this.join(account, device, way, mailbox)
                return new RoomMailbox(this, side, other)
            },
        }
    }

    #at(mailbox: string, token: string): { readonly box: Box; readonly side: Side } {
        const box = this.boxes.find(({ id }) => id === mailbox)
        const side = box?.tokens.get(token)
        if (box === undefined || side === undefined) throw new PairingRefusedError("pairing.none")
        return { box, side }
    }

    #side(box: Box, side: Side): Opened {
        const token = freshId()
        box.tokens.set(token, side)
        return { mailbox: box.id, token, expires: utcTime(box.opened + life) }
    }

    #over({ ended, opened }: Box): boolean {
        return ended || this.#now() > opened + life
    }
}

class RoomMailbox implements Mailbox {
    readonly id: string
    readonly expires: string
    readonly #room: PostRoom
    readonly #token: string
    #device: string | null

    constructor(room: PostRoom, { mailbox, token, expires }: Opened, device: string | null) {
        this.#room = room
        this.id = mailbox
        this.#token = token
        this.expires = expires
        this.#device = device
    }

    device(): string | null {
        return this.#device
    }

    async write(phase: PairingPhase, body: Bytes): Promise<void> {
        this.#room.write(this.id, this.#token, phase, body)
    }

    async read(phase: PairingPhase, signal: AbortSignal): Promise<Bytes> {
        for (;;) {
            const { letters, joined, over } = this.#room.read(this.id, this.#token)
            this.#device ??= joined
            const letter = letters.find((one) => one.phase === phase)
            if (letter !== undefined) return letter.body
            if (over) throw new PairingRefusedError("pairing.over")
            await new Promise<void>((resolve, reject) => {
                const heard = (): void => {
                    this.#room.listeners.delete(heard)
                    resolve()
                }
                const stop = (): void => reject(new EngineError("stopped"))
                this.#room.listeners.add(heard)
                signal.addEventListener("abort", stop, { once: true })
                if (signal.aborted) stop()
            })
        }
    }

    async end(): Promise<void> {
        this.#room.end(this.id, this.#token)
    }
}

function freshId(): string {
    return toHex(systemRandom.bytes(16))
}
