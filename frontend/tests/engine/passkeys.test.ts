/** A passkey's touch opens the library when a slot was sealed under it; other devices change the keyring meanwhile. */

import { describe, expect, test, vi } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { createEngine } from "../../src/engine/engine.ts"
import type { LibraryServer, NewSlot, ServerEvent } from "../../src/engine/ports.ts"
import type { Change, Engine, PasskeyTouch } from "../../src/engine/protocol.ts"
import { passkeySource } from "../../src/keyring/passkey.ts"
import { changed, HonestVault } from "../support/honest-vault.ts"
import { interposed } from "../support/mishaps.ts"
import { aliceAtHome, makeDesk, reloaded } from "../support/people.ts"

const stay = { stay: false }

/** An authenticator gives the same output at every touch; `secret` stands for what it has inside. */
async function touch(credential = "cGhvbmU", secret = 1): Promise<PasskeyTouch> {
    return { credential, key: await passkeySource(new Uint8Array(32).fill(secret)) }
}

async function aliceWithPasskey() {
    const vault = new HonestVault()
    const alice = await aliceAtHome(new MemoryServer(), { vault })
    const ways = await alice.engine.addPasskey(await touch(), "Phone")
    const elsewhere = (): Engine => createEngine(makeDesk(alice.server, undefined, { vault }).ports)
    return { alice, ways, vault, elsewhere }
}

describe("a passkey", () => {
    test("is added, proven by a second touch, and opens on another device", async () => {
        const { alice, ways, elsewhere } = await aliceWithPasskey()
        expect(ways.passkeys).toMatchObject([
            { credential: "cGhvbmU", label: "Phone", slot: expect.stringMatching(/^[0-9a-f]{32}$/) },
        ])
        expect(await alice.engine.provePasskey(await touch())).toMatchObject({ kind: "opened" })
        const phone = elsewhere()
        expect((await phone.ways()).passkeys).toEqual(ways.passkeys)
        expect(await phone.unlockWithPasskey(await touch(), stay)).toMatchObject({
            kind: "opened",
            state: { kind: "unlocked", staysUnlocked: false },
        })
    })

    test("with another output, or another passkey, opens nothing", async () => {
        const { elsewhere } = await aliceWithPasskey()
        const phone = elsewhere()
        expect(await phone.unlockWithPasskey(await touch("cGhvbmU", 2), stay)).toEqual({ kind: "not-this-one" })
        expect(await phone.unlockWithPasskey(await touch("b3RoZXI", 1), stay)).toEqual({ kind: "not-this-one" })
        expect(await phone.state()).toEqual({ kind: "locked" })
    })

    test("that gives another output at its second touch is taken away again", async () => {
        const { alice } = await aliceWithPasskey()
        expect(await alice.engine.provePasskey(await touch("cGhvbmU", 2))).toEqual({ kind: "not-this-one" })
        expect((await alice.engine.ways()).passkeys).toEqual([])
        expect(await reloaded(alice).state()).toMatchObject({ kind: "unlocked" })
    })

    test("has one slot, however often it is added, and a new one when its output is new", async () => {
        const { alice, ways, elsewhere } = await aliceWithPasskey()
        expect((await alice.engine.addPasskey(await touch(), "Phone again")).passkeys).toEqual(ways.passkeys)
        const renewed = await alice.engine.addPasskey(await touch("cGhvbmU", 3), "Phone anew")
        expect(renewed.passkeys).toMatchObject([{ label: "Phone anew" }])
        expect(await elsewhere().unlockWithPasskey(await touch(), stay)).toEqual({ kind: "not-this-one" })
        expect(await elsewhere().unlockWithPasskey(await touch("cGhvbmU", 3), stay)).toMatchObject({ kind: "opened" })
    })

    test("is removed, and opens nothing any more, also where the old keyring is still known", async () => {
        const { alice, ways, elsewhere } = await aliceWithPasskey()
        const phone = elsewhere()
        await phone.state()
        const after = await alice.engine.removePasskey(ways.passkeys[0]?.slot ?? "")
        expect(after.passkeys).toEqual([])
        expect(await phone.unlockWithPasskey(await touch(), stay)).toEqual({ kind: "not-this-one" })
        expect((await alice.engine.removePasskey(ways.passkeys[0]?.slot ?? "")).passkeys).toEqual([])
    })

    test("cannot be used to remove the recovery code", async () => {
        const { alice, elsewhere } = await aliceWithPasskey()
        const keyring = await alice.server.keyring(new AbortController().signal)
        const code = keyring?.slots.find(({ kind }) => kind === 1)
        await alice.engine.removePasskey(
            [...(code?.id ?? [])].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
        )
        expect(await elsewhere().unlock(alice.code, stay)).toMatchObject({ kind: "opened" })
    })

    test("that was proven lets a password be set; one that was only added does not", async () => {
        const vault = new HonestVault()
        const alice = await aliceAtHome(new MemoryServer(), { vault }, false)
        await alice.engine.addPasskey(await touch(), "Phone")
        const password = "Zwölf Störche über Jütland"
        expect(await alice.engine.setPassword(password, [])).toEqual({ kind: "prove-first" })
        await alice.engine.provePasskey(await touch())
        expect(await alice.engine.setPassword(password, [])).toMatchObject({ kind: "done" })
    })

    test("takes an unlocked library to be added", async () => {
        const { elsewhere } = await aliceWithPasskey()
        await expect(elsewhere().addPasskey(await touch(), "x")).rejects.toMatchObject({ code: "locked" })
    })

    test("that is an extractable key is no touch", async () => {
        const { alice } = await aliceWithPasskey()
        const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"])
        await expect(alice.engine.addPasskey({ credential: "eA", key }, "x")).rejects.toThrow()
    })
})

