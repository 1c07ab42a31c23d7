import { expect, test, vi } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import type { CopyProgress, CopySaved, Engine, SaveProgress } from "../../src/engine/protocol.ts"
import { type CopiesState, CopySession, isBusy, noCopies } from "../../src/ui/copy-session.ts"

const options = { handle: null, fileName: "copy.zip", site: "https://alice.example", readme: "" }
const file = new File(["zip"], "file")

function desk(engine: Partial<Engine>) {
    const shown: CopiesState[] = []
    const hand = vi.fn()
    const session = new CopySession(engine as Engine, (state) => shown.push(state), hand)
    return {
        session,
        hand,
        kinds: (of: keyof CopiesState) => shown.map((state) => state[of].kind),
        last: () => shown.at(-1) ?? noCopies,
    }
}

test("a copy that was made here is handed over under its name; one that lies where it was wanted is not", async () => {
    const done: CopySaved = { kind: "done", file, name: "copy.zip", size: 3, imports: 1, objects: 3 }
    for (const saved of [done, { ...done, file: null }]) {
        const tell: SaveProgress[] = [{ done: 1, total: 3 }]
        const { session, hand, kinds } = desk({
            saveCopy: async (_, onProgress) => {
                for (const progress of tell) onProgress(progress)
                return saved
            },
        })
        await session.save(options)
        expect(kinds("saving")).toEqual(["running", "running", "done"])
        expect(hand.mock.calls).toEqual(saved.file === null ? [] : [[file, "copy.zip"]])
    }
})

test("another code stays at the lock; damage behind it is named", async () => {
    const answers = [{ kind: "wrong-code" } as const, new EngineError("unexpected")]
    const { session, last } = desk({
        examineCopy: async () => ({ kind: "locked", site: "" }),
        unlockCopy: async () => {
            const answer = answers.shift()
            if (answer === undefined || answer instanceof EngineError) throw new EngineError("wrong-library")
            return answer
        },
    })
    await session.read(file)
    expect(await session.unlock("1")).toBe(false)
    expect(last().opening).toEqual({ kind: "locked", site: "" })
    expect(await session.unlock("2")).toBe(true)
    expect(last().opening).toEqual({ kind: "refused", code: "wrong-library" })
})

test("while one comes in, another is not looked at, and leaving closes nothing", async () => {
    const closed = vi.fn(async () => undefined)
    const examined = vi.fn(async () => ({ kind: "locked", site: "" }) as const)
    let end: (outcome: { kind: "stopped" }) => void = () => undefined
    const progress: CopyProgress = { done: 1, total: 2, network: "fine" }
    const { session, last } = desk({
        closeCopy: closed,
        examineCopy: examined,
        stopCopy: async () => end({ kind: "stopped" }),
        bringInCopy: (_, tell) => {
            tell(progress)
            return new Promise((resolve) => {
                end = resolve
            })
        },
    })
    const running = session.bringIn({ site: "", stay: false })
    expect(isBusy(last())).toBe(true)
    await session.read(file)
    await session.leave()
    expect([examined.mock.calls.length, closed.mock.calls.length]).toEqual([0, 0])
    expect(last().opening).toEqual({ kind: "running", progress, stopping: false })
    await session.stop()
    await running
    expect(last().opening).toEqual({ kind: "stopped" })
    await session.leave()
    expect(closed).toHaveBeenCalledOnce()
    expect(last()).toEqual(noCopies)
    expect(isBusy(last())).toBe(false)
})

test("what fails, and what rejects, is refused by its name", async () => {
    const { session, last } = desk({
        bringInCopy: async () => ({ kind: "failed", code: "wrong-hash" }),
        saveCopy: () => Promise.reject(new EngineError("network")),
    })
    await session.bringIn({ site: "", stay: false })
    expect(last().opening).toEqual({ kind: "refused", code: "wrong-hash" })
    await session.save(options)
    expect(last().saving).toEqual({ kind: "failed", code: "network" })
})
