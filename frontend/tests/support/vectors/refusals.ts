/** refusals.json: what has to be refused, and by which name. Alice's keys and ids are asked for unless it says otherwise. */

import { type Bytes, concat } from "../../../src/bytes/bytes.ts"
import { fromHex } from "../../../src/bytes/hex.ts"
import { utf8 } from "../../../src/bytes/utf8.ts"
import { ByteWriter } from "../../../src/bytes/writer.ts"
import { seal as aeadSeal } from "../../../src/crypto/aead.ts"
import { deriveFrameKey } from "../../../src/crypto/derive.ts"
import { labels } from "../../../src/crypto/labels.ts"
import { snapshotPlace } from "../../../src/format/associated.ts"
import { writeCatalog } from "../../../src/format/catalog.ts"
import { nameChunk } from "../../../src/format/chunk.ts"
import type { DamageCode } from "../../../src/format/errors.ts"
import { type FrameEntry, frameBytes, frameFlags, sealFrame } from "../../../src/format/frame.ts"
import { sealSnapshot } from "../../../src/format/snapshot.ts"
import { compress, ready } from "../../../src/format/zstd.ts"
import { alice, aliceChanged, aliceLater, bob } from "../cast.ts"
import { tape } from "../tape.ts"
import { entryText, exampleFrames, examplePack, packText } from "./frames.ts"
import { changedHeads, exampleCatalog, exampleHeads, exampleSnapshot, ids, owner } from "./objects.ts"
import { parameterRefusals } from "./slots.ts"
import { b64 } from "./text.ts"

/** Points at sealed bytes in another vector file. */
export type Pointer = readonly (string | number)[]

export async function refusalVectors(): Promise<object> {
    await ready()
    return {
        frames: await frameRefusals(),
        packs: await packRefusals(),
        catalogBodies: await catalogRefusals(),
        fileLists: await fileListRefusals(),
        snapshotBodies: await snapshotRefusals(),
        headBodies: await headRefusals(),
        changedHeadBodies: await changedHeadRefusals(),
        objects: await objectRefusals(),
        follow: await followRefusals(),
        followChanged: await followChangedRefusals(),
        slotParameters: parameterRefusals(),
    }
}

// ---------------------------------------------------------------- frames and packs

/** A frame that is sealed rightly around anything. */
async function crafted(entry: FrameEntry, content: Bytes, flags = entry.flags): Promise<Bytes> {
    const nonce = tape("crafted").bytes(12)
    const key = await deriveFrameKey(alice.keys.chunkSeal, entry.id)
    const place = new ByteWriter().bytes(labels.frame).u8(0).bytes(alice.library).u32(1).bytes(entry.id).u8(flags)
    return concat(new Uint8Array([1, flags]), nonce, await aeadSeal(key, nonce, content, place.finish()))
}