describe("a server that changes the keyring", () => {
    const withKeyring = (server: MemoryServer, lie: (keyring: never) => unknown): LibraryServer =>
        interposed(server, async (name, call) => {
            const answer = await call()
            return name === "keyring" && answer !== null ? lie(answer as never) : answer
        })

    test("to another library, an older epoch or another check is refused", async () => {
        const { alice } = await aliceWithPasskey()
        for (const change of [
            (keyring: { library: Uint8Array<ArrayBuffer> }) => ({ ...keyring, library: changed(keyring.library) }),
            (keyring: { epoch: number }) => ({ ...keyring, epoch: keyring.epoch - 1 }),
            (keyring: { check: Uint8Array<ArrayBuffer> }) => ({ ...keyring, check: changed(keyring.check) }),
        ]) {
            let lying = false
            const server = withKeyring(alice.server, (keyring) => (lying ? change(keyring) : keyring))
            const phone = createEngine(makeDesk(alice.server, undefined, { server }).ports)
            await phone.state()
            lying = true
            await expect(phone.unlockWithPasskey(await touch(), stay)).rejects.toMatchObject({ code: "wrong-library" })
            expect(await phone.state()).toEqual({ kind: "locked" })
        }
    })

    test("to a later epoch gains nothing: what is locked stays locked, what is open asks to be unlocked anew", async () => {
        const { alice } = await aliceWithPasskey()
        const later = (keyring: { epoch: number }) => ({ ...keyring, epoch: keyring.epoch + 1 })
        let lying = false
        const server = withKeyring(alice.server, (keyring) => (lying ? later(keyring) : keyring))
        const phone = createEngine(makeDesk(alice.server, undefined, { server }).ports)
        await phone.unlockWithPasskey(await touch(), stay)
        lying = true
        await expect(phone.ways()).rejects.toMatchObject({ code: "key-changed" })
        expect(await phone.state()).toEqual({ kind: "locked" })
        expect(await phone.unlockWithPasskey(await touch(), stay)).toEqual({ kind: "not-this-one" })
    })

    test("to slots whose parameters nobody understands: they are left alone", async () => {
        const { alice, elsewhere } = await aliceWithPasskey()
        const strange: NewSlot = {
            id: new Uint8Array(16),
            kind: 3,
            parameters: new Uint8Array([9]),
            sealed: new Uint8Array(61),
            label: "",
        }
        await alice.server.addSlot(strange, 1, new AbortController().signal)
        const phone = elsewhere()
        expect((await phone.ways()).passkeys).toHaveLength(1)
        expect(await phone.unlockWithPasskey(await touch(), stay)).toMatchObject({ kind: "opened" })
    })
})

describe("what other devices do", () => {
    async function listening() {
        const server = new MemoryServer()
        const listeners = new Set<(event: ServerEvent) => void>()
        const watch: LibraryServer["watch"] = (listener) => {
            listeners.add(listener)
            return () => listeners.delete(listener)
        }
        const alice = await aliceAtHome(server)
        const desk = { ...alice, ports: { ...alice.ports, server: watchedBy(server, watch) } }
        const engine = reloaded(desk)
        const changes: Change[] = []
        await engine.state()
        await engine.onChange((what) => changes.push(what))
        const say = (event: ServerEvent): void => {
            for (const listener of listeners) listener(event)
        }
        return { alice, engine, changes, say }
    }

    const watchedBy = (server: MemoryServer, watch: LibraryServer["watch"]): LibraryServer =>
        new Proxy(server, {
            get: (target, name) => {
                if (name === "watch") return watch
                return (Reflect.get(target, name) as () => unknown).bind(target)
            },
        })

    test("is told as the server says it", async () => {
        const { changes, say } = await listening()
        say({ kind: "guess", left: 3 })
        say({ kind: "password-erased" })
        say({ kind: "ways" })
        expect(changes).toEqual([{ kind: "guess", left: 3 }, { kind: "password-erased" }, { kind: "ways" }])
    })

    test("a device that was signed out has locked and forgotten its key when the page hears of it", async () => {
        const { alice, engine, changes, say } = await listening()
        expect(await engine.state()).toMatchObject({ kind: "unlocked", staysUnlocked: true })
        say({ kind: "revoked" })
        await vi.waitFor(() => expect(changes).toEqual([{ kind: "revoked" }]))
        expect(await engine.state()).toEqual({ kind: "locked" })
        expect(await reloaded(alice).state()).toEqual({ kind: "locked" })
    })
})
