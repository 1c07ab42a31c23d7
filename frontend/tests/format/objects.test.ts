import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fromBase64url, toBase64url } from "../../src/bytes/base64url.ts"
import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { sha256 } from "../../src/crypto/hash.ts"
import { catalogPlace, headPlace, snapshotPlace } from "../../src/format/associated.ts"
import { openCatalog, readCatalog, writeCatalog } from "../../src/format/catalog.ts"
import { openHead, sealHead } from "../../src/format/head.ts"
import { checkHash, type ObjectRef, openObject, sealedObjectLength, sealObject } from "../../src/format/object.ts"
import { padme } from "../../src/format/padme.ts"
import { openSnapshot, type Snapshot, sealSnapshot } from "../../src/format/snapshot.ts"
import { bytes } from "../support/arbitrary.ts"
import { alice, aliceChanged, aliceLater, bob } from "../support/cast.ts"
import { type EntryText, readEntry, readVectors, type Sealed, sealedBytes } from "../support/read-vectors.ts"
import { refusal } from "../support/refused.ts"
import { tape } from "../support/tape.ts"
import { exampleSnapshot, ids } from "../support/vectors/objects.ts"

const { keys } = alice

interface ObjectVectors {
    readonly ref: ObjectRef
    readonly sealed: string
}

const catalogVector = readVectors<ObjectVectors & { packs: (ObjectRef & { frames: EntryText[] })[]; body: string }>(
    "catalog.json",
)
const snapshotVector = readVectors<ObjectVectors & { snapshot: Record<string, unknown> }>("snapshot.json")
const headVectors = readVectors<{
    chain: { head: { sequence: number; epoch: number } & Record<string, unknown>; hash: string; sealed: string }[]
    changed: { head: { sequence: number; epoch: number } & Record<string, unknown>; hash: string; sealed: string }[]
}>("head.json")
const refusals = readVectors<{
    catalogBodies: { name: string; body: string; expected: string }[]
    snapshotBodies: { name: string; body: string; expected: string }[]
    changedHeadBodies: { name: string; sequence: number; body: string; expected: string }[]
    headBodies: { name: string; sequence: number; body: string; expected: string }[]
    objects: (Sealed & {
        name: string
        kind: "catalog" | "snapshot" | "head"
        id: string
        sequence: number
        expected: string
    })[]
}>("refusals.json")

async function refTo(id: string, sealed: Bytes): Promise<ObjectRef> {
    return { id, sha256: toHex(await sha256(sealed)), size: sealed.length }
}

/** The name of the refusal, or `right`. */
async function outcome(step: () => Promise<unknown>): Promise<string> {
    let opened = false
    const name = await refusal(async () => {
        await step()
        opened = true
    }).catch((error: unknown) => {
        if (opened) return "right"
        throw error
    })
    return name
}

