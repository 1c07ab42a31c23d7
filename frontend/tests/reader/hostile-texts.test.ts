/** Texts that no messenger writes: they are read in bounded time, and nothing of them is lost. */

import { describe, expect, test } from "vitest"
import { merge } from "../../src/reader/merge/merge.ts"
import { parseWhatsApp } from "../../src/reader/parse-whatsapp.ts"
import { SearchIndex } from "../../src/reader/search.ts"
import { statisticsOf } from "../../src/reader/statistics/statistics.ts"

const everything = { text: "ende", person: null, kind: null, from: null, to: null }
const chat = (body: string) =>
    parseWhatsApp(`19.09.26, 09:50 - Anna: ${body}\n19.09.26, 09:51 - Ben: Ende\n`, { fileNames: [] })

describe("a line of a hundred million letters", () => {
    test.each([
        ["of one letter", "x", 100e6],
        ["of words", "wort ", 20e6],
        ["of brackets and colons", "a: b <c> (d) ", 8e6],
        ["of marks of direction", "\u202eä\u2067", 20e6],
    ])("%s", (_, piece, times) => {
        const body = piece.repeat(times)
        const read = chat(body)
        expect(read.records).toHaveLength(2)
        expect(read.records[0]?.raw.length).toBe(24 + body.length + 1)
        expect([...new SearchIndex(read.records, read.people).find(everything)]).toEqual([1])
        expect(merge([read, read]).records).toHaveLength(2)
        expect(statisticsOf(read).messages).toBe(2)
    })
})

test("hundreds of thousands of lines that look like headers and are none", () => {
    const lines = Array.from({ length: 300_000 }, (_, at) => `${at % 40}.${at % 13}.26, ${at % 99}:${at % 70} - `)
    const text = `19.09.26, 09:50 - Anna: los\n${lines.join("\n")}\n19.09.26, 09:51 - Ben: Ende`
    const read = parseWhatsApp(text, { fileNames: [] })
    expect(read.records.reduce((sum, { raw }) => sum + raw.length, 0)).toBe(text.length)
})
