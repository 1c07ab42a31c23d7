import { expect, test } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import type { Clock } from "../../src/engine/ports.ts"
import { handClock } from "../support/hand-clock.ts"
import { overNetwork } from "../support/post-network.ts"
import { type Offices, postPromises } from "../support/post-promises.ts"
import { PostRoom } from "../support/post-room.ts"

const alice = "a".repeat(32)
const bob = "b".repeat(32)
const signal = new AbortController().signal

/** In memory. */
postPromises(async () => {
    const clock = handClock()
    const room = new PostRoom(clock.now)
    return {
        clock,
        newDevice: room.office(alice, "new device"),
        oldDevice: room.office(alice, "old device"),
        thirdDevice: room.office(alice, "third device"),
        stranger: room.office(bob, "bob's device"),
    }
})

/** The adapter, with sockets and without. */
for (const sockets of [true, false]) postPromises(async () => networked(sockets))

function networked(sockets: boolean): Offices {
    const clock = handClock()
    const room = new PostRoom(clock.now)
    const waiting = sockets ? clock : busy(clock)
    const office = (account: string, device: string) => overNetwork(room, account, device, waiting, sockets).office
    return {
        clock,
        newDevice: office(alice, "new device"),
        oldDevice: office(alice, "old device"),
        thirdDevice: office(alice, "third device"),
        stranger: office(bob, "bob's device"),
    }
}

/** Waiting between two questions takes a moment of real time, and none of the test's. */
function busy(clock: Clock): Clock {
    return {
        now: clock.now,
        sleep: async (_, stop) => {
            await new Promise((resolve) => setTimeout(resolve, 1))
            if (stop.aborted) throw new EngineError("stopped")
        },
    }
}

test("while the socket stands nothing is asked; where none does, every two seconds", async () => {
    const clock = handClock()
    const room = new PostRoom(clock.now)
    const told = overNetwork(room, alice, "new device", clock, true)
    const asking = overNetwork(room, alice, "new device", clock, false)
    const reads = ({ asked }: typeof told) => asked.filter((url) => url.endsWith("/read")).length
    const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
    const quiet = await told.office.open("picture", signal)
    const poor = await asking.office.open("picture", signal)
    const waiting = [quiet.read("key", signal), poor.read("key", signal)].map((read) => read.catch(() => "over"))
    await settle()
    const before = [reads(told), reads(asking)]
    for (let second = 0; second < 10; second += 2) {
        clock.pass(2_000)
        await settle()
    }
    expect(reads(told) - (before[0] ?? 0)).toBe(0)
    expect(reads(asking) - (before[1] ?? 0)).toBe(5)
    await Promise.all([quiet.end(), poor.end()])
    clock.pass(2_000)
    expect(await Promise.all(waiting)).toEqual(["over", "over"])
})