describe("a sealed object", () => {
    const place = snapshotPlace(keys, ids.snapshot)

    test("opens to what was sealed, and is exactly as long as promised", async () => {
        await fc.assert(
            fc.asyncProperty(bytes({ maxLength: 9_000, size: "max" }), async (body) => {
                const sealed = await sealObject(keys.snapshot, place, body, tape("object"))
                expect(sealed).toHaveLength(sealedObjectLength(body.length))
                expect(sealed).toHaveLength(padme(Math.max(4_096, 33 + body.length)))
                expect(await openObject(keys.snapshot, place, sealed)).toEqual(body)
            }),
        )
    })

    const all = [
        ["catalog", catalogVector.sealed, keys.snapshot, catalogPlace(keys, ids.catalog)],
        ["snapshot", snapshotVector.sealed, keys.snapshot, place],
        ["head", headVectors.chain[1]?.sealed ?? "", keys.head, headPlace(keys, 2)],
    ] as const

    test.each(all)("%s: is refused when any byte is changed", async (_kind, text, key, at) => {
        const sealed = fromBase64url(text)
        for (let index = 0; index < sealed.length; index++) {
            const changed = sealed.with(index, (sealed[index] ?? 0) ^ (1 << (index % 8)))
            const name = index === 0 ? "unknown-version" : "not-authentic"
            expect(await refusal(() => openObject(key, at, changed))).toBe(name)
        }
    })

    test.each(all)("%s: is refused when it was cut off anywhere, or lengthened", async (_kind, text, key, at) => {
        const sealed = fromBase64url(text)
        for (let length = 0; length < sealed.length; length += 1 + (length % 7)) {
            const name = length < 4_096 ? "truncated" : "not-authentic"
            expect(await refusal(() => openObject(key, at, sealed.subarray(0, length)))).toBe(name)
        }
        expect(await refusal(() => openObject(key, at, concat(sealed, new Uint8Array(1))))).toBe("not-authentic")
    })

    test("above 64 MiB is refused before anything is done with it", async () => {
        const long = new Uint8Array(64 * 1_048_576 + 1)
        expect(await refusal(() => openObject(keys.snapshot, place, long))).toBe("too-large")
        expect(await refusal(() => sealObject(keys.snapshot, place, long, tape("long")))).toBe("too-large")
    })

    test("with another length or hash than the head says is refused unopened", async () => {
        const sealed = fromBase64url(snapshotVector.sealed)
        const { ref } = snapshotVector
        expect(await refusal(() => checkHash(ref, sealed.with(100, (sealed[100] ?? 0) ^ 1)))).toBe("wrong-hash")
        expect(await refusal(() => openSnapshot(keys, ref, sealed.subarray(1)))).toBe("wrong-hash")
        expect(await refusal(() => openSnapshot(keys, { ...ref, size: 1 }, sealed))).toBe("wrong-hash")
        expect(await refusal(() => openCatalog(keys, catalogVector.ref, sealed))).toBe("wrong-hash")
    })

    test.each(refusals.objects)(
        "refusals.json: $name ($expected)",
        async ({ kind, id, sequence, expected, ...one }) => {
            const sealed = sealedBytes(one)
            const ref = await refTo(id, sealed)
            const open = {
                catalog: () => openCatalog(keys, ref, sealed),
                snapshot: () => openSnapshot(keys, ref, sealed),
                head: () => openHead(keys, sequence, sealed),
            }[kind]
            expect(await refusal(open)).toBe(expected)
        },
    )
})

describe("a catalog", () => {
    test("of catalog.json is read and written", async () => {
        const catalog = await openCatalog(keys, catalogVector.ref, fromBase64url(catalogVector.sealed))
        expect(catalog.packs).toEqual(
            catalogVector.packs.map((pack) => ({ ...pack, frames: pack.frames.map(readEntry) })),
        )
        expect(toBase64url(writeCatalog(catalog))).toBe(catalogVector.body)
    })

    test("without packs is one, too", () => {
        expect(readCatalog(writeCatalog({ packs: [] }))).toEqual({ packs: [] })
    })

    test("has one spelling: a body with any byte changed is refused or says something else", async () => {
        const body = fromBase64url(catalogVector.body)
        for (let index = 0; index < body.length; index++) {
            const changed = body.with(index, (body[index] ?? 0) ^ 1)
            const name = await outcome(async () => {
                expect(toHex(writeCatalog(readCatalog(changed)))).toBe(toHex(changed))
            })
            expect(name).toMatch(/^(right|malformed|unknown-version|unknown-flags|too-large)$/)
            expect(await refusal(() => readCatalog(body.subarray(0, index)))).toBe("malformed")
        }
    })

    test.each(refusals.catalogBodies)("refusals.json: $name ($expected)", async ({ body, expected }) => {
        expect(await refusal(() => readCatalog(fromBase64url(body)))).toBe(expected)
    })
})

