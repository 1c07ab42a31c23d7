import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
    type Element,
    freedBy,
    type HeldImport,
    inOrder,
    keptByRule,
    lostWith,
    propose,
    type RetentionRule,
    readRule,
    type StoredImport,
    spellRule,
} from "../../src/engine/retention.ts"
import { readVectors } from "../support/read-vectors.ts"

const zones = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu"]
const zone = fc.constantFrom(...zones)

const some = fc.record({
    kind: fc.constant("some" as const),
    last: fc.integer({ min: 1, max: 6 }),
    months: fc.integer({ min: 0, max: 6 }),
    years: fc.integer({ min: 0, max: 4 }),
})
const rule: fc.Arbitrary<RetentionRule> = fc.oneof(
    { weight: 1, arbitrary: fc.constant({ kind: "all" as const }) },
    { weight: 9, arbitrary: some },
)

const utc = fc
    .integer({ min: Date.UTC(2022, 0), max: Date.UTC(2026, 11) })
    .map((moment) => `${new Date(moment).toISOString().slice(0, 19)}Z`)
const elements = (most: number) =>
    fc.uniqueArray(fc.integer({ min: 0, max: most }), { maxLength: 8 }).map((list) => new Set<Element>(list))

interface Made extends HeldImport, StoredImport {}

const imports: fc.Arbitrary<readonly Made[]> = fc.uniqueArray(
    fc.record({
        id: fc.integer({ min: 1, max: 999 }).map(String),
        added: utc,
        last: fc.option(utc.map((time) => time.slice(0, 19))),
        messages: elements(14),
        notices: elements(4),
        files: elements(8),
        objects: fc
            .uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 4 })
            .map((packs) => new Map(packs.map((pack) => [`p${pack}`, 2 ** pack]))),
    }),
    { maxLength: 12, selector: ({ id }) => id },
)

const goers = (list: readonly Made[], asked: RetentionRule, where: string): ReadonlySet<string> =>
    new Set(propose(list, asked, where).flatMap(({ id, reasons }) => (reasons.length === 0 ? [id] : [])))

describe("a proposal", () => {
    test("never names the newest", () => {
        fc.assert(
            fc.property(imports, rule, zone, (list, asked, where) => {
                const [newest] = inOrder(list, where)
                if (newest !== undefined) expect(goers(list, asked, where)).not.toContain(newest.id)
            }),
        )
    })

    test("names nothing when the rule is to keep all", () => {
        fc.assert(
            fc.property(imports, zone, (list, where) => {
                expect(goers(list, { kind: "all" }, where).size).toBe(0)
            }),
        )
    })

    test("loses nothing that any export holds", () => {
        fc.assert(
            fc.property(imports, rule, zone, (list, asked, where) => {
                expect(lostWith(list, goers(list, asked, where))).toEqual({ messages: 0, notices: 0, files: 0 })
            }),
        )
    })

    test("says of what stays beyond the rule exactly what would be lost with it", () => {
        fc.assert(
            fc.property(imports, rule, zone, (list, asked, where) => {
                const goes = goers(list, asked, where)
                for (const { id, reasons } of propose(list, asked, where))
                    for (const reason of reasons) {
                        if (reason.kind !== "only-here") continue
                        const { kind: _, ...only } = reason
                        expect(lostWith(list, new Set([...goes, id]))).toEqual(only)
                        expect(only.messages + only.notices + only.files).toBeGreaterThan(0)
                    }
            }),
        )
    })

    test("stays safe whatever a person unticks", () => {
        fc.assert(
            fc.property(imports, rule, zone, fc.infiniteStream(fc.boolean()), (list, asked, where, ticks) => {
                const ticked = [...goers(list, asked, where)].filter(() => ticks.next().value)
                expect(lostWith(list, new Set(ticked))).toEqual({ messages: 0, notices: 0, files: 0 })
            }),
        )
    })

    test("does not depend on the order in which exports are listed", () => {
        fc.assert(
            fc.property(imports, rule, zone, (list, asked, where) => {
                expect(propose(list.toReversed(), asked, where)).toEqual(propose(list, asked, where))
            }),
        )
    })
})

