/** A device that has the key gives it to one that has not: to the end, and to every other end. */

import { expect, onTestFinished, test } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { fromBase64url, toBase64url } from "../../src/bytes/base64url.ts"
import { systemRandom } from "../../src/crypto/random.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { NetworkError } from "../../src/engine/errors.ts"
import type { PairingPhase, PostOffice } from "../../src/engine/ports.ts"
import type { Engine, PairingOutcome, PairingStep } from "../../src/engine/protocol.ts"
import { Receiver } from "../../src/pairing/hpke.ts"
import { handClock } from "../support/hand-clock.ts"
import { changed } from "../support/honest-vault.ts"
import { aliceAtHome, makeDesk } from "../support/people.ts"
import { PostRoom } from "../support/post-room.ts"

const stay = { stay: false }
const aliceAccount = "a".repeat(32)
const bobAccount = "b".repeat(32)
type Step = PairingStep["kind"]

/** One side while it pairs: what it shows, and what it comes to. */
class Side {
    readonly outcome: Promise<PairingOutcome>
    readonly seen: PairingStep[] = []
    #hear: () => void = () => undefined

    constructor(begin: (onStep: (step: PairingStep) => void) => Promise<PairingOutcome>) {
        this.outcome = begin((step) => {
            this.seen.push(step)
            this.#hear()
        })
        this.outcome.catch(() => undefined)
    }

    async shows<Kind extends Step>(kind: Kind): Promise<Extract<PairingStep, { readonly kind: Kind }>> {
        for (;;) {
            const step = this.seen.find((one) => one.kind === kind)
            if (step !== undefined) return step as Extract<PairingStep, { readonly kind: Kind }>
            await new Promise<void>((resolve) => {
                this.#hear = resolve
            })
        }
    }
}

async function twoDevices(newPost: (office: PostOffice) => PostOffice = (office) => office) {
    const clock = handClock()
    const room = new PostRoom(clock.now)
    const server = new MemoryServer(2 ** 30, aliceAccount)
    const { engine: old, code } = await aliceAtHome(server, {
        clock,
        post: room.office(aliceAccount, "Firefox on Linux"),
    })
    const phone = (device = "Chrome on Android"): Engine => {
        const post = newPost(room.office(aliceAccount, device))
        return createEngine(makeDesk(server, undefined, { clock, post }).ports)
    }
    onTestFinished(async () => {
        await old.stopPairing()
    })
    return { clock, room, server, old, code, fresh: phone(), phone }
}

const receiving = (engine: Engine) => new Side((onStep) => engine.receiveByPicture(stay, onStep))
const giving = (engine: Engine, payload: string) => new Side((onStep) => engine.giveByPicture(payload, onStep))
const showingCode = (engine: Engine) => new Side((onStep) => engine.giveByCode(onStep))
const typing = (engine: Engine, code: string) => new Side((onStep) => engine.receiveByCode(code, stay, onStep))

const ended = (why: string) => ({ kind: "ended", why })

test("by picture: shown, scanned, confirmed, unlocked", async () => {
    const { old, fresh } = await twoDevices()
    const receiver = receiving(fresh)
    const { payload, until } = await receiver.shows("show-picture")
    expect(until).toBe("2026-11-23T18:02:00Z")
    const giver = giving(old, payload)
    expect(await giver.shows("confirm")).toEqual({ kind: "confirm", device: "Chrome on Android", compare: null })
    expect(await fresh.state()).toEqual({ kind: "locked" })
    await old.answerPairing(true)
    expect(await receiver.outcome).toMatchObject({ kind: "done", state: { kind: "unlocked", staysUnlocked: false } })
    expect(await giver.outcome).toMatchObject({ kind: "done", state: { kind: "unlocked" } })
    expect(await fresh.chats()).toEqual([])
})

test("a new device stays unlocked when it was asked to", async () => {
    const { old, room, server, clock } = await twoDevices()
    const desk = makeDesk(server, undefined, { clock, post: room.office(aliceAccount, "Chrome on Android") })
    const fresh = createEngine(desk.ports)
    const receiver = new Side((onStep) => fresh.receiveByPicture({ stay: true }, onStep))
    const giver = giving(old, (await receiver.shows("show-picture")).payload)
    await giver.shows("confirm")
    await old.answerPairing(true)
    expect(await receiver.outcome).toMatchObject({ state: { staysUnlocked: true } })
    expect(await createEngine(desk.ports).state()).toMatchObject({ kind: "unlocked" })
})

