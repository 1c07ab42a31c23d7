/**
 * The head: the one thing in a library that changes (docs/format.md §7). What the newest head does not list does not exist.
 *
 * Its sequence rises by one, and it holds the hash of the head before it: a chain that `follow.ts` walks.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { sha256 } from "../crypto/hash.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import type { Random } from "../crypto/random.ts"
import { headPlace } from "./associated.ts"
import { readBody, writeBody } from "./body.ts"
import { DamagedObjectError } from "./errors.ts"
import * as json from "./json.ts"
import { limits } from "./limits.ts"
import { type ObjectRef, openObject, sealObject } from "./object.ts"

export interface Head {
    /** 1 for the first. */
    readonly sequence: number
    /** The hash of the sealed head before, `noParent` for the first. */
    readonly parent: string
    readonly written: string
    readonly conversations: readonly HeadConversation[]
    readonly snapshots: readonly HeadSnapshot[]
    readonly catalogs: readonly ObjectRef[]
    /** A writer keeps those it does not know. */
    readonly settings: Readonly<Record<string, string>>
}

export interface HeadConversation {
    readonly id: string
    readonly name: string
    /** The name under which the owner writes. */
    readonly self: string | null
}

export interface HeadSnapshot extends ObjectRef {
    readonly conversation: string
}

/** A head that was opened, and the hash of its sealed form: what a device remembers, and what the next head points at. */
export interface OpenedHead {
    readonly head: Head
    readonly hash: string
}

export const noParent = "0".repeat(64)

const reference = { id: json.id, sha256: json.hash, size: json.whole }

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
})

export async function sealHead(keys: LibraryKeys, head: Head, random: Random): Promise<Bytes> {
    const { sequence, parent, written, conversations, snapshots, catalogs, settings } = head
    const fields = { sequence, parent, written, conversations, snapshots, catalogs, settings }
    refuseBroken(head)
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
    refuseBroken(head)
    return { head, hash: await headHash(sealed) }
}

export async function headHash(sealed: Bytes): Promise<string> {
    return toHex(await sha256(sealed))
}

/** The first head, and no other, has no parent; no id stands twice in a list; every snapshot's conversation is listed. */
function refuseBroken(head: Head): void {
    const first = head.parent === noParent
    if (head.sequence < 1 || first !== (head.sequence === 1)) throw new DamagedObjectError("malformed")
    const conversations = ids(head.conversations)
    ids(head.snapshots)
    ids(head.catalogs)
    for (const snapshot of head.snapshots)
        if (!conversations.has(snapshot.conversation)) throw new DamagedObjectError("malformed")
}

function ids(list: readonly { readonly id: string }[]): Set<string> {
    const known = new Set(list.map(({ id }) => id))
    if (known.size !== list.length) throw new DamagedObjectError("malformed")
    return known
}
