/** A WebSocket that stands, or the knowledge that none can be had here: proxies swallow them, and offices forbid them. */

const patience = 10_000

/** Null: it did not open in time. */
export async function standingSocket(connect: () => WebSocket, signal: AbortSignal): Promise<WebSocket | null> {
    if (signal.aborted) return null
    const socket = connect()
    return await new Promise((resolve) => {
        const settle = (opened: boolean) => (): void => {
            clearTimeout(timer)
            signal.removeEventListener("abort", giveUp)
            if (!opened) socket.close()
            resolve(opened ? socket : null)
        }
        const giveUp = settle(false)
        const timer = setTimeout(giveUp, patience)
        signal.addEventListener("abort", giveUp, { once: true })
        socket.addEventListener("open", settle(true), { once: true })
        socket.addEventListener("close", giveUp, { once: true })
    })
}
