/** What every post office of pairing promises: one suite for the one in memory and for the adapter over a network. */

import { describe, expect, test } from "vitest"
import type { Bytes } from "../../src/bytes/bytes.ts"
import type { PostOffice } from "../../src/engine/ports.ts"
import type { HandClock } from "./hand-clock.ts"

const signal = new AbortController().signal
const bytes = (length: number): Bytes => new Uint8Array(length).fill(length % 251)

export interface Offices {
    readonly clock: HandClock
    readonly newDevice: PostOffice
    readonly oldDevice: PostOffice
    readonly thirdDevice: PostOffice
    /** Another account's device. */
    readonly stranger: PostOffice
}

export function postPromises(make: () => Promise<Offices>): void {
    describe("a post office", () => {
        test("brings letters of both sides, whoever waits first", async () => {
            const { newDevice, oldDevice } = await make()
            const opener = await newDevice.open("picture", signal)
            expect(opener.device()).toBeNull()
            const joiner = await oldDevice.join("picture", opener.id, signal)
            expect(joiner.id).toBe(opener.id)
            expect(joiner.device()).toBe("new device")
            const waited = joiner.read("public-key", signal)
            await opener.write("public-key", bytes(1_216), signal)
            expect(await waited).toEqual(bytes(1_216))
            await joiner.write("key", bytes(1_188), signal)
            await joiner.write("key", bytes(1_188), signal)
            expect(await opener.read("key", signal)).toEqual(bytes(1_188))
            expect(opener.device()).toBe("old device")
            await opener.write("done", bytes(1), signal)
            expect(await joiner.read("done", signal)).toEqual(bytes(1))
        })

        test("joins the newest one when none is named, and none of another account or way", async () => {
            const { newDevice, oldDevice, stranger } = await make()
            const opener = await oldDevice.open("code", signal)
            await expect(stranger.join("code", opener.id, signal)).rejects.toMatchObject({ refusal: "pairing.none" })
            await expect(newDevice.join("picture", null, signal)).rejects.toMatchObject({ refusal: "pairing.none" })
            expect((await newDevice.join("code", null, signal)).id).toBe(opener.id)
        })

        test("takes one joiner", async () => {
            const { newDevice, oldDevice, thirdDevice } = await make()
            const opener = await newDevice.open("picture", signal)
            await oldDevice.join("picture", opener.id, signal)
            const late = thirdDevice.join("picture", opener.id, signal)
            await expect(late).rejects.toMatchObject({ refusal: "pairing.taken" })
        })

        test("takes each letter once, from its writer, in its size and turn", async () => {
            const { newDevice, oldDevice } = await make()
            const opener = await newDevice.open("picture", signal)
            const joiner = await oldDevice.join("picture", opener.id, signal)
            const early = joiner.write("key", bytes(1_188), signal)
            await expect(early).rejects.toMatchObject({ refusal: "pairing.out_of_turn" })
            const short = opener.write("public-key", bytes(1_215), signal)
            await expect(short).rejects.toMatchObject({ refusal: "pairing.wrong_size" })
            await opener.write("public-key", bytes(1_216), signal)
            const other = opener.write("public-key", bytes(1_216).fill(1), signal)
            await expect(other).rejects.toMatchObject({ refusal: "pairing.out_of_turn" })
        })

        test("is over for both when one side ends it, and ending it twice is harmless", async () => {
            const { newDevice, oldDevice } = await make()
            const opener = await newDevice.open("picture", signal)
            const joiner = await oldDevice.join("picture", opener.id, signal)
            const waited = expect(joiner.read("public-key", signal)).rejects.toMatchObject({ refusal: "pairing.over" })
            await opener.end()
            await opener.end()
            await waited
            const late = joiner.write("key", bytes(1_188), signal)
            await expect(late).rejects.toMatchObject({ refusal: "pairing.over" })
        })

        test("is over after two minutes", async () => {
            const { clock, newDevice, oldDevice } = await make()
            const opener = await newDevice.open("picture", signal)
            clock.pass(120_001)
            await expect(opener.read("key", signal)).rejects.toMatchObject({ refusal: "pairing.over" })
            await expect(oldDevice.join("picture", opener.id, signal)).rejects.toMatchObject({
                refusal: "pairing.none",
            })
        })

        test("stops waiting when it is told to", async () => {
            const { newDevice } = await make()
            const opener = await newDevice.open("picture", signal)
            const stopping = new AbortController()
            const waited = expect(opener.read("key", stopping.signal)).rejects.toMatchObject({ code: "stopped" })
            stopping.abort()
            await waited
        })
    })
}
