/** A WebSocket without a network: a test says when it opens, what comes in, and hears what goes out. */

export class FakeSocket extends EventTarget {
    readyState = 0
    readonly sent: string[] = []
    onSend: (frame: string) => void = () => undefined

    /** As whoever takes a WebSocket sees it. */
    asSocket(): WebSocket {
        return this as unknown as WebSocket
    }

    open(): void {
        this.readyState = 1
        this.dispatchEvent(new Event("open"))
    }

    say(data: unknown): void {
        const text = typeof data === "string" ? data : JSON.stringify(data)
        this.dispatchEvent(new MessageEvent("message", { data: text }))
    }

    send(frame: string): void {
        this.sent.push(frame)
        this.onSend(frame)
    }

    close(): void {
        if (this.readyState === 3) return
        this.readyState = 3
        this.dispatchEvent(new Event("close"))
    }
}
