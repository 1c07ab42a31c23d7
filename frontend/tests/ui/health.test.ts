/** How the backup is: told by the calendar of whoever reads, reminded of seldom, and never as a wall. */

import { describe, expect, test } from "vitest"
import type { ChatSummary } from "../../src/engine/protocol.ts"
import {
    checkNudge,
    drillHere,
    lastCheckWords,
    rememberCheckLater,
    rememberDrill,
    whenWords,
} from "../../src/ui/health.ts"
import { texts } from "../../src/ui/text.ts"

const now = new Date(2026, 11, 1, 10, 0).getTime()
const day = 86_400_000
const ago = (days: number) => new Date(now - days * day).toISOString()
const chats = (days: number) => [{ imports: [{ added: ago(days) }] }] as unknown as readonly ChatSummary[]

function makeStorage(): Storage {
    const kept = new Map<string, string>()
    return {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => kept.set(key, value),
        removeItem: (key: string) => kept.delete(key),
    } as unknown as Storage
}

test.each([
    [new Date(2026, 11, 1, 0, 1), "Heute"],
    [new Date(2026, 10, 30, 23, 59), "Gestern"],
    [new Date(2026, 10, 29, 23, 59), "Am 29. November 2026"],
    [new Date(2026, 11, 1, 11, 0), "Heute"],
])("%s is %s", (time, words) => {
    expect(whenWords(texts.de, "de", time.toISOString(), now)).toBe(words)
})

test("the last check is told as what it was", () => {
    const words = (last: Parameters<typeof lastCheckWords>[2]) => lastCheckWords(texts.en, "en", last, now)
    expect(words(null)).toBe("Not checked yet.")
    expect(words({ at: ago(0), opened: 16, pieces: 16 })).toBe("Checked today: everything.")
    expect(words({ at: ago(1), opened: 459, pieces: 80_000 })).toBe(
        "Checked yesterday: a sample, 459 of 80,000 pieces.",
    )
})

describe("a reminder", () => {
    const check = (days: number) => ({ at: ago(days), opened: 1, pieces: 1 })

    test.each([
        ["nothing is there", null, [], null],
        ["it is new", null, chats(6), null],
        ["it is a week old and was never checked", null, chats(8), "never"],
        ["it was checked a while ago", check(80), chats(200), null],
        ["it was checked long ago", check(91), chats(200), "long-ago"],
    ] as const)("when %s", (_, last, kept, nudge) => {
        expect(checkNudge(last, kept, now, makeStorage())).toBe(nudge)
    })

    test("takes a no for a month", () => {
        const storage = makeStorage()
        rememberCheckLater(now, storage)
        expect(checkNudge(null, chats(8), now + 29 * day, storage)).toBeNull()
        expect(checkNudge(null, chats(8), now + 31 * day, storage)).toBe("never")
    })
})

test("a device knows which drill it asked for", () => {
    const storage = makeStorage()
    const asked = { id: "a".repeat(32), at: ago(0), importId: "b".repeat(32), fingerprint: "c".repeat(64) }
    const stage = () => drillHere({ asked, done: null }, now, storage).kind
    expect(stage()).toBe("invited")
    rememberDrill(asked.id, storage)
    expect(stage()).toBe("waiting")
    rememberDrill(null, storage)
    expect(stage()).toBe("invited")
})
