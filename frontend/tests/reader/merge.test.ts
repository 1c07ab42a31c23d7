/** Overlapping exports become one history: by property, and by the cases that a phone makes. */

import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { ChatRecord } from "../../src/reader/conversation.ts"
import { type Imported, merge } from "../../src/reader/merge/merge.ts"
import { parseWhatsApp } from "../../src/reader/parse-whatsapp.ts"

const people = ["Anna", "Ben", "Cleo"]
const begin = Date.parse("2026-03-01T08:00:00Z")
const clock = (minute: number, second = 0): string =>
    new Date(begin + minute * 60_000 + second * 1000).toISOString().slice(0, 19)

function said(minute: number, sender: number, text: string, more: Partial<ChatRecord> = {}): ChatRecord {
    const raw = { offset: 0, length: 0 }
    return {
        index: 0,
        kind: "message",
        sender,
        time: clock(minute),
        text,
        edited: false,
        attachment: null,
        raw,
        ...more,
    }
}

const asImport = (records: readonly ChatRecord[]): Imported => ({
    people,
    self: null,
    records: records.map((record, index) => ({ ...record, index })),
})

const told = (records: readonly ChatRecord[], names: readonly string[] = people): string[] =>
    records.map(({ time, sender, text, kind, attachment }) =>
        [time, sender === null ? "" : names[sender], kind, text, attachment?.name, attachment?.file].join("|"),
    )

// ---------------------------------------------------------------- any history

/** Few words and few people, so that messages repeat; the chat goes on a minute, or stays in it. */
const history = fc
    .array(
        fc.record({
            pause: fc.constantFrom(0, 0, 0, 1, 1, 2, 90),
            sender: fc.nat(2),
            text: fc.oneof({ weight: 3, arbitrary: fc.constantFrom("ok", "ja", "👍", "bin da") }, fc.string()),
        }),
        { minLength: 1, maxLength: 120 },
    )
    .map((steps) => {
        let minute = 0
        return steps.map(({ pause, sender, text }) => {
            minute += pause
            return said(minute, sender, text)
        })
    })

/** Places between two minutes: within one, no window tells how often a message was repeated. */
function cuts(records: readonly ChatRecord[]): readonly number[] {
    const places = records.flatMap((record, at) => (record.time === records[at - 1]?.time ? [] : [at]))
    return [...places, records.length]
}

/** Windows that together cover all, each but the first overlapping what is covered already; in any order. */
const split = history.chain((records) => {
    const places = cuts(records)
    const last = places.length - 1
    return fc
        .tuple(
            fc.array(fc.tuple(fc.nat(last), fc.nat(last)), { maxLength: 5 }),
            fc.array(fc.nat(last), { maxLength: 3 }),
            fc.func(fc.nat(1000)),
        )
        .map(([free, steps, order]) => {
            const borders = [...new Set([0, ...steps, last])].toSorted((one, other) => one - other)
            const chain = borders
                .slice(0, -1)
                .map((from, at) => [Math.max(0, from - 1), borders[at + 1] ?? last] as const)
            const windows = [
                ...chain,
                ...free.map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const),
            ]
            const cut = windows
                .map(([from, to]) => records.slice(places[from], places[to]))
                .filter((one) => one.length > 0)
            return { records, windows: cut.toSorted((one, other) => order(one.length) - order(other.length)) }
        })
})

test("random overlapping windows in random order give the history back", () => {
    fc.assert(
        fc.property(split, ({ records, windows }) => {
            const merged = merge(windows.map(asImport))
            expect(told(merged.records, merged.people)).toEqual(told(records))
        }),
        { numRuns: 500 },
    )
})

test("nothing is lost, whatever is merged: each export's records are in the history, as often and in their order", () => {
    fc.assert(
        fc.property(fc.array(history, { minLength: 1, maxLength: 4 }), (exports) => {
            const merged = merge(exports.map(asImport))
            const all = told(merged.records, merged.people)
            for (const one of exports) {
                let at = 0
                for (const line of told(one)) {
                    at = all.indexOf(line, at) + 1
                    expect(at).toBeGreaterThan(0)
                }
            }
        }),
        { numRuns: 300 },
    )
})

