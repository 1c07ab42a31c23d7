/** A copy comes from anywhere: whatever was done to it is refused by name, and nothing wrong comes out of it. */

import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { fromUtf8, utf8 } from "../../src/bytes/utf8.ts"
import { sha256 } from "../../src/crypto/hash.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { codeOf, type EngineErrorCode } from "../../src/engine/errors.ts"
import type { Engine } from "../../src/engine/protocol.ts"
import { bringIn, copyOf, entriesOf, savedCopy } from "../support/copies.ts"
import { chatExport, zipContents } from "../support/exports.ts"
import { type AliceAtHome, addExport, aliceAtHome, makeDesk, saveOriginal } from "../support/people.ts"
import { makeZip } from "../support/zips.ts"

let alice: AliceAtHome
let copy: File
let entries: Map<string, Bytes>
let others: Map<string, Bytes>
let right: string

beforeAll(async () => {
    alice = await aliceAtHome()
    await addExport(alice.engine, chatExport({ photos: { 5: 60_000 } }))
    copy = await savedCopy(alice.engine)
    entries = await entriesOf(copy)
    right = await contents(alice.engine)
    const bob = await aliceAtHome()
    await addExport(bob.engine, chatExport({ photos: { 5: 60_000 } }))
    others = await entriesOf(await savedCopy(bob.engine))
})

async function contents(engine: Engine): Promise<string> {
    const files: unknown[] = []
    for (const { name, imports } of await engine.chats())
        for (const { importId } of imports) files.push(name, await zipContents(await saveOriginal(engine, importId)))
    return toHex(await sha256(utf8(JSON.stringify(files))))
}

/** What comes of opening this file in a new account: the name of the refusal, or everything that is there afterwards. */
async function opening(file: File): Promise<EngineErrorCode | "wrong-code" | { readonly contents: string }> {
    const desk = makeDesk()
    const engine = createEngine(desk.ports)
    try {
        await engine.examineCopy(file)
        const opened = await engine.unlockCopy(alice.code)
        if (opened.kind !== "opened") return "wrong-code"
        const outcome = await bringIn(engine)
        if (outcome.kind === "failed") return outcome.code as EngineErrorCode
        if (outcome.kind !== "done") throw new Error(outcome.kind)
        return { contents: await contents(engine) }
    } catch (error) {
        return codeOf(error)
    }
}

const changed = (name: string, change: (bytes: Bytes) => Bytes): File =>
    copyOf([...entries].map(([key, bytes]) => [key, key === name ? change(bytes) : bytes] as const))

const object = (kind: "snapshot" | "catalog" | "pack"): string => {
    const inOrder = [...entries.keys()].filter((name) => name.startsWith("objects/"))
    return inOrder[["snapshot", "catalog", "pack"].indexOf(kind)] ?? ""
}

const facts = (change: (fields: Record<string, unknown>) => object): File =>
    changed("copy.json", (bytes) => utf8(JSON.stringify(change(JSON.parse(fromUtf8(bytes))))))

const flip = (at: number) => (bytes: Bytes) => bytes.with(at < 0 ? bytes.length + at : at, (bytes.at(at) ?? 0) ^ 1)

test("made anew out of its parts it opens, in whatever order they lie", async () => {
    expect(await opening(copyOf(entries))).toEqual({ contents: right })
    expect(await opening(copyOf([...entries].toReversed()))).toEqual({ contents: right })
    expect(await opening(copyOf(entries, { descriptor: true, zip64: true }))).toEqual({ contents: right })
})

test("a bit that changes anywhere changes nothing of what comes out, or is refused by name", async () => {
    const bytes = new Uint8Array(await copy.arrayBuffer())
    const known = new Set<unknown>([
        "not-a-copy",
        "malformed",
        "unknown-version",
        "not-authentic",
        "wrong-hash",
        "wrong-id",
    ])
    for (const code of ["wrong-library", "missing", "truncated", "too-large", "file-changed", "wrong-code"])
        known.add(code)
    let refused = 0
    await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
            const outcome = await opening(new File([bytes.with(at, (bytes[at] ?? 0) ^ (1 << bit))], "copy.zip"))
            if (typeof outcome === "object") expect(outcome.contents).toBe(right)
            else expect([...known]).toContain(outcome)
            if (typeof outcome === "string") refused += 1
        }),
        { numRuns: 60 },
    )
    expect(refused).toBeGreaterThan(30)
})

test("cut off anywhere it is no copy, and nothing of it is shown", async () => {
    const bytes = new Uint8Array(await copy.arrayBuffer())
    await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
            expect(await opening(new File([bytes.slice(0, length)], "copy.zip"))).toBe("not-a-copy")
        }),
        { numRuns: 20 },
    )
})

