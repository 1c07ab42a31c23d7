import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fromBase64url } from "../../src/bytes/base64url.ts"
import { type Bytes, equal } from "../../src/bytes/bytes.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { ChunkIndex } from "../../src/format/chunk-index.ts"
import { frameOverhead, openFrame, type SealedFrame } from "../../src/format/frame.ts"
import { limits } from "../../src/format/limits.ts"
import { checkHash, type ObjectRef } from "../../src/format/object.ts"
import { describePack, type FinishedPack, joinRests, PackBuilder } from "../../src/format/pack.ts"
import { padme } from "../../src/format/padme.ts"
import { alice } from "../support/cast.ts"
import { type EntryText, readEntry, readVectors } from "../support/read-vectors.ts"
import { refusal } from "../support/refused.ts"
import { tape } from "../support/tape.ts"

/** Looks like a frame from outside: all that a pack looks at. */
function frameOf(sealedLength: number, mark: number): SealedFrame {
    const id = new Uint8Array(16)
    new DataView(id.buffer).setUint32(0, mark + 1)
    const header = new Uint8Array(14).fill(mark % 256)
    const body = new Uint8Array(sealedLength - 14).fill((mark + 1) % 256)
    return { id, flags: 0, sealedLength, chunks: [{ id, length: sealedLength - frameOverhead }], header, body }
}

function build(lengths: readonly number[]): { frames: SealedFrame[]; packs: FinishedPack[] } {
    const builder = new PackBuilder(tape("pack"))
    const frames = lengths.map(frameOf)
    const packs = frames.flatMap((frame) => builder.add(frame, "fixed"))
    return { frames, packs: [...packs, ...joinRests(builder.leave(), tape("rests"))] }
}

