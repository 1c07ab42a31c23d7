/**
 * Makes an import part of the library: catalog → snapshot → head, in this order.
 *
 * What is pointed at is stored and confirmed before anything points at it. When another device wrote a head in
 * between, the change is made anew on top of that head.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { equal } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { sha256 } from "../crypto/hash.ts"
import { type CatalogPack, sealCatalog } from "../format/catalog.ts"
import type { Head, HeadConversation, OpenedHead } from "../format/head.ts"
import { idLength } from "../format/limits.ts"
import type { ObjectRef } from "../format/object.ts"
import { type Snapshot, type SnapshotFile, sealSnapshot } from "../format/snapshot.ts"
import type { ImportJournal } from "./import-journal.ts"
import type { ImportFactsOfSnapshot } from "./job.ts"
import { indexOf, type Kept, packsOf } from "./kept.ts"
import type { Library } from "./library.ts"
import type { Announcement, Ports } from "./ports.ts"
import type { Patience } from "./retry.ts"
import { sendObject } from "./sender.ts"

/** What the pass made, and what is to be said about it. */
export interface ImportDraft {
    readonly conversation: HeadConversation
    readonly facts: ImportFactsOfSnapshot
    readonly files: readonly SnapshotFile[]
    /** Confirmed packs of this import. */
    readonly packs: readonly CatalogPack[]
    /** Settings that belong to this snapshot; names get its id behind them. */
    readonly settings: Readonly<Record<string, string>>
}

/** Everything the new snapshot needs, sealed. */
export interface SealedImport {
    readonly snapshot: ObjectRef
    readonly snapshotBytes: Bytes
    readonly catalog: ObjectRef | null
    readonly catalogBytes: Bytes | null
    /** Own packs and those of earlier imports. */
    readonly packs: readonly string[]
    /** Own catalog first. */
    readonly catalogs: readonly string[]
}

export type CommitOutcome =
    /** By this commit, by an earlier try after all, or because the library holds the very same export. */
    | { readonly kind: "listed"; readonly id: string; readonly conversation: string }
    /** Another device deleted what this import relied on. */
    | { readonly kind: "stale" }

/** Null: some chunks are only in packs that nobody is bound to keep; they have to be sent. */
export async function sealImport(
    ports: Ports,
    library: Library,
    kept: Kept,
    draft: ImportDraft,
    patience: Patience,
): Promise<SealedImport | null> {
    const { keys } = library
    const newId = (): string => toHex(ports.random.bytes(idLength))
    const ownIndex = indexOf([{ packs: draft.packs }])
    const own = draft.packs.length === 0 ? null : { id: newId(), packs: draft.packs }
    const others = new Set<string>()
    for (const file of draft.files)
        for (const id of chunksOf(file)) {
            if (ownIndex.has(id)) continue
            const place = kept.index.find(id)
            const catalog = place === null ? undefined : kept.catalogOfPack.get(place.packId)
            if (catalog === undefined) return null
            others.add(catalog)
        }
    const order = [...others]
    const index = indexOf([{ packs: draft.packs }, ...(await library.catalogs(order, patience))])
    const packs = [...packsOf(index, draft.files)]
    const ownPacks = new Set(draft.packs.map(({ id }) => id))
    if (packs.some((id) => !ownPacks.has(id) && !kept.catalogOfPack.has(id))) return null

    const catalogs = own === null ? order : [own.id, ...order]
    const id = newId()
    const catalogBytes = own === null ? null : await sealCatalog(keys, own.id, own, ports.random)
    const { conversation, facts, files } = draft
    const snapshot: Snapshot = { ...facts, id, conversation: conversation.id, catalogs, files }
    const snapshotBytes = await sealSnapshot(keys, snapshot, ports.random)
    return {
        snapshot: await refTo(id, snapshotBytes),
        snapshotBytes,
        catalog: own === null || catalogBytes === null ? null : await refTo(own.id, catalogBytes),
        catalogBytes,
        packs,
        catalogs,
    }
}

