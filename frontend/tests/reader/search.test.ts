/** Search finds what a plain look at every record finds, and shows where. */

import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { ChatRecord } from "../../src/reader/conversation.ts"
import { fold, stretchesOf, termsOf } from "../../src/reader/fold.ts"
import { daysOf, mediaOf } from "../../src/reader/overview.ts"
import { SearchIndex, type SearchQuery } from "../../src/reader/search.ts"

const people = ["Anna Beispiel", "Ben"]
const everything: SearchQuery = { text: "", person: null, kind: null, from: null, to: null }

function record(index: number, text: string, more: Partial<ChatRecord> = {}): ChatRecord {
    const raw = { offset: 0, length: 0 }
    const time = new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 19)
    return { index, kind: "message", sender: index % 2, time, text, edited: false, attachment: null, raw, ...more }
}

const find = (texts: readonly string[], text: string): number[] => [
    ...new SearchIndex(
        texts.map((one, index) => record(index, one)),
        people,
    ).find({ ...everything, text }),
]

describe("search", () => {
    test("is blind to case, accents and direction marks", () => {
        const texts = ["Viele Grüße", "STRASSE und Straße", "\u200eCafé", "Θάλασσα", "Привет"]
        expect(find(texts, "grusse")).toEqual([0])
        expect(find(texts, "strasse")).toEqual([1])
        expect(find(texts, "CAFE")).toEqual([2])
        expect(find(texts, "θαλασσα")).toEqual([3])
        expect(find(texts, "ПРИВЕТ")).toEqual([4])
    })

    test("all words, in any order; between quotation marks what stands together", () => {
        const texts = ["morgen um acht", "acht Uhr morgen", "morgen", "acht"]
        expect(find(texts, "acht morgen")).toEqual([0, 1])
        expect(find(texts, '"um acht"')).toEqual([0])
        expect(find(texts, "„acht Uhr“")).toEqual([1])
    })

    test("never joins two records", () => {
        expect(find(["eins", "zwei"], "eins zwei")).toEqual([])
        expect(find(["x\u0000y", "z"], '"y z"')).toEqual([])
    })

    test("names, file names, answers of a poll and what a voice note says are found too", () => {
        const records = [
            record(0, "", { attachment: { name: "Route & Plan.pdf", kind: "document", file: null } }),
            record(1, "Wann?", { kind: "poll", poll: { question: "Wann?", options: [{ text: "Samstag", votes: 2 }] } }),
            record(2, "", { attachment: { name: "PTT-1.opus", kind: "voice", file: 7 } }),
        ]
        const said = ({ attachment }: ChatRecord): string => (attachment?.file === 7 ? "bis gleich am Bahnhof" : "")
        const index = new SearchIndex(records, people, said)
        const at = (text: string): number[] => [...index.find({ ...everything, text })]
        expect(at("plan.pdf")).toEqual([0])
        expect(at("samstag")).toEqual([1])
        expect(at("bahnhof")).toEqual([2])
        expect(at("beispiel")).toEqual([0, 2])
    })

    test("filters by person, kind and time, with words and without", () => {
        const records = [
            record(0, "Bild", { attachment: { name: "a.jpg", kind: "photo", file: 0 } }),
            record(1, "https://example.org"),
            record(2, "Bild", { kind: "omitted", omitted: "photo" }),
            record(3, "Bild"),
        ]
        const index = new SearchIndex(records, people)
        const at = (query: Partial<SearchQuery>): number[] => [...index.find({ ...everything, ...query })]
        expect(at({})).toEqual([])
        expect(at({ kind: "picture" })).toEqual([0, 2])
        expect(at({ kind: "link" })).toEqual([1])
        expect(at({ person: 1 })).toEqual([1, 3])
        expect(at({ text: "bild", person: 1 })).toEqual([3])
        expect(at({ from: "2026-01-02", to: "2026-01-03" })).toEqual([1, 2])
    })

    test("typing on gives the same as typing at once", () => {
        const texts = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "ä", "ß", " ", "\n", "😀"), maxLength: 12 }))
        const typed = fc.string({ unit: fc.constantFrom("a", "b", "s", " "), minLength: 1, maxLength: 6 })
        fc.assert(
            fc.property(texts, typed, (lines, query) => {
                const records = lines.map((line, index) => record(index, line, { sender: null }))
                const index = new SearchIndex(records, people)
                for (let length = 1; length <= query.length; length++) {
                    const text = query.slice(0, length)
                    const terms = termsOf(text)
                    const plain = records.filter((one) => terms.every((term) => `${fold(one.text)}`.includes(term)))
                    const expected = terms.length === 0 ? [] : plain.map((one) => one.index)
                    expect([...index.find({ ...everything, text })]).toEqual(expected)
                }
            }),
        )
    })
})

test("what is marked in a text is what was searched", () => {
    fc.assert(
        fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), fc.nat(20), fc.nat(6), (text, start, length) => {
            const wanted = [...text].slice(start, start + length).join("")
            for (const { start: from, end } of stretchesOf(text, termsOf(wanted)))
                expect(termsOf(wanted)).toContain(fold(text.slice(from, end)))
        }),
    )
    expect(stretchesOf("Viele Grüße, grüße!", ["grusse"])).toEqual([
        { start: 6, end: 11 },
        { start: 13, end: 18 },
    ])
})

describe("overview", () => {
    test("days know their first record and how much was written", () => {
        const records = [
            record(0, "", { kind: "system", sender: null }),
            record(1, "a", { time: "2026-01-02T10:00:00" }),
            record(2, "b", { time: "2026-01-02T11:00:00" }),
            record(3, "c", { time: "2026-01-01T09:00:00" }),
        ]
        expect(daysOf(records)).toEqual([
            { day: "2026-01-01", first: 3, messages: 1 },
            { day: "2026-01-02", first: 1, messages: 2 },
        ])
    })

    test("media that is here, the newest first", () => {
        const attachment = { name: "a.jpg", kind: "photo", file: 4 } as const
        const records = [
            record(0, "", { attachment }),
            record(1, "", { attachment: { ...attachment, file: null } }),
            record(2, "", { attachment: { ...attachment, kind: "sticker" } }),
            record(3, "", { attachment: { ...attachment, file: 5 } }),
        ]
        expect(mediaOf(records).map(({ record: at, file }) => [at, file])).toEqual([
            [3, 5],
            [0, 4],
        ])
    })
})
