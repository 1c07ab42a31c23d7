import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { watchServer } from "../../src/adapters/events.ts"
import type { ServerEvent } from "../../src/engine/ports.ts"
import { FakeSocket } from "../support/fake-socket.ts"

let sockets: FakeSocket[] = []
let asked = 0
let told: ServerEvent[] = []
const head = (sequence: number): ServerEvent => ({ kind: "head", sequence })
let stop: () => void

beforeEach(() => {
    vi.useFakeTimers()
    sockets = []
    told = []
    asked = 0
    const connect = () => {
        const socket = new FakeSocket()
        sockets.push(socket)
        return socket.asSocket()
    }
    const ask = async () => {
        asked++
        return 100
    }
    stop = watchServer({ connect, ask }, (event) => told.push(event))
})

afterEach(() => {
    stop()
    vi.useRealTimers()
})

test("a head is told as the server says it", async () => {
    sockets[0]?.open()
    await vi.advanceTimersByTimeAsync(1)
    sockets[0]?.say('{"kind": "head", "sequence": 7}')
    expect(told).toEqual([head(100), head(7)])
})

test("without a socket it asks now and then", async () => {
    sockets[0]?.close()
    await vi.advanceTimersByTimeAsync(190_000)
    expect(asked).toBe(3)
    expect(told).toEqual([head(100), head(100), head(100)])
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
    expect(sockets[2]?.readyState).toBe(3)
})

test("guesses, erasures and changed ways are told as they are said", async () => {
    const said: ServerEvent[] = [{ kind: "guess", left: 3 }, { kind: "password-erased" }, { kind: "ways" }]
    sockets[0]?.open()
    await vi.advanceTimersByTimeAsync(1)
    for (const event of said) sockets[0]?.say(JSON.stringify(event))
    expect(told).toEqual([head(100), ...said])
})

test("a device that was signed out hears it, and nothing more", async () => {
    sockets[0]?.open()
    sockets[0]?.say('{"kind": "revoked"}')
    expect(told).toEqual([{ kind: "revoked" }])
    await vi.advanceTimersByTimeAsync(600_000)
    expect(sockets).toHaveLength(1)
    expect(sockets[0]?.readyState).toBe(3)
})

test.each(['{"kind": "guess"}', '{"kind": "guess", "left": 3, "who": "bob"}', '{"kind": "new"}', "null"])(
    "an event of another shape only makes it ask: %s",
    async (frame) => {
        sockets[0]?.open()
        await vi.advanceTimersByTimeAsync(1)
        sockets[0]?.say(frame)
        await vi.advanceTimersByTimeAsync(1)
        expect(told).toEqual([head(100), head(100)])
    },
)

test("what cannot be read makes it ask", async () => {
    sockets[0]?.open()
    await vi.advanceTimersByTimeAsync(1)
    sockets[0]?.say("{")
    await vi.advanceTimersByTimeAsync(1)
    expect(told).toEqual([head(100), head(100)])
})