describe("packs", () => {
    const lengths = fc.array(
        fc.oneof(fc.integer({ min: 31, max: 5_000 }), fc.integer({ min: 200_000, max: 262_142 })),
        {
            minLength: 1,
            maxLength: 150,
        },
    )

    test("hold every frame once, one after another, byte for byte", () => {
        fc.assert(
            fc.property(lengths, (given) => {
                const { frames, packs } = build(given)
                const byId = new Map(frames.map((frame) => [toHex(frame.id), frame]))
                for (const pack of packs) {
                    let offset = 0
                    for (const { id, sealedLength } of pack.frames) {
                        const frame = byId.get(toHex(id))
                        if (frame === undefined) return expect.unreachable("a frame stands twice")
                        byId.delete(toHex(id))
                        const lies = pack.bytes.subarray(offset, offset + sealedLength)
                        offset += sealedLength
                        expect(equal(lies.slice(0, 14), frame.header)).toBe(true)
                        expect(equal(lies.slice(14), frame.body)).toBe(true)
                    }
                    expect(pack.frames.length).toBeGreaterThan(0)
                }
                expect(byId.size).toBe(0)
            }),
            { numRuns: 15 },
        )
    })

    test("are exactly as long as promised: 8 MiB, or Padmé when the import ends", () => {
        fc.assert(
            fc.property(lengths, (given) => {
                const { packs } = build(given)
                for (const { bytes, frames } of packs) {
                    const filled = frames.reduce((sum, frame) => sum + frame.sealedLength, 0)
                    const open = Math.max(4_096, padme(filled))
                    expect([limits.packSize, open]).toContain(bytes.length)
                }
                expect(packs.length).toBeLessThanOrEqual(4)
            }),
            { numRuns: 15 },
        )
    })

    const mixed = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 31, max: 262_142 })), { maxLength: 80 })

    test("that are full hold text, or anything else, and never both", () => {
        fc.assert(
            fc.property(mixed, (given) => {
                const builder = new PackBuilder(tape("pack"))
                const packs = given.flatMap(([text, length], mark) =>
                    builder.add(frameOf(length, 2 * mark + (text ? 1 : 0)), text ? "text" : "fixed"),
                )
                // The mark stands in the last byte of the id's first word.
                for (const { frames } of packs) expect(new Set(frames.map(({ id }) => (id[3] ?? 0) % 2)).size).toBe(1)
            }),
            { numRuns: 15 },
        )
    })

    test("of rests hold all that is left, and are no longer than if each rest had its own", () => {
        fc.assert(
            fc.property(fc.array(mixed, { maxLength: 5 }), (builders) => {
                const rests = builders.flatMap((given) => {
                    const builder = new PackBuilder(tape("pack"))
                    for (const [text, length] of given) builder.add(frameOf(length, 1), text ? "text" : "fixed")
                    return builder.leave()
                })
                const packs = joinRests(rests, tape("rests"))
                const separate = rests.map(({ bytes }) => Math.max(4_096, padme(bytes.length)))
                const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
                expect(sum(packs.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(sum(separate))
                const lengths = packs.map(({ frames }) => sum(frames.map(({ sealedLength }) => sealedLength)))
                expect(sum(lengths)).toBe(sum(rests.map(({ bytes }) => bytes.length)))
                for (const [at, { bytes }] of packs.entries())
                    expect(bytes.length).toBe(Math.max(4_096, padme(lengths[at] ?? 0)))
            }),
            { numRuns: 10 },
        )
    })

    test("of rests lie byte for byte where their frames say", () => {
        const one = new PackBuilder(tape("one"))
        const other = new PackBuilder(tape("other"))
        const frames = [frameOf(262_142, 1), frameOf(30_000, 2), frameOf(250_000, 3)]
        for (const [at, frame] of frames.entries()) (at === 0 ? one : other).add(frame, at === 1 ? "text" : "fixed")
        const packs = joinRests([...one.leave(), ...other.leave()], tape("rests"))
        for (const pack of packs) {
            let offset = 0
            for (const { id, sealedLength } of pack.frames) {
                const frame = frames.find((each) => equal(each.id, id))
                if (frame === undefined) return expect.unreachable("no such frame")
                expect(equal(pack.bytes.slice(offset + 14, offset + sealedLength), frame.body)).toBe(true)
                offset += sealedLength
            }
        }
        expect(packs.flatMap((pack) => pack.frames)).toHaveLength(frames.length)
        expect(packs.length).toBeLessThan(frames.length)
    })

    test("take thirty-two full chunks", () => {
        const { packs } = build(Array.from({ length: 64 }, () => 262_142))
        expect(packs.map(({ bytes, frames }) => [bytes.length, frames.length])).toEqual([
            [8_388_608, 32],
            [8_388_608, 32],
        ])
    })

    test("are filled up with later, smaller frames", () => {
        const large = Array.from({ length: 8 }, () => 1_000_000)
        const { packs } = build([...large, 800_000, 300_000, 80_000])
        expect(packs.map(({ frames }) => frames.map(({ sealedLength }) => sealedLength))).toEqual([
            [...large, 300_000, 80_000],
            [800_000],
        ])
    })

    test("never show what an earlier pack left in their memory", () => {
        const builder = new PackBuilder(tape("pack"))
        const full = Array.from({ length: 32 }, (_, index) =>
            builder.add(frameOf(262_142, 0x40 + index), "fixed"),
        ).flat()
        const [first] = full
        if (first === undefined) return expect.unreachable("no pack")
        const buffer = first.bytes.buffer
        builder.reuse(first.bytes)
        const lengths = [...Array.from({ length: 31 }, () => 262_142), 260_000]
        const [second] = lengths.flatMap((length) => builder.add(frameOf(length, 1), "fixed"))
        expect(second?.bytes.buffer).toBe(buffer)
        // Chance has long runs of one byte almost never; what was left behind consists of them.
        const padding = second?.bytes.subarray(31 * 262_142 + 260_000) ?? new Uint8Array(0)
        expect(new Set(padding).size).toBeGreaterThan(200)
    })

    test("have ids that nobody can foresee, and padding by chance", () => {
        const { packs } = build([100])
        const again = new PackBuilder(tape("other"))
        again.add(frameOf(100, 0), "fixed")
        expect(joinRests(again.leave(), tape("others"))[0]?.id).not.toBe(packs[0]?.id)
    })
})

