/** The library's page shows the newest state of the library, and a rolled-back one not at all. */

import { expect, test } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import type { ChatSummary, Engine, LibraryState } from "../../src/engine/protocol.ts"
import { type AppState, LibrarySession } from "../../src/ui/library-session.ts"

const unlocked: LibraryState = {
    kind: "unlocked",
    staysUnlocked: false,
    recoveryProven: null,
    sequence: 3,
    headCode: "0a1b2c3d",
}
const chat = (name: string, last: string | null) =>
    ({ conversation: name, name, last, imports: [] }) as unknown as ChatSummary

function engineWith(parts: Partial<Engine>): Engine {
    const whole: Partial<Engine> = {
        state: async () => unlocked,
        chats: async () => [],
        pendingImports: async () => [],
        quota: async () => ({ limit: 1, used: 0, reserved: 0 }),
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

test.each(["absent", "locked"] as const)("a library that is %s shows nothing else", async (kind) => {
    expect(await stateOver({ state: async () => ({ kind }) })).toEqual({ kind })
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
    answers[1]?.({ kind: "locked" })
    answers[0]?.({ kind: "absent" })
    await Promise.all([first, second])
    expect(seen).toEqual([{ kind: "locked" }])
})
