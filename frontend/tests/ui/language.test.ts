/** Sizes, days and names as people read them. */

import { expect, test } from "vitest"
import { bytes, day, dayAndTime, names, shortDay } from "../../src/ui/language.ts"

test.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [1000, "1 kB"],
    [999_499, "999 kB"],
    [999_500, "1 MB"],
    [8_388_608, "8.4 MB"],
    [123_456_789, "123 MB"],
    [5_000_000_000, "5 GB"],
    [1_234_000_000, "1.2 GB"],
    [2_000_000_000_000_000, "2,000 TB"],
])("%i bytes are written %s", (value, shown) => {
    expect(bytes("en", value)).toBe(shown)
})

test("German writes a comma", () => {
    expect(bytes("de", 8_388_608)).toBe("8,4 MB")
})

test("a wall-clock time is shown as the phone showed it", () => {
    expect(day("de", "2026-09-19T23:59:00")).toBe("19. September 2026")
    expect(day("en", "2026-09-19T00:01:00")).toBe("19 September 2026")
    expect(shortDay("de", "2026-09-05T12:00:00")).toBe("05.09.2026")
    expect(dayAndTime("en", "2026-09-19T09:05:00")).toContain("09:05")
})

test("of many names the first few are shown", () => {
    const more = (count: string) => `${count} more`
    expect(names("en", ["Anna", "Ben"], 3, more)).toBe("Anna and Ben")
    expect(names("en", ["A", "B", "C", "D", "E"], 3, more)).toBe("A, B, C, and 2 more")
})
