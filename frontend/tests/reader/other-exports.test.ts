/** Every hand-written export of the other messengers is recognised, and read as the JSON beside it says. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { describe, expect, test } from "vitest"
import type { ChatRecord, PartOfExport } from "../../src/reader/conversation.ts"
import { type OtherSource, readOther, recogniseOther } from "../../src/reader/other-sources.ts"

const folder = resolve(import.meta.dirname, "../../../tests/vectors/exports/other")
const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -5))

type Row = readonly [kind: string, sender: string | null, time: string, text: string, more: Partial<ChatRecord>]

interface Expected {
    readonly reader: OtherSource
    readonly zone: string | null
    readonly folder: string
    readonly files: readonly string[]
    readonly texts: readonly string[]
    readonly chats: readonly (Pick<PartOfExport, "part" | "title" | "people" | "self"> & {
        readonly records: readonly Row[]
    })[]
}

function open(name: string) {
    const expected = JSON.parse(readFileSync(resolve(folder, `${name}.json`), "utf8")) as Expected
    const fileNames = expected.files.map((file) => expected.folder + file)
    const text = (file: number): string => {
        const path = resolve(folder, name, expected.files[file] ?? "")
        return existsSync(path) ? readFileSync(path, "utf8") : ""
    }
    const places = expected.texts.map((file) => expected.files.indexOf(file))
    const texts = new Map(places.map((place) => [place, text(place)]))
    return { expected, fileNames, text, places, texts }
}

/** The row of a record: what is ordinary is left out. */
function row(record: ChatRecord, people: readonly string[]): Row {
    const { kind, sender, time, text, index: _, raw: __, edited, attachment, ...rest } = record
    const more = { ...rest, ...(edited ? { edited } : {}), ...(attachment === null ? {} : { attachment }) }
    return [kind, sender === null ? null : (people[sender] ?? ""), time, text, more]
}

describe.each(names)("%s", (name) => {
    const { expected, fileNames, text, places, texts } = open(name)
    const read = (): readonly PartOfExport[] => readOther(expected.reader, fileNames, texts, expected.zone ?? undefined)

    test("is recognised by what stands in its files", async () => {
        const sample = async (file: number): Promise<string> => text(file).slice(0, 65_536)
        expect(await recogniseOther(fileNames, sample)).toEqual({ reader: expected.reader, texts: places })
    })

    test("is read as it says", () => {
        const chats = read().map(({ records, ...chat }) => ({
            ...chat,
            records: records.map((record) => row(record, chat.people)),
        }))
        expect(chats).toEqual(expected.chats)
    })

    test("each record leads back to its own piece of the export", () => {
        for (const { records } of read()) {
            records.forEach((record, index) => {
                expect(record.index).toBe(index)
                const { file = -1, offset, length } = record.raw
                const piece = texts.get(file)?.slice(offset, offset + length) ?? ""
                expect(piece).toMatch(/^\{/)
                if (record.id === undefined) expect(piece).toBe(record.text)
                else expect(piece).toContain(/^\d+/.exec(record.id)?.[0])
            })
        }
    })

    test("is read alike a second time, and from within other folders", () => {
        const elsewhere = fileNames.map((file) => `a/b/${file}`)
        const moved = readOther(expected.reader, elsewhere, texts, expected.zone ?? undefined)
        expect(moved).toEqual(read())
    })
})

test("no key of Signal's frames is in what is read", () => {
    const { expected, fileNames, texts } = open("signal")
    const read = JSON.stringify(readOther(expected.reader, fileNames, texts))
    for (const secret of ["OF-THE-OWNER", "OF-A-CONTACT", "OF-THE-GROUP"]) {
        const text = [...texts.values()].join("")
        const key = /"(?:profileKey|masterKey)":"([^"]+)"/g
        const keys = [...text.matchAll(key)].map(([, value]) => value ?? "")
        expect(keys.some((value) => atob(value).includes(secret))).toBe(true)
        for (const value of keys) expect(read).not.toContain(value)
    }
})
