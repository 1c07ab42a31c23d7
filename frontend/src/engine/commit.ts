/**
 * Makes an import part of the library: catalog → snapshot → head, in this order.
 *
 * What is pointed at is stored and confirmed before anything points at it. When another device wrote a head in
 * between, the change is made anew on top of that head.
 */

import { type Bytes, equal } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { sha256 } from "../crypto/hash.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { type CatalogPack, sealCatalog } from "../format/catalog.ts"
import { indexOf } from "../format/chunk-index.ts"
import type { SnapshotFile } from "../format/file-list.ts"
import type { Head, HeadConversation, HeadObject, OpenedHead } from "../format/head.ts"
import { idLength } from "../format/limits.ts"
import type { ObjectRef } from "../format/object.ts"
import { type FileListRef, type Snapshot, sealSnapshot, type TextRef, tailOf } from "../format/snapshot.ts"
import { chatTextNumber } from "./chat-text.ts"
import { checkObjects } from "./check.ts"
import { catalogsNeeded } from "./delete.ts"
import { type Contents, divide, hintsOf, type NamedCatalog } from "./division.ts"
import { EngineError } from "./errors.ts"
import type { ImportJournal } from "./import-journal.ts"
import type { ImportFactsOfSnapshot } from "./job.ts"
import { idsOf, type Kept, packsOf } from "./kept.ts"
import type { Library } from "./library.ts"
import type { Announcement, Ports } from "./ports.ts"
import type { Patience } from "./retry.ts"
import { sendObject } from "./sender.ts"

/** What the pass made, and what is to be said about it. */
export interface ImportDraft {
    readonly conversation: HeadConversation
    readonly facts: ImportFactsOfSnapshot
    readonly files: readonly SnapshotFile[]
    readonly list: FileListRef
    /** Confirmed packs of this import. */
    readonly packs: readonly CatalogPack[]
    /** Settings that belong to this snapshot; names get its id behind them. */
    readonly settings: Readonly<Record<string, string>>
    /** The import that goes in the same commit, whose settings this one takes over. */
    readonly replaces: string | null
}

/** Everything the new snapshot needs, sealed. */
export interface SealedImport {
    readonly snapshot: SealedRef
    /** Those of this import. */
    readonly own: readonly SealedRef[]
    /** Own packs and those of earlier imports. */
    readonly packs: readonly string[]
    /** Own catalogs first. */
    readonly catalogs: readonly string[]
}

interface SealedRef extends HeadObject {
    readonly bytes: Bytes
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
    const newId = (): string => toHex(ports.random.bytes(idLength))
    const contents = contentsOf(draft)
    const own = divide(draft.packs, contents).map((packs): NamedCatalog => ({ id: newId(), packs }))
    const needed = neededOfOthers(kept, draft)
    if (needed === null) return null
    const order = kept.catalogs.filter((id) => needed.has(id))
    const others = await library.catalogs(order, patience)
    const catalogs = [...own, ...others.map(({ packs }, at) => ({ id: order[at] ?? "", packs }))]
    const packs = [...packsOf(indexOf(catalogs), idsOf(draft.files, draft.list))]
    const ownPacks = new Set(draft.packs.map(({ id }) => id))
    if (packs.some((id) => !ownPacks.has(id) && !kept.catalogOfPack.has(id))) return null

    const snapshot: Snapshot = {
        ...draft.facts,
        id: newId(),
        conversation: draft.conversation.id,
        catalogs: hintsOf(catalogs, contents),
        files: draft.list,
        text: textOf(draft, contents.text),
    }
    const sealed: SealedRef[] = []
    for (const catalog of own)
        sealed.push(
            await refTo(library.keys, catalog.id, await sealCatalog(library.keys, catalog.id, catalog, ports.random)),
        )
    return {
        snapshot: await refTo(library.keys, snapshot.id, await sealSnapshot(library.keys, snapshot, ports.random)),
        own: sealed,
        packs,
        catalogs: catalogs.map(({ id }) => id),
    }
}

/** Sealed bytes that go beside the packs. */
export function sealedSize({ snapshot, own }: SealedImport): number {
    return own.reduce((sum, { size }) => sum + size, snapshot.size)
}

export function contentsOf({ facts, files, list }: Pick<ImportDraft, "facts" | "files" | "list">): Contents {
    return { files, list, text: chatTextNumber(facts.reader, files) }
}

/** Catalogs of earlier imports that name what this one did not send; null when something is kept nowhere. */
function neededOfOthers(kept: Kept, { packs, files, list }: ImportDraft): ReadonlySet<string> | null {
    const own = indexOf([{ packs }])
    const needed = new Set<string>()
    for (const id of idsOf(files, list)) {
        if (own.has(id)) continue
        const catalog = kept.catalogOfPack.get(kept.index.find(id)?.packId ?? "")
        if (catalog === undefined) return null
        needed.add(catalog)
    }
    return needed
}