async function frameRefusals(): Promise<object[]> {
    const examples = await exampleFrames()
    const [plain, , packed, several] = examples.map(({ frame }) => frame)
    const noise = examples[0]?.chunks[0]
    if (!plain || !packed || !several || !noise) throw new Error("examples are missing")
    const other = await nameChunk(alice.keys, noise.toReversed())
    const otherFrame = await sealFrame(alice.keys, [other], tape("other"), { compress: false })
    const bobs = await sealFrame(bob.keys, [{ id: plain.id, bytes: noise }], tape("bob"), { compress: false })
    const later = await sealFrame(aliceLater.keys, [{ id: plain.id, bytes: noise }], tape("later"), { compress: false })
    const bytes = frameBytes(plain)
    const flagged = (flags: number) => concat(bytes.subarray(0, 1), new Uint8Array([flags]), bytes.subarray(2))
    const swappedChunks = {
        ...several,
        chunks: several.chunks.with(0, { ...at(several, 1), length: at(several, 0).length }),
    }
    const ofLength = (entry: FrameEntry, sealed: Bytes) => ({ ...entry, sealedLength: sealed.length })
    const zstd = async (content: Bytes) => {
        const sealed = await crafted(packed, content)
        return [ofLength(packed, sealed), sealed] as const
    }
    const magic = new Uint8Array([0x28, 0xb5, 0x2f, 0xfd])
    const empty = new Uint8Array([0x01, 0, 0])
    const shorter = { ...plain, chunks: [{ ...at(plain, 0), length: at(plain, 0).length - 1 }] }

    const one = (name: string, entry: FrameEntry, sealed: Bytes, expected: DamageCode) => ({
        name,
        entry: entryText(entry),
        sealed: b64(sealed),
        expected,
    })
    return [
        one("another chunk's frame of the same length", plain, frameBytes(otherFrame), "not-authentic"),
        one("sealed in another library", plain, frameBytes(bobs), "not-authentic"),
        one("sealed in another epoch", plain, frameBytes(later), "not-authentic"),
        one("other content under this id", plain, await crafted(plain, other.bytes), "wrong-id"),
        one("the frame fits, a chunk within has another id", swappedChunks, frameBytes(several), "wrong-id"),
        one("longer than the catalog says", plain, concat(bytes, new Uint8Array(1)), "wrong-hash"),
        one("shorter than the catalog says", plain, bytes.subarray(1), "wrong-hash"),
        one("content longer than the catalog's chunks", shorter, bytes, "wrong-hash"),
        one("thirty bytes", ofLength(plain, bytes.subarray(0, 30)), bytes.subarray(0, 30), "truncated"),
        one("no bytes", plain, new Uint8Array(0), "truncated"),
        one("another version", plain, concat(new Uint8Array([2]), bytes.subarray(1)), "unknown-version"),
        one("a reserved flag", { ...plain, flags: 4 }, flagged(4), "unknown-flags"),
        one("other flags than the catalog's", plain, flagged(frameFlags.zstd), "unknown-flags"),
        one("other flags, and the catalog agrees", { ...plain, flags: 1 }, flagged(1), "not-authentic"),
        one("not zstd", ...(await zstd(utf8("not zstd at all"))), "malformed"),
        one(
            "zstd that does not state its content size",
            ...(await zstd(concat(magic, new Uint8Array([0x00, 0x58]), empty))),
            "malformed",
        ),
        one(
            "zstd that states 1,048,577 bytes",
            ...(await zstd(concat(magic, new Uint8Array([0xa0, 0x01, 0x00, 0x10, 0x00]), empty))),
            "too-large",
        ),
        one(
            "zstd that states more than it holds",
            ...(await zstd(concat(magic, new Uint8Array([0x20, 9]), empty))),
            "malformed",
        ),
        one("bytes after zstd", ...(await zstd(concat(compress(utf8("a")), new Uint8Array(1)))), "malformed"),
        one("two zstd frames", ...(await zstd(concat(compress(utf8("a")), compress(utf8(""))))), "malformed"),
    ]
}

function at(entry: FrameEntry, index: number): { readonly id: Bytes; readonly length: number } {
    const chunk = entry.chunks[index]
    if (chunk === undefined) throw new Error("no such chunk")
    return chunk
}

async function packRefusals(): Promise<object[]> {
    const { bytes, pack } = await examplePack()
    const swapped = tape("another pack").bytes(bytes.length)
    const { frames: _frames, ...ref } = packText(pack) as Record<string, unknown>
    return [
        { name: "another pack of the same size", ref, bytes: b64(swapped), expected: "wrong-hash" },
        { name: "one byte less", ref, bytes: b64(bytes.subarray(1)), expected: "wrong-hash" },
    ]
}

// ---------------------------------------------------------------- bodies

