/** What the readers of the other messengers' exports share: spoilt texts, wall clocks, and paths of files. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { repaired } from "../../src/reader/meta/mojibake.ts"
import { WallClock } from "../../src/reader/parts/clock.ts"
import { ExportFiles } from "../../src/reader/parts/files.ts"
import { JsonText } from "../../src/reader/parts/scan.ts"

const spoilt = (text: string): string => Buffer.from(text, "utf8").toString("latin1")

describe("texts that Meta spoilt", () => {
    test("every text is repaired to what it was", () => {
        fc.assert(
            fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => repaired(spoilt(text)) === text),
        )
        fc.assert(
            fc.property(
                fc.string({ unit: "binary", maxLength: 40 }),
                (text) => repaired(spoilt(text)) === Buffer.from(text, "utf8").toString("utf8"),
            ),
        )
    })

    test("a text with a character beyond Latin-1 stays as it is", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 0x100, max: 0xd7ff }), (text, code) => {
                const whole = `Ã¼${text}${String.fromCharCode(code)}`
                return repaired(whole) === whole
            }),
        )
    })

    test("so does a text whose characters are no UTF-8, and the mark at its beginning is kept", () => {
        expect(repaired("Jürgen")).toBe("Jürgen")
        expect(repaired("JÃ¼rgen ü")).toBe("JÃ¼rgen ü")
        expect(repaired(spoilt("\ufeffä"))).toBe("\ufeffä")
    })
})

describe("wall clocks", () => {
    const moments = fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 })

    test("of any zone are those of the platform", () => {
        const zone = fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns")
        fc.assert(
            fc.property(moments, zone, (moment, timeZone) => {
                // Before 1980 some places moved their clocks by odd seconds.
                fc.pre(moment > 315_532_800_000)
                const expected = new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short", timeStyle: "medium" })
                expect(new WallClock(timeZone).read(moment)).toBe(expected.format(moment).replace(" ", "T"))
            }),
        )
    })

    test("an unknown zone is this device's, and what is no moment has no time", () => {
        fc.assert(
            fc.property(
                moments,
                (moment) => new WallClock("Nowhere/Land").read(moment) === new WallClock().read(moment),
            ),
        )
        for (const odd of [null, Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e15])
            for (const zone of [undefined, "UTC"]) expect(new WallClock(zone).read(odd)).toBeNull()
    })

    test("the hour that comes twice is told twice", () => {
        const clock = new WallClock("Europe/Berlin")
        expect(clock.read(Date.UTC(2026, 9, 25, 0, 30))).toBe("2026-10-25T02:30:00")
        expect(clock.read(Date.UTC(2026, 9, 25, 1, 30))).toBe("2026-10-25T02:30:00")
    })
})

describe("paths", () => {
    test("a path begins beside its text, in a folder around it, or in another folder of the archive", () => {
        const files = new ExportFiles([
            "a/result.json",
            "a/photos/1.jpg",
            "photos/1.jpg",
            "b/photos/2.jpg",
            "./c\\3.jpg",
        ])
        expect(files.find("photos/1.jpg", 0)).toBe(1)
        expect(files.find("./photos/2.jpg", 0)).toBe(3)
        expect(files.find("c/3.jpg", 0)).toBe(4)
        expect(files.find("3.jpg", 0)).toBe(4)
        expect(files.find("photos/3.jpg", 0)).toBeNull()
    })

    test("of two files that it could mean, neither is taken, and of one name that stands twice, the last", () => {
        const files = new ExportFiles(["x.json", "a/p/1.jpg", "b/p/1.jpg", "q/1.jpg", "q/1.jpg"])
        expect(files.find("p/1.jpg", 0)).toBeNull()
        expect(files.find("q/1.jpg", 0)).toBe(4)
    })

    test("letters with marks are the same, composed or not; folders and leavings are no files", () => {
        const files = new ExportFiles(["U\u0308.pdf", "dir/", "__MACOSX/._Ü.pdf", "dir/._x"])
        expect(files.find("\u00dc.pdf", 0)).toBe(0)
        expect(files.find("dir", 0)).toBeNull()
        expect(files.find("._x", 0)).toBeNull()
        for (const odd of ["", "/", "..", "../../x", "a/".repeat(10_000)]) expect(files.find(odd, 0)).toBeNull()
    })
})

test("values end where JSON says they end", () => {
    fc.assert(
        fc.property(fc.json(), fc.constantFrom("", " ", ",1]", "}", "\n{"), (json, behind) => {
            expect(new JsonText(json + behind).endOfValue(0)).toBe(json.length)
        }),
        { numRuns: 500 },
    )
})

test("elements and members are found where JSON has them", () => {
    fc.assert(
        fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), fc.constantFrom(0, 1, 4), (values, indent) => {
            const text = JSON.stringify({ before: { messages: 1 }, messages: values, after: [] }, null, indent)
            const json = new JsonText(text)
            const read: unknown[] = []
            const keys: string[] = []
            const end = json.eachMember(0, (key, at) => {
                keys.push(key)
                return key === "messages" ? json.parseElements(at, (value) => read.push(value)) : -1
            })
            expect(end).toBe(text.length)
            expect(keys).toEqual(["before", "messages", "after"])
            expect(read).toEqual(JSON.parse(JSON.stringify(values)))
        }),
    )
})
