/** A chat of many gigabytes in a server in memory: root, list, catalogs and text as they are, photos named and not stored. */

import type { MemoryServer } from "../../src/adapters/memory-store.ts"
import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { sha256 } from "../../src/crypto/hash.ts"
import type { LibraryKeys } from "../../src/crypto/keys.ts"
import { systemRandom } from "../../src/crypto/random.ts"
import { divide, hintsOf } from "../../src/engine/division.ts"
import { passOverList } from "../../src/engine/list-pass.ts"
import { passOver } from "../../src/engine/pass.ts"
import { crewOfOne } from "../../src/engine/sealer.ts"
import { type CatalogPack, sealCatalog } from "../../src/format/catalog.ts"
import type { SnapshotFile } from "../../src/format/file-list.ts"
import { openHead, sealHead } from "../../src/format/head.ts"
import { idLength, limits } from "../../src/format/limits.ts"
import { describePack, joinRests } from "../../src/format/pack.ts"
import { sealSnapshot, tailOf } from "../../src/format/snapshot.ts"
import { chatText, noise, photoName } from "./exports.ts"

const photoSize = 170_000
const signal = new AbortController().signal

/** The last of the photos is stored; every message of the last 40 is one. */
export async function storeLargeChat(server: MemoryServer, keys: LibraryKeys, photos: number): Promise<void> {
    const messages = 40_000
    const seen = Array.from({ length: 40 }, (_, at) => messages - 40 + at)
    const text = utf8(chatText(0, messages, seen))
    const last = concat(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0]), noise(photoSize - 5, 7))
    const packs: { readonly described: CatalogPack; readonly bytes: Bytes }[] = []
    const pass = {
        crew: crewOfOne(systemRandom),
        keys,
        random: systemRandom,
        signal,
        isKnown: () => false,
        takePack: async (described: CatalogPack, bytes: Bytes, release: () => void) => {
            packs.push({ described, bytes: bytes.slice() })
            release()
        },
    }
    const contents = [text, last].map((bytes, index) => ({
        file: { index, name: "", size: bytes.length, folder: false, entry: null },
        content: contentOf(bytes),
    }))
    async function* read() {
        yield* contents
    }
    const passed = await passOver({
        ...pass,
        source: { files: contents.map(({ file }) => file), size: text.length + last.length, portable: null, read },
        onFound: () => undefined,
    })
    const [textFile, photoFile] = passed.files
    if (textFile === undefined || photoFile === undefined) throw new Error("nothing was passed")
    const absent = Array.from({ length: photos - 1 }, () => systemRandom.bytes(idLength))
    const facts = { modified: null, entry: null }
    const files: readonly SnapshotFile[] = [
        {
            ...facts,
            name: "WhatsApp Chat mit Ben.txt",
            size: text.length,
            type: "text/plain",
            cut: "text",
            chunks: textFile.chunks,
        },
        ...[...absent, photoFile.chunks].map((chunks, at): SnapshotFile => {
            const name = `IMG-${photoName(messages - photos + at)}.jpg`
            return { ...facts, name, size: photoSize, type: "image/jpeg", cut: "fixed", chunks }
        }),
    ]
    const { list, rests } = await passOverList(pass, files)
    // Not joined: the photo lies as far from the text as in a chat whose packs are full.
    for (const rest of [...passed.rests, ...rests])
        for (const pack of joinRests([rest], systemRandom))
            packs.push({ described: await describePack(pack), bytes: pack.bytes })
    const described = packs.map((pack) => pack.described)
    for (const pack of packs) await store(server, "pack", pack.described.id, pack.bytes)

    const named = { files, list, text: 0 }
    const groups = divide([...described, ...absentPacks(absent)], named)
    const catalogs = groups.map((group) => ({ id: toHex(systemRandom.bytes(idLength)), packs: group }))
    const refs = []
    for (const catalog of catalogs)
        refs.push(
            await store(server, "catalog", catalog.id, await sealCatalog(keys, catalog.id, catalog, systemRandom)),
        )
    const [id, conversation] = [toHex(systemRandom.bytes(idLength)), toHex(systemRandom.bytes(idLength))]
    const snapshot = {
        id,
        conversation,
        added: "2026-11-23T18:04:05Z",
        source: {
            name: "a.zip",
            size: photos * photoSize,
            modified: null,
            kind: "zip" as const,
            comment: new Uint8Array(0),
        },
        reader: "whatsapp" as const,
        summary: {
            title: "Ben",
            people: ["Anna", "Ben"],
            messages,
            media: photos,
            first: null,
            last: "2024-01-29T02:39:00",
        },
        catalogs: hintsOf(catalogs, named),
        files: list,
        text: { number: 0, size: text.length, tail: tailOf(textFile) },
    }
    const ref = await store(server, "snapshot", id, await sealSnapshot(keys, snapshot, systemRandom))

    const newest = await server.head(signal)
    const before = newest && (await openHead(keys, newest.sequence, newest.sealed))
    if (before === null) throw new Error("there is no library")
    const head = {
        ...before.head,
        sequence: before.head.sequence + 1,
        parent: before.hash,
        conversations: [...before.head.conversations, { id: conversation, name: "Ben", self: "Anna" }],
        snapshots: [...before.head.snapshots, { ...ref, epoch: 1, conversation }],
        catalogs: [...before.head.catalogs, ...refs.map((one) => ({ ...one, epoch: 1 }))],
    }
    const sealed = await sealHead(keys, head, systemRandom)
    const objects = [...refs, ...described].map((one) => one.id)
    await server.commit({ sequence: head.sequence, sealed, add: [{ snapshot: id, objects }], remove: [] }, signal)
}

function absentPacks(ids: readonly Bytes[]): readonly CatalogPack[] {
    const each = Math.floor(limits.packSize / (photoSize + 30))
    return Array.from({ length: Math.ceil(ids.length / each) }, (_, at) => ({
        id: toHex(systemRandom.bytes(idLength)),
        sha256: "0".repeat(64),
        size: limits.packSize,
        frames: ids.slice(each * at, each * (at + 1)).map((id) => ({
            id,
            flags: 0,
            sealedLength: photoSize + 30,
            chunks: [{ id, length: photoSize }],
        })),
    }))
}

async function store(server: MemoryServer, kind: "pack" | "catalog" | "snapshot", id: string, bytes: Bytes) {
    const ref = { id, size: bytes.length, sha256: toHex(await sha256(bytes)) }
    const [ticket] = await server.begin([{ ...ref, kind }], signal)
    if (ticket !== undefined) await server.put(ticket, bytes, signal)
    await server.finish([id], signal)
    return ref
}

async function* contentOf(bytes: Bytes): AsyncGenerator<Bytes, null, undefined> {
    yield bytes
    return null
}