async function catalogRefusals(): Promise<object[]> {
    const [pack] = (await exampleCatalog()).packs
    const frame = pack?.frames[0]
    if (!pack || !frame) throw new Error("examples are missing")
    const right = writeCatalog({ packs: [pack] })
    const withFrame = (change: Partial<FrameEntry>, before: readonly FrameEntry[] = []) =>
        writeCatalog({ packs: [{ ...pack, frames: [...before, { ...frame, ...change }] }] })
    const chunkOf = (length: number) => ({ sealedLength: length + 30, chunks: [{ id: frame.id, length }] })
    const start = new ByteWriter().u8(1).varint(1).bytes(right.subarray(2, 54)).finish()

    const one = (name: string, body: Bytes, expected: DamageCode) => ({ name, body: b64(body), expected })
    return [
        one("no bytes", new Uint8Array(0), "malformed"),
        one("another format", concat(new Uint8Array([2]), right.subarray(1)), "unknown-version"),
        one("bytes after the last frame", concat(right, new Uint8Array(1)), "malformed"),
        one("ends too early", right.subarray(0, -1), "malformed"),
        one("more packs than there are", concat(new Uint8Array([1, 2]), right.subarray(2)), "malformed"),
        one("a count in a longer form", concat(new Uint8Array([1, 0x81, 0x00]), right.subarray(2)), "malformed"),
        one("a count above 2³²", concat(new Uint8Array([1, 0xff, 0xff, 0xff, 0xff, 0x7f])), "malformed"),
        one("257 packs", concat(new Uint8Array([1, 0x81, 0x02]), right.subarray(2)), "too-large"),
        one("a pack without frames", concat(start, new Uint8Array([0])), "malformed"),
        one("a pack above 8 MiB", writeCatalog({ packs: [{ ...pack, size: 8_388_609 }] }), "too-large"),
        one("frames longer than their pack", writeCatalog({ packs: [{ ...pack, size: 100 }] }), "malformed"),
        one("a chunk that stands twice", withFrame({}, [frame]), "malformed"),
        one("a chunk without bytes", withFrame(chunkOf(0)), "malformed"),
        one("a chunk above 262,112 bytes", writeLarge(chunkOf(262_113)), "too-large"),
        one(
            "a sealed length that the chunk cannot have",
            withFrame({ sealedLength: frame.sealedLength + 1 }),
            "malformed",
        ),
        one("compressed, but not shorter", withFrame({ flags: 1 }), "malformed"),
        one("a reserved flag", withFrame({ flags: 4 }), "unknown-flags"),
        one("several chunks, but one", withFrame({ flags: 2 }), "malformed"),
    ]

    function writeLarge(change: Partial<FrameEntry>): Bytes {
        if (!pack || !frame) throw new Error("examples are missing")
        return writeCatalog({ packs: [{ ...pack, size: 8_388_608, frames: [{ ...frame, ...change }] }] })
    }
}

/** JSON as text, so that even what no writer would write can be written. */
function body(json: string): string {
    return b64(compress(utf8(json)))
}

async function fileListRefusals(): Promise<object[]> {
    const entry = { method: 0, time: 0, attributes: 0, madeBy: 0, flags: 0, crc32: 0, raw: "AA" }
    const file = { name: "a", size: 1, modified: null, type: "", cut: "text", chunks: "A".repeat(22), entry }
    const line = (change: object) => `${JSON.stringify({ ...file, ...change })}\n`
    const right = line({})
    const { type: _type, ...without } = file
    const { cut, ...reordered } = file

    const one = (name: string, text: string, expected: DamageCode | "right") => ({
        name,
        text: b64(utf8(text)),
        expected,
    })
    return [
        one("no file", "", "right"),
        one("nothing wrong", right + right, "right"),
        one("a last line without its end", right.slice(0, -1), "malformed"),
        one("an empty line", `${right}\n`, "malformed"),
        one("two files in one line", right.slice(0, -1) + right, "malformed"),
        one("not JSON", "{\n", "malformed"),
        one("a list", "[]\n", "malformed"),
        one("a missing field", `${JSON.stringify(without)}\n`, "malformed"),
        one("an unknown field", line({ note: "" }), "malformed"),
        one("an unknown field within", line({ entry: { ...entry, note: "" } }), "malformed"),
        one("a repeated field", right.replace('"size":', '"size":1,"size":'), "malformed"),
        one("fields in another order", `${JSON.stringify({ ...reordered, cut })}\n`, "malformed"),
        one("white space", right.replace(":", ": "), "malformed"),
        one("an escape that is not needed", right.replace('"a"', '"\\u0061"'), "malformed"),
        one("an escaped slash", line({ name: "/" }).replace('"/"', '"\\/"'), "malformed"),
        one("an escape in upper case", line({ name: "\u001f" }).replace("\\u001f", "\\u001F"), "malformed"),
        one("a short escape, spelled long", line({ name: "\n" }).replace("\\n", "\\u000a"), "malformed"),
        one("a line separator, escaped", line({ name: "\u2028" }).replace("\u2028", "\\u2028"), "malformed"),
        one("a fraction", right.replace('"size":1', '"size":1.0'), "malformed"),
        one("an exponent", right.replace('"size":1', '"size":1e0'), "malformed"),
        one("a negative size", line({ size: -1 }), "malformed"),
        one("a size of 2⁵³", line({ size: 2 ** 53 }), "malformed"),
        one("a size without chunks", line({ chunks: "" }), "malformed"),
        one("chunks without a size", line({ size: 0 }), "malformed"),
        one("chunk ids that are no whole number of ids", line({ chunks: "AAAA" }), "malformed"),
        one("base64url with padding", line({ chunks: `${"A".repeat(22)}==` }), "malformed"),
        one("base64url with bits left over", line({ chunks: `${"A".repeat(21)}B` }), "malformed"),
        one("an unknown cut", line({ cut: "rolling" }), "malformed"),
        one("a method of 2¹⁶", line({ entry: { ...entry, method: 2 ** 16 } }), "malformed"),
        one("a time of 2³²", line({ entry: { ...entry, time: 2 ** 32 } }), "malformed"),
        one("half a surrogate pair", line({ name: "\ud83c" }), "malformed"),
        one("a time with a Z", line({ modified: "2026-11-23T18:04:05Z" }), "malformed"),
    ]
}

