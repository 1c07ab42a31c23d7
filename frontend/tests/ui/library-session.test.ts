/** The library's page shows the newest state of the library, and a rolled-back one not at all. */

import { expect, test } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import type { Change, ChatSummary, Engine, LibraryState, QuotaState, Ways } from "../../src/engine/protocol.ts"
import { type AppState, LibrarySession } from "../../src/ui/library-session.ts"
import { erasedPassword, setPassword, someWays } from "./some-ways.ts"

const unlocked: LibraryState = {
    kind: "unlocked",
    staysUnlocked: false,
    recoveryProven: null,
    checked: null,
    drill: { asked: null, done: null },
    sequence: 3,
    headCode: "0a1b2c3d",
    resealing: 0,
}
const someRoom = (parts: Partial<QuotaState> = {}): QuotaState => ({
    limit: 1,
    used: 0,
    reserved: 0,
    plan: null,
    warning: 0,
    request: null,
    ...parts,
})
const chat = (name: string, last: string | null) =>
    ({ conversation: name, name, last, imports: [] }) as unknown as ChatSummary

function engineWith(parts: Partial<Engine>): Engine {
    const whole: Partial<Engine> = {
        state: async () => unlocked,
        chats: async () => [],
        pendingImports: async () => [],
        quota: async () => someRoom(),
        ways: async () => someWays(),
        onChange: async () => undefined,
        ...parts,
    }
    return whole as Engine
}

async function stateOver(parts: Partial<Engine>): Promise<AppState | undefined> {
    const seen: AppState[] = []
    await new LibrarySession(engineWith(parts), (state) => seen.push(state)).start()
    return seen.at(-1)
}

test("an open library lists its chats, the newest first", async () => {
    const chats = [chat("old", "2020-01-01T00:00:00"), chat("none", null), chat("new", "2026-01-01T00:00:00")]
    const state = await stateOver({ chats: async () => chats })
    expect(state?.kind === "open" && state.chats.map(({ name }) => name)).toEqual(["new", "old", "none"])
})

test("a library that is absent shows nothing else", async () => {
    expect(await stateOver({ state: async () => ({ kind: "absent" }) })).toEqual({ kind: "absent" })
})

test("a locked library tells its ways, and is locked also when they cannot be told", async () => {
    const locked: Partial<Engine> = { state: async () => ({ kind: "locked" }) }
    expect(await stateOver(locked)).toEqual({ kind: "locked", ways: someWays(), keyChanged: false })
    const silent = { ...locked, ways: () => Promise.reject(new EngineError("network")) }
    expect(await stateOver(silent)).toEqual({ kind: "locked", ways: null, keyChanged: false })
})

test.each(["older-head", "forked-head"] as const)("%s blocks", async (trouble) => {
    expect(await stateOver({ chats: () => Promise.reject(new EngineError(trouble)) })).toEqual({
        kind: "head-trouble",
        trouble,
    })
})

test("anything else that fails is told by its code", async () => {
    expect(await stateOver({ state: () => Promise.reject(new EngineError("network")) })).toEqual({
        kind: "broken",
        code: "network",
    })
})

test("of two answers the one asked for later is shown", async () => {
    const answers: ((state: LibraryState) => void)[] = []
    const seen: AppState[] = []
    const engine = engineWith({ state: () => new Promise((resolve) => void answers.push(resolve)) })
    const session = new LibrarySession(engine, (state) => seen.push(state))
    const first = session.refresh()
    const second = session.refresh()
    answers[1]?.({ kind: "absent" })
    answers[0]?.({ kind: "locked" })
    await Promise.all([first, second])
    expect(seen).toEqual([{ kind: "absent" }])
})

/** A session whose engine tells of changes when the test does, at a time the test sets. */
async function live(parts: Partial<Engine> = {}) {
    const seen: AppState[] = []
    const clock = { now: 1_000_000 }
    let tell: (change: Change) => void = () => undefined
    const engine = engineWith({
        onChange: async (listener) => {
            tell = listener
        },
        ...parts,
    })
    const session = new LibrarySession(
        engine,
        (state) => seen.push(state),
        () => clock.now,
    )
    await session.start()
    const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
    return {
        session,
        clock,
        last: () => seen.at(-1),
        tell: async (change: Change) => {
            tell(change)
            await settle()
        },
    }
}

test("chats are shown before the ways are known, and stay when the ways cannot be told", async () => {
    const seen: AppState[] = []
    const engine = engineWith({ ways: () => Promise.reject(new EngineError("network")) })
    await new LibrarySession(engine, (state) => seen.push(state)).start()
    expect(seen.at(-1)).toMatchObject({ kind: "open", ways: null })
})

test("somebody's guess is told with what is left", async () => {
    const { tell, last } = await live()
    await tell({ kind: "guess", left: 7 })
    expect(last()).toMatchObject({ kind: "open", news: { kind: "guess", left: 7 } })
})

test("one's own guess is not told as a stranger's, also when the news of it comes late", async () => {
    const { session, clock, tell, last } = await live()
    let finish: (value: string) => void = () => undefined
    const guessing = session.guess(
        () =>
            new Promise<string>((resolve) => {
                finish = resolve
            }),
    )
    await tell({ kind: "guess", left: 9 })
    expect(last()).toMatchObject({ news: null })
    finish("wrong")
    expect(await guessing).toBe("wrong")
    clock.now += 4_000
    await tell({ kind: "guess", left: 9 })
    expect(last()).toMatchObject({ news: null })
    clock.now += 2_000
    await tell({ kind: "guess", left: 8 })
    expect(last()).toMatchObject({ news: { left: 8 } })
})

test("a guess refreshes what is left of the guesses, locked or open", async () => {
    let ways: Ways = someWays({ password: setPassword(9) })
    const { tell, last } = await live({ state: async () => ({ kind: "locked" }), ways: async () => ways })
    ways = someWays({ password: setPassword(8) })
    await tell({ kind: "guess", left: 8 })
    expect(last()).toEqual({ kind: "locked", ways, keyChanged: false })
})

test("an erased password replaces the news of guesses", async () => {
    let ways: Ways = someWays({ password: setPassword(1) })
    const { tell, last } = await live({ ways: async () => ways })
    await tell({ kind: "guess", left: 1 })
    ways = someWays({ password: erasedPassword })
    await tell({ kind: "password-erased" })
    expect(last()).toMatchObject({ news: null, ways: { password: { kind: "erased" } } })
})

test("a device that was signed out shows that, and nothing that comes after", async () => {
    const { session, tell, last } = await live()
    await tell({ kind: "revoked" })
    await session.refresh()
    await tell({ kind: "head" })
    expect(last()).toEqual({ kind: "revoked" })
})

test("what is told on the way in is there when the library opens, and gone once it was locked", async () => {
    let state: LibraryState = { kind: "locked" }
    const { session, last } = await live({ state: async () => state })
    session.tell({ kind: "renewed" })
    state = unlocked
    await session.refresh()
    expect(last()).toMatchObject({ kind: "open", news: { kind: "renewed" } })
    state = { kind: "locked" }
    await session.refresh()
    state = unlocked
    await session.refresh()
    expect(last()).toMatchObject({ kind: "open", news: null })
})
