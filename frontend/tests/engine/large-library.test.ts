import { expect, test } from "vitest"
import { createEngine } from "../../src/engine/engine.ts"
import { keysOf, openWithCode } from "../../src/engine/unlock.ts"
import { storeLargeChat } from "../support/large-chat.ts"
import { interposed } from "../support/mishaps.ts"
import { aliceAtHome, makeDesk, makeDevice } from "../support/people.ts"

const mebibyte = 1024 * 1024
const signal = new AbortController().signal

/** What a new device fetches of a chat with so many photos of 170 kB, sealed objects and ranges of packs alike. */
async function opened(photos: number) {
    const alice = await aliceAtHome()
    const keyring = await alice.server.keyring(signal)
    const unlocked = keyring && (await openWithCode(keyring, alice.code))
    if (unlocked?.kind !== "opened") throw new Error("not opened")
    await storeLargeChat(alice.server, await keysOf(unlocked.secret, keyring as NonNullable<typeof keyring>), photos)

    const fetched: number[] = []
    const store = interposed(alice.server, async (name, call, args) => {
        if (name === "get") fetched.push(Number(args[2]) - Number(args[1]))
        return await call()
    })
    const take = () => fetched.splice(0)
    const engine = createEngine(makeDesk(alice.server, makeDevice(), { store }).ports)
    await engine.unlock(alice.code, { stay: false })
    const [chat] = await engine.chats()
    const list = take()
    const end = await engine.openChat(chat?.conversation ?? "", null)
    const opening = take()
    await engine.wholeChat(end.chatId)
    take()
    const [last] = await engine.records(end.chatId, end.records - 1, end.records)
    const photo = await engine.openFile(end.chatId, last?.attachment?.file ?? -1)
    return { list, opening, photo, picture: take() }
}

const sum = (sizes: readonly number[]) => sizes.reduce((all, one) => all + one, 0)

// 120,000 photos of 170 kB are 20 GB in one chat; its root names the 900 chunks of its list.
test.each([
    { photos: 6_000, root: 4_096 },
    { photos: 120_000, root: 12_288 },
])("a chat with $photos photos costs little to open, and a picture one catalog and one range", async (chat) => {
    const { list, opening, photo, picture } = await opened(chat.photos)
    expect(list).toHaveLength(1)
    expect(sum(list)).toBeLessThanOrEqual(chat.root)
    expect(opening.length).toBeLessThan(12)
    expect(sum(opening)).toBeLessThan(1.5 * mebibyte)
    expect(photo.kind === "opened" && photo.blob.size).toBe(170_000)
    const [catalog, ...ranges] = picture
    expect(catalog).toBeLessThan(mebibyte)
    expect(ranges).toEqual([170_030])
})
