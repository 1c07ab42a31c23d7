/** What is chosen is what was asked for, whatever the windows; and it is counted before. */

import fc from "fast-check"
import { expect, test } from "vitest"
import { choose, measure, type OutChoice, windowsOf } from "../../../src/reader/out/choice.ts"
import { asJson } from "../../../src/reader/out/json.ts"
import { asHtml, asPrint } from "../../../src/reader/out/out.ts"
import { anyChat, chatOf, everything, joined, mediaOf, parsed, record, setting } from "./support.ts"

const days = fc.option(fc.constantFrom("2025-12-31", "2026-03-01", "2026-03-02", "2030-01-01"))
const anyChoice: fc.Arbitrary<OutChoice> = fc.record({
    form: fc.constant("json" as const),
    from: days,
    to: days,
    person: fc.option(fc.nat(2)),
    media: fc.boolean(),
})

test("both days belong to a range, and one person is one person", async () => {
    await fc.assert(
        fc.asyncProperty(
            anyChat,
            anyChoice,
            fc.integer({ min: 1, max: 4 }),
            async ({ chat, records }, choice, size) => {
                const { from, to, person } = choice
                const expected = records.filter(
                    ({ time, sender }) =>
                        (person === null || sender === person) &&
                        (from === null || (time !== "" && time >= `${from}T00:00:00`)) &&
                        (to === null || (time !== "" && time <= `${to}T23:59:59`)),
                )
                expect([...choose(records, choice)]).toEqual(expected)
                const measured = await measure({ ...chat, records: windowsOf(records, size) }, choice)
                expect(measured.records).toBe(expected.length)
                expect(measured.messages).toBe(expected.filter(({ sender }) => sender !== null).length)
                expect(measured.perPerson.reduce((sum, one) => sum + one, 0)).toBe(measured.messages)
                const times = expected.map(({ time }) => time).filter((time) => time !== "")
                expect([measured.first, measured.last]).toEqual([
                    times.toSorted()[0] ?? null,
                    times.toSorted().at(-1) ?? null,
                ])
                const read = JSON.parse(await joined(asJson(chat, choice, setting))) as {
                    records: { number: number }[]
                }
                expect(read.records.map(({ number }) => number)).toEqual(expected.map(({ index }) => index + 1))
            },
        ),
    )
})

test("a number means the same record whatever else is chosen", async () => {
    const chat = chatOf(Array.from({ length: 9 }, (_, index) => record(index, `Nr ${index + 1}`)))
    const choice = { ...everything("print"), from: "2026-03-03", to: "2026-03-07", person: 0 }
    const page = parsed(await joined(asPrint(chat, choice, setting, mediaOf([]))))
    expect(page.texts("number")).toEqual(["3", "5", "7"])
    expect(page.texts("text")).toEqual(["Nr 3", "Nr 5", "Nr 7"])
})

test("seconds stand where the source has them", async () => {
    const times = ["2026-03-01T10:00:00", "2026-03-01T10:00:07"]
    const chat = chatOf(times.map((time, index) => record(index, "Hi", { time })))
    const page = parsed(await joined(asPrint(chat, everything("print"), setting, mediaOf([]))))
    expect(page.texts("time")).toEqual(["10:00", "10:00:07"])
})

test.each(["html", "print"] as const)(
    "a document says who, when, what was chosen, and from which file: %s",
    async (form) => {
        const make = form === "html" ? asHtml : asPrint
        const choice = { ...everything(form), from: "2026-03-02", person: 1 }
        const chat = chatOf(Array.from({ length: 9 }, (_, index) => record(index, `Nr ${index + 1}`)))
        const [facts] = parsed(await joined(make(chat, choice, setting, mediaOf([])))).texts("facts-list")
        expect(facts).toContain("Ben (4 messages)")
        expect(facts).toContain("2 March 2026 to 8 March 2026")
        expect(facts).toContain("from 2 March 2026")
        expect(facts).toContain("only what Ben wrote")
        expect(facts).toContain("30 November 2026 at 14:05 (Europe/Berlin), by Backupweb 0.1.0")
        const german = await joined(make(chat, choice, { ...setting, language: "de" }, mediaOf([])))
        const page = parsed(german)
        expect(page.texts("facts-list")[0]).toContain("2. März 2026 bis 8. März 2026")
        expect(page.texts("hash")).toEqual([`SHA-256 ${"ab".repeat(32)}`])
        expect(page.texts("about")[0]).toContain("Für sich allein beweist sie nichts")
    },
)

test("nothing chosen is said, not an empty page", async () => {
    const choice = { ...everything("html"), from: "2040-01-01" }
    const html = await joined(asHtml(chatOf([record(0, "Hi")]), choice, setting, mediaOf([])))
    expect(parsed(html).texts("notice")).toEqual(["Nothing of this chat is chosen."])
})
