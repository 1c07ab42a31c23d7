/** Every hand-written export is read as the JSON beside it says. */
import { readdirSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { describe, expect, test } from "vitest"
import type { ChatRecord } from "../../src/reader/conversation.ts"
import { findChatText, parseWhatsApp, recogniseWhatsApp, titleFromNames } from "../../src/reader/parse-whatsapp.ts"

const folder = resolve(import.meta.dirname, "../../../tests/vectors/exports")
const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -5))

type Row = readonly [kind: string, sender: string | null, time: string, text: string, more?: Partial<ChatRecord>]

interface Expected {
    readonly zip: string | null
    readonly text: string
    readonly files: readonly string[]
    readonly title: string
    readonly recognised: boolean
    readonly dialect: unknown
    readonly dateOrder: string
    readonly dateExample?: unknown
    readonly people: readonly string[]
    readonly self: string | null
    readonly unusedFiles?: readonly number[]
    readonly media?: number
    readonly mediaMissing?: number
    readonly mediaOmitted?: number
    readonly records: readonly Row[]
}

const open = (name: string): { text: string; expected: Expected } => ({
    text: readFileSync(resolve(folder, `${name}.txt`), "utf8"),
    expected: JSON.parse(readFileSync(resolve(folder, `${name}.json`), "utf8")) as Expected,
})

/** The row of a record: what is ordinary is left out. */
function row(record: ChatRecord, people: readonly string[]): Row {
    const { kind, sender, time, text, edited, attachment, omitted, poll } = record
    const more = {
        ...(attachment === null ? {} : { attachment }),
        ...(omitted === undefined ? {} : { omitted }),
        ...(edited ? { edited } : {}),
        ...(poll === undefined ? {} : { poll }),
    }
    const short = [kind, sender === null ? null : (people[sender] ?? ""), time, text] as const
    return Object.keys(more).length === 0 ? short : [...short, more]
}

describe.each(names)("%s", (name) => {
    const { text, expected } = open(name)
    const fileNames = [...expected.files, expected.text]

    test("is read as it says", () => {
        const chat = parseWhatsApp(text, { fileNames })
        expect(chat.records.map((record) => row(record, chat.people))).toEqual(expected.records)
        expect(chat.people).toEqual(expected.people)
        expect(chat.self).toEqual(expected.self)
        expect(chat.dialect).toEqual(expected.dialect)
        expect(chat.dateOrder).toEqual(expected.dateOrder)
        if (expected.dateExample !== undefined) expect(chat.dateExample).toEqual(expected.dateExample)
        const { media, mediaMissing, mediaOmitted } = expected
        if (media !== undefined) expect(chat).toMatchObject({ media, mediaMissing, mediaOmitted })
        if (expected.unusedFiles !== undefined) expect(chat.unusedFiles).toEqual(expected.unusedFiles)
    })

    test("loses nothing: the raw ranges joined are the file", () => {
        const { records } = parseWhatsApp(text, { fileNames })
        expect(records.map(({ raw }) => text.slice(raw.offset, raw.offset + raw.length)).join("")).toBe(text)
    })

    test("is recognised, found and named by its surroundings", () => {
        expect(recogniseWhatsApp(text, fileNames)).toBe(expected.recognised)
        if (expected.recognised) expect(findChatText(fileNames)).toBe(expected.text)
        expect(titleFromNames(expected.zip ?? expected.text, expected.text)).toBe(expected.title)
    })
})
