/** The way to the vault (docs/vault.md §4): one socket for a conversation, or request by request where none can be had. */

import { toBase64url } from "../bytes/base64url.ts"
import { EngineError, NetworkError } from "../engine/errors.ts"
import type { VaultAnswers, VaultLine, VaultMessage, VaultServer, VaultState } from "../engine/ports.ts"
import { bytes, fields, flag, id, oneOf, orNull, type Parse, text, whole } from "./answers.ts"
import { type Api, errorNamed } from "./api.ts"
import { standingSocket } from "./socket.ts"

type Kind = VaultMessage["kind"]
type Tagged<Name extends string, Held> = Held & { readonly kind: Name }

const state = fields<Tagged<"state", VaultState>>({
    kind: oneOf("state"),
    record: orNull(fields<NonNullable<VaultState["record"]>>({ id, parameters: bytes, created: text })),
    left: whole,
    of: whole,
    tombstone: orNull(fields<NonNullable<VaultState["tombstone"]>>({ at: text, guesses: whole })),
})

/** What may come back on each question, and nothing else. */
const answersTo: { readonly [Asked in Kind]: Parse<VaultAnswers[Asked]> } = {
    state,
    "enrol-begin": fields<Tagged<"enrol-response", VaultAnswers["enrol-begin"]>>({
        kind: oneOf("enrol-response"),
        exchange: id,
        record: id,
        response: bytes,
    }),
    "enrol-upload": fields<Tagged<"enrol-stored", VaultAnswers["enrol-upload"]>>({
        kind: oneOf("enrol-stored"),
        record: id,
    }),
    "login-begin": fields<Tagged<"login-answer", VaultAnswers["login-begin"]>>({
        kind: oneOf("login-answer"),
        exchange: id,
        record: id,
        parameters: bytes,
        ke2: bytes,
        left: whole,
    }),
    "login-finish": fields<Tagged<"opened", VaultAnswers["login-finish"]>>({
        kind: oneOf("opened"),
        sealed: bytes,
        left: whole,
        enrolled: flag,
        erased: flag,
    }),
    remove: state,
}

function read<Asked extends VaultMessage>(message: Asked, answer: unknown): VaultAnswers[Asked["kind"]] {
    const kind: Asked["kind"] = message.kind
    return answersTo[kind](answer)
}

export class ServerVault implements VaultServer {
    readonly #api: Api
    readonly #connect: () => WebSocket

    constructor(api: Api, connect: () => WebSocket) {
        this.#api = api
        this.#connect = connect
    }

    async connect(signal: AbortSignal): Promise<VaultLine> {
        const socket = await standingSocket(this.#connect, signal)
        if (signal.aborted) throw new EngineError("stopped")
        return socket === null ? requestLine(this.#api, signal) : socketLine(socket)
    }
}

function requestLine(api: Api, signal: AbortSignal): VaultLine {
    const closing = new AbortController()
    const either = AbortSignal.any([signal, closing.signal])
    return {
        ask: async (message) => read(message, await api.json("POST", "/api/vault", wire(message), either)),
        close: () => closing.abort(),
    }
}

interface Waiting {
    readonly answer: (value: unknown) => void
    readonly fail: (error: EngineError) => void
}

function socketLine(socket: WebSocket): VaultLine {
    let waiting: Waiting | null = null
    const settle = (settled: (one: Waiting) => void): void => {
        const one = waiting
        waiting = null
        if (one !== null) settled(one)
    }
    socket.addEventListener("message", ({ data }) => settle(({ answer }) => answer(data)))
    socket.addEventListener("close", () => settle(({ fail }) => fail(new NetworkError())))
    return {
        async ask(message) {
            if (waiting !== null || socket.readyState !== 1) throw new NetworkError()
            const frame = await new Promise<unknown>((answer, fail) => {
                waiting = { answer, fail }
                socket.send(JSON.stringify(wire(message)))
            })
            return read(message, answered(frame))
        },
        close: () => socket.close(),
    }
}

/** The frame's JSON, if it is no refusal. */
function answered(frame: unknown): unknown {
    const value = json(frame)
    if (typeof value !== "object" || value === null || !("kind" in value) || value.kind !== "refused") return value
    throw errorNamed("error" in value ? value.error : null) ?? new EngineError("server-refused")
}

function json(frame: unknown): unknown {
    try {
        return JSON.parse(String(frame))
    } catch {
        throw new EngineError("server-failed")
    }
}

function wire(message: VaultMessage): Readonly<Record<string, string | null>> {
    const written = Object.entries(message).map(([name, held]) => [
        name,
        held instanceof Uint8Array ? toBase64url(held) : held,
    ])
    return Object.fromEntries(written)
}
