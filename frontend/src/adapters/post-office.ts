/** The post office of pairing over the API (docs/pairing.md §1): a socket brings the news, and asking now and then where none stands. */

import { toBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import { EngineError, PairingRefusedError } from "../engine/errors.ts"
import type { Clock, Mailbox, PairingPhase, PairingWay, PostOffice } from "../engine/ports.ts"
import { bytes, fields, flag, id, listOf, oneOf, orNull, text } from "./answers.ts"
import type { Api } from "./api.ts"

interface Side {
    readonly mailbox: string
    readonly token: string
    readonly expires: string
}

interface Letter {
    readonly phase: PairingPhase
    readonly body: Bytes
}

interface News {
    readonly letters: readonly Letter[]
    readonly joined: string | null
    readonly over: boolean
}

const side = { mailbox: id, token: text, expires: text }
const opened = fields<Side>(side)
const joined = fields<Side & { readonly device: string }>({ ...side, device: text })
const letter = fields<Letter>({ phase: oneOf("public-key", "key", "ke1", "ke2", "ke3", "done"), body: bytes })
const news = fields<News>({ letters: listOf(letter), joined: orNull(text), over: flag })

const askEvery = 2_000

export interface PostOfficeOptions {
    readonly api: Api
    readonly clock: Clock
    readonly connect: (path: string) => WebSocket
}

export class ServerPostOffice implements PostOffice {
    readonly #options: PostOfficeOptions

    constructor(options: PostOfficeOptions) {
        this.#options = options
    }

    async open(way: PairingWay, signal: AbortSignal): Promise<Mailbox> {
        const mine = opened(await this.#options.api.json("POST", "/api/pairing", { way }, signal))
        return new ServerMailbox(this.#options, mine, null)
    }

    async join(way: PairingWay, mailbox: string | null, signal: AbortSignal): Promise<Mailbox> {
        const answer = await this.#options.api.json("POST", "/api/pairing/join", { way, mailbox }, signal)
        const { device, ...mine } = joined(answer)
        return new ServerMailbox(this.#options, mine, device)
    }
}

class ServerMailbox implements Mailbox {
    readonly id: string
    readonly expires: string
    readonly #options: PostOfficeOptions
    readonly #token: string
    readonly #letters = new Map<PairingPhase, Bytes>()
    readonly #listeners = new Set<() => void>()
    #device: string | null
    #over = false
    #socket: WebSocket | null = null

    constructor(options: PostOfficeOptions, { mailbox, token, expires }: Side, device: string | null) {
        this.id = mailbox
        this.expires = expires
        this.#options = options
        this.#token = token
        this.#device = device
    }

    device(): string | null {
        return this.#device
    }

    async write(phase: PairingPhase, body: Bytes, signal: AbortSignal): Promise<void> {
        await this.#call("letters", { phase, body: toBase64url(body) }, signal)
    }

    async read(phase: PairingPhase, signal: AbortSignal): Promise<Bytes> {
        this.#listen()
        for (;;) {
            const body = this.#letters.get(phase)
            if (body !== undefined) return body
            if (this.#over) throw new PairingRefusedError("pairing.over")
            if (signal.aborted) throw new EngineError("stopped")
            if (this.#socket?.readyState !== 1) await this.#ask(signal)
            if (!this.#letters.has(phase) && !this.#over) await this.#change(signal)
        }
    }

    async end(): Promise<void> {
        this.#over = true
        this.#socket?.close()
        // Nobody waits for it, and after two minutes it is over anyway.
        await this.#call("end", {}, AbortSignal.timeout(askEvery)).catch(() => undefined)
    }

    async #call(what: string, body: object, signal: AbortSignal): Promise<unknown> {
        const path = `/api/pairing/${this.id}/${what}`
        return await this.#options.api.json("POST", path, { token: this.#token, ...body }, signal)
    }

    #listen(): void {
        if (this.#socket !== null || this.#over) return
        this.#socket = this.#options.connect(`/ws/pairing/${this.id}?token=${this.#token}`)
        this.#socket.addEventListener("message", ({ data }) => this.#hear(data))
        // A socket that closes may have told of the end, or not: then asking does.
        this.#socket.addEventListener("close", () => this.#changed())
    }

    #hear(data: unknown): void {
        try {
            this.#take(news(JSON.parse(String(data))))
        } catch {
            // Asking finds out what there is.
            this.#socket?.close()
        }
    }

    async #ask(signal: AbortSignal): Promise<void> {
        try {
            this.#take(news(await this.#call("read", {}, signal)))
        } catch (error) {
            const gone =
                error instanceof PairingRefusedError || (error instanceof EngineError && error.code === "missing")
            if (gone) this.#over = true
            else if (!(error instanceof EngineError) || error.code !== "network") throw error
        }
    }

    #take({ letters, joined, over }: News): void {
        for (const { phase, body } of letters) this.#letters.set(phase, body)
        this.#device ??= joined
        this.#over ||= over
        if (over) this.#socket?.close()
        this.#changed()
    }

    #changed(): void {
        for (const listener of this.#listeners) listener()
    }

    /** Until there is news, and not longer than until it is time to ask. */
    async #change(signal: AbortSignal): Promise<void> {
        const news = new AbortController()
        const heard = (): void => news.abort()
        this.#listeners.add(heard)
        try {
            await this.#options.clock.sleep(askEvery, AbortSignal.any([signal, news.signal]))
        } catch (error) {
            if (signal.aborted || !news.signal.aborted) throw error
        } finally {
            this.#listeners.delete(heard)
        }
    }
}
