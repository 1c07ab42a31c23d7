/**
 * The attack by sizes: the server knows two texts, sees one of them being added under a key that it does not know, and wants to
 * tell which (docs/threat-model.md, *Chunking attacks*).
 *
 * Everything that it sees counts, times aside: what is announced, put, asked for, read back and listed, in which sizes, places
 * and order. The texts of a pair are equally long and padded to the same total. Chance comes from a tape.
 */

import { describe, expect, test } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import type { Bytes } from "../../src/bytes/bytes.ts"
import { concat } from "../../src/bytes/bytes.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import type { Random } from "../../src/crypto/random.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { chance, guessedRight } from "../support/classifier.ts"
import { asFile, noise } from "../support/exports.ts"
import { packsOf } from "../support/inventory.ts"
import { observed } from "../support/observer.ts"
import { addExport, aliceAtHome } from "../support/people.ts"
import { makeZip } from "../support/zips.ts"

/** How many libraries of each text are seen. */
const libraries = 24

const words = ["morgen", "heute", "Kuchen", "vielleicht", "Garten", "später", "schön", "Zug", "warten", "Grüße", "Haus"]

/** Lines of words, `spread` of them to choose from: the more, the less they can be compressed. */
function lines(length: number, seed: number, spread: number): Bytes {
    const chosen = noise(Math.ceil(length / 2), seed)
    const text: string[] = []
    let size = 0
    for (let at = 0; size < length; at++) {
        const [one = 0, two = 0] = [chosen[2 * at], chosen[2 * at + 1]]
        const word = `${words[one % words.length]}${((one << 8) | two) % spread}`
        const end = two % 11 === 0 ? "\n" : " "
        text.push(word, end)
        size += word.length + 3
    }
    const bytes = utf8(text.join(""))
    return bytes.slice(0, length)
}

/** Lines that hardly can. */
function noisyLines(length: number, seed: number): Bytes {
    return Uint8Array.from(noise(length, seed), (byte, at) => (at % 80 === 79 ? 10 : 35 + (byte % 90)))
}

const kib = 1024
const half = 640 * kib

/** Two texts of one length, which are padded to the same total: their lengths lie in the middle between two steps of Padmé. */
const pairs: readonly { readonly name: string; readonly texts: readonly [Bytes, Bytes] }[] = [
    { name: "other words", texts: [lines(300 * kib, 1, 500), lines(300 * kib, 2, 500)] },
    {
        name: "halves exchanged, of which one can be compressed better",
        texts: [concat(lines(half, 3, 20), lines(half, 4, 5000)), concat(lines(half, 4, 5000), lines(half, 3, 20))],
    },
    {
        name: "the same, in packs that are read back in part",
        texts: [
            concat(noisyLines(1600 * kib, 5), lines(3200 * kib, 6, 500)),
            concat(lines(3200 * kib, 6, 500), noisyLines(1600 * kib, 5)),
        ],
    },
]

/** Chance that is the same in every run, and fast. */
function seeded(seed: number): Random {
    let calls = 0
    return { bytes: (count) => noise(count, seed * 1_000_003 + calls++) }
}

/** What is seen while a text is added to a library with a key of its own; `frames` of its packs too, if the packs hid nothing. */
async function traceOf(text: Bytes, seed: number, frames: "hidden" | "shown"): Promise<readonly string[]> {
    const alice = await aliceAtHome(new MemoryServer(), { random: seeded(seed) })
    const { ports, trace } = observed(alice.ports)
    const engine = createEngine(ports)
    await engine.state()
    trace.length = 0
    const file = asFile(makeZip([{ name: "notes.txt", content: text }]), { name: "notes.zip" })
    const outcome = await addExport(engine, file)
    if (outcome.kind !== "done") throw new Error(outcome.kind)
    if (frames === "hidden") return trace
    return [
        ...trace,
        ...(await packsOf(alice)).flatMap((pack) => pack.frames.map((one) => `frame ${one.sealedLength}`)),
    ]
}

type Seen = readonly [readonly (readonly string[])[], readonly (readonly string[])[]]

async function tracesOf(texts: readonly [Bytes, Bytes], frames: "hidden" | "shown" = "hidden"): Promise<Seen> {
    const seen: [(readonly string[])[], (readonly string[])[]] = [[], []]
    for (let n = 0; n < libraries; n++)
        for (const side of [0, 1] as const) seen[side].push(await traceOf(texts[side], 2 * n + side + 1, frames))
    return seen
}

function announcedIn(trace: readonly string[]): number {
    const sizes = trace.filter((line) => line.startsWith("announced")).map((line) => Number(line.split(" ").at(-1)))
    return sizes.reduce((sum, size) => sum + size, 0)
}

describe.each(pairs)("$name", ({ texts }) => {
    test("which of the two was added is not told by anything that the server sees", async () => {
        const seen = await tracesOf(texts)
        // The pair is a fair one: both are padded to the same.
        expect(new Set(seen.flat().map(announcedIn)).size).toBe(1)
        const { right, of } = guessedRight(seen)
        expect(of).toBe(libraries)
        expect(right).toBeLessThanOrEqual(chance(of))
    })
})

describe("the attacker is able", () => {
    test("it tells texts apart that are padded to other totals", async () => {
        const { right, of } = guessedRight(await tracesOf([lines(200 * kib, 5, 500), lines(260 * kib, 6, 500)]))
        expect(right).toBe(of)
    })

    test("it tells them apart where frames are not hidden in packs", async () => {
        const [one, other] = [noisyLines(half, 7), lines(half, 8, 20)]
        const { right, of } = guessedRight(await tracesOf([concat(one, other), concat(other, one)], "shown"))
        expect(right).toBeGreaterThan(chance(of))
    })
})
