/**
 * No way back: a device that has seen head n takes neither an older head nor one that does not descend from it
 * (docs/format.md §8). A refusal blocks, it does not warn.
 *
 *     remembered n ◂── parent ── n+1 ◂── … ◂── parent ── m newest
 *     remembered n ◂── lineage ── first head under a new key ◂── … ◂── parent ── m newest
 */

import type { Bytes } from "../bytes/bytes.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { DamagedObjectError } from "./errors.ts"
import { type Head, hashInLineage, headHash, type OpenedHead, openHead } from "./head.ts"

/** What a device keeps of the newest head it opened. */
export interface RememberedHead {
    readonly sequence: number
    readonly hash: string
}

/** Fetches the sealed head of that sequence; null when the server says there is none. */
export type FetchHead = (sequence: number) => Promise<Bytes | null>

/** Opens the head that the server shows as its newest, if it is the remembered one or descends from it. */
export async function followHead(
    keys: LibraryKeys,
    remembered: RememberedHead | null,
    newest: { readonly sequence: number; readonly sealed: Bytes },
    fetchHead: FetchHead,
): Promise<OpenedHead> {
    if (remembered !== null && newest.sequence < remembered.sequence) throw new DamagedObjectError("older-head")
    const opened = await openHead(keys, newest.sequence, newest.sealed)
    if (remembered !== null) await refuseFork(keys, remembered, opened, fetchHead)
    return opened
}

async function refuseFork(
    keys: LibraryKeys,
    remembered: RememberedHead,
    { head: newest, hash: newestHash }: OpenedHead,
    fetchHead: FetchHead,
): Promise<void> {
    let [head, hash] = [newest, newestHash]
    while (head.sequence > remembered.sequence) {
        // The heads before were sealed under a key that is no more: this one vouches for them.
        if (head.lineage.length > 0) {
            hash = hashInLineage(head, remembered.sequence)
            break
        }
        hash = head.parent
        if (head.sequence === remembered.sequence + 1) break
        head = await headBetween(keys, head.sequence - 1, hash, fetchHead)
    }
    if (hash !== remembered.hash) throw new DamagedObjectError("forked-head")
}

/** A head in between, which must be the very one that the head above it points at. */
export async function headBetween(
    keys: LibraryKeys,
    sequence: number,
    hash: string,
    fetchHead: FetchHead,
): Promise<Head> {
    const sealed = await fetchHead(sequence)
    if (sealed === null) throw new DamagedObjectError("missing")
    if ((await headHash(sealed)) !== hash) throw new DamagedObjectError("forked-head")
    return (await openHead(keys, sequence, sealed)).head
}
