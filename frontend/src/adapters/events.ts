/** Tells of new heads: by a WebSocket where one can be had, by asking now and then where not. Both only say *look*. */

import { fields, oneOf, whole } from "./answers.ts"

export interface EventsOptions {
    readonly connect: () => WebSocket
    /** The newest sequence, or null when nothing can be learnt now. */
    readonly ask: () => Promise<number | null>
}

const event = fields<{ readonly kind: "head"; readonly sequence: number }>({ kind: oneOf("head"), sequence: whole })

const askEvery = 60_000
const reconnectFirst = 2_000
const reconnectMost = 120_000

/** Watches until it is told to stop. A sequence may be told several times. */
export function watchHeads(options: EventsOptions, listener: (sequence: number) => void): () => void {
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
        try {
            listener(event(JSON.parse(String(data))).sequence)
        } catch {
            // Not one of ours: asking finds out what there is.
            void ask()
        }
    }
    const ask = async (): Promise<void> => {
        const sequence = await options.ask().catch(() => null)
        if (sequence !== null && !stopped) listener(sequence)
    }
    const asking = setInterval(() => {
        if (socket?.readyState !== 1) void ask()
    }, askEvery)

    open()
    return () => {
        stopped = true
        clearTimeout(timer)
        clearInterval(asking)
        socket?.close()
    }
}
