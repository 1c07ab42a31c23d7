/** catalog.json, snapshot.json and head.json: a small library of Alice's. */

import type { Bytes } from "../../../src/bytes/bytes.ts"
import { concat } from "../../../src/bytes/bytes.ts"
import { toHex } from "../../../src/bytes/hex.ts"
import { utf8 } from "../../../src/bytes/utf8.ts"
import { sha256 } from "../../../src/crypto/hash.ts"
import { type Catalog, sealCatalog, writeCatalog } from "../../../src/format/catalog.ts"
import { type Head, headHash, noParent, sealHead } from "../../../src/format/head.ts"
import type { ObjectRef } from "../../../src/format/object.ts"
import { type Snapshot, sealSnapshot } from "../../../src/format/snapshot.ts"
import { alice } from "../cast.ts"
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

export async function exampleSnapshot(): Promise<Snapshot> {
    const frames = await exampleFrames()
    const chunk = (index: number) => frames[index]?.frame.chunks ?? []
    const text = chunk(3)
    const photo = chunk(0)
    const size = (chunks: readonly { length: number }[]) => chunks.reduce((sum, { length }) => sum + length, 0)
    const entry = { method: 8, time: 1_534_742_528, attributes: 0, madeBy: 20, flags: 8, crc32: 305_419_896, raw: null }
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
        catalogs: [ids.catalog],
        files: [
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
                name: "f\u00fcr Ben.jpg",
                size: size(photo),
                modified: null,
                type: "image/jpeg",
                cut: "fixed",
                chunks: concat(...photo.map(({ id }) => id)),
                entry: { ...entry, method: 0, raw: new Uint8Array([0x66, 0x81, 0x72]) },
            },
            { name: "empty/", size: 0, modified: null, type: "", cut: "fixed", chunks: new Uint8Array(0), entry: null },
        ],
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

async function link(head: Head, seed: string): Promise<ChainLink> {
    const sealed = await sealHead(alice.keys, head, tape(seed))
    return { head, sealed, hash: await headHash(sealed) }
}

/** Heads 1 to 3, and two forks: another head 2, and another head 3 on top of it. */
export async function exampleHeads(): Promise<{ readonly chain: ChainLink[]; readonly fork: ChainLink[] }> {
    const empty = { conversations: [], snapshots: [], catalogs: [], settings: {} }
    const first = await link({ sequence: 1, parent: noParent, written: "2026-11-23T18:00:00Z", ...empty }, "head 1")
    const full = {
        conversations: [{ id: ids.conversation, name: "Ben 🎈", self: "Anna" }],
        snapshots: [{ ...(await reference(ids.snapshot, await sealedSnapshot())), conversation: ids.conversation }],
        catalogs: [await reference(ids.catalog, await sealedCatalog())],
        settings: { "recovery-code-proven": "2026-11-23T18:00:00Z", unknown: "kept" },
    }
    const next = (below: ChainLink, written: string, content: typeof full | typeof empty, seed: string) =>
        link({ sequence: below.head.sequence + 1, parent: below.hash, written, ...content }, seed)
    const second = await next(first, "2026-11-23T18:04:09Z", full, "head 2")
    const third = await next(second, "2026-11-24T08:00:00Z", full, "head 3")
    const otherSecond = await next(first, "2026-11-23T18:04:09Z", empty, "other head 2")
    const otherThird = await next(otherSecond, "2026-11-24T08:00:00Z", empty, "other head 3")
    return { chain: [first, second, third], fork: [otherSecond, otherThird] }
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

/** The snapshot as the document shows it: with bytes as text, and with what `sealSnapshot` adds. */
export async function snapshotVectors(): Promise<object> {
    const sealed = await sealedSnapshot()
    const snapshot = JSON.parse(
        JSON.stringify(await exampleSnapshot(), (_, value: unknown) =>
            value instanceof Uint8Array ? b64(value.slice()) : value,
        ),
    )
    return { ref: await reference(ids.snapshot, sealed), snapshot: { ...owner(), ...snapshot }, sealed: b64(sealed) }
}

export function owner(): { format: number; library: string; epoch: number } {
    return { format: 1, library: toHex(alice.library), epoch: alice.epoch }
}

export async function headVectors(): Promise<object> {
    const { chain, fork } = await exampleHeads()
    const shown = ({ head, sealed, hash }: ChainLink) => ({ head: { ...owner(), ...head }, hash, sealed: b64(sealed) })
    return { chain: chain.map(shown), fork: fork.map(shown) }
}
