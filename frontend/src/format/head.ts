/**
 * The head: the one thing in a library that changes (docs/format.md §7). What the newest head does not list does not exist.
 *
 * Its sequence rises by one, and it holds the hash of the head before it: a chain that `follow.ts` walks. Where the key was
 * changed, the heads before are gone; the first head under the new key holds the hashes of all of them.
 */

import { toBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { sha256 } from "../crypto/hash.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { Random } from "../crypto/random.ts"
import { headPlace } from "./associated.ts"
import { readBody, writeBody } from "./body.ts"
import { DamagedObjectError } from "./errors.ts"
import * as json from "./json.ts"
import { hashLength, idLength, limits } from "./limits.ts"
import { type ObjectRef, openObject, sealObject } from "./object.ts"

export interface Head {
    /** 1 for the first. */
    readonly sequence: number
    /** The hash of the sealed head before, `noParent` for the first. */
    readonly parent: string
    readonly written: string
    readonly conversations: readonly HeadConversation[]
    readonly snapshots: readonly HeadSnapshot[]
    readonly catalogs: readonly HeadObject[]
    /** A writer keeps those it does not know. */
    readonly settings: Readonly<Record<string, string>>
    /** Root keys of earlier epochs, sealed: those, and only those, under which something is sealed that is listed here. */
    readonly earlier: readonly EarlierKey[]
    /** In the first head under a new key: the hashes of all heads before, joined. Empty in every other. */
    readonly lineage: Bytes
}

export interface HeadConversation {
    readonly id: string
    readonly name: string
    /** The name under which the owner writes. */
    readonly self: string | null
}

/** An object, and the epoch under whose key it is sealed. */
export interface HeadObject extends ObjectRef {
    readonly epoch: number
}

export interface HeadSnapshot extends HeadObject {
    readonly conversation: string
}

/** A slot of kind 5 (docs/format.md §3), as it stands in the head. */
export interface EarlierKey {
    readonly epoch: number
    /** 32 hexadecimal digits */
    readonly id: string
    readonly check: Bytes
    readonly sealed: Bytes
}

/** A head that was opened, and the hash of its sealed form: what a device remembers, and what the next head points at. */
export interface OpenedHead {
    readonly head: Head
    readonly hash: string
}

export const noParent = "0".repeat(64)

/** A sealed slot (docs/format.md §3). */
const slotLength = 61

const reference = { id: json.id, sha256: json.hash, size: json.whole, epoch: json.u32 }

const readHead = json.shape({
    format: json.whole,
    library: json.id,
    epoch: json.u32,
    sequence: json.whole,
    parent: json.hash,
    written: json.time,
    conversations: json.listOf(json.shape({ id: json.id, name: json.text, self: json.orNull(json.text) })),
    snapshots: json.listOf(json.shape({ ...reference, conversation: json.id })),
    catalogs: json.listOf(json.shape(reference)),
    settings: json.mapOf(json.text),
    earlier: json.listOf(json.shape({ epoch: json.u32, id: json.id, check: json.bytes, sealed: json.bytes })),
    lineage: json.bytes,
})

export async function sealHead(keys: LibraryKeys, head: Head, random: Random): Promise<Bytes> {
    const { sequence, parent, written, conversations, snapshots, catalogs, settings } = head
    refuseBroken(keys, head)
    const earlier = head.earlier.map(({ epoch, id, check, sealed }) => ({
        epoch,
        id,
        check: toBase64url(check),
        sealed: toBase64url(sealed),
    }))
    const lineage = toBase64url(head.lineage)
    const fields = { sequence, parent, written, conversations, snapshots, catalogs, settings, earlier, lineage }
    const body = await writeBody(keys, fields, limits.headBody, readHead)
    return sealObject(keys.head, headPlace(keys, sequence), body, random)
}

export async function openHead(keys: LibraryKeys, sequence: number, sealed: Bytes): Promise<OpenedHead> {
    const body = await openObject(keys.head, headPlace(keys, sequence), sealed)
    const {
        format: _format,
        library: _library,
        epoch: _epoch,
        ...head
    } = await readBody(keys, body, limits.headBody, readHead)
    if (head.sequence !== sequence) throw new DamagedObjectError("wrong-library")
    refuseBroken(keys, head)
    return { head, hash: await headHash(sealed) }
}

export async function headHash(sealed: Bytes): Promise<string> {
    return toHex(await sha256(sealed))
}

/** The hash of the head of that sequence, as the first head under a new key holds it. */
export function hashInLineage({ lineage }: Head, sequence: number): string {
    return toHex(lineage.subarray((sequence - 1) * hashLength, sequence * hashLength))
}

/** What is listed, with the keys that open it: an earlier key goes with the last object that needs it. */
export function neededEarlier({ snapshots, catalogs, earlier }: Head): readonly EarlierKey[] {
    const needed = epochsOf({ snapshots, catalogs })
    return earlier.filter(({ epoch }) => needed.has(epoch))
}

/** The first head, and no other, has no parent; no id stands twice in a list; every snapshot's conversation is listed. */
function refuseBroken(keys: LibraryKeys, head: Head): void {
    const first = head.parent === noParent
    if (head.sequence < 1 || first !== (head.sequence === 1)) throw new DamagedObjectError("malformed")
    const conversations = ids(head.conversations)
    ids(head.snapshots)
    ids(head.catalogs)
    for (const snapshot of head.snapshots)
        if (!conversations.has(snapshot.conversation)) throw new DamagedObjectError("malformed")
    refuseBrokenEpochs(keys, head)
}

/** Every object is of this epoch or of an earlier one whose key is here; a lineage leads up to the parent. */
function refuseBrokenEpochs(keys: LibraryKeys, head: Head): void {
    const earlier = head.earlier.map(({ epoch }) => epoch)
    const rising = earlier.every((epoch, index) => epoch > (earlier[index - 1] ?? 0) && epoch < keys.epoch)
    const sized = head.earlier.every(({ check, sealed }) => check.length === idLength && sealed.length === slotLength)
    const needed = epochsOf(head)
    needed.delete(keys.epoch)
    const fits = needed.size === earlier.length && earlier.every((epoch) => needed.has(epoch))
    if (!rising || !sized || !fits) throw new DamagedObjectError("malformed")
    if (head.lineage.length === 0) return
    const whole = keys.epoch > 1 && head.lineage.length === (head.sequence - 1) * hashLength
    if (!whole || hashInLineage(head, head.sequence - 1) !== head.parent) throw new DamagedObjectError("malformed")
}

function epochsOf({ snapshots, catalogs }: Pick<Head, "snapshots" | "catalogs">): Set<number> {
    return new Set([...snapshots, ...catalogs].map(({ epoch }) => epoch))
}

function ids(list: readonly { readonly id: string }[]): Set<string> {
    const known = new Set(list.map(({ id }) => id))
    if (known.size !== list.length) throw new DamagedObjectError("malformed")
    return known
}
