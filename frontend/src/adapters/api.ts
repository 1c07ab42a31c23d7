/** Talks to the server: session cookie, CSRF token, JSON, and one error shape that becomes an `EngineError`. */

import type { Bytes } from "../bytes/bytes.ts"
import { fill } from "../bytes/fill.ts"
import {
    EngineError,
    HeadMovedError,
    isPairingRefusal,
    isVaultRefusal,
    NetworkError,
    NotStoredError,
    OverQuotaError,
    PairingRefusedError,
    VaultRefusedError,
} from "../engine/errors.ts"

/** What `fetch` is asked for; given as an argument so that tests can stand in for the network. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface ApiOptions {
    readonly fetch: Fetch
    /** The value of the cookie `csrftoken`; asked each time, because signing in elsewhere changes it. */
    readonly csrfToken: () => Promise<string>
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

export class Api {
    readonly #options: ApiOptions

    constructor(options: ApiOptions) {
        this.#options = options
    }

    /** What our own addresses want to see on everything that changes. */
    csrfToken(): Promise<string> {
        return this.#options.csrfToken()
    }

    /** Resolves with the answer's JSON, of whatever shape: the caller parses it. */
    async json(method: Method, path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
        const headers: Record<string, string> = { Accept: "application/json" }
        if (method !== "GET") headers["X-CSRFToken"] = await this.csrfToken()
        if (body !== undefined) headers["Content-Type"] = "application/json"
        const init: RequestInit = { method, headers, signal, cache: "no-store", credentials: "same-origin" }
        if (body !== undefined) init.body = JSON.stringify(body)
        const response = await this.send(path, init)
        try {
            return response.status === 204 ? null : await response.json()
        } catch (cause) {
            throw broken(signal, cause)
        }
    }

    /** Sends a request with the session; every answer but a good one becomes an error. */
    async send(url: string, init: RequestInit): Promise<Response> {
        const response = await this.#options.fetch(url, init).catch((cause: unknown) => {
            throw broken(init.signal ?? null, cause)
        })
        if (response.ok) return response
        throw await refusal(response)
    }
}

/** Reads a body; a connection that breaks in the middle is the network's fault. */
export async function bodyOf(response: Response, signal: AbortSignal): Promise<Bytes> {
    try {
        return new Uint8Array(await response.arrayBuffer())
    } catch (cause) {
        throw broken(signal, cause)
    }
}

/** Below this, reading in one go costs less. */
const smallBody = 256 * 1024

/**
 * A body of known length, or what is there of it and a byte more where it is longer. Read straight into its place: left to
 * itself, a browser grows its buffer again and again, and touching fresh memory is what large bodies cost most.
 */
export async function sizedBodyOf(response: Response, length: number, signal: AbortSignal): Promise<Bytes> {
    const reader = length < smallBody ? null : readerInto(response.body)
    if (reader === null) return await bodyOf(response, signal)
    try {
        const bytes = await fill(reader, new Uint8Array(length + 1))
        if (bytes.length > length) await reader.cancel()
        return bytes
    } catch (cause) {
        throw broken(signal, cause)
    }
}

/** Null: this browser cannot read into given memory. */
function readerInto(stream: ReadableStream<Bytes> | null): ReadableStreamBYOBReader | null {
    try {
        return stream?.getReader({ mode: "byob" }) ?? null
    } catch {
        return null
    }
}

function broken(signal: AbortSignal | null, cause: unknown): EngineError {
    return signal?.aborted === true ? new EngineError("stopped", { cause }) : new NetworkError({ cause })
}

async function refusal(response: Response): Promise<EngineError> {
    return named(await errorOf(response)) ?? byStatus(response.status)
}

/** The error that the server's error shape stands for, told in whatever way; null: only the status can tell. */
export function errorNamed(error: unknown): EngineError | null {
    return named(wireError(error))
}

function named({ code, params }: WireError): EngineError | null {
    if (code === null) return null
    if (isVaultRefusal(code)) return new VaultRefusedError(code, params)
    if (isPairingRefusal(code)) return new PairingRefusedError(code)
    switch (code) {
        case "backups.quota_exceeded":
            return new OverQuotaError(params.missing ?? 0)
        case "backups.head_moved":
            return new HeadMovedError(params.sequence ?? 0)
        case "backups.not_stored":
            return new NotStoredError()
        case "backups.object_differs":
            return new EngineError("object-differs")
        case "backups.wrong_hash":
        case "backups.wrong_size":
            return new EngineError("wrong-hash")
        case "backups.cut_off":
            return new NetworkError()
        case "keyring.key_changed":
            return new EngineError("key-changed")
        case "keyring.exists":
            return new EngineError("library-exists")
        case "http.too_many_requests":
            return new NetworkError(
                undefined,
                params.seconds === undefined ? "too-many-requests" : `too-many-requests:${params.seconds}`,
            )
        case "store.full":
        case "http.disk_full":
            // Not the network's fault: it stays full until somebody makes room. What was sent is kept.
            return new EngineError("store-full")
        case "http.not_signed_in":
        case "http.forgery":
            // The token changed with a sign-in elsewhere; which session that is, the page has to find out.
            return new EngineError("session-expired")
        default:
            return null
    }
}

function byStatus(status: number): EngineError {
    if (status === 401 || status === 403) return new EngineError("session-expired")
    if (status === 404 || status === 416) return new EngineError("missing")
    // Overloaded, restarting, behind a proxy that lost it: worth another try.
    if (status === 408 || status === 425 || status === 429 || status >= 502) return new NetworkError()
    return new EngineError(status >= 500 ? "server-failed" : "server-refused")
}

interface WireParams {
    readonly missing?: number
    readonly sequence?: number
    readonly left?: number
    readonly guesses?: number
    readonly seconds?: number
}

interface WireError {
    readonly code: string | null
    readonly params: WireParams
}

async function errorOf(response: Response): Promise<WireError> {
    try {
        return wireError(((await response.json()) as { readonly error?: unknown }).error)
    } catch {
        return { code: null, params: {} }
    }
}

function wireError(error: unknown): WireError {
    if (!isRecord(error) || typeof error.code !== "string") return { code: null, params: {} }
    const given = isRecord(error.params) ? error.params : {}
    const names = ["missing", "sequence", "left", "guesses", "seconds"] as const
    const params = Object.fromEntries(names.filter((name) => isWhole(given[name])).map((name) => [name, given[name]]))
    return { code: error.code, params }
}

type Loose = { readonly [Name in "code" | "params" | keyof WireParams]?: unknown }

function isRecord(value: unknown): value is Loose {
    return typeof value === "object" && value !== null
}

function isWhole(value: unknown): value is number {
    return Number.isSafeInteger(value)
}