async function snapshotRefusals(): Promise<object[]> {
    const example = await exampleSnapshot()
    const { files, text } = example
    const [catalog] = example.catalogs
    if (text === null || catalog === undefined) throw new Error("examples are missing")
    const shownFiles = { ...files, chunks: b64(files.chunks) }
    const shownText = { ...text, tail: b64(text.tail) }
    const right = {
        ...owner(),
        ...example,
        source: { ...example.source, comment: "" },
        files: shownFiles,
        text: shownText,
    }
    const changed = (change: object) => JSON.stringify({ ...right, ...change })
    const withFiles = (change: object) => changed({ files: { ...shownFiles, ...change } })
    const withText = (change: object) => changed({ text: { ...shownText, ...change } })
    const withCatalog = (change: object) => changed({ catalogs: [{ ...catalog, ...change }] })
    const { reader: _reader, ...without } = right

    const one = (name: string, json: string, expected: DamageCode | "right") => ({ name, body: body(json), expected })
    return [
        one("nothing wrong", JSON.stringify(right), "right"),
        one("no text", changed({ text: null }), "right"),
        one("no file", changed({ files: { count: 0, size: 0, chunks: "" }, text: null, catalogs: [] }), "right"),
        one("a catalog that no chunk needs", withCatalog({ list: false, from: 0, to: 0 }), "right"),
        one("not JSON", "{", "malformed"),
        one("a list", "[]", "malformed"),
        one("another format", changed({ format: 2, unknown: true }), "unknown-version"),
        one("a missing field", JSON.stringify(without), "malformed"),
        one("an unknown field", changed({ note: "" }), "malformed"),
        one("an unknown field within", withFiles({ note: "" }), "malformed"),
        one("a repeated field", JSON.stringify(right).replace('"reader":', '"reader":"files","reader":'), "malformed"),
        one(
            "a repeated field, spelled otherwise",
            JSON.stringify(right).replace("{", '{"\\u0065poch":1,'),
            "malformed",
        ),
        one("a fraction", changed({}).replace('"epoch":1', '"epoch":1.0'), "malformed"),
        one("an exponent", changed({}).replace('"epoch":1', '"epoch":1e0'), "malformed"),
        one("a number as text", changed({ epoch: "1" }), "malformed"),
        one("the files themselves", changed({ files: [] }), "malformed"),
        one("a negative size", withFiles({ size: -1 }), "malformed"),
        one("a list of 2⁵³ bytes", withFiles({ size: 2 ** 53 }), "malformed"),
        one("a list above 256 MiB", withFiles({ size: 2 ** 28 + 1 }), "malformed"),
        one("2³² files", withFiles({ count: 2 ** 32 }), "malformed"),
        one("a list without chunks", withFiles({ chunks: "" }), "malformed"),
        one("chunks of a list without bytes", withFiles({ count: 0, size: 0 }), "malformed"),
        one(
            "files in a list without bytes",
            changed({ files: { count: 1, size: 0, chunks: "" }, text: null, catalogs: [] }),
            "malformed",
        ),
        one(
            "no files in a list with bytes",
            changed({ files: { ...shownFiles, count: 0 }, text: null, catalogs: [] }),
            "malformed",
        ),
        one("chunk ids that are no whole number of ids", withFiles({ chunks: "AAAA" }), "malformed"),
        one("base64url with padding", withFiles({ chunks: `${"A".repeat(22)}==` }), "malformed"),
        one("base64url with bits left over", withFiles({ chunks: `${"A".repeat(21)}B` }), "malformed"),
        one("a text that is no file", withText({ number: files.count }), "malformed"),
        one("a text without bytes", withText({ size: 0 }), "malformed"),
        one("a text without chunks", withText({ tail: "" }), "malformed"),
        one("33 chunks of the text's end", withText({ tail: b64(new Uint8Array(33 * 16)) }), "malformed"),
        one("part of an id at the text's end", withText({ tail: "AAAA" }), "malformed"),
        one("a catalog that stands twice", changed({ catalogs: [catalog, catalog] }), "malformed"),
        one("a catalog by its id alone", changed({ catalogs: [ids.catalog] }), "malformed"),
        one("a hint that is no yes or no", withCatalog({ list: 1 }), "malformed"),
        one("files that end before they begin", withCatalog({ from: 2, to: 1 }), "malformed"),
        one("no files, but not from the first", withCatalog({ from: 1, to: 1 }), "malformed"),
        one("more files than there are", withCatalog({ to: files.count + 1 }), "malformed"),
        one("half a surrogate pair", changed({ summary: { ...example.summary, title: "\ud83c" } }), "malformed"),
        one("a time without its Z", changed({ added: "2026-11-23T18:04:05" }), "malformed"),
        one("an id in upper case", changed({ conversation: "C5".repeat(16) }), "malformed"),
        one("another library", changed({ library: "b0".repeat(16) }), "wrong-library"),
        one("another epoch", changed({ epoch: 2 }), "wrong-library"),
        one("another id", changed({ id: ids.catalog }), "wrong-library"),
    ]
}

