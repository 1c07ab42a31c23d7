/** What is told when storage gets scarce: once per level, and anew when a level that was left is reached again. */

import { describe, expect, test } from "vitest"
import type { QuotaState, RoomRequest } from "../../src/engine/protocol.ts"
import { errorSentence } from "../../src/ui/error-sentence.ts"
import { rememberRoomSeen, roomNews } from "../../src/ui/room-note.ts"
import { amountsAbove } from "../../src/ui/room-page.ts"
import { levelOf, levelWords } from "../../src/ui/storage-bar.ts"
import { texts } from "../../src/ui/text.ts"

const quota = (used: number, warning: QuotaState["warning"], parts: Partial<QuotaState> = {}): QuotaState => ({
    limit: 100,
    used,
    reserved: 0,
    plan: null,
    warning,
    request: null,
    ...parts,
})
const fine = quota(10, 0)
const most = quota(82, 80)
const almost = quota(96, 95)
const full = quota(120, 95)

const now = Date.parse("2026-01-03T00:00:00Z")

function memory(): Pick<Storage, "getItem" | "setItem"> {
    const kept = new Map<string, string>()
    return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) }
}

test("the level follows from what the server says, and from there being nothing left", () => {
    expect([fine, most, almost, full].map(levelOf)).toEqual(["fine", 80, 95, "full"])
    expect(levelWords(texts.en, fine)).toBeNull()
    expect(levelWords(texts.en, most)?.words).toContain("18 bytes")
    expect(levelWords(texts.en, full)?.words).toContain("read, download and delete")
})

describe("a note", () => {
    test("is shown until it is read, and again at the next level", () => {
        const kept = memory()
        expect(roomNews(fine, now, kept)).toEqual({ kind: "none" })
        const news = roomNews(most, now, kept)
        expect(news).toEqual({ kind: "level" })
        rememberRoomSeen(news, most, kept)
        expect(roomNews(most, now, kept)).toEqual({ kind: "none" })
        expect(roomNews(almost, now, kept)).toEqual({ kind: "level" })
    })

    test("is news again when the level was left in between", () => {
        const kept = memory()
        rememberRoomSeen({ kind: "level" }, almost, kept)
        expect(roomNews(most, now, kept)).toEqual({ kind: "none" })
        expect(roomNews(almost, now, kept)).toEqual({ kind: "level" })
    })

    test("tells the answer to a wish first, until it is read", () => {
        const kept = memory()
        const wish: RoomRequest = {
            wanted: 200,
            reason: "",
            made: "2026-01-01T00:00:00Z",
            decided: null,
            granted: null,
        }
        expect(roomNews({ ...most, request: wish }, now, kept)).toEqual({ kind: "level" })
        const decided = "2026-01-02T00:00:00Z"
        const answered = { ...most, request: { ...wish, decided, granted: false } }
        const news = roomNews(answered, now, kept)
        expect(news).toEqual({ kind: "answer", granted: false, decided })
        rememberRoomSeen(news, answered, kept)
        expect(roomNews(answered, now, kept)).toEqual({ kind: "level" })
        const later = Date.parse("2026-01-17T00:00:00Z")
        expect(roomNews(answered, later, memory()), "old answers are no news to a new device").toEqual({
            kind: "level",
        })
    })
})

test("more is asked for in round amounts above the limit", () => {
    expect(amountsAbove(5e9)).toEqual([10e9, 20e9, 50e9, 100e9])
    expect(amountsAbove(5e9 - 1)).toEqual([5e9, 10e9, 20e9, 50e9])
    expect(amountsAbove(0)).toEqual([1e6, 2e6, 5e6, 10e6])
})

test.each([
    [40, "in 40 seconds", "in 40 Sekunden"],
    [61, "in 2 minutes", "in 2 Minuten"],
    [7_300, "in 3 hours", "in 3 Stunden"],
])("after too many tries, the time to wait is told: %i", (seconds, english, german) => {
    expect(errorSentence(texts.en, `too-many-requests:${seconds}`)).toContain(english)
    expect(errorSentence(texts.de, `too-many-requests:${seconds}`)).toContain(german)
})
