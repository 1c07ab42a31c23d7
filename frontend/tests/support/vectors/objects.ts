/** catalog.json, file-list.json, snapshot.json and head.json: a small library of Alice's. */

import type { Bytes } from "../../../src/bytes/bytes.ts"
import { concat } from "../../../src/bytes/bytes.ts"
import { fromHex, toHex } from "../../../src/bytes/hex.ts"
import { utf8 } from "../../../src/bytes/utf8.ts"
import { sha256 } from "../../../src/crypto/hash.ts"
import type { LibraryKeys } from "../../../src/crypto/keys.ts"
import { createLinePrf } from "../../../src/crypto/prf.ts"
import { RootSecret } from "../../../src/crypto/root-secret.ts"
import { type Catalog, sealCatalog, writeCatalog } from "../../../src/format/catalog.ts"
import { chunkId } from "../../../src/format/chunk.ts"
import { createCutter } from "../../../src/format/cutter.ts"
import { type SnapshotFile, writeFileList } from "../../../src/format/file-list.ts"
import { type Head, headHash, noParent, sealHead } from "../../../src/format/head.ts"
import type { ObjectRef } from "../../../src/format/object.ts"
import { type FileListRef, type Snapshot, sealSnapshot, tailOf } from "../../../src/format/snapshot.ts"
import { sealEarlier } from "../../../src/keyring/earlier.ts"
import { alice, aliceChanged } from "../cast.ts"
import { tape } from "../tape.ts"
import { exampleFrames, examplePack, packText } from "./frames.ts"
import { b64 } from "./text.ts"

export const ids = {
    catalog: "c0".repeat(16),
    snapshot: "50".repeat(16),
    conversation: "c5".repeat(16),
}

export async function reference(id: string, sealed: Bytes): Promise<ObjectRef> {
    return { id, sha256: toHex(await sha256(sealed)), size: sealed.length }
}

export async function exampleCatalog(): Promise<Catalog> {
    return { packs: [(await examplePack()).pack] }
}

export async function sealedCatalog(): Promise<Bytes> {
    return sealCatalog(alice.keys, ids.catalog, await exampleCatalog(), tape("catalog"))
}

export async function exampleFiles(): Promise<readonly SnapshotFile[]> {
    const frames = await exampleFrames()
    const chunk = (index: number) => frames[index]?.frame.chunks ?? []
    const text = chunk(3)
    const photo = chunk(0)
    const size = (chunks: readonly { length: number }[]) => chunks.reduce((sum, { length }) => sum + length, 0)
    const entry = { method: 8, time: 1_534_742_528, attributes: 0, madeBy: 20, flags: 8, crc32: 305_419_896, raw: null }
    return [
        {
            name: "_chat.txt",
            size: size(text),
            modified: "2026-11-20T10:00:00",
            type: "text/plain",
            cut: "text",
            chunks: concat(...text.map(({ id }) => id)),
            entry,
        },
        {
            name: 'f\u00fcr "Ben"\\\u0001\t\u2028 🎈.jpg',
            size: size(photo),
            modified: null,
            type: "image/jpeg",
            cut: "fixed",
            chunks: concat(...photo.map(({ id }) => id)),
            entry: { ...entry, method: 0, raw: new Uint8Array([0x66, 0x81, 0x72]) },
        },
        { name: "empty/", size: 0, modified: null, type: "", cut: "fixed", chunks: new Uint8Array(0), entry: null },
    ]
}

/** The list cut as the document says. */
export async function exampleList(): Promise<FileListRef> {
    const files = await exampleFiles()
    const text = writeFileList(files)
    const cutter = createCutter("text", await createLinePrf(alice.keys.cut))
    const chunks = [...cutter.push(text), ...cutter.end()]
    const ids = await Promise.all(chunks.map((chunk) => chunkId(alice.keys, chunk)))
    return { count: files.length, size: text.length, chunks: concat(...ids) }
}

export async function exampleSnapshot(): Promise<Snapshot> {
    const [text] = await exampleFiles()
    if (text === undefined) throw new Error("no text")
    return {
        id: ids.snapshot,
        conversation: ids.conversation,
        added: "2026-11-23T18:04:05Z",
        source: {
            name: "WhatsApp Chat - Ben 🎈.zip",
            size: 1_234,
            modified: "2026-11-20T10:00:00Z",
            kind: "zip",
            comment: utf8("made by hand"),
        },
        reader: "whatsapp",
        summary: {
            title: "Ben 🎈",
            people: ["Anna", "Ben"],
            messages: 120,
            media: 1,
            first: "2026-09-19T09:49:00",
            last: null,
        },
        catalogs: [{ id: ids.catalog, list: true, from: 0, to: 2 }],
        files: await exampleList(),
        text: { number: 0, size: text.size, tail: tailOf(text) },
    }
}

export async function sealedSnapshot(): Promise<Bytes> {
    return sealSnapshot(alice.keys, await exampleSnapshot(), tape("snapshot"))
}

export interface ChainLink {
    readonly head: Head
    readonly sealed: Bytes
    readonly hash: string
}

async function link(head: Head, seed: string, keys: LibraryKeys = alice.keys): Promise<ChainLink> {
    const sealed = await sealHead(keys, head, tape(seed))
    return { head, sealed, hash: await headHash(sealed) }
}