test("by code: eight digits typed, six compared, confirmed, unlocked", async () => {
    const { old, fresh } = await twoDevices()
    const giver = showingCode(old)
    const { code } = await giver.shows("show-code")
    expect(code).toMatch(/^\d{8}$/)
    const receiver = typing(fresh, `${code.slice(0, 4)} ${code.slice(4)}`)
    const { device, compare } = await giver.shows("confirm")
    expect(device).toBe("Chrome on Android")
    expect(compare).toMatch(/^\d{6}$/)
    expect((await receiver.shows("compare")).compare).toBe(compare)
    expect(await fresh.state()).toEqual({ kind: "locked" })
    await old.answerPairing(true)
    expect(await receiver.outcome).toMatchObject({ kind: "done", state: { kind: "unlocked" } })
    expect(await giver.outcome).toMatchObject({ kind: "done" })
})

test("a wrong code ends it on both devices, and the gift is not sealed", async () => {
    const { old, fresh, room } = await twoDevices()
    const giver = showingCode(old)
    const { code } = await giver.shows("show-code")
    const receiver = typing(fresh, String((Number(code) + 1) % 100_000_000).padStart(8, "0"))
    expect(await receiver.outcome).toEqual(ended("wrong-code"))
    expect(await giver.outcome).toEqual(ended("wrong-code"))
    expect(giver.seen.some(({ kind }) => kind === "confirm")).toBe(false)
    expect(phases(room)).toEqual(["ke1", "ke2"])
    // The same code again finds nobody: it had its one try.
    expect(await typing(fresh, code).outcome).toEqual(ended("nobody"))
})

test("what can be no code joins nothing", async () => {
    const { old, fresh } = await twoDevices()
    const giver = showingCode(old)
    const { code } = await giver.shows("show-code")
    expect(await typing(fresh, "1234").outcome).toEqual(ended("wrong-code"))
    typing(fresh, code)
    await giver.shows("confirm")
})

test.each([true, false])("the old device says no (by picture: %s)", async (byPicture) => {
    const { old, fresh, room } = await twoDevices()
    const [giver, receiver] = byPicture ? await pictured(old, fresh) : await coded(old, fresh)
    await giver.shows("confirm")
    await old.answerPairing(false)
    expect(await giver.outcome).toEqual(ended("declined"))
    expect(await receiver.outcome).toEqual(ended("declined"))
    expect(phases(room)).not.toContain("key")
    expect(await fresh.state()).toEqual({ kind: "locked" })
})

test("stopping ends it on both devices", async () => {
    const { old, fresh } = await twoDevices()
    const [giver, receiver] = await pictured(old, fresh)
    await giver.shows("confirm")
    await fresh.stopPairing()
    expect(await receiver.outcome).toEqual(ended("stopped"))
    await old.answerPairing(true)
    expect(await giver.outcome).toEqual(ended("declined"))
})

test("locking stops it before anything is given", async () => {
    const { old, fresh, room } = await twoDevices()
    const [giver] = await pictured(old, fresh)
    await giver.shows("confirm")
    await old.lock()
    await old.answerPairing(true)
    expect(await giver.outcome).toEqual(ended("stopped"))
    expect(phases(room)).toEqual(["public-key"])
})

test("after two minutes it is over, wherever it stands", async () => {
    const { old, fresh, clock } = await twoDevices()
    const alone = receiving(fresh)
    await alone.shows("show-picture")
    clock.pass(120_001)
    expect(await alone.outcome).toEqual(ended("expired"))
    const [giver, receiver] = await coded(old, fresh)
    await giver.shows("confirm")
    clock.pass(120_001)
    expect(await giver.outcome).toEqual(ended("expired"))
    expect(await receiver.outcome).toEqual(ended("expired"))
})

test("a second device that scans the same picture comes too late", async () => {
    const { old, fresh, phone, code } = await twoDevices()
    const receiver = receiving(fresh)
    const { payload } = await receiver.shows("show-picture")
    await giving(old, payload).shows("confirm")
    const third = phone("Safari on iPad")
    await third.unlock(code, stay)
    expect(await giving(third, payload).outcome).toEqual(ended("taken"))
})

test("a picture that is none of ours, or another account's, is told apart from ours", async () => {
    const { old, fresh, room, clock } = await twoDevices()
    expect(await giving(old, "https://example.org/").outcome).toEqual(ended("not-a-picture"))
    const bob = new MemoryServer(2 ** 30, bobAccount)
    const bobs = await aliceAtHome(bob, { clock, post: room.office(bobAccount, "Firefox on Mac") })
    const { payload } = await receiving(fresh).shows("show-picture")
    expect(await giving(bobs.engine, payload).outcome).toEqual(ended("not-a-picture"))
})

