import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { findChatText, parseWhatsApp, recogniseWhatsApp, titleFromNames } from "../../src/reader/parse-whatsapp.ts"
import { dialects, kinds, records } from "./support.ts"

const joined = (text: string, ranges: readonly { raw: { offset: number; length: number } }[]): string =>
    ranges.map(({ raw }) => text.slice(raw.offset, raw.offset + raw.length)).join("")

describe("no text is lost", () => {
    test("any text is read, and its raw ranges joined are the text", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
                const chat = parseWhatsApp(text, { fileNames: [] })
                expect(joined(text, chat.records)).toBe(text)
            }),
            { numRuns: 300 },
        )
    })

    test("so is any row of code units, halves of characters among them", () => {
        const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 400 })
        fc.assert(
            fc.property(units, (codes) => {
                const text = String.fromCharCode(...codes)
                expect(joined(text, parseWhatsApp(text, { fileNames: [] }).records)).toBe(text)
            }),
            { numRuns: 300 },
        )
    })

    test("so is any text made of the pieces that exports are made of", () => {
        const piece = fc.constantFrom(
            ...[
                "19.09.26, 09:52 - ",
                "[9/19/26, 9:52:10\u202fAM] ",
                "9/19/26, 9:52 PM - ",
                "Anna: ",
                "\u200e",
                "\ufeff",
            ],
            ...["<attached: a.jpg>", "IMG-20260919-WA0001.jpg (file attached)", "<", ">", "(", ")", "\r\n", "\n", "\r"],
            ...[
                "POLL:\n",
                "OPTION: x (2 votes)",
                "<Media omitted>",
                "https://maps.google.com/?q=1,2",
                "٣١/٢/٢٠٢٦",
                "text ",
            ],
        )
        fc.assert(
            fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, dayFirst) => {
                const text = pieces.join("")
                const chat = parseWhatsApp(text, { fileNames: ["a.jpg"], dayFirst })
                expect(joined(text, chat.records)).toBe(text)
                for (const record of chat.records) {
                    expect(record.sender === null || chat.people[record.sender] !== undefined).toBe(true)
                    if (chat.dialect !== null) expect(record.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
                }
            }),
            { numRuns: 1000 },
        )
    })
})

describe("headers", () => {
    test.each(dialects)("%s", (header, time, sender, text) => {
        const [record] = records(header)
        expect([record?.time, record?.by, record?.text]).toEqual([time, sender, text])
    })

    test("the same header is read alike the first time and by what was learned from it", () => {
        for (const [header] of dialects) {
            const [first, second] = records(`${header}\n${header}\n`)
            expect({ ...second, index: 0, raw: null }).toEqual({ ...first, raw: null })
        }
    })

    test("an answer decides what the dates leave open, and yields to evidence", () => {
        const day = (text: string, dayFirst: boolean | null) => parseWhatsApp(text, { fileNames: [], dayFirst })
        expect(day("5/6/26, 09:52 - Ann: Hi", false)).toMatchObject({
            dateOrder: "decided",
            records: [{ time: "2026-05-06T09:52:00" }],
        })
        expect(day("5/6/26, 09:52 - Ann: Hi", true)).toMatchObject({
            dateOrder: "decided",
            records: [{ time: "2026-06-05T09:52:00" }],
        })
        expect(day("5/5/26, 09:52 - Ann: Hi", null)).toMatchObject({ dateOrder: "decided" })
        expect(day("5/16/26, 09:52 - Ann: Hi", true)).toMatchObject({ records: [{ time: "2026-05-16T09:52:00" }] })
    })
})

describe("bodies", () => {
    test.each(kinds)("%s", (text, expected) => {
        const [record] = records(text, [
            "a (1).pdf",
            "a (1).pdf (file attached).pdf",
            "folder/PTT-20260919-WA0002.opus",
        ])
        expect(record).toMatchObject(expected)
    })

    test("a mark that a person pasted does not take the words from them", () => {
        const chat = records("[19.09.26, 09:52:10] Ann: Hi\r\n[19.09.26, 09:53:10] Ann: \u200ebought three apples\r\n")
        expect(chat[1]).toMatchObject({ kind: "message", by: "Ann", text: "bought three apples" })
    })
})

describe("names", () => {
    test("the chat is found under any enclosing folder, and leavings are not taken for it", () => {
        expect(findChatText(["__MACOSX/._chat.txt", "Export/_chat.txt", "Export/notes.txt"])).toBe("Export/_chat.txt")
        expect(findChatText(["notes.txt", "WhatsApp Chat with Ann.txt"])).toBe("WhatsApp Chat with Ann.txt")
        expect(findChatText(["a.txt", "b.txt"])).toBeNull()
        expect(findChatText(["photo.jpg"])).toBeNull()
    })

    test("what a download does to a name is undone", () => {
        expect(titleFromNames("WhatsApp_Chat_with_Ann_Example (1).zip", "_chat.txt")).toBe("Ann Example")
        expect(titleFromNames("\u200eWhatsApp Chat - Ann.zip", "_chat.txt")).toBe("Ann")
        expect(titleFromNames("WhatsApp Chat with Team (2).zip", "WhatsApp Chat with Team (2).txt")).toBe("Team (2)")
        expect(titleFromNames("WhatsApp Chat with Team (2).txt", "WhatsApp Chat with Team (2).txt")).toBe("Team")
        expect(titleFromNames("export.zip", "花子とのWhatsAppチャット.txt")).toBe("花子")
    })

    test("a text without a name is recognised by its headers only", () => {
        expect(recogniseWhatsApp("19.09.26, 09:52 - Anna: Hallo", [])).toBe(true)
        expect(recogniseWhatsApp("Dear Ann,\n19.09.26, 09:52 - Anna: Hallo", [])).toBe(false)
    })
})

describe("size", () => {
    const within = (milliseconds: number, work: () => void): void => {
        const begun = performance.now()
        work()
        expect(performance.now() - begun).toBeLessThan(milliseconds)
    }

    test("40,000 records of each dialect", () => {
        for (const [header, time, , text] of dialects) {
            const chat = parseWhatsApp(`${header}\n`.repeat(40_000), { fileNames: [] })
            expect(chat.records).toHaveLength(40_000)
            expect(chat.records[39_999]).toMatchObject({ time, text, kind: "message" })
        }
    })

    // Generous for a busy machine; what grows with the square takes minutes.
    test("150,000 messages are read at once", () => {
        const lines = Array.from(
            { length: 150_000 },
            (_, n) => `19.09.26, 09:${10 + (n % 50)} - Ann ${n % 9}: number ${n}, (as said)\n`,
        )
        within(5000, () => expect(parseWhatsApp(lines.join(""), { fileNames: [] }).records).toHaveLength(150_000))
    })

    test.each(["<a: ", "(", "\u200e", "[", "1", " ", "> <", "\r", "OPTION: (1 ", '"', "https://"])(
        "a long line of %j is no trap",
        (piece) => {
            const line = `19.09.26, 09:52 - Ann: ${piece.repeat(65_536 / piece.length)}>)`
            within(2000, () => expect(parseWhatsApp(`${line}\n`.repeat(8), { fileNames: [] }).records).toHaveLength(8))
        },
    )
})