describe("what is none", () => {
    test.each<[string, () => File]>([
        ["an empty file", () => new File([], "copy.zip")],
        ["an export", () => chatExport()],
        ["the README alone", () => copyOf([["README.txt", entries.get("README.txt") ?? utf8("")]])],
        ["no head", () => copyOf([...entries].filter(([name]) => name !== "head"))],
        ["no copy.json", () => copyOf([...entries].filter(([name]) => name !== "copy.json"))],
    ])("%s", async (_, make) => {
        expect(await opening(make())).toBe("not-a-copy")
    })
})

describe("what was exchanged or changed", () => {
    test.each<[string, () => File, EngineErrorCode | "wrong-code"]>([
        ["a bit of the head", () => changed("head", flip(2_000)), "not-authentic"],
        ["the head's version", () => changed("head", flip(0)), "unknown-version"],
        ["the end of the head", () => changed("head", (bytes) => bytes.slice(0, 4_000)), "truncated"],
        ["another library's head", () => changed("head", () => others.get("head") ?? utf8("")), "not-authentic"],
        ["the sequence", () => facts((fields) => ({ ...fields, sequence: 1 })), "not-authentic"],
        ["the library", () => facts((fields) => ({ ...fields, library: "0".repeat(32) })), "wrong-code"],
        ["the epoch", () => facts((fields) => ({ ...fields, epoch: 2 })), "wrong-code"],
        ["the check", () => facts((fields) => ({ ...fields, check: "A".repeat(22) })), "wrong-id"],
        ["no slots", () => facts((fields) => ({ ...fields, slots: [] })), "wrong-code"],
        ["a later format", () => facts((fields) => ({ ...fields, format: 2 })), "unknown-version"],
        ["a field too many", () => facts((fields) => ({ ...fields, more: 1 })), "malformed"],
        ["a field too few", () => facts(({ site: _site, ...fields }) => fields), "malformed"],
        ["no JSON", () => changed("copy.json", () => utf8("copy")), "malformed"],
        ["an endless copy.json", () => changed("copy.json", () => new Uint8Array(1_048_577)), "too-large"],
        ["a bit of the snapshot", () => changed(object("snapshot"), flip(100)), "wrong-hash"],
        ["a bit of the catalog", () => changed(object("catalog"), flip(-1)), "wrong-hash"],
        ["a bit of the pack's padding", () => changed(object("pack"), flip(-1)), "wrong-hash"],
        ["a pack that is shorter", () => changed(object("pack"), (bytes) => bytes.slice(0, -1)), "wrong-hash"],
        ["a pack that is longer", () => changed(object("pack"), (bytes) => concat(bytes, utf8("x"))), "wrong-hash"],
        [
            "a snapshot for a catalog",
            () => changed(object("catalog"), () => entries.get(object("snapshot")) ?? utf8("")),
            "wrong-hash",
        ],
        ["no pack", () => copyOf([...entries].filter(([name]) => name !== object("pack"))), "missing"],
        ["no catalog", () => copyOf([...entries].filter(([name]) => name !== object("catalog"))), "missing"],
        ["another library, whole", () => copyOf(others), "wrong-code"],
        [
            "another library's objects under these names",
            () =>
                copyOf(
                    [...entries].map(
                        ([name, bytes], at) => [name, at < 3 ? bytes : ([...others.values()][at] ?? bytes)] as const,
                    ),
                ),
            "wrong-hash",
        ],
    ])("%s", async (_, make, code) => {
        expect(await opening(make())).toBe(code)
    })
})

describe("tricks of the zip", () => {
    test("a name that stands twice, so that two readers would see two things", async () => {
        expect(await opening(copyOf([...entries, ...others]))).toBe("malformed")
        expect(await opening(copyOf([...entries, ["head", others.get("head") ?? utf8("")]]))).toBe("malformed")
    })

    test("entries that are packed, encrypted, or said to be larger than they are", async () => {
        expect(await opening(copyOf(entries, { deflated: true }))).toBe("malformed")
        expect(await opening(copyOf(entries, { flags: 1 }))).toBe("malformed")
        expect(await opening(copyOf(entries, { size: 2 ** 31 }))).toBe("malformed")
    })

    test("bytes in front of it", async () => {
        const made = [...entries].map(([name, content]) => ({ name, content }))
        const file = new File([makeZip(made, { prefix: new Uint8Array(5_000) })], "copy.zip")
        expect(await opening(file)).toEqual({ contents: right })
    })
})

test("nothing of a copy that is refused is left in the account", async () => {
    const desk = makeDesk()
    const engine = createEngine(desk.ports)
    await engine.examineCopy(changed(object("pack"), flip(10)))
    await engine.unlockCopy(alice.code)
    expect(await bringIn(engine)).toEqual({ kind: "failed", code: "wrong-hash" })
    expect(await engine.chats()).toEqual([])
    // The whole copy goes in afterwards.
    await engine.examineCopy(copy)
    expect(await bringIn(engine)).toMatchObject({ kind: "done", imports: 1 })
    expect(await contents(engine)).toBe(right)
})
