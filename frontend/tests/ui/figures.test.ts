/** Plots wear the colours of the people whose names stand beside them. */

import { readFile } from "node:fs/promises"
import { expect, test } from "vitest"
import { personColours } from "../../src/ui/chat/person-colours.ts"

test("the tones of plots are the colours of names", async () => {
    const sheet = await readFile(new URL("../../src/ui/styles/figures.css", import.meta.url), "utf8")
    const tones = [...sheet.matchAll(/\.tone-(\d+) \{\s*fill: light-dark\((#\w{6}), (#\w{6})\);/g)]
    const written = tones.map(([, , light, dark]) => ({ light, dark }))
    expect(written.slice(0, personColours.length)).toEqual(personColours)
    // One more for everybody else.
    expect(tones.map(([, tone]) => Number(tone))).toEqual(
        Array.from({ length: personColours.length + 1 }, (_, at) => at),
    )
})
