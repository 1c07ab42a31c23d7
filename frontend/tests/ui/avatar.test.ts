/** Two letters for a name, in any script. */

import { expect, test } from "vitest"
import { initials, toneOf } from "../../src/ui/initials.ts"

test.each([
    ["Wandergruppe", "W"],
    ["Anna Beispiel", "AB"],
    ["Ann Mary van der Berg", "AB"],
    ["🏔️ Hiking group", "HG"],
    ["+49 176 04069012", "10"],
    ["家族", "家"],
    ["", "?"],
    ["🎉", "?"],
])("%s becomes %s", (name, letters) => {
    expect(initials(name)).toBe(letters)
})

test("a name keeps its colour", () => {
    expect(toneOf("Ben")).toBe(toneOf("Ben"))
})
