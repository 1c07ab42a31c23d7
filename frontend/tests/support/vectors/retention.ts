/** retention.json: exports, rules, and what stays, goes and comes back; the rules as they stand in a head. */

import {
    type Element,
    freedBy,
    lostWith,
    propose,
    type RetentionRule,
    readRule,
    spellRule,
} from "../../../src/engine/retention.ts"

interface ImportText {
    readonly id: string
    readonly added: string
    readonly last: string | null
    readonly messages: readonly string[]
    readonly notices: readonly string[]
    readonly files: readonly string[]
    /** Sealed object → its size. */
    readonly objects: Readonly<Record<string, number>>
}

interface Case {
    readonly name: string
    readonly zone: string
    readonly rule: string
    readonly imports: readonly ImportText[]
    /** Imports that a person chose; null: those that are proposed. */
    readonly chosen?: readonly string[]
}

const one = (id: string, last: string | null, messages: string, more: Partial<ImportText> = {}): ImportText => ({
    id,
    added: "2026-11-20T08:00:00Z",
    last,
    messages: [...messages],
    notices: [],
    files: [],
    objects: { [`pack-${id}`]: 1_000 },
    ...more,
})

/** A chat that grows, exported on these days: each holds all that the one before holds. */
const growing = (...days: readonly string[]): readonly ImportText[] =>
    days.map((day, index) => one(`e${index + 1}`, `${day}T20:00:00`, "abcdefghijklmnop".slice(0, index + 2)))

const year = growing("2025-11-30", "2025-12-31", "2026-01-10", "2026-01-31", "2026-02-14", "2026-03-01", "2026-03-31")

const cases: readonly Case[] = [
    { name: "no rule keeps everything", zone: "Europe/Berlin", rule: "all", imports: year },
    { name: "no import at all", zone: "UTC", rule: "last=1 months=0 years=0", imports: [] },
    { name: "the newest always stays", zone: "UTC", rule: "last=1 months=0 years=0", imports: year },
    { name: "the last three", zone: "UTC", rule: "last=3 months=0 years=0", imports: year },
    { name: "the newest of each of three months", zone: "UTC", rule: "last=1 months=3 years=0", imports: year },
    { name: "the newest of each year", zone: "UTC", rule: "last=1 months=0 years=9", imports: year },
    { name: "all three at once", zone: "UTC", rule: "last=2 months=2 years=2", imports: year },
    {
        name: "a month without an export takes no place",
        zone: "UTC",
        rule: "last=1 months=2 years=0",
        imports: growing("2024-02-01", "2024-02-20", "2026-05-05"),
    },
    {
        name: "an older export with messages that the newer ones lack stays",
        zone: "UTC",
        rule: "last=1 months=0 years=0",
        imports: [
            one("capped", "2026-06-01T10:00:00", "efgh"),
            one("whole", "2026-01-01T10:00:00", "abcdef", { notices: ["n"] }),
            one("early", "2025-01-01T10:00:00", "abc"),
        ],
    },
    {
        name: "an older export with files that the newer ones lack stays, without them it goes",
        zone: "UTC",
        rule: "last=1 months=0 years=0",
        imports: [
            one("text-only", "2026-06-01T10:00:00", "abcd"),
            one("with-media", "2026-05-01T10:00:00", "abc", { files: ["photo", "voice"] }),
            one("fewer-media", "2026-04-01T10:00:00", "ab", { files: ["photo"] }),
        ],
    },
    {
        name: "of two with the same content that nothing else holds the newer stays",
        zone: "UTC",
        rule: "last=1 months=0 years=0",
        imports: [
            one("new", "2026-06-01T10:00:00", "z"),
            one("b", "2026-03-01T10:00:00", "xy"),
            one("a", "2026-02-01T10:00:00", "xy"),
        ],
    },
    {
        name: "two that hold what the third holds alone both go",
        zone: "UTC",
        rule: "last=1 months=0 years=0",
        imports: [
            one("new", "2026-06-01T10:00:00", "z"),
            one("c", "2026-05-01T10:00:00", "wx"),
            one("b", "2026-04-01T10:00:00", "wxy"),
            one("a", "2026-03-01T10:00:00", "y"),
        ],
    },
    ...["Europe/Berlin", "America/New_York", "UTC"].map(
        (zone): Case => ({
            name: `files without a chat are dated by when they were added: ${zone}`,
            zone,
            rule: "last=1 months=9 years=0",
            imports: [
                "2026-04-01T03:30:00Z",
                "2026-03-31T22:30:00Z",
                "2026-03-31T20:00:00Z",
                "2026-03-01T01:00:00Z",
            ].map((added, index) => one(`f${index}`, null, "", { added })),
        }),
    ),
    {
        name: "the same moment: what was added later is newer, then what has the greater id",
        zone: "UTC",
        rule: "last=1 months=0 years=0",
        imports: [
            one("b", "2026-03-01T10:00:00", "x"),
            one("c", "2026-03-01T10:00:00", "x"),
            one("a", "2026-03-01T10:00:00", "x", { added: "2026-11-21T08:00:00Z" }),
        ],
    },
    {
        name: "objects that a staying import needs do not come back",
        zone: "UTC",
        rule: "last=1 months=0 years=0",
        imports: [
            one("new", "2026-06-01T10:00:00", "abc", { objects: { p3: 300, shared: 8_000, c1: 10 } }),
            one("old", "2026-05-01T10:00:00", "ab", { objects: { p2: 200, shared: 8_000, c1: 10, both: 50 } }),
            one("older", "2026-04-01T10:00:00", "a", { objects: { p1: 100, shared: 8_000, c1: 10, both: 50 } }),
        ],
    },
    {
        name: "a person chooses more than is proposed",
        zone: "UTC",
        rule: "last=1 months=0 years=0",
        imports: [
            one("new", "2026-06-01T10:00:00", "ef"),
            one("old", "2026-05-01T10:00:00", "abcd", { files: ["photo"], notices: ["n"] }),
            one("older", "2026-04-01T10:00:00", "abc", { files: ["photo"] }),
        ],
        chosen: ["old", "older"],
    },
]

const spellings = [
    "all",
    "last=1 months=0 years=0",
    "last=3 months=12 years=5",
    "last=999 months=999 years=999",
    "last=0 months=0 years=0",
    "last=1000 months=0 years=0",
    "last=03 months=0 years=0",
    "last=3 months=12",
    "last=3 months=12 years=5 weeks=4",
    "last=3  months=12 years=5",
    "",
    "none",
]

const held = (imports: readonly ImportText[]) =>
    imports.map(({ messages, notices, files, objects, ...dated }) => ({
        ...dated,
        messages: new Set<Element>(messages),
        notices: new Set<Element>(notices),
        files: new Set<Element>(files),
        objects: new Map(Object.entries(objects)),
    }))

export function retentionVectors(): object {
    return {
        rules: spellings.map((text) => {
            const rule: RetentionRule = readRule(text)
            return { text, rule, spelled: spellRule(rule) }
        }),
        cases: cases.map(({ chosen, ...given }) => {
            const imports = held(given.imports)
            const verdicts = propose(imports, readRule(given.rule), given.zone)
            const proposed = verdicts.filter(({ reasons }) => reasons.length === 0).map(({ id }) => id)
            const goes = chosen ?? proposed
            const gone = new Set(goes)
            return { ...given, verdicts, goes, lost: lostWith(imports, gone), freed: freedBy(imports, gone) }
        }),
    }
}