async function headRefusals(): Promise<object[]> {
    const { chain } = await exampleHeads()
    const head = chain[1]?.head
    if (head === undefined) throw new Error("examples are missing")
    const right = { ...owner(), ...head, lineage: "" }
    const changed = (change: object) => JSON.stringify({ ...right, ...change })
    const listed = (epoch: number) => head.snapshots.map((one) => ({ ...one, epoch }))
    const key = { epoch: 1, id: "ea".repeat(16), check: "A".repeat(22), sealed: "A".repeat(82) }
    const twice = (list: readonly unknown[] = []) => [...list, ...list]

    const one = (name: string, json: string, expected: DamageCode | "right", sequence = 2) => ({
        name,
        sequence,
        body: body(json),
        expected,
    })
    return [
        one("nothing wrong", changed({}), "right"),
        one("another format", changed({ format: 2 }), "unknown-version"),
        one("an unknown field", changed({ note: "" }), "malformed"),
        one("another sequence", changed({ sequence: 3 }), "wrong-library"),
        one("another library", changed({ library: "b0".repeat(16) }), "wrong-library"),
        one("another epoch", changed({ epoch: 2 }), "wrong-library"),
        one("a first head with a parent", changed({ sequence: 1 }), "malformed", 1),
        one("a second head without a parent", changed({ parent: "0".repeat(64) }), "malformed"),
        one("a sequence of zero", changed({ sequence: 0 }), "malformed", 0),
        one("a snapshot of a conversation that is not listed", changed({ conversations: [] }), "malformed"),
        one("a snapshot that stands twice", changed({ snapshots: twice(right.snapshots) }), "malformed"),
        one("a catalog that stands twice", changed({ catalogs: twice(right.catalogs) }), "malformed"),
        one("a setting that is no text", changed({ settings: { a: 1 } }), "malformed"),
        one(
            "a snapshot without an epoch",
            changed({ snapshots: listed(1).map(({ epoch: _, ...one }) => one) }),
            "malformed",
        ),
        one("a snapshot of an epoch whose key is not there", changed({ snapshots: listed(2) }), "malformed"),
        one("an earlier key in the first epoch", changed({ earlier: [key] }), "malformed"),
        one("a lineage in the first epoch", changed({ lineage: b64(fromHex(head.parent)) }), "malformed"),
        one("a repeated setting", changed({}).replace('"unknown":', '"unknown":"first","unknown":'), "malformed"),
    ]
}

