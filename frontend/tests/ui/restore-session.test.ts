/** A restore is in one state at a time, whatever the engine answers. */

import { expect, test } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import type { Engine, RestoreOutcome } from "../../src/engine/protocol.ts"
import { type Asked, RestoreSession, type RestoreState } from "../../src/ui/restore-session.ts"

const asked: Asked = {
    request: { what: { kind: "everything" }, form: "zip", repeats: "everywhere" },
    place: null,
    name: "Backupweb.zip",
}
const done: RestoreOutcome = {
    kind: "done",
    files: 1,
    bytes: 1,
    alreadyThere: 0,
    renamed: [],
    refused: [],
    file: null,
}

function sessionOver(restore: Engine["restore"]): { session: RestoreSession; seen: RestoreState[] } {
    const seen: RestoreState[] = []
    const engine = { restore, stopRestore: async () => undefined } as Partial<Engine>
    return { session: new RestoreSession(engine as Engine, (state) => seen.push(state)), seen }
}

test("it runs, tells how far it is, and is done", async () => {
    const progress = { phase: "restoring", files: 0, filesTotal: 1, done: 0, total: 1, alreadyThere: 0 } as const
    const { session, seen } = sessionOver(async (_request, _place, tell) => {
        tell({ ...progress, network: "waiting", remaining: null })
        return done
    })
    await session.run(asked)
    expect(seen.map(({ kind }) => kind)).toEqual(["running", "running", "done"])
    expect(seen[1]).toMatchObject({ progress: { network: "waiting" } })
    expect(session.state).toEqual({ kind: "done", asked, outcome: done })
    session.clear()
    expect(session.state).toEqual({ kind: "idle" })
})

test.each<[string, () => Promise<RestoreOutcome>, RestoreState]>([
    ["stopped", async () => ({ kind: "stopped" }), { kind: "stopped", asked }],
    ["failed", async () => ({ kind: "failed", code: "network" }), { kind: "failed", asked, code: "network" }],
    [
        "refused",
        () => Promise.reject(new EngineError("restore-running")),
        { kind: "failed", asked, code: "restore-running" },
    ],
])("what ends otherwise says how: %s", async (_, restore, state) => {
    const { session } = sessionOver(restore)
    await session.run(asked)
    expect(session.state).toEqual(state)
})

test("a second one does not disturb the first, and only a stop ends it", async () => {
    let end: (outcome: RestoreOutcome) => void = () => undefined
    const { session, seen } = sessionOver(() => new Promise((resolve) => (end = resolve)))
    const running = session.run(asked)
    await session.run({ ...asked, name: "another" })
    session.clear()
    expect(session.state).toMatchObject({ kind: "running", asked, stopping: false })
    await session.stop()
    expect(session.state).toMatchObject({ stopping: true })
    end({ kind: "stopped" })
    await running
    expect(seen.at(-1)).toEqual({ kind: "stopped", asked })
})
