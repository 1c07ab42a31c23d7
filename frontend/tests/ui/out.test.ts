/** Taking a chat out: one state at a time; estimates count what is then written; what is stopped leaves nothing behind. */

import fc from "fast-check"
import { expect, test, vi } from "vitest"
import { EngineError } from "../../src/engine/errors.ts"
import { choose, type OutChoice } from "../../src/reader/out/choice.ts"
import { type OutFacts, outSourceOf, type ReadableChat } from "../../src/ui/out/of-chat.ts"
import { OutSession, type OutState } from "../../src/ui/out/out-session.ts"
import type { OutSource } from "../../src/ui/out/source.ts"
import { writtenTo } from "../../src/ui/out/writing.ts"
import { everything, record, setting } from "../reader/out/support.ts"

const records = Array.from({ length: 30 }, (_, index) =>
    record(
        index,
        `Nr ${index + 1}`,
        index % 3 === 0 ? { attachment: { name: "a.bin", kind: "photo", file: index / 3 } } : {},
    ),
)

const chat: ReadableChat = {
    chat: {
        title: "Tour",
        self: "Anna",
        people: ["Anna", "Ben"],
        records: records.length,
        files: Array.from({ length: 10 }, (_, index) => ({ index, size: 3000 })),
    },
    records: async (from, to) => records.slice(from, to),
    openFile: async (index) =>
        index === 4
            ? { kind: "refused", code: "object-differs" }
            : { kind: "opened", blob: new Blob([new Uint8Array(3000)], { type: "image/png" }) },
}

const facts: OutFacts = {
    title: "Our tour",
    first: "2026-03-01T10:00:05",
    last: "2026-03-28T10:00:05",
    sources: [],
    setting: () => setting,
}

const anyChoice: fc.Arbitrary<OutChoice> = fc.record({
    form: fc.constantFrom("html", "print", "text", "csv", "json"),
    from: fc.option(fc.constantFrom("2026-03-02", "2026-03-20")),
    to: fc.option(fc.constantFrom("2026-03-05", "2026-03-27")),
    person: fc.option(fc.nat(1)),
    media: fc.boolean(),
})

test("an estimate counts what is then written, and its size is not far off", async () => {
    const source = outSourceOf(chat, facts)
    await fc.assert(
        fc.asyncProperty(anyChoice, async (choice) => {
            const estimate = await source.estimate(choice)
            const expected = [...choose(records, choice)]
            const embeds = choice.media && (choice.form === "html" || choice.form === "print")
            expect(estimate.records).toBe(expected.length)
            expect(estimate.files).toBe(embeds ? expected.filter(({ attachment }) => attachment !== null).length : 0)
            const made = await source.make(choice, null, () => undefined, new AbortController().signal)
            expect(Math.abs(made.bytes - estimate.bytes)).toBeLessThan(12_000)
        }),
        { numRuns: 60 },
    )
})

test("without a place of its own a file is made in memory, and says what did not open", async () => {
    const source = outSourceOf(chat, facts)
    const told: number[] = []
    const made = await source.make(
        everything("html", true),
        null,
        ({ bytes }) => told.push(bytes),
        new AbortController().signal,
    )
    expect(made.notOpened).toBe(1)
    expect(made.file).toBeInstanceOf(File)
    if (made.file === "saved") return
    expect(made.file.name).toBe("Our tour.html")
    expect(made.file.size).toBe(made.bytes)
    expect(told.at(-1)).toBe(made.bytes)
    expect(await made.file.text()).toContain("Nr 30")
})

/** A file that a person picked, as the browser gives it. */
function picked(failing: string | null = null) {
    const events: string[] = []
    const stream = {
        write: async (piece: Uint8Array) => {
            if (failing !== null) throw new DOMException("no", failing)
            events.push(`write ${piece.length}`)
        },
        close: async () => void events.push("close"),
        abort: async () => void events.push("abort"),
    }
    const handle = {
        name: "x.html",
        createWritable: async () => stream,
        getFile: async () => new File([], "x.html"),
        remove: async () => void events.push("remove"),
    }
    return { handle: handle as unknown as FileSystemFileHandle, events }
}

async function* pieces(...lengths: readonly number[]) {
    for (const length of lengths) {
        if (length < 0) throw new DOMException("stopped", "AbortError")
        yield new Uint8Array(length)
    }
}

test("a picked file gets its pieces in order, and its name at the end", async () => {
    const { handle, events } = picked()
    expect(await writtenTo(pieces(3, 5), handle, "x.html", () => undefined)).toEqual({ file: "saved", bytes: 8 })
    expect(events).toEqual(["write 3", "write 5", "close"])
})

test("what is stopped or fails leaves no half file", async () => {
    const stopped = picked()
    await expect(writtenTo(pieces(3, -1), stopped.handle, "x.html", () => undefined)).rejects.toThrow("stopped")
    expect(stopped.events).toEqual(["write 3", "abort", "remove"])
    const full = picked("QuotaExceededError")
    await expect(writtenTo(pieces(3), full.handle, "x.html", () => undefined)).rejects.toMatchObject({
        code: "storage-full",
    })
    expect(full.events).toEqual(["abort", "remove"])
})

test("stopping ends it between two pieces", async () => {
    const source = outSourceOf(chat, facts)
    const stop = new AbortController()
    const { handle, events } = picked()
    const slow: ReadableChat = {
        ...chat,
        openFile: async (index) => {
            if (index === 2) stop.abort()
            return await chat.openFile(index)
        },
    }
    const making = outSourceOf(slow, facts).make(everything("html", true), handle, () => undefined, stop.signal)
    await expect(making).rejects.toMatchObject({ name: "AbortError" })
    expect(events.slice(-2)).toEqual(["abort", "remove"])
    expect((await source.estimate(everything("html"))).records).toBe(30)
})

function sessionOver(parts: Partial<OutSource>): { session: OutSession; seen: OutState[] } {
    const seen: OutState[] = []
    const source = { ...outSourceOf(chat, facts), ...parts }
    return { session: new OutSession(source, (state) => seen.push(state)), seen }
}

test("it runs, tells how far it is, and is saved", async () => {
    const { session, seen } = sessionOver({})
    await session.save(everything("csv"), null)
    expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set(["running", "saved"]))
    expect(session.state).toMatchObject({ kind: "saved", name: "Our tour.csv", made: { notOpened: 0 } })
    session.clear()
    expect(session.state).toEqual({ kind: "choosing" })
})

test("a failure is named, a stop is none", async () => {
    const failing = sessionOver({ make: async () => Promise.reject(new EngineError("storage-full")) })
    await failing.session.save(everything("csv"), null)
    expect(failing.session.state).toEqual({ kind: "failed", code: "storage-full" })
    const { session } = sessionOver({
        make: (_choice, _target, _tell, signal) =>
            new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    })
    const saving = session.save(everything("csv"), null)
    session.stop()
    expect(session.state).toMatchObject({ kind: "running", stopping: true })
    await saving
    expect(session.state).toEqual({ kind: "stopped" })
})

test("pages that lay ready are taken away when the choice comes back", async () => {
    const close = vi.fn()
    const { session } = sessionOver({ print: async () => ({ notOpened: 2, close }) })
    await session.print(everything("print"))
    expect(session.state).toEqual({ kind: "printed", notOpened: 2 })
    expect(close).not.toHaveBeenCalled()
    session.clear()
    expect(close).toHaveBeenCalledOnce()
})