/** Sends catalog and snapshot, then writes the head. */
export async function commitImport(
    ports: Ports,
    library: Library,
    journal: ImportJournal,
    draft: ImportDraft,
    sealed: SealedImport,
    patience: Patience,
): Promise<CommitOutcome> {
    const { snapshot, snapshotBytes, catalog, catalogBytes } = sealed
    await journal.writeSnapshot({ snapshot: snapshot.id, catalog: catalog?.id ?? null })
    if (catalog !== null && catalogBytes !== null)
        await sendObject(ports.store, patience, announce(catalog, "catalog"), catalogBytes)
    await sendObject(ports.store, patience, announce(snapshot, "snapshot"), snapshotBytes)

    const landable = new Set((await journal.read())?.snapshots.map(({ snapshot: id }) => id))
    const listed: CommitOutcome = { kind: "listed", id: snapshot.id, conversation: draft.conversation.id }
    let outcome: CommitOutcome = listed
    await library.commit(patience, async (opened) => {
        const same = await findSame(library, opened, landable, draft, patience)
        if (same !== null) {
            outcome = { kind: "listed", id: same.id, conversation: same.conversation }
            return null
        }
        const known = new Set(opened?.head.catalogs.map(({ id }) => id))
        if (sealed.catalogs.some((id) => id !== catalog?.id && !known.has(id))) {
            outcome = { kind: "stale" }
            return null
        }
        outcome = listed
        return {
            head: withImport(opened?.head ?? null, draft, sealed),
            add: [{ snapshot: snapshot.id, objects: [...sealed.catalogs, ...sealed.packs] }],
            remove: [],
        }
    })
    return outcome
}

function withImport(head: Head | null, draft: ImportDraft, { snapshot, catalog }: SealedImport): Partial<Head> {
    const { conversation } = draft
    const before = head?.conversations ?? []
    const known = before.some(({ id }) => id === conversation.id)
    const conversations = known
        ? before.map((one) => (one.id === conversation.id ? { ...one, self: one.self ?? conversation.self } : one))
        : [...before, conversation]
    const settings = Object.entries(draft.settings).map(([name, value]) => [`${name}/${snapshot.id}`, value])
    return {
        conversations,
        snapshots: [...(head?.snapshots ?? []), { ...snapshot, conversation: conversation.id }],
        catalogs: catalog === null ? (head?.catalogs ?? []) : [...(head?.catalogs ?? []), catalog],
        settings: { ...head?.settings, ...Object.fromEntries(settings) },
    }
}

/**
 * The same export twice is one import: a snapshot of an earlier try that landed unnoticed, or one with the very same
 * files. An export that differs in a single byte, name or time is another import.
 */
export async function findSame(
    library: Library,
    opened: OpenedHead | null,
    landable: ReadonlySet<string>,
    draft: Pick<ImportDraft, "files" | "facts">,
    patience: Patience,
): Promise<{ readonly id: string; readonly conversation: string } | null> {
    for (const listed of opened?.head.snapshots ?? []) {
        if (landable.has(listed.id)) return listed
        const snapshot = await library.snapshot(listed.id, patience)
        if (sameFiles(snapshot, draft)) return listed
    }
    return null
}

function sameFiles(one: Pick<Snapshot, "source" | "files">, draft: Pick<ImportDraft, "files" | "facts">): boolean {
    if (one.source.size !== draft.facts.source.size || one.files.length !== draft.files.length) return false
    return one.files.every((file, index) => {
        const other = draft.files[index]
        return (
            other !== undefined &&
            file.name === other.name &&
            file.modified === other.modified &&
            file.entry?.time === other.entry?.time &&
            equal(file.chunks, other.chunks)
        )
    })
}

function* chunksOf(file: SnapshotFile): Generator<Bytes, void, undefined> {
    for (let at = 0; at < file.chunks.length; at += idLength) yield file.chunks.subarray(at, at + idLength)
}

async function refTo(id: string, bytes: Bytes): Promise<ObjectRef> {
    return { id, size: bytes.length, sha256: toHex(await sha256(bytes)) }
}

function announce(ref: ObjectRef, kind: "catalog" | "snapshot"): Announcement {
    return { id: ref.id, kind, size: ref.size, sha256: ref.sha256 }
}