describe("a snapshot", () => {
    test("of snapshot.json opens", async () => {
        const opened = await openSnapshot(keys, snapshotVector.ref, fromBase64url(snapshotVector.sealed))
        expect(opened).toEqual(await exampleSnapshot())
        const { format: _format, library: _library, epoch: _epoch, ...shown } = snapshotVector.snapshot
        expect(JSON.parse(JSON.stringify(opened, asText))).toEqual(shown)
    })

    test("opens to what was sealed, whoever wrote there and however many files there are", async () => {
        const example = await exampleSnapshot()
        const text = fc.string({ unit: "binary" })
        await fc.assert(
            fc.asyncProperty(
                fc.array(text),
                text,
                fc.integer({ min: 2, max: 2 ** 32 - 1 }),
                async (people, title, count) => {
                    const snapshot: Snapshot = {
                        ...example,
                        summary: { ...example.summary, people, title },
                        catalogs: example.catalogs.map((hint) => ({ ...hint, to: count })),
                        files: { ...example.files, count },
                    }
                    const sealed = await sealSnapshot(keys, snapshot, tape("snapshot"))
                    expect(await openSnapshot(keys, await refTo(snapshot.id, sealed), sealed)).toEqual(snapshot)
                },
            ),
        )
    })

    test("is as small as can be, and stays so however many files there are and however long the text is", async () => {
        const example = await exampleSnapshot()
        const large = { count: 20_000, size: 5_000_000, chunks: new Uint8Array(16 * 76) }
        const text = { number: 0, size: 2 ** 32, tail: new Uint8Array(16 * 32) }
        const snapshot = { ...example, files: large, text }
        expect((await sealSnapshot(keys, snapshot, tape("large"))).length).toBe(4_096)
    })

    test("with a name that was cut off within an emoji can still be sealed and opened", async () => {
        const example = await exampleSnapshot()
        const snapshot = { ...example, source: { ...example.source, name: "Ben \ud83c" } }
        const sealed = await sealSnapshot(keys, snapshot, tape("half"))
        const opened = await openSnapshot(keys, await refTo(snapshot.id, sealed), sealed)
        expect(opened.source.name).toBe("Ben \ufffd")
    })

    test("that nobody could read is not sealed", async () => {
        const example = await exampleSnapshot()
        const wrong = { ...example, added: "yesterday" }
        expect(await refusal(() => sealSnapshot(keys, wrong, tape("wrong")))).toBe("malformed")
    })

    test("of another account or epoch is refused", async () => {
        for (const other of [bob, aliceLater]) {
            const sealed = await sealSnapshot(other.keys, await exampleSnapshot(), tape("other"))
            const ref = await refTo(ids.snapshot, sealed)
            expect(await refusal(() => openSnapshot(keys, ref, sealed))).toBe("not-authentic")
        }
    })

    test.each(refusals.snapshotBodies)("refusals.json: $name ($expected)", async ({ body, expected }) => {
        const sealed = await sealObject(
            keys.snapshot,
            snapshotPlace(keys, ids.snapshot),
            fromBase64url(body),
            tape("body"),
        )
        const ref = await refTo(ids.snapshot, sealed)
        expect(await outcome(() => openSnapshot(keys, ref, sealed))).toBe(expected)
    })
})

describe("a head", () => {
    const { chain, changed: changedChain } = headVectors
    test.each([...chain, ...changedChain])("of head.json opens: $head.sequence", async ({ head, hash, sealed }) => {
        const whose = head.epoch === 1 ? keys : aliceChanged.keys
        const { format: _format, library: _library, epoch: _epoch, ...shown } = head
        const opened = await openHead(whose, head.sequence, fromBase64url(sealed))
        expect(JSON.parse(JSON.stringify(opened, asText))).toEqual({ head: shown, hash })
    })

    test("keeps settings it does not know, whatever they are called", async () => {
        const settings: Record<string, string> = Object.fromEntries([
            ["__proto__", "a"],
            ["", "b"],
            ['"x":', '\\"'],
        ])
        const [first] = headVectors.chain
        if (first === undefined) return expect.unreachable("no head")
        const { head } = await openHead(keys, 1, fromBase64url(first.sealed))
        const sealed = await sealHead(keys, { ...head, settings }, tape("settings"))
        expect(Object.entries((await openHead(keys, 1, sealed)).head.settings)).toEqual(Object.entries(settings))
    })

    test.each(refusals.headBodies)("refusals.json: $name ($expected)", async ({ sequence, body, expected }) => {
        const sealed = await sealObject(keys.head, headPlace(keys, sequence), fromBase64url(body), tape("body"))
        expect(await outcome(() => openHead(keys, sequence, sealed))).toBe(expected)
    })

    test.each(refusals.changedHeadBodies)(
        "under a changed key, refusals.json: $name ($expected)",
        async ({ sequence, body, expected }) => {
            const place = headPlace(aliceChanged.keys, sequence)
            const sealed = await sealObject(aliceChanged.keys.head, place, fromBase64url(body), tape("body"))
            expect(await outcome(() => openHead(aliceChanged.keys, sequence, sealed))).toBe(expected)
        },
    )
})

function asText(_name: string, value: unknown): unknown {
    return value instanceof Uint8Array ? toBase64url(value.slice()) : value
}