describe("pack.json", () => {
    const vector = readVectors<{ pack: ObjectRef & { frames: EntryText[] }; bytes: string }>("pack.json")
    const bytes = fromBase64url(vector.bytes)

    test("has the hash its catalog says, and every frame opens from its place", async () => {
        await checkHash(vector.pack, bytes)
        const index = new ChunkIndex()
        index.addPack({ id: vector.pack.id, frames: vector.pack.frames.map(readEntry) })
        for (const { chunks } of vector.pack.frames)
            for (const { id } of chunks) {
                const place = index.find(new Uint8Array(Buffer.from(id, "hex")))
                if (place === null) return expect.unreachable("not found")
                const sealed = bytes.subarray(place.offset, place.offset + place.frame.sealedLength)
                const opened = await openFrame(alice.keys, place.frame, sealed)
                expect(opened[place.position]).toHaveLength(place.length)
            }
    })

    test("is described as it is", async () => {
        const described = await describePack({ id: vector.pack.id, bytes, frames: [] })
        expect(described).toMatchObject({ sha256: vector.pack.sha256, size: vector.pack.size })
    })

    const { packs } = readVectors<{ packs: { name: string; ref: ObjectRef; bytes: string; expected: string }[] }>(
        "refusals.json",
    )
    test.each(packs)("refusals.json: $name", async ({ ref, bytes: given, expected }) => {
        expect(await refusal(() => checkHash(ref, fromBase64url(given)))).toBe(expected)
    })
})

describe("Padmé", () => {
    test.each(readVectors<{ length: number; padded: number }[]>("padme.json"))(
        "pads $length to $padded",
        ({ length, padded }) => {
            expect(padme(length)).toBe(padded)
        },
    )

    test("adds an eighth at most, keeps what it made, and never turns the order around", () => {
        fc.assert(
            fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (length) => {
                const padded = padme(length)
                expect(padded).toBeGreaterThanOrEqual(length)
                expect(padded).toBeLessThanOrEqual(length * 1.125 + 1)
                expect(padme(padded)).toBe(padded)
                expect(padme(length + 1)).toBeGreaterThanOrEqual(padded)
            }),
        )
    })
})

describe("the index of chunks", () => {
    test("finds every chunk where its catalog says, and nothing else", () => {
        const index = new ChunkIndex()
        const known = new Map<string, { packId: string; offset: number; position: number; length: number }>()
        const random = tape("index")
        for (let pack = 0; pack < 40; pack++) {
            const packId = toHex(random.bytes(16))
            let offset = 0
            const frames = Array.from({ length: 60 }, (_, nth) => {
                const chunks = Array.from({ length: 1 + (nth % 3) }, (_, at) => ({
                    id: random.bytes(16),
                    length: nth + at + 1,
                }))
                const several = chunks.length > 1
                const sealedLength = 100 + nth
                chunks.forEach(({ id, length }, position) => {
                    known.set(toHex(id), { packId, offset, position, length })
                })
                offset += sealedLength
                return {
                    id: several ? random.bytes(16) : firstId(chunks),
                    flags: several ? 2 : 0,
                    sealedLength,
                    chunks,
                }
            })
            index.addPack({ id: packId, frames })
        }
        expect(index.size).toBe(known.size)
        for (const [id, place] of known) {
            const found = index.find(new Uint8Array(Buffer.from(id, "hex")))
            expect(found).toMatchObject(place)
            expect(toHex(found?.frame.chunks[place.position]?.id ?? new Uint8Array(0))).toBe(id)
        }
        expect(index.has(random.bytes(16))).toBe(false)
        expect(index.find(random.bytes(16))).toBeNull()
    })

    test("keeps a chunk where it was found first, and still knows all of a later frame", () => {
        const [a, b] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)]
        const index = new ChunkIndex()
        index.addPack({ id: "first", frames: [{ id: a, flags: 0, sealedLength: 40, chunks: [{ id: a, length: 10 }] }] })
        const both = [
            { id: a, length: 10 },
            { id: b, length: 11 },
        ]
        index.addPack({
            id: "second",
            frames: [{ id: new Uint8Array(16).fill(3), flags: 2, sealedLength: 51, chunks: both }],
        })
        expect(index.find(a)).toMatchObject({ packId: "first", position: 0 })
        expect(index.find(b)).toMatchObject({ packId: "second", position: 1, frame: { flags: 2, chunks: both } })
        expect(index.size).toBe(2)
    })
})

function firstId(chunks: readonly { readonly id: Bytes }[]): Bytes {
    return chunks[0]?.id ?? new Uint8Array(16)
}