test("merging a history with itself changes nothing", () => {
    fc.assert(
        fc.property(history, (records) => {
            const merged = merge([asImport(records), asImport(records), asImport(records)])
            expect(told(merged.records, merged.people)).toEqual(told(records))
        }),
    )
})

test("half of the pictures in one export, the others in the next: all of them are there", () => {
    const photo = (name: string, file: number | null) => ({ name, kind: "photo" as const, file })
    const picture = fc.record({ first: fc.boolean(), sender: fc.nat(2), pause: fc.nat(2) })
    fc.assert(
        fc.property(fc.array(picture, { minLength: 1, maxLength: 40 }), (pictures) => {
            let minute = 0
            const ones: ChatRecord[] = []
            const others: ChatRecord[] = []
            pictures.forEach(({ first, sender, pause }, number) => {
                minute += pause
                const held = said(minute, sender, "", { attachment: photo(`IMG-${number}.jpg`, number) })
                const omitted = said(minute, sender, "", { kind: "omitted", omitted: null })
                ones.push(first ? held : omitted)
                others.push(first ? omitted : held)
            })
            const { records } = merge([asImport(ones), asImport(others)])
            const files = records.map(({ attachment }) => attachment?.file).filter((file) => file !== undefined)
            expect(new Set(files).size).toBe(pictures.length)
        }),
    )
})

// ---------------------------------------------------------------- what phones do

describe("what two exports tell differently", () => {
    const both = (one: readonly ChatRecord[], other: readonly ChatRecord[]) => merge([asImport(one), asImport(other)])

    test("a text that was deleted later is still there", () => {
        const rest = [said(1, 1, "Guten Morgen"), said(3, 1, "Gute Nacht")]
        const before = [rest[0], said(2, 0, "geheim"), rest[1]] as ChatRecord[]
        const after = [rest[0], said(2, 0, "", { kind: "deleted" }), rest[1]] as ChatRecord[]
        for (const merged of [both(before, after), both(after, before)])
            expect(merged.records.map(({ text }) => text)).toEqual(["Guten Morgen", "geheim", "Gute Nacht"])
    })

    test("an edited text stands once, as it was edited", () => {
        const before = [said(1, 1, "Hallo"), said(2, 0, "um acht")]
        const after = [said(1, 1, "Hallo"), said(2, 0, "um neun", { edited: true })]
        expect(both(before, after).records.map(({ text }) => text)).toEqual(["Hallo", "um neun"])
    })

    test("Android has minutes, iOS seconds: the seconds are kept", () => {
        const android = [said(1, 0, "eins"), said(1, 1, "zwei"), said(2, 0, "drei")]
        const ios = [
            said(1, 0, "eins", { time: clock(1, 7) }),
            said(1, 1, "zwei", { time: clock(1, 55) }),
            said(2, 0, "drei", { time: clock(2, 1) }),
        ]
        for (const merged of [both(android, ios), both(ios, android)])
            expect(merged.records.map(({ time }) => time.slice(17))).toEqual(["07", "55", "01"])
    })

    test("two pictures of one minute are two, though neither export has both", () => {
        const photo = (name: string) => said(5, 0, "", { attachment: { name, kind: "photo", file: 0 } })
        const merged = both([said(1, 1, "schau"), photo("a.jpg")], [photo("b.jpg"), said(9, 1, "schön")])
        expect(merged.records).toHaveLength(4)
    })

    test("the same picture under two names is one, when its content is known", () => {
        const photo = (name: string) => [said(5, 0, "", { attachment: { name, kind: "photo", file: 0 } })]
        const contentOf = () => "the same"
        const imports = [photo("00000012-PHOTO.jpg"), photo("00000007-PHOTO.jpg")].map(asImport)
        expect(merge(imports.map((one) => ({ ...one, contentOf }))).records).toHaveLength(1)
    })

    test("ids, replies and reactions of one export join the file of the other", () => {
        const media = { name: "a.jpg", kind: "photo", file: 3 } as const
        const text = [said(1, 1, "schau"), said(2, 0, "", { attachment: media })]
        const base = [
            said(1, 1, "schau", { id: "M1" }),
            said(2, 0, "", {
                kind: "omitted",
                id: "M2",
                quote: { sender: 1, text: "schau", id: "M1" },
                reactions: [{ emoji: "❤️", person: 2 }],
            }),
        ]
        const { records, people: names } = both(text, base)
        expect(records).toHaveLength(2)
        expect(records[1]).toMatchObject({ attachment: media, id: "M2", from: 0 })
        expect(names[records[1]?.quote?.sender ?? -1]).toBe("Ben")
        expect(names[records[1]?.reactions?.[0]?.person ?? -1]).toBe("Cleo")
    })

    test("a contact that was a number once is one person, called as in the newest export", () => {
        const talk = Array.from({ length: 9 }, (_, at) => said(at, at % 2, `Nachricht ${at}`))
        const older = { ...asImport(talk.slice(0, 7)), people: ["Anna", "+49 176 04069012"] }
        const newer = { ...asImport(talk.slice(2)), people: ["Anna", "Ben"] }
        for (const order of [
            [older, newer],
            [newer, older],
        ]) {
            const merged = merge(order)
            expect(merged.people).toEqual(["Anna", "Ben"])
            expect(merged.records).toHaveLength(9)
        }
    })

    test("an export made in another time zone is set to the newest one's clock", () => {
        const talk = Array.from({ length: 20 }, (_, at) => said(at * 3, at % 2, `eine längere Nachricht ${at}`))
        const abroad = talk.slice(0, 15).map((record) => ({
            ...record,
            time: new Date(Date.parse(`${record.time}Z`) + 2 * 3_600_000).toISOString().slice(0, 19),
        }))
        const merged = both(abroad, talk.slice(5))
        expect(merged.ahead).toEqual([120, 0])
        expect(told(merged.records, merged.people)).toEqual(told(talk))
        // Who says that they are no other clock, has them apart.
        const apart = merge([
            { ...asImport(abroad), ahead: 0 },
            { ...asImport(talk.slice(5)), ahead: 0 },
        ])
        expect(apart.records).toHaveLength(30)
    })
})