describe("the rule itself", () => {
    test("keeps no less when any of its numbers grows", () => {
        fc.assert(
            fc.property(
                imports,
                some,
                fc.constantFrom("last", "months", "years"),
                zone,
                (list, asked, grows, where) => {
                    const more = { ...asked, [grows]: asked[grows] + 1 }
                    const kept = new Set(keptByRule(list, more, where).keys())
                    for (const id of keptByRule(list, asked, where).keys()) expect(kept).toContain(id)
                },
            ),
        )
    })

    test("keeps no more months and years than it says, and as many as there are", () => {
        fc.assert(
            fc.property(imports, some, zone, (list, asked, where) => {
                const reasons = [...keptByRule(list, asked, where).values()].flat()
                const months = reasons.flatMap((reason) => (reason.kind === "month" ? [reason.month] : []))
                const years = reasons.flatMap((reason) => (reason.kind === "year" ? [reason.year] : []))
                expect(new Set(months).size).toBe(months.length)
                expect(new Set(years).size).toBe(years.length)
                const all = keptByRule(list, { kind: "some", last: 1, months: 999, years: 999 }, where)
                const every = [...all.values()].flat()
                expect(months.length).toBe(Math.min(asked.months, every.filter(({ kind }) => kind === "month").length))
                expect(years.length).toBe(Math.min(asked.years, every.filter(({ kind }) => kind === "year").length))
            }),
        )
    })

    test("counts months in the person's zone", () => {
        const added = ["2026-03-31T22:30:00Z", "2026-03-31T20:00:00Z"]
        const list = added.map((time, index) => ({ id: `${index}`, added: time, last: null }))
        const monthly = { kind: "some", last: 1, months: 5, years: 0 } as const
        expect([...keptByRule(list, monthly, "Europe/Berlin").keys()]).toEqual(["0", "1"])
        expect([...keptByRule(list, monthly, "UTC").keys()]).toEqual(["0"])
    })

    test("comes back from its text", () => {
        fc.assert(
            fc.property(rule, (asked) => {
                expect(readRule(spellRule(asked))).toEqual(asked)
            }),
        )
    })

    test.each([
        { last: 0, months: 1, years: 1 },
        { last: 1000, months: 1, years: 1 },
        { last: 1, months: 1.5, years: 1 },
        { last: 1, months: 1, years: -1 },
        { last: Number.NaN, months: 1, years: 1 },
    ])("refuses numbers that no rule has: %o", (numbers) => {
        expect(() => spellRule({ kind: "some", ...numbers })).toThrow(RangeError)
    })
})

describe("what comes back", () => {
    test("is never a byte that a staying import needs, and everything when nothing stays", () => {
        fc.assert(
            fc.property(imports, fc.infiniteStream(fc.boolean()), (list, ticks) => {
                const goes = new Set(list.filter(() => ticks.next().value).map(({ id }) => id))
                const all = new Map(list.flatMap(({ objects }) => [...objects]))
                const needed = new Map(list.flatMap(({ id, objects }) => (goes.has(id) ? [] : [...objects])))
                const sum = (objects: ReadonlyMap<string, number>) => [...objects.values()].reduce((a, b) => a + b, 0)
                expect(freedBy(list, goes)).toBe(sum(all) - sum(needed))
            }),
        )
    })
})

interface RetentionVectors {
    readonly cases: readonly { readonly name: string; readonly goes: readonly string[] }[]
}

test.each([
    ["no rule keeps everything", []],
    ["the newest always stays", ["e6", "e5", "e4", "e3", "e2", "e1"]],
    ["the last three", ["e4", "e3", "e2", "e1"]],
    ["the newest of each of three months", ["e6", "e3", "e2", "e1"]],
    ["the newest of each year", ["e6", "e5", "e4", "e3", "e1"]],
    ["a month without an export takes no place", ["e1"]],
    ["an older export with messages that the newer ones lack stays", ["early"]],
    ["an older export with files that the newer ones lack stays, without them it goes", ["fewer-media"]],
    ["of two with the same content that nothing else holds the newer stays", ["a"]],
    ["two that hold what the third holds alone both go", ["c", "a"]],
])("the shared vectors are what a person would say: %s", (name, expected) => {
    const { cases } = readVectors<RetentionVectors>("retention.json")
    expect(cases.find((one) => one.name === name)?.goes).toEqual(expected)
})
