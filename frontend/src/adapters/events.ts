/**
 * Tells what happened elsewhere: by a WebSocket where one can be had; of new heads also by asking now and then.
 *
 * An event only says *look*: nothing is believed of it but that the person's own server said so.
 */

import type { ServerEvent } from "../engine/ports.ts"
import { fields, oneOf, type Parse, whole } from "./answers.ts"

export interface EventsOptions {
    readonly connect: () => WebSocket
    /** The newest sequence, or null when nothing can be learnt now. */
    readonly ask: () => Promise<number | null>
}

type EventOf<Kind extends ServerEvent["kind"]> = Extract<ServerEvent, { readonly kind: Kind }>

const eventsOf: { readonly [Kind in ServerEvent["kind"]]: Parse<EventOf<Kind>> } = {
    head: fields<EventOf<"head">>({ kind: oneOf("head"), sequence: whole }),
    guess: fields<EventOf<"guess">>({ kind: oneOf("guess"), left: whole }),
    "password-erased": fields<EventOf<"password-erased">>({ kind: oneOf("password-erased") }),
    ways: fields<EventOf<"ways">>({ kind: oneOf("ways") }),
    room: fields<EventOf<"room">>({ kind: oneOf("room") }),
    revoked: fields<EventOf<"revoked">>({ kind: oneOf("revoked") }),
}
const kind = oneOf("head", "guess", "password-erased", "ways", "room", "revoked")

const askEvery = 60_000
const reconnectFirst = 2_000
const reconnectMost = 120_000

/** Watches until it is told to stop, or this device was signed out. A head may be told several times. */
export function watchServer(options: EventsOptions, listener: (event: ServerEvent) => void): () => void {
    let stopped = false
    let socket: WebSocket | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    let wait = reconnectFirst

    const open = (): void => {
        socket = options.connect()
        socket.addEventListener("open", () => {
            wait = reconnectFirst
            // What happened while nobody listened.
            void ask()
        })
        socket.addEventListener("message", ({ data }) => tell(data))
        socket.addEventListener("close", () => {
            socket = null
            if (stopped) return
            timer = setTimeout(open, wait)
            wait = Math.min(2 * wait, reconnectMost)
        })
    }
    const tell = (data: unknown): void => {
        const event = readEvent(data)
        // Not one of ours: asking finds out what there is.
        if (event === null) void ask()
        else listener(event)
        if (event?.kind === "revoked") stop()
    }
    const ask = async (): Promise<void> => {
        const sequence = await options.ask().catch(() => null)
        if (sequence !== null && !stopped) listener({ kind: "head", sequence })
    }
    const asking = setInterval(() => {
        if (socket?.readyState !== 1) void ask()
    }, askEvery)
    const stop = (): void => {
        stopped = true
        clearTimeout(timer)
        clearInterval(asking)
        socket?.close()
    }

    open()
    return stop
}

function readEvent(data: unknown): ServerEvent | null {
    try {
        const value: unknown = JSON.parse(String(data))
        return eventsOf[kind((value as { readonly kind?: unknown } | null)?.kind)](value)
    } catch {
        return null
    }
}