test("nobody waits for a code", async () => {
    const { fresh } = await twoDevices()
    expect(await typing(fresh, "12345678").outcome).toEqual(ended("nobody"))
})

test.each(["public-key", "key"] as const)(
    "by picture: a letter that was changed on its way ends it: %s",
    async (phase) => {
        const { old, fresh, room } = await twoDevices()
        room.onTheWay = (letter) => (letter.phase === phase ? { ...letter, body: changed(letter.body) } : letter)
        const [giver, receiver] = await pictured(old, fresh)
        if (phase === "key") {
            await giver.shows("confirm")
            await old.answerPairing(true)
            expect(await receiver.outcome).toEqual(ended("tampered"))
        } else expect(await giver.outcome).toEqual(ended("tampered"))
        expect(await fresh.state()).toEqual({ kind: "locked" })
    },
)

test("a relay that puts its own key into the letter is found out, and nobody is asked", async () => {
    const { old, fresh, room } = await twoDevices()
    const foreign = await Receiver.make(systemRandom)
    room.onTheWay = (letter) => (letter.phase === "public-key" ? { ...letter, body: foreign.publicKey } : letter)
    const [giver] = await pictured(old, fresh)
    expect(await giver.outcome).toEqual(ended("tampered"))
    expect(giver.seen.some(({ kind }) => kind === "confirm")).toBe(false)
    expect(phases(room)).not.toContain("key")
})

test.each(["ke1", "ke2", "ke3", "key"] as const)(
    "by code: a letter that was changed on its way unlocks nothing: %s",
    async (phase) => {
        const { old, fresh, room } = await twoDevices()
        room.onTheWay = (letter) => (letter.phase === phase ? { ...letter, body: changed(letter.body, 5) } : letter)
        const [giver, receiver] = await coded(old, fresh)
        if (phase === "key") {
            await giver.shows("confirm")
            await old.answerPairing(true)
        }
        const outcomes = [await giver.outcome, await receiver.outcome]
        for (const outcome of outcomes) expect(outcome.kind).toBe("ended")
        expect(JSON.stringify(outcomes)).toMatch(/tampered|wrong-code/)
        if (phase !== "key") expect(phases(room)).not.toContain("key")
        expect(await fresh.state()).toEqual({ kind: "locked" })
    },
)

test("another library's gift does not unlock this account", async () => {
    const { fresh, room, clock } = await twoDevices()
    // Charlie's library, handed over within Alice's account: a server that mixes accounts up.
    const foreign = new MemoryServer(2 ** 30, aliceAccount)
    const stranger = await aliceAtHome(foreign, { clock, post: room.office(aliceAccount, "Firefox on Linux") })
    const [giver, receiver] = await pictured(stranger.engine, fresh)
    await giver.shows("confirm")
    await stranger.engine.answerPairing(true)
    expect(await receiver.outcome).toEqual(ended("tampered"))
    expect(await fresh.state()).toEqual({ kind: "locked" })
})

test("a network that is gone ends it by name", async () => {
    const gone: PostOffice = {
        open: () => Promise.reject(new NetworkError()),
        join: () => Promise.reject(new NetworkError()),
    }
    const { fresh } = await twoDevices(() => gone)
    expect(await receiving(fresh).outcome).toEqual(ended("network"))
    expect(await typing(fresh, "12345678").outcome).toEqual(ended("network"))
})

test("a new pairing ends the one before", async () => {
    const { fresh } = await twoDevices()
    const first = receiving(fresh)
    const { payload } = await first.shows("show-picture")
    const second = receiving(fresh)
    expect(await first.outcome).toEqual(ended("stopped"))
    expect((await second.shows("show-picture")).payload).not.toBe(payload)
    await fresh.stopPairing()
})

test("the picture tells no key but its hash, and is new each time", async () => {
    const { fresh } = await twoDevices()
    const { payload } = await receiving(fresh).shows("show-picture")
    expect(payload).toHaveLength(108)
    expect(toBase64url(fromBase64url(payload))).toBe(payload)
    await fresh.stopPairing()
})

async function pictured(old: Engine, fresh: Engine): Promise<[Side, Side]> {
    const receiver = receiving(fresh)
    return [giving(old, (await receiver.shows("show-picture")).payload), receiver]
}

async function coded(old: Engine, fresh: Engine): Promise<[Side, Side]> {
    const giver = showingCode(old)
    return [giver, typing(fresh, (await giver.shows("show-code")).code)]
}

/** The letters that were left in all mailboxes. */
function phases(room: PostRoom): readonly PairingPhase[] {
    return room.boxes.flatMap(({ letters }) => letters.map(({ phase }) => phase))
}