/** Heads 1 to 3, and two forks: another head 2, and another head 3 on top of it. */
export async function exampleHeads(): Promise<{ readonly chain: ChainLink[]; readonly fork: ChainLink[] }> {
    const never = { earlier: [], lineage: new Uint8Array(0) }
    const empty = { conversations: [], snapshots: [], catalogs: [], settings: {}, ...never }
    const first = await link({ sequence: 1, parent: noParent, written: "2026-11-23T18:00:00Z", ...empty }, "head 1")
    const full = {
        conversations: [{ id: ids.conversation, name: "Ben 🎈", self: "Anna" }],
        snapshots: [
            { ...(await reference(ids.snapshot, await sealedSnapshot())), epoch: 1, conversation: ids.conversation },
        ],
        catalogs: [{ ...(await reference(ids.catalog, await sealedCatalog())), epoch: 1 }],
        settings: { "recovery-code-proven": "2026-11-23T18:00:00Z", unknown: "kept" },
        ...never,
    }
    const next = (below: ChainLink, written: string, content: typeof full | typeof empty, seed: string) =>
        link({ sequence: below.head.sequence + 1, parent: below.hash, written, ...content }, seed)
    const second = await next(first, "2026-11-23T18:04:09Z", full, "head 2")
    const third = await next(second, "2026-11-24T08:00:00Z", full, "head 3")
    const otherSecond = await next(first, "2026-11-23T18:04:09Z", empty, "other head 2")
    const otherThird = await next(otherSecond, "2026-11-24T08:00:00Z", empty, "other head 3")
    return { chain: [first, second, third], fork: [otherSecond, otherThird] }
}

/** What follows head 3 after the key was changed: head 4, which takes the old key along, head 5, and another head 4. */
export async function changedHeads(): Promise<{ readonly chain: ChainLink[]; readonly fork: ChainLink[] }> {
    const { chain, fork } = await exampleHeads()
    const [below, other] = [chain.at(-1), fork.at(-1)]
    if (below === undefined || other === undefined) throw new Error("examples are missing")
    const { id, ...key } = await sealEarlier(
        aliceChanged.keys,
        alice.keys,
        RootSecret.of(alice.root.slice()),
        tape("earlier key"),
    )
    const first = (parent: ChainLink, hashes: readonly string[], seed: string) =>
        link(
            {
                ...below.head,
                sequence: 4,
                parent: parent.hash,
                written: "2026-11-25T08:00:00Z",
                earlier: [{ id: toHex(id), ...key }],
                lineage: concat(...hashes.map(fromHex)),
            },
            seed,
            aliceChanged.keys,
        )
    const hashes = (links: readonly (ChainLink | undefined)[]) => links.map((one) => one?.hash ?? "")
    const fourth = await first(below, hashes(chain), "head 4")
    const fifth = await link(
        {
            ...fourth.head,
            sequence: 5,
            parent: fourth.hash,
            written: "2026-11-25T09:00:00Z",
            lineage: new Uint8Array(0),
        },
        "head 5",
        aliceChanged.keys,
    )
    const otherFourth = await first(other, hashes([chain[0], ...fork]), "other head 4")
    return { chain: [fourth, fifth], fork: [otherFourth] }
}

export async function catalogVectors(): Promise<object> {
    const catalog = await exampleCatalog()
    const sealed = await sealedCatalog()
    return {
        ref: await reference(ids.catalog, sealed),
        packs: catalog.packs.map(packText),
        body: b64(writeCatalog(catalog)),
        sealed: b64(sealed),
    }
}

/** As the document shows it, with bytes as text. */
function shown(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value, (_, one: unknown) => (one instanceof Uint8Array ? b64(one.slice()) : one)))
}

export async function fileListVectors(): Promise<object> {
    const files = await exampleFiles()
    const { chunks } = await exampleList()
    return { files: shown(files), text: b64(writeFileList(files)), chunks: b64(chunks) }
}

/** With what `sealSnapshot` adds. */
export async function snapshotVectors(): Promise<object> {
    const sealed = await sealedSnapshot()
    const snapshot = { ...owner(), ...(shown(await exampleSnapshot()) as object) }
    return { ref: await reference(ids.snapshot, sealed), snapshot, sealed: b64(sealed) }
}

export function owner({ library, epoch } = alice): { format: number; library: string; epoch: number } {
    return { format: 1, library: toHex(library), epoch }
}

export async function headVectors(): Promise<object> {
    const { chain, fork } = await exampleHeads()
    const changed = await changedHeads()
    const shown =
        (whose = alice) =>
        ({ head, sealed, hash }: ChainLink) => ({
            head: JSON.parse(
                JSON.stringify({ ...owner(whose), ...head }, (_, value: unknown) =>
                    value instanceof Uint8Array ? b64(value.slice()) : value,
                ),
            ),
            hash,
            sealed: b64(sealed),
        })
    return {
        chain: chain.map(shown()),
        fork: fork.map(shown()),
        changed: changed.chain.map(shown(aliceChanged)),
        changedFork: changed.fork.map(shown(aliceChanged)),
    }
}
