import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { watchHeads } from "../../src/adapters/events.ts"

class FakeSocket extends EventTarget {
    readyState = 0
    closed = false

    open(): void {
        this.readyState = 1
        this.dispatchEvent(new Event("open"))
    }

    say(data: string): void {
        this.dispatchEvent(new MessageEvent("message", { data }))
    }

    close(): void {
        this.readyState = 3
        this.closed = true
        this.dispatchEvent(new Event("close"))
    }
}

let sockets: FakeSocket[] = []
let asked = 0
let told: number[] = []
let stop: () => void

beforeEach(() => {
    vi.useFakeTimers()
    sockets = []
    told = []
    asked = 0
    const connect = () => {
        const socket = new FakeSocket()
        sockets.push(socket)
        return socket as unknown as WebSocket
    }
    const ask = async () => {
        asked++
        return 100
    }
    stop = watchHeads({ connect, ask }, (sequence) => told.push(sequence))
})

afterEach(() => {
    stop()
    vi.useRealTimers()
})

test("a head is told as the server says it", async () => {
    sockets[0]?.open()
    await vi.advanceTimersByTimeAsync(1)
    sockets[0]?.say('{"kind": "head", "sequence": 7}')
    expect(told).toEqual([100, 7])
})

test("without a socket it asks now and then", async () => {
    sockets[0]?.close()
    await vi.advanceTimersByTimeAsync(190_000)
    expect(asked).toBe(3)
    expect(told).toEqual([100, 100, 100])
})

test("with a socket it does not ask", async () => {
    sockets[0]?.open()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(asked).toBe(1)
})

test("a socket that closes is opened again, later and later, and not after the end", async () => {
    sockets[0]?.close()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sockets).toHaveLength(2)
    sockets[1]?.close()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sockets).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sockets).toHaveLength(3)
    stop()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(sockets).toHaveLength(3)
    expect(sockets[2]?.closed).toBe(true)
})

test("what cannot be read makes it ask", async () => {
    sockets[0]?.open()
    await vi.advanceTimersByTimeAsync(1)
    sockets[0]?.say("{")
    await vi.advanceTimersByTimeAsync(1)
    expect(told).toEqual([100, 100])
})