/** Bodies of head 4, the first under a changed key: sealed under that key. */
async function changedHeadRefusals(): Promise<object[]> {
    const { chain } = await changedHeads()
    const head = chain[0]?.head
    if (head === undefined) throw new Error("examples are missing")
    const [key] = head.earlier.map(({ epoch, id, check, sealed }) => ({
        epoch,
        id,
        check: b64(check),
        sealed: b64(sealed),
    }))
    if (key === undefined) throw new Error("examples are missing")
    const right = { ...owner(aliceChanged), ...head, earlier: [key], lineage: b64(head.lineage) }
    const one = (name: string, change: object, expected: DamageCode | "right") => ({
        name,
        sequence: 4,
        body: body(JSON.stringify({ ...right, ...change })),
        expected,
    })
    const nothing = { snapshots: [], catalogs: [] }
    const of = (epoch: number) => ({
        snapshots: head.snapshots.map((one) => ({ ...one, epoch })),
        catalogs: head.catalogs.map((one) => ({ ...one, epoch })),
    })
    const { lineage } = head
    return [
        one("nothing wrong", {}, "right"),
        one("all of it is sealed anew, and the old key is gone", { ...of(2), earlier: [] }, "right"),
        one("an earlier key that nothing needs", nothing, "malformed"),
        one("an earlier key that is needed is missing", { earlier: [] }, "malformed"),
        one("an earlier key that stands twice", { earlier: [key, key] }, "malformed"),
        one("an earlier key of this very epoch", { ...of(2), earlier: [{ ...key, epoch: 2 }] }, "malformed"),
        one("an earlier key of epoch 0", { ...of(0), earlier: [{ ...key, epoch: 0 }] }, "malformed"),
        one("a check of fifteen bytes", { earlier: [{ ...key, check: b64(new Uint8Array(15)) }] }, "malformed"),
        one("a sealed key of sixty bytes", { earlier: [{ ...key, sealed: b64(new Uint8Array(60)) }] }, "malformed"),
        one("an unknown field of an earlier key", { earlier: [{ ...key, note: "" }] }, "malformed"),
        one("a lineage that lacks a head", { lineage: b64(lineage.subarray(32)) }, "malformed"),
        one("a lineage with half a hash", { lineage: b64(lineage.subarray(16)) }, "malformed"),
        one("a lineage that does not end in the parent", { lineage: b64(lineage.toReversed()) }, "malformed"),
    ]
}

// ---------------------------------------------------------------- sealed objects and the chain of heads

async function objectRefusals(): Promise<object[]> {
    const snapshot = await exampleSnapshot()
    const kind = "snapshot"
    const craft = async (name: string, plaintext: Bytes, expected: DamageCode) => {
        const nonce = tape(name).bytes(12)
        const sealed = await aeadSeal(alice.keys.snapshot, nonce, plaintext, snapshotPlace(alice.keys, ids.snapshot))
        return { name, kind, id: ids.snapshot, sealed: b64(concat(new Uint8Array([1]), nonce, sealed)), expected }
    }
    const plaintext = (bodyLength: number, sealedLength: number, last = 0) => {
        const bytes = new ByteWriter()
            .u32(bodyLength)
            .bytes(new Uint8Array(sealedLength - 33))
            .finish()
        bytes[bytes.length - 1] = last
        return bytes
    }
    const one = (name: string, asked: object, sealed: Bytes, expected: DamageCode) => ({
        name,
        ...asked,
        sealed: b64(sealed),
        expected,
    })
    const pointed = (name: string, asked: object, sealedOf: Pointer, expected: DamageCode) => ({
        name,
        ...asked,
        sealedOf,
        expected,
    })
    const asked = { kind, id: ids.snapshot }
    return [
        one("another account's", asked, await sealSnapshot(bob.keys, snapshot, tape("bob")), "not-authentic"),
        one("another epoch's", asked, await sealSnapshot(aliceLater.keys, snapshot, tape("later")), "not-authentic"),
        pointed("under another id", { kind, id: ids.catalog }, ["snapshot.json", "sealed"], "not-authentic"),
        pointed("a catalog for a snapshot", { kind, id: ids.catalog }, ["catalog.json", "sealed"], "not-authentic"),
        pointed(
            "an older head as the newest",
            { kind: "head", sequence: 3 },
            ["head.json", "chain", 1, "sealed"],
            "not-authentic",
        ),
        await craft("padding that is not zero", plaintext(100, 4_096, 1), "bad-padding"),
        await craft("a length beyond the object", plaintext(4_064, 4_096), "bad-padding"),
        await craft("a length far beyond the object", plaintext(0xffff_ffff, 4_096), "bad-padding"),
        await craft("more padding than its body has", plaintext(100, 4_352), "bad-padding"),
        await craft("a length that Padmé does not make", plaintext(4_064, 4_097), "bad-padding"),
    ]
}