/** A text that is not cut by lines (in UTF-16, say) is not shown from its end. */
function textOf({ files }: ImportDraft, number: number | null): TextRef | null {
    const file = number === null ? undefined : files[number]
    if (number === null || file === undefined || file.size === 0 || file.cut !== "text") return null
    return { number, size: file.size, tail: tailOf(file) }
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
    const { snapshot, own } = sealed
    await journal.writeSnapshot({ snapshot: snapshot.id, catalogs: own.map(({ id }) => id) })
    for (const catalog of own) await sendObject(ports.store, patience, announce(catalog, "catalog"), catalog.bytes)
    await sendObject(ports.store, patience, announce(snapshot, "snapshot"), snapshot.bytes)

    // What is replaced is given up afterwards, so what replaces it is read back before.
    if (draft.replaces !== null) {
        await checkObjects(ports, library, snapshot, [...own, ...library.opened.head.catalogs], patience)
    }

    const landable = new Set((await journal.read())?.snapshots.map(({ snapshot: id }) => id))
    const listed: CommitOutcome = { kind: "listed", id: snapshot.id, conversation: draft.conversation.id }
    let outcome: CommitOutcome = listed
    await library.commit(patience, async (opened) => {
        const same = await findSame(library, opened, landable, draft, patience)
        const replaced = opened?.head.snapshots.some(({ id }) => id === draft.replaces) ?? false
        if (same !== null) {
            outcome = { kind: "listed", id: same.id, conversation: same.conversation }
            return null
        }
        // Deleted on another device: nothing may come back.
        if (draft.replaces !== null && !replaced) throw new EngineError("unknown-import")
        const known = new Set([...(opened?.head.catalogs ?? []), ...own].map(({ id }) => id))
        if (sealed.catalogs.some((id) => !known.has(id))) {
            outcome = { kind: "stale" }
            return null
        }
        outcome = listed
        const added = withImport(opened?.head ?? null, draft, sealed)
        return {
            head: draft.replaces === null ? added : await inItsPlace(library, added, draft.replaces, sealed, patience),
            add: [{ snapshot: snapshot.id, objects: [...sealed.catalogs, ...sealed.packs] }],
            remove: draft.replaces === null ? [] : [draft.replaces],
        }
    })
    return outcome
}

type Lists = Pick<Head, "conversations" | "snapshots" | "catalogs" | "settings">

/** The new import stands where the old one stood, with its settings; catalogs that nobody needs any more go. */
async function inItsPlace(
    library: Library,
    added: Lists,
    replaced: string,
    { snapshot, catalogs }: SealedImport,
    patience: Patience,
): Promise<Lists> {
    const fresh = added.snapshots.filter(({ id }) => id === snapshot.id)
    const others = added.snapshots.filter(({ id }) => id !== snapshot.id && id !== replaced)
    const needed = new Set([...catalogs, ...(await catalogsNeeded(library, others, patience))])
    const settings = Object.entries(added.settings).map(([name, value]) => [
        name.endsWith(`/${replaced}`) ? name.slice(0, -replaced.length) + snapshot.id : name,
        value,
    ])
    return {
        ...added,
        snapshots: added.snapshots.flatMap((one) => (one.id === replaced ? fresh : others.includes(one) ? [one] : [])),
        catalogs: added.catalogs.filter(({ id }) => needed.has(id)),
        settings: Object.fromEntries(settings),
    }
}

function withImport(head: Head | null, draft: ImportDraft, { snapshot, own }: SealedImport): Lists {
    const { conversation } = draft
    const before = head?.conversations ?? []
    const known = before.some(({ id }) => id === conversation.id)
    const conversations = known
        ? before.map((one) => (one.id === conversation.id ? { ...one, self: one.self ?? conversation.self } : one))
        : [...before, conversation]
    const settings = Object.entries(draft.settings).map(([name, value]) => [`${name}/${snapshot.id}`, value])
    return {
        conversations,
        snapshots: [...(head?.snapshots ?? []), { ...listed(snapshot), conversation: conversation.id }],
        catalogs: [...(head?.catalogs ?? []), ...own.map(listed)],
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
    draft: Pick<ImportDraft, "list" | "facts" | "replaces">,
    patience: Patience,
): Promise<{ readonly id: string; readonly conversation: string } | null> {
    for (const listed of opened?.head.snapshots ?? []) {
        if (listed.id === draft.replaces) continue
        if (landable.has(listed.id)) return listed
        const snapshot = await library.snapshot(listed.id, patience)
        if (sameFiles(snapshot, draft)) return listed
    }
    return null
}

/** A list has one spelling and is named by a keyed hash: the same names mean the same list. */
function sameFiles({ source, files }: Snapshot, { facts, list }: Pick<ImportDraft, "list" | "facts">): boolean {
    return source.size === facts.source.size && files.count === list.count && equal(files.chunks, list.chunks)
}

function listed({ id, sha256, size, epoch }: HeadObject): HeadObject {
    return { id, sha256, size, epoch }
}

async function refTo({ epoch }: LibraryKeys, id: string, bytes: Bytes): Promise<SealedRef> {
    return { id, size: bytes.length, sha256: toHex(await sha256(bytes)), epoch, bytes }
}

function announce(ref: ObjectRef, kind: "catalog" | "snapshot"): Announcement {
    return { id: ref.id, kind, size: ref.size, sha256: ref.sha256 }
}
