import { describe, expect, test, vi } from "vitest"
import type { ChatRecord } from "../../../src/reader/conversation.ts"
import { standingOf } from "../../../src/ui/chat/grouping.ts"
import { MediaShelf } from "../../../src/ui/chat/media-shelf.ts"
import { RecordWindows } from "../../../src/ui/chat/record-windows.ts"
import { chatTexts } from "../../../src/ui/chat/text.ts"

function record(index: number, sender: number | null, time: string): ChatRecord {
    const raw = { offset: index, length: 1 }
    return {
        index,
        kind: sender === null ? "system" : "message",
        sender,
        time,
        text: "",
        edited: false,
        attachment: null,
        raw,
    }
}

describe("standing among neighbours", () => {
    const nine = record(1, 0, "2026-09-19T09:00:00")

    test("a run is one person's bubbles on one day without a long silence", () => {
        const soon = record(2, 0, "2026-09-19T09:05:00")
        expect(standingOf(record(0, 0, "2026-09-19T08:55:00"), nine, soon)).toEqual({
            startsDay: false,
            startsRun: false,
            endsRun: false,
        })
        expect(standingOf(nine, soon, record(3, 1, "2026-09-19T09:06:00")).endsRun).toBe(true)
        expect(standingOf(nine, record(2, 0, "2026-09-19T11:00:00"), null).startsRun).toBe(true)
        expect(standingOf(nine, record(2, 0, "2026-09-20T09:00:00"), null)).toMatchObject({
            startsDay: true,
            startsRun: true,
        })
    })

    test("a line of the app ends a run and starts none", () => {
        const line = record(2, null, "2026-09-19T09:01:00")
        expect(standingOf(record(0, 0, "2026-09-19T08:59:00"), nine, line).endsRun).toBe(true)
        expect(standingOf(nine, line, record(3, null, "2026-09-19T09:02:00"))).toMatchObject({
            startsRun: true,
            endsRun: true,
        })
    })

    test("the first record starts its day; one whose neighbour is not here yet does not", () => {
        expect(standingOf(null, record(0, 0, "2026-09-19T09:00:00"), null).startsDay).toBe(true)
        expect(standingOf(null, record(200, 0, "2026-09-19T09:00:00"), null).startsDay).toBe(false)
    })

    test("clocks that run backwards in autumn break nothing", () => {
        expect(standingOf(nine, record(2, 0, "2026-09-19T08:10:00"), null).startsRun).toBe(false)
    })
})

describe("records in windows", () => {
    const all = Array.from({ length: 20_000 }, (_, index) =>
        record(index, 0, `2026-09-${String(1 + Math.floor(index / 1000)).padStart(2, "0")}T09:00:00`),
    )
    const fetch = () => vi.fn(async (from: number, to: number) => all.slice(from, to))

    test("neighbours come together, once, and tell when they are here", async () => {
        const changed = vi.fn()
        const asked = fetch()
        const windows = new RecordWindows(all.length, asked, changed)
        expect(windows.at(450)).toBeNull()
        expect(windows.at(451)).toBeNull()
        expect((await windows.get(450))?.index).toBe(450)
        expect(windows.at(451)?.index).toBe(451)
        expect(asked.mock.calls).toEqual([[400, 600]])
        expect(changed.mock.calls).toEqual([["arrived"]])
    })

    test("a walk through the whole chat keeps few windows", async () => {
        const windows = new RecordWindows(all.length, fetch(), () => {})
        for (let index = 0; index < all.length; index += 200) await windows.get(index)
        const kept = all.filter(({ index }) => windows.peek(index) !== null).length
        expect(kept).toBe(30 * 200)
        expect(windows.peek(all.length - 1)).not.toBeNull()
    })

    test("a window that did not come is asked for again", async () => {
        const asked = vi.fn().mockRejectedValueOnce(new Error("offline")).mockResolvedValue(all.slice(0, 200))
        const changed = vi.fn()
        const windows = new RecordWindows(all.length, asked, changed)
        await expect(windows.get(3)).rejects.toThrow("offline")
        expect(changed).toHaveBeenCalledWith("failed")
        expect((await windows.get(3))?.index).toBe(3)
    })

    test("nothing is asked beyond the ends", () => {
        const asked = fetch()
        const windows = new RecordWindows(3, asked, () => {})
        expect([windows.at(-1), windows.at(3)]).toEqual([null, null])
        expect(asked).not.toHaveBeenCalled()
    })
})

describe("opened files", () => {
    const blob = new Blob(["x".repeat(100)])

    test("a file shown twice is opened once, and its address goes when it is long unseen", async () => {
        const opened = vi.fn(async () => ({ kind: "opened" as const, blob }))
        const revoked = vi.spyOn(URL, "revokeObjectURL")
        const shelf = new MediaShelf(opened)
        const [first, second] = await Promise.all([shelf.take(1), shelf.take(1)])
        expect(first).toBe(second)
        expect(opened).toHaveBeenCalledTimes(1)
        for (let file = 2; file < 60; file++) {
            await shelf.take(file)
            shelf.release(file)
        }
        expect(revoked).toHaveBeenCalledTimes(58 - 40)
        shelf.clear()
        expect(revoked).toHaveBeenCalledTimes(59)
        revoked.mockRestore()
    })

    test("a refusal is told and not remembered", async () => {
        const opened = vi.fn().mockRejectedValueOnce(new Error("offline")).mockResolvedValue({ kind: "opened", blob })
        const shelf = new MediaShelf(opened)
        expect(await shelf.take(1)).toMatchObject({ kind: "refused" })
        expect(await shelf.take(1)).toMatchObject({ kind: "opened" })
        shelf.clear()
    })

    test("a file that arrives after the chat was closed leaves no address behind", async () => {
        const made = vi.spyOn(URL, "createObjectURL")
        const revoked = vi.spyOn(URL, "revokeObjectURL")
        const shelf = new MediaShelf(async () => ({ kind: "opened", blob }))
        const coming = shelf.take(1)
        shelf.clear()
        await coming
        expect(revoked).toHaveBeenCalledTimes(made.mock.calls.length)
        made.mockRestore()
        revoked.mockRestore()
    })
})

test("both languages say everything", () => {
    const keys = (value: object): string[] =>
        Object.entries(value).flatMap(([key, inner]) =>
            typeof inner === "object" && inner !== null ? keys(inner).map((rest) => `${key}.${rest}`) : [key],
        )
    expect(keys(chatTexts.de)).toEqual(keys(chatTexts.en))
})