test("real texts of both platforms are one chat", () => {
    const android = [
        "19.09.26, 09:49 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Tippe, um mehr zu erfahren.",
        "19.09.26, 09:52 - Anna: Guten Morgen",
        "19.09.26, 09:52 - Ben: Morgen!",
        "19.09.26, 09:53 - Anna: IMG-20260919-WA0001.jpg (Datei angehängt)",
        "19.09.26, 09:54 - Ben: Schön",
        "",
    ].join("\n")
    const ios = [
        "[19.09.26, 09:52:31] Ben: \u200eNachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.",
        "[19.09.26, 09:52:40] Ben: Morgen!",
        "\u200e[19.09.26, 09:53:07] Anna: \u200eBild weggelassen",
        "[19.09.26, 09:54:02] Ben: Schön",
        "[19.09.26, 09:59:00] Anna: Bis gleich",
        "",
    ].join("\r\n")
    const names = ["WhatsApp-Chat mit Ben.txt", "IMG-20260919-WA0001.jpg"]
    const one = parseWhatsApp(android, { fileNames: names })
    const other = parseWhatsApp(ios, { fileNames: ["_chat.txt"] })
    const merged = merge([other, one])
    expect(merged.records.map(({ text, attachment, time }) => [time.slice(11), attachment?.name ?? text])).toEqual([
        ["09:49:00", expect.stringContaining("Ende-zu-Ende")],
        ["09:52:00", "Guten Morgen"],
        ["09:52:40", "Morgen!"],
        ["09:53:07", "IMG-20260919-WA0001.jpg"],
        ["09:54:02", "Schön"],
        ["09:59:00", "Bis gleich"],
    ])
})
