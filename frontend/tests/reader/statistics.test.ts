/** A chat in numbers: small chats whose answers are known, and sums that hold for any chat. */

import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { ChatRecord } from "../../src/reader/conversation.ts"
import { statisticsOf } from "../../src/reader/statistics/statistics.ts"

function said(time: string, sender: number | null, text: string, more: Partial<ChatRecord> = {}): ChatRecord {
    return {
        index: 0,
        kind: "message",
        sender,
        time,
        text,
        edited: false,
        attachment: null,
        raw: { offset: 0, length: 0 },
        ...more,
    }
}

const people = ["Anna", "Ben"]
const photo = { name: "a.jpg", kind: "photo", file: 0 } as const

describe("a small chat", () => {
    const records = [
        said("2026-09-14T08:00:00", null, "Nachrichten sind verschlüsselt", { kind: "system" }),
        said("2026-09-14T08:00:00", 0, "Guten Morgen Sonnenschein ☀️☀️"),
        said("2026-09-14T08:04:00", 1, "Morgen! Sonnenschein? 👩‍👩‍👧"),
        said("2026-09-15T23:10:00", 1, "", { attachment: photo }),
        said("2026-09-15T23:11:00", 0, "", { kind: "omitted", omitted: "video" }),
        said("2026-09-20T09:00:00", 0, "https://example.org/sonnenschein schön’s Wetter"),
        said("2026-09-21T09:00:00", 1, "", { kind: "deleted" }),
    ]
    const found = statisticsOf({ people, records })

    test("counts what people wrote, and not what the app wrote", () => {
        expect([found.messages, found.media]).toEqual([6, 2])
        expect(found.people.map(({ name, messages, words, media }) => [name, messages, words, media])).toEqual([
            ["Anna", 3, 5, 1],
            ["Ben", 3, 2, 1],
        ])
    })

    test("knows its days, the longest run of them and the longest silence", () => {
        expect([found.first, found.last, found.days]).toEqual(["2026-09-14", "2026-09-21", 4])
        expect(found.streak).toEqual({ days: 2, from: "2026-09-14", to: "2026-09-15" })
        expect(found.silence).toEqual({ days: 4, from: "2026-09-16", to: "2026-09-19" })
    })

    test("has every day as a step, also those without a message", () => {
        expect(found.over.unit).toBe("day")
        expect(found.over.steps).toHaveLength(8)
        expect(found.over.counts).toEqual([
            [1, 1, 0, 0, 0, 0, 1, 0],
            [1, 1, 0, 0, 0, 0, 0, 1],
        ])
    })

    test("puts Monday first", () => {
        expect(found.hours[0]?.[8]).toBe(2)
        expect(found.hours[1]?.[23]).toBe(2)
        expect(found.hours[6]?.[9]).toBe(1)
    })

    test("counts words without those of every sentence and without addresses, and emoji whole", () => {
        expect(found.topWords[0]).toEqual({ text: "sonnenschein", count: 2 })
        expect(found.topWords.map(({ text }) => text)).not.toContain("example")
        expect(found.topEmoji).toEqual([
            { text: "☀️", count: 2 },
            { text: "👩‍👩‍👧", count: 1 },
        ])
    })

    test("an answer is the first message after somebody else's, within half a day", () => {
        expect(found.people[1]?.replies).toEqual({ count: 1, median: 4, buckets: [0, 1, 0, 0, 0] })
        expect(found.people[0]?.replies).toEqual({ count: 1, median: 1, buckets: [1, 0, 0, 0, 0] })
    })

    test("media by month and kind, those that were left out among them", () => {
        expect(found.mediaOver).toEqual({
            steps: ["2026-09"],
            kinds: [
                { kind: "photo", counts: [1] },
                { kind: "video", counts: [1] },
            ],
        })
    })
})

test("a chat without messages has no days and no numbers", () => {
    const found = statisticsOf({ people: [], records: [] })
    expect([found.messages, found.first, found.streak, found.silence, found.over.steps]).toEqual([
        0,
        null,
        null,
        null,
        [],
    ])
})

const chat = fc.array(
    fc.record({
        day: fc.integer({ min: 0, max: 900 }),
        minute: fc.nat(1439),
        sender: fc.option(fc.nat(1), { nil: null }),
        kind: fc.constantFrom("message", "system", "deleted", "omitted" as const),
        text: fc.string({ unit: "grapheme" }),
        dated: fc.boolean(),
    }),
    { maxLength: 60 },
)

test("parts make up the whole, whatever the chat is", () => {
    fc.assert(
        fc.property(chat, (steps) => {
            const records = steps.map(({ day, minute, sender, kind, text, dated }) => {
                const time = new Date(Date.UTC(2024, 0, 1, 0, minute) + day * 86_400_000).toISOString().slice(0, 19)
                return said(dated ? time : "", sender, text, { kind: kind as ChatRecord["kind"] })
            })
            const found = statisticsOf({ people, records })
            const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0)
            const counted = records.filter(({ kind, sender }) => kind !== "system" && sender !== null)
            const dated = counted.filter(({ time }) => time !== "").length
            expect(found.messages).toBe(counted.length)
            expect(sum(found.people.map(({ messages }) => messages))).toBe(found.messages)
            expect(sum(found.hours.flat())).toBe(dated)
            expect(sum(found.over.counts.flat())).toBe(dated)
            expect(sum(found.people.map(({ words }) => words))).toBe(found.words)
            for (const { replies } of found.people) expect(sum(replies.buckets)).toBe(replies.count)
            // Who is called what changes nothing.
            const turned = records.map((one) => ({ ...one, sender: one.sender === null ? null : 1 - one.sender }))
            const other = statisticsOf({ people: people.toReversed(), records: turned })
            expect(other.people.toReversed()).toEqual(found.people)
            expect({ ...other, people: [], over: null }).toEqual({ ...found, people: [], over: null })
        }),
    )
})
