/** CSV, JSON and text are read back by others as what they were written from. */

import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { parse } from "csv-parse/sync"
import fc from "fast-check"
import { expect, test } from "vitest"
import { asCsv, csvColumns } from "../../../src/reader/out/csv.ts"
import { asJson } from "../../../src/reader/out/json.ts"
import { asBytes, fileNameOf, written } from "../../../src/reader/out/out.ts"
import { asText } from "../../../src/reader/out/plain.ts"
import { anyChat, chatOf, everything, joined, mediaOf, nastyText, record, setting } from "./support.ts"

const rows = (csv: string): Record<string, string>[] =>
    parse(csv, { bom: true, columns: true, record_delimiter: "\r\n", relax_column_count: false })

/** A file in UTF-8 has no half signs. */
const inUtf8 = (text: string): string => Buffer.from(text).toString()

/** The rule that the module promises to whoever wants the exact text. */
const original = (cell: string): string => (/^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell)

test("a spreadsheet's parser finds every record and every text", async () => {
    await fc.assert(
        fc.asyncProperty(anyChat, async ({ chat, records }) => {
            const csv = await joined(asCsv(chat, everything("csv")))
            expect(csv.startsWith("\uFEFFnumber,")).toBe(true)
            const found = rows(csv)
            expect(found.map(({ number }) => number)).toEqual(records.map(({ index }) => String(index + 1)))
            expect(found.map(({ text }) => original(text ?? ""))).toEqual(records.map(({ text }) => inUtf8(text)))
            expect(found.map(({ sender }) => original(sender ?? ""))).toEqual(
                records.map(({ sender }) => inUtf8(sender === null ? "" : (chat.people[sender] ?? ""))),
            )
            expect(found.map(({ attachment }) => original(attachment ?? ""))).toEqual(
                records.map(({ attachment }) => inUtf8(attachment?.name ?? "")),
            )
            for (const row of found) expect(Object.keys(row)).toEqual([...csvColumns])
        }),
        { numRuns: 200 },
    )
})

test("the columns are those that are described", () => {
    const described = readFileSync(resolve(import.meta.dirname, "../../../../docs/out.md"), "utf8")
    expect(described.replaceAll(/\s+/g, " ")).toContain(`\`${csvColumns.join(", ")}\``)
})

test("no cell begins with what a spreadsheet would calculate", async () => {
    const texts = ["=1+1", "+49 170", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "＝1", "fine = fine"]
    const csv = await joined(asCsv(chatOf(texts.map((text, index) => record(index, text))), everything("csv")))
    const cells = rows(csv).map(({ text }) => text ?? "")
    expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([])
    expect(cells.map(original)).toEqual(texts)
})

test("JSON comes back as the records, one in each line", async () => {
    await fc.assert(
        fc.asyncProperty(anyChat, async ({ chat, records }) => {
            const json = await joined(asJson(chat, everything("json"), setting))
            const read = JSON.parse(json) as { records: Record<string, unknown>[] } & Record<string, unknown>
            expect(read).toMatchObject({ format: "backupweb-chat", version: 1, title: chat.title, people: chat.people })
            const again = read.records.map(({ number, attachment, edited, forwarded, ...rest }) => {
                const file = attachment as { name: string; kind: string; inExport: boolean } | undefined
                return {
                    ...rest,
                    index: Number(number) - 1,
                    edited: edited === true,
                    ...(forwarded === true ? { forwarded } : {}),
                    attachment: file === undefined ? null : { ...file },
                }
            })
            const expected = records.map(({ raw, forwarded, attachment, ...rest }) => ({
                ...rest,
                ...(forwarded === true ? { forwarded } : {}),
                attachment: attachment && {
                    name: attachment.name,
                    kind: attachment.kind,
                    inExport: attachment.file !== null,
                },
            }))
            expect(again).toEqual(expected)
            expect(json.trimEnd().split("\n")).toHaveLength(records.length + 2)
            for (const line of json.split("\n").slice(1, records.length + 1))
                expect(JSON.parse(line.replace(/,$/, ""))).toBeTypeOf("object")
        }),
        { numRuns: 200 },
    )
})

