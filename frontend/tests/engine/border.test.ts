import { expose, proxy, wrap } from "comlink"
import { afterEach, expect, test, vi } from "vitest"
import { doorOf, type EngineDoor, faceOf } from "../../src/engine/client.ts"
import { EngineError } from "../../src/engine/errors.ts"
import type { Engine, ImportProgress } from "../../src/engine/protocol.ts"
import { DamagedObjectError } from "../../src/format/errors.ts"
import { passkeySource } from "../../src/keyring/passkey.ts"

const channels: MessageChannel[] = []
afterEach(() => {
    for (const { port1 } of channels.splice(0)) port1.close()
})

/** An engine behind a real message channel, as behind a worker. */
async function across(engine: Partial<Engine>): Promise<Engine> {
    const channel = new MessageChannel()
    channels.push(channel)
    expose(
        doorOf(async () => engine as Engine),
        channel.port1,
    )
    const door = wrap<EngineDoor>(channel.port2)
    await door.start(
        { store: "memory" },
        proxy(async () => ""),
    )
    return faceOf((name, ...args) => door.call(name, ...args))
}

test("values and calls cross", async () => {
    const engine = await across({ openChat: async (conversation) => ({ title: conversation }) as never })
    expect(await engine.openChat("Ben", null)).toEqual({ title: "Ben" })
})

test("listeners stay here and are called from there", async () => {
    const engine = await across({
        startImport: async (_, tell) => {
            tell({ done: 1 } as ImportProgress)
            return { kind: "stopped" }
        },
    })
    const told = vi.fn()
    expect(await engine.startImport({} as never, told)).toEqual({ kind: "stopped" })
    await vi.waitFor(() => expect(told).toHaveBeenCalledWith({ done: 1 }))
})

test("a touch crosses as a key that cannot be read", async () => {
    const crossed = vi.fn()
    const engine = await across({
        unlockWithPasskey: async (touch) => {
            crossed(touch.credential, touch.key.extractable, touch.key.usages)
            return { kind: "not-this-one" }
        },
    })
    const key = await passkeySource(new Uint8Array(32).fill(1))
    await engine.unlockWithPasskey({ credential: "eA", key }, { stay: false })
    expect(crossed).toHaveBeenCalledWith("eA", false, ["deriveKey"])
})

test("what is no call of the engine is refused", async () => {
    const channel = new MessageChannel()
    channels.push(channel)
    expose(
        doorOf(async () => ({}) as Engine),
        channel.port1,
    )
    const door = wrap<EngineDoor>(channel.port2)
    await expect(door.call("state")).rejects.toEqual({ code: "unexpected" })
    await door.start(
        { store: "memory" },
        proxy(async () => ""),
    )
    await expect(door.call("constructor" as never)).rejects.toEqual({ code: "unexpected" })
})

test("of an error nothing but its code crosses", async () => {
    const said = "the secret name of a file"
    const engine = await across({
        state: () => Promise.reject(new Error(said)),
        chats: () => Promise.reject(new DamagedObjectError("older-head")),
        lock: () => Promise.reject(new EngineError("locked", { cause: new Error(said) })),
    })
    for (const [call, code] of [
        [engine.state(), "unexpected"],
        [engine.chats(), "older-head"],
        [engine.lock(), "locked"],
    ] as const) {
        const error: unknown = await call.catch((caught: unknown) => caught)
        expect(error).toBeInstanceOf(EngineError)
        expect(error).toMatchObject({ code })
        expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toContain(said)
    }
})
