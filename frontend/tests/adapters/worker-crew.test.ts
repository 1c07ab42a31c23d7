import { expect, test } from "vitest"
import { WorkerCrew } from "../../src/adapters/worker-crew.ts"
import type { Desk } from "../../src/engine/crew.ts"
import { openSource } from "../../src/engine/source.ts"
import { alice } from "../support/cast.ts"
import { chatExport } from "../support/exports.ts"

const desk: Desk = { share: async () => null, claim: async () => new Uint8Array(0), take: async () => null }

test("a worker that cannot run is a failure, not a wait", async () => {
    const broken = new WorkerCrew(() => {
        const target = Object.assign(new EventTarget(), { postMessage: () => undefined, terminate: () => undefined })
        setTimeout(() => target.dispatchEvent(new Event("error")), 1)
        return target as unknown as Worker
    }, 1)
    const order = { keys: alice.keys, source: await openSource(chatExport()), signal: new AbortController().signal }
    await expect(broken.seal(order, desk)).rejects.toMatchObject({ code: "unexpected" })
})

test("workers that wait are gone when it is stopped", async () => {
    let running = 2
    const waiting = new WorkerCrew(() => {
        const terminate = (): number => (running -= 1)
        return Object.assign(new EventTarget(), { postMessage: () => undefined, terminate }) as unknown as Worker
    }, 2)
    const stop = new AbortController()
    const order = { keys: alice.keys, source: await openSource(chatExport()), signal: stop.signal }
    const sealing = waiting.seal(order, desk)
    stop.abort()
    await expect(sealing).rejects.toMatchObject({ code: "stopped" })
    expect(running).toBe(0)
})
