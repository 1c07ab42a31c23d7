/** An export on its way in is in one state at a time, whatever the engine answers. */

import { expect, test } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import type { Engine, ImportOutcome, ImportPreview } from "../../src/engine/protocol.ts"
import { ImportSession, type ImportState } from "../../src/ui/import-session.ts"

const preview = { id: "p", title: "Ben", first: "2026-01-02T00:00:00", last: null } as ImportPreview
const choices = { previewId: "p", conversation: null, title: "Ben", dayFirst: null, self: null }
const picked = { file: new File(["x"], "chat.zip"), handle: null }

function sessionOver(engine: Partial<Engine>): { session: ImportSession; seen: ImportState[] } {
    const seen: ImportState[] = []
    return { session: new ImportSession(engine as Engine, (state) => seen.push(state)), seen }
}

test("a readable file comes to its preview", async () => {
    const { session, seen } = sessionOver({ inspect: async () => preview })
    await session.read(picked)
    expect(seen.map(({ kind }) => kind)).toEqual(["reading", "preview"])
})

test("a file that cannot be read says why", async () => {
    const { session } = sessionOver({ inspect: () => Promise.reject(new EngineError("file-unreadable")) })
    await session.read(picked)
    expect(session.state).toEqual({ kind: "unreadable", fileName: "chat.zip", code: "file-unreadable" })
})

test("a handle is kept for the preview it belongs to", async () => {
    const kept: unknown[] = []
    const handle = {} as FileSystemFileHandle
    const { session } = sessionOver({
        inspect: async () => preview,
        rememberHandle: async (...args) => void kept.push(args),
    })
    await session.read({ ...picked, handle })
    expect(kept).toEqual([["p", handle]])
})

test("the order of day and month changes the dates shown and keeps the preview", async () => {
    const { session } = sessionOver({
        inspect: async (_file, dayFirst) =>
            dayFirst === false ? { ...preview, id: "q", first: "2026-02-01T00:00:00" } : preview,
    })
    await session.read(picked)
    await session.order(false)
    expect(session.state).toMatchObject({
        kind: "preview",
        dayFirst: false,
        preview: { id: "p", first: "2026-02-01T00:00:00" },
    })
})

test.each<ImportOutcome>([
    { kind: "over-quota", missing: 5 },
    { kind: "stopped" },
    { kind: "failed", code: "network" },
])("an end is shown as it came: $kind", async (outcome) => {
    const { session } = sessionOver({ inspect: async () => preview, startImport: async () => outcome })
    await session.read(picked)
    await session.send(choices)
    expect(session.state).toEqual(outcome)
})

test("what is being sent is not disturbed by another file", async () => {
    let finish: (outcome: ImportOutcome) => void = () => undefined
    const { session } = sessionOver({
        inspect: async () => preview,
        startImport: () =>
            new Promise((resolve) => {
                finish = resolve
            }),
    })
    await session.read(picked)
    const sent = session.send(choices)
    await session.read({ ...picked, file: new File([], "other.zip") })
    session.clear()
    expect(session.state).toMatchObject({ kind: "running", title: "Ben" })
    finish({ kind: "stopped" })
    await sent
    expect(session.state.kind).toBe("stopped")
})

const resumes = {
    importId: "i",
    fileName: "chat.zip",
    size: 1,
    title: "Benni",
    sentBytes: 5,
    dayFirst: true,
    begun: "2026-01-02T00:00:00Z",
    hasHandle: true,
} as const

test("what was begun before goes on at once, as it was decided then", async () => {
    const sent: unknown[] = []
    const { session, seen } = sessionOver({
        inspect: async () => ({ ...preview, dateOrder: "ask", resumes }) as ImportPreview,
        startImport: async (chosen) => {
            sent.push(chosen)
            return { kind: "stopped" }
        },
    })
    await session.goOn(picked)
    expect(sent).toEqual([{ previewId: "p", conversation: null, title: "Benni", dayFirst: true, self: null }])
    expect(seen.map(({ kind }) => kind)).toEqual(["reading", "preview", "running", "stopped"])
})

test.each([
    ["was never begun", { ...preview, resumes: null }],
    ["leaves a question open", { ...preview, dateOrder: "ask", resumes: { ...resumes, dayFirst: null } }],
])("a file that %s is shown before anything is sent", async (_, shown) => {
    const { session } = sessionOver({ inspect: async () => shown as ImportPreview })
    await session.goOn(picked)
    expect(session.state.kind).toBe("preview")
})

test.each<ImportOutcome>([
    { kind: "over-quota", missing: 5 },
    { kind: "stopped" },
    { kind: "failed", code: "session-expired" },
])("one click goes on after it ended as $kind", async (end) => {
    const outcomes: ImportOutcome[] = [end, { kind: "stopped" }]
    let begun = false
    const { session, seen } = sessionOver({
        inspect: async () => ({ ...preview, dateOrder: "decided", resumes: begun ? resumes : null }) as ImportPreview,
        startImport: async () => {
            begun = true
            return outcomes.shift() as ImportOutcome
        },
    })
    await session.read(picked)
    await session.send(choices)
    expect(session.state).toEqual(end)
    await session.again()
    expect(outcomes).toEqual([])
    expect(seen.filter(({ kind }) => kind === "running")).toHaveLength(2)
})
