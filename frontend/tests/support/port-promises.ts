/** What every implementation of a port promises: the same suites for memory, for the browser, for whatever comes next. */

import { beforeEach, describe, expect, test } from "vitest"
import { toHex } from "../../src/bytes/hex.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { makeDeviceKey } from "../../src/crypto/derive.ts"
import { sha256 } from "../../src/crypto/hash.ts"
import type {
    Announcement,
    CatalogCache,
    DeviceKeys,
    HeadMemory,
    Journal,
    LibraryServer,
    NewSlot,
    ObjectStore,
} from "../../src/engine/ports.ts"
import { noise } from "./exports.ts"

const signal = new AbortController().signal
const id = (digit: number): string => digit.toString(16).repeat(32)

export function journalPromises(make: () => Promise<Journal>): void {
    describe("a journal", () => {
        let journal: Journal
        beforeEach(async () => {
            journal = await make()
        })

        test("gives back what was written, by library and import", async () => {
            await journal.write("library", "one", "pack/1", utf8("a"))
            await journal.write("library", "one", "pack/1", utf8("b"))
            await journal.write("library", "one", "pack/2", utf8("c"))
            await journal.write("library", "two", "import", utf8("d"))
            await journal.write("other", "three", "import", utf8("e"))
            expect(await journal.read("library", "one")).toEqual(
                new Map([
                    ["pack/1", utf8("b")],
                    ["pack/2", utf8("c")],
                ]),
            )
            expect([...(await journal.imports("library"))].toSorted()).toEqual(["one", "two"])
            expect(await journal.imports("nobody")).toEqual([])
            expect(await journal.read("library", "nothing")).toEqual(new Map())
        })

        test("keeps its own copy", async () => {
            const bytes = utf8("abc")
            await journal.write("library", "one", "line", bytes)
            bytes.fill(0)
            expect((await journal.read("library", "one")).get("line")).toEqual(utf8("abc"))
        })

        test("forgets a line, and an import as a whole", async () => {
            await journal.write("library", "one", "a", utf8("a"))
            await journal.write("library", "one", "b", utf8("b"))
            await journal.write("library", "two", "a", utf8("a"))
            await journal.erase("library", "one", "a")
            await journal.erase("library", "one", "nothing")
            expect([...(await journal.read("library", "one")).keys()]).toEqual(["b"])
            await journal.drop("library", "one")
            await journal.drop("library", "nothing")
            expect(await journal.imports("library")).toEqual(["two"])
            expect(await journal.handle("library", "one")).toBeNull()
        })

        test("gives an import to one at a time", async () => {
            const release = await journal.claim("one")
            expect(release).not.toBeNull()
            expect(await journal.claim("one")).toBeNull()
            const other = await journal.claim("two")
            expect(other).not.toBeNull()
            release?.()
            await new Promise((resolve) => setTimeout(resolve, 0))
            expect(await journal.claim("one")).not.toBeNull()
        })
    })
}

export function deviceKeyPromises(make: () => Promise<DeviceKeys>): void {
    test("device keys: what was kept can be used and cannot be read, until it is removed", async () => {
        const keys = await make()
        expect(await keys.read("library")).toBeNull()
        const key = await makeDeviceKey()
        await keys.write("library", { id: utf8("id"), key, sealed: utf8("sealed") })
        const kept = await keys.read("library")
        expect(kept).toMatchObject({ id: utf8("id"), sealed: utf8("sealed") })
        expect(kept?.key.extractable).toBe(false)
        expect(await keys.read("other")).toBeNull()
        await keys.remove("library")
        await keys.remove("library")
        expect(await keys.read("library")).toBeNull()
    })
}

export function headMemoryPromises(make: () => Promise<HeadMemory>): void {
    test("head memory: the newest head stays, whoever writes last", async () => {
        const heads = await make()
        expect(await heads.read("alice")).toBeNull()
        const head = (sequence: number) => ({ library: "library", sequence, sha256: id(sequence) })
        await heads.write("alice", head(2))
        await Promise.all([heads.write("alice", head(7)), heads.write("alice", head(3))])
        await heads.write("alice", head(5))
        expect(await heads.read("alice")).toEqual(head(7))
        expect(await heads.read("bob")).toBeNull()
    })
}

export function catalogCachePromises(make: () => Promise<CatalogCache>): void {
    test("catalog cache: gives what it was given, in a copy of its own, or nothing", async () => {
        const cache = await make()
        const bytes = utf8("sealed")
        await cache.write("one", bytes)
        bytes.fill(0)
        expect(await cache.read("one")).toEqual(utf8("sealed"))
        expect(await cache.read("two")).toBeNull()
        await cache.remove("one")
        expect(await cache.read("one")).toBeNull()
    })
}