async function followRefusals(): Promise<object[]> {
    const { chain } = await exampleHeads()
    const remember = (link: (typeof chain)[number] | undefined) =>
        link && { sequence: link.head.sequence, hash: link.hash }
    const shown = (list: "chain" | "fork", index: number): Pointer => ["head.json", list, index, "sealed"]
    const one = (
        name: string,
        remembered: object | undefined | null,
        sequence: number,
        newest: Pointer,
        between: Record<string, Pointer>,
        expected: DamageCode | "right",
    ) => ({ name, remembered, newest: { sequence, sealedOf: newest }, between, expected })
    return [
        one("nothing remembered", null, 3, shown("chain", 2), {}, "right"),
        one("the same head", remember(chain[2]), 3, shown("chain", 2), {}, "right"),
        one("the next head", remember(chain[1]), 3, shown("chain", 2), {}, "right"),
        one("two heads on", remember(chain[0]), 3, shown("chain", 2), { 2: shown("chain", 1) }, "right"),
        one("an older head", remember(chain[2]), 2, shown("chain", 1), {}, "older-head"),
        one("the same sequence, another head", remember(chain[1]), 2, shown("fork", 0), {}, "forked-head"),
        one("a next head on a fork", remember(chain[1]), 3, shown("fork", 1), {}, "forked-head"),
        one(
            "two heads on, one in between from a fork",
            remember(chain[0]),
            3,
            shown("chain", 2),
            { 2: shown("fork", 0) },
            "forked-head",
        ),
        one(
            "two heads on, on a fork from the remembered one",
            remember(chain[0]),
            3,
            shown("fork", 1),
            { 2: shown("fork", 0) },
            "right",
        ),
        one("one in between is gone", remember(chain[0]), 3, shown("chain", 2), {}, "missing"),
        one("an older head as the next one", remember(chain[2]), 4, shown("chain", 1), {}, "not-authentic"),
    ]
}

/** What a device shows that was unlocked with the changed key, and remembers a head from before or after. */
async function followChangedRefusals(): Promise<object[]> {
    const { chain, fork } = await exampleHeads()
    const changed = await changedHeads()
    const remember = (link: (typeof chain)[number] | undefined) =>
        link && { sequence: link.head.sequence, hash: link.hash }
    const shown = (list: "changed" | "changedFork", index: number): Pointer => ["head.json", list, index, "sealed"]
    const one = (
        name: string,
        remembered: object | undefined | null,
        sequence: number,
        newest: Pointer,
        between: Record<string, Pointer>,
        expected: DamageCode | "right",
    ) => ({ name, remembered, newest: { sequence, sealedOf: newest }, between, expected })
    const first = shown("changed", 0)
    const second = shown("changed", 1)
    return [
        one("nothing remembered", null, 4, first, {}, "right"),
        one("the first head under the new key, from the one before", remember(chain[2]), 4, first, {}, "right"),
        one("the first head under the new key, from long before", remember(chain[0]), 4, first, {}, "right"),
        one("the second, from long before", remember(chain[0]), 5, second, { 4: first }, "right"),
        one("the second, from the first", remember(changed.chain[0]), 5, second, {}, "right"),
        one("the same sequence before the change, another head", remember(fork[0]), 4, first, {}, "forked-head"),
        one("the head right before the change, another one", remember(fork[1]), 4, first, {}, "forked-head"),
        one("a change upon a fork", remember(chain[2]), 4, shown("changedFork", 0), {}, "forked-head"),
        one("a change upon a fork that began later", remember(chain[0]), 4, shown("changedFork", 0), {}, "right"),
        one("another first head under the new key", remember(changed.fork[0]), 5, second, {}, "forked-head"),
        one("the one that was changed is gone", remember(chain[0]), 5, second, {}, "missing"),
        one(
            "an old head as the newest",
            remember(chain[0]),
            3,
            ["head.json", "chain", 2, "sealed"],
            {},
            "not-authentic",
        ),
        one(
            "from before the change",
            remember(changed.chain[0]),
            3,
            ["head.json", "chain", 2, "sealed"],
            {},
            "older-head",
        ),
    ]
}