test("in plain text nobody can write a message that looks like two", async () => {
    await fc.assert(
        fc.asyncProperty(anyChat, async ({ chat, records }) => {
            const text = await joined(asText(chat, everything("text"), setting))
            const body = text.split(/[\n\r\v\f\u0085\u2028\u2029]/).slice(text.split("\n\n")[1]?.split("\n").length)
            const begun = body.filter((line) => /^(?:\d\d:\d\d| {5}) {2}\S/.test(line) && !/^ {7}/.test(line))
            expect(begun.length).toBeLessThanOrEqual(records.length)
        }),
    )
    const forged = chatOf([record(0, "Hi\n10:01  Ben: I owe you 500\r10:02  Ben: I do\u202810:03  Ben: Really")])
    const lines = (await joined(asText(forged, everything("text"), setting))).split("\n")
    expect(lines.filter((line) => /^\d\d:\d\d/.test(line))).toEqual(["10:00  Anna: Hi"])
})

test("plain text says what a message holds besides words", async () => {
    const chat = chatOf([
        record(0, "look", {
            attachment: { name: "IMG-1.jpg", kind: "photo", file: null },
            quote: { sender: 1, text: "Where?", id: null },
            reactions: [
                { emoji: "👍", person: 1 },
                { emoji: "👍", person: null },
            ],
            forwarded: true,
            edited: true,
        }),
        record(1, "", { kind: "poll", poll: { question: "When?", options: [{ text: "Now", votes: 2 }] } }),
        record(2, "Ben left", { kind: "system", sender: null }),
        record(3, "", { kind: "omitted", omitted: "voice" }),
    ])
    // Some browsers put a comma behind the name of the day.
    expect((await joined(asText(chat, everything("text"), setting))).replaceAll("day, ", "day ")).toBe(
        `Tour

People: Anna (1 message); Ben (2 messages)
Period: 1 March 2026 to 4 March 2026
Extent: 3 messages; 1 notice of the app
Chosen: the whole chat
Made: 30 November 2026 at 14:05 (Europe/Berlin), by Backupweb 0.1.0
SHA-256 ${"ab".repeat(32)}  WhatsApp Chat - Tour.zip

Sunday 1 March 2026

10:00  Anna: [Forwarded]
       [In answer to Ben: Where?]
       [Photo: IMG-1.jpg – is not in the export]
       look
       [👍 2 Ben]
       [edited]

Monday 2 March 2026

10:00  Ben: Poll: When?
       – Now (2 votes)

Tuesday 3 March 2026

10:00  * [Ben left]

Wednesday 4 March 2026

10:00  Ben: [Voice message, left out of the export]
`,
    )
})

test("files are named after chat and choice, and lead into no folder", () => {
    const chat = chatOf([], { title: "../Tour: Rom/2026\u202Egpj.exe" })
    const choice = { ...everything("print"), from: "2026-01-01", person: 1 }
    expect(fileNameOf(chat, choice, setting)).toBe(".._Tour_ Rom_2026_gpj.exe – Ben – 2026-01-01… – Print edition.html")
    fc.assert(
        fc.property(nastyText, (title) => {
            expect(fileNameOf(chatOf([], { title }), everything("csv"), setting)).not.toMatch(
                /[/\\\p{Cc}\p{Cf}\p{Cs}]/u,
            )
        }),
    )
})

test("a large chat with large files passes through in small pieces", async () => {
    const size = 20_000_000
    const piece = new Uint8Array(1 << 20)
    const media = {
        ...mediaOf([]),
        open: async () => ({
            type: "video/mp4",
            size,
            pieces: (async function* () {
                for (let left = size; left > 0; left -= piece.length)
                    yield piece.subarray(0, Math.min(left, piece.length))
            })(),
        }),
    }
    const many = 15_000
    const video = { name: "VID-1.mp4", kind: "video", file: 0 } as const
    const chat = chatOf([], {
        records: async function* () {
            for (let at = 0; at < many; at += 500)
                yield Array.from({ length: 500 }, (_, place) =>
                    record(at + place, "Schöne Grüße 👋", at + place === many / 2 ? { attachment: video } : {}),
                )
        },
    })
    for (const form of ["html", "json", "csv", "text", "print"] as const) {
        let [most, all] = [0, 0]
        for await (const bytes of asBytes(written(chat, everything(form, true), setting, media))) {
            most = Math.max(most, bytes.length)
            all += bytes.length
        }
        expect(most, form).toBeLessThan(1_000_000)
        expect(all, form).toBeGreaterThan(form === "html" ? (size * 4) / 3 : many * 40)
    }
})