/** A server on which nothing is stored yet. */
export function serverPromises(make: () => Promise<{ store: ObjectStore; server: LibraryServer }>): void {
    const pack = async (digit: number, length = 5_000) => {
        const bytes = noise(length, digit)
        const facts: Announcement = { id: id(digit), kind: "pack", size: length, sha256: toHex(await sha256(bytes)) }
        return { bytes, facts }
    }
    const send = async (store: ObjectStore, digit: number): Promise<void> => {
        const { bytes, facts } = await pack(digit)
        const [ticket] = await store.begin([facts], signal)
        if (ticket?.state === "expected") await store.put(ticket, bytes, signal)
    }

    describe("an object store", () => {
        test("takes an object, confirms it and gives any range of it", async () => {
            const { store } = await make()
            const { bytes, facts } = await pack(1)
            const [ticket] = await store.begin([facts], signal)
            if (ticket === undefined) throw new Error("no ticket")
            expect(ticket).toMatchObject({ id: facts.id, state: "expected" })
            await store.put(ticket, bytes, signal)
            await store.put(ticket, bytes, signal)
            const { id, size, sha256 } = facts
            expect(await store.finish([id], signal)).toEqual([{ id, state: "stored", size, sha256 }])
            expect(await store.get(id, 0, size, signal)).toEqual(bytes)
            expect(await store.get(id, 100, 101, signal)).toEqual(bytes.slice(100, 101))
            expect(await store.begin([facts], signal)).toMatchObject([{ id, state: "stored" }])
        })

        test("refuses other bytes, and other facts under the same id", async () => {
            const { store } = await make()
            const { bytes, facts } = await pack(1)
            const [ticket] = await store.begin([facts], signal)
            if (ticket === undefined) throw new Error("no ticket")
            const changed = bytes.slice()
            changed[0] = (changed[0] ?? 0) ^ 1
            await expect(store.put(ticket, changed, signal)).rejects.toMatchObject({ code: "wrong-hash" })
            await expect(store.put(ticket, bytes.slice(1), signal)).rejects.toMatchObject({ code: "wrong-hash" })
            const other = { ...facts, sha256: id(9).repeat(2) }
            await expect(store.begin([other], signal)).rejects.toMatchObject({ code: "object-differs" })
            expect((await store.finish([facts.id], signal)).filter(({ state }) => state === "stored")).toEqual([])
        })

        test("says what is missing", async () => {
            const { store } = await make()
            await send(store, 1)
            await expect(store.get(id(2), 0, 1, signal)).rejects.toMatchObject({ code: "missing" })
            await expect(store.get(id(1), 4_999, 5_001, signal)).rejects.toMatchObject({ code: "missing" })
            const states = await store.finish([id(1), id(2)], signal)
            expect(states.filter(({ state }) => state === "stored").map((object) => object.id)).toEqual([id(1)])
        })

        test("reserves nothing of what does not fit as a whole", async () => {
            const { store, server } = await make()
            const { quota } = await server.account(signal)
            const { facts } = await pack(1)
            const large = { ...facts, id: id(2), size: quota.limit }
            const begun = store.begin([facts, large], signal)
            await expect(begun).rejects.toMatchObject({ code: "over-quota", missing: 5_000 })
            expect((await server.account(signal)).quota).toEqual(quota)
        })

        test("gives up what no snapshot needs", async () => {
            const { store, server } = await make()
            const { quota } = await server.account(signal)
            const { facts } = await pack(1)
            await store.begin([facts], signal)
            expect((await server.account(signal)).quota.reserved).toBe(quota.reserved + facts.size)
            await store.abandon([facts.id, id(3)], signal)
            expect((await server.account(signal)).quota).toEqual(quota)
        })
    })

    describe("a library server", () => {
        const commit = (sequence: number, text: string) => ({ sequence, sealed: utf8(text), add: [], remove: [] })

        test("keeps every head, and lets one win", async () => {
            const { server } = await make()
            expect(await server.head(signal)).toBeNull()
            await server.commit(commit(1, "one"), signal)
            await server.commit(commit(2, "two"), signal)
            await server.commit(commit(2, "two"), signal)
            const late = server.commit(commit(2, "another"), signal)
            await expect(late).rejects.toMatchObject({ code: "head-moved", sequence: 2 })
            await expect(server.commit(commit(4, "four"), signal)).rejects.toMatchObject({ code: "head-moved" })
            expect(await server.head(signal)).toEqual({ sequence: 2, sealed: utf8("two") })
            expect(await server.headAt(1, signal)).toEqual({ sequence: 1, sealed: utf8("one") })
            await expect(server.headAt(3, signal)).rejects.toMatchObject({ code: "missing" })
        })

        test("lists nothing that is not stored, and then changes nothing", async () => {
            const { store, server } = await make()
            await send(store, 1)
            const snapshot = await pack(2)
            await store.begin([{ ...snapshot.facts, kind: "snapshot" }], signal)
            const add = [{ snapshot: id(2), objects: [id(1)] }]
            const early = server.commit({ ...commit(1, "one"), add }, signal)
            await expect(early).rejects.toMatchObject({ code: "not-stored" })
            expect(await server.head(signal)).toBeNull()
            const [ticket] = await store.begin([{ ...snapshot.facts, kind: "snapshot" }], signal)
            if (ticket !== undefined) await store.put(ticket, snapshot.bytes, signal)
            await server.commit({ ...commit(1, "one"), add }, signal)
            await store.abandon([id(1), id(2)], signal)
            expect((await store.finish([id(1), id(2)], signal)).map(({ state }) => state)).toEqual(["stored", "stored"])
        })

        test("keeps one keyring", async () => {
            const { server } = await make()
            expect(await server.keyring(signal)).toBeNull()
            const slot: NewSlot = {
                id: noise(16, 1),
                kind: 1,
                parameters: noise(0, 1),
                sealed: noise(61, 1),
                label: "",
            }
            const keyring = { library: noise(16, 2), epoch: 1, check: noise(16, 3), slots: [slot] }
            await server.createKeyring(keyring, signal)
            await server.createKeyring(keyring, signal)
            expect(await server.keyring(signal)).toMatchObject(keyring)
            const added: NewSlot = {
                id: noise(16, 5),
                kind: 3,
                parameters: noise(20, 5),
                sealed: noise(61, 5),
                label: "Key",
            }
            expect((await server.addSlot(added, 1, signal)).slots).toMatchObject([slot, added])
            expect((await server.addSlot(added, 1, signal)).slots).toMatchObject([slot, added])
            expect((await server.removeSlot(added.id, signal)).slots).toMatchObject([slot])
            expect((await server.removeSlot(added.id, signal)).slots).toMatchObject([slot])
            await expect(server.removeSlot(slot.id, signal)).rejects.toMatchObject({ code: "server-refused" })
            await expect(server.addSlot({ ...added, id: noise(16, 6) }, 2, signal)).rejects.toMatchObject({
                code: "key-changed",
            })
            const other = { ...keyring, library: noise(16, 4), check: noise(16, 5) }
            await expect(server.createKeyring(other, signal)).rejects.toMatchObject({ code: "library-exists" })
        })

        test("changes the key and the head at once, or nothing; what was before is gone", async () => {
            const { server } = await make()
            const slotOf = (seed: number): NewSlot => ({
                id: noise(16, seed),
                kind: 1,
                parameters: noise(0, 1),
                sealed: noise(61, seed),
                label: "",
            })
            const keyring = { library: noise(16, 2), epoch: 1, check: noise(16, 3), slots: [slotOf(1)] }
            await server.createKeyring(keyring, signal)
            await server.commit(commit(1, "one"), signal)
            await server.commit(commit(2, "two"), signal)
            const next = { ...keyring, epoch: 2, check: noise(16, 4), slots: [slotOf(7)] }
            const head = { sequence: 3, sealed: utf8("three") }
            const moved = server.changeKey({ keyring: next, head: { ...head, sequence: 2 } }, signal)
            await expect(moved).rejects.toMatchObject({ code: "head-moved" })
            const far = server.changeKey({ keyring: { ...next, epoch: 3 }, head }, signal)
            await expect(far).rejects.toMatchObject({ code: "key-changed" })
            expect(await server.keyring(signal)).toMatchObject(keyring)

            expect(await server.changeKey({ keyring: next, head }, signal)).toMatchObject(next)
            expect(await server.changeKey({ keyring: next, head }, signal)).toMatchObject(next)
            expect(await server.keyring(signal)).toMatchObject(next)
            expect(await server.head(signal)).toEqual(head)
            await expect(server.headAt(2, signal)).rejects.toMatchObject({ code: "missing" })
            const late = server.changeKey({ keyring: { ...next, check: noise(16, 9) }, head }, signal)
            await expect(late).rejects.toMatchObject({ code: "key-changed" })
            await server.commit(commit(4, "four"), signal)
        })
    })
}
