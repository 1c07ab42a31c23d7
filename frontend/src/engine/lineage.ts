/** The hashes of all heads up to the newest, each followed from the one above it: what the first head under a new key holds. */

import { type Bytes, concat } from "../bytes/bytes.ts"
import { fromHex } from "../bytes/hex.ts"
import type { LibraryKeys } from "../crypto/keys.ts"
import { type FetchHead, headBetween } from "../format/follow.ts"
import type { OpenedHead } from "../format/head.ts"

/** Heads are a few kilobytes each: so many are on their way while one is opened. */
const fetchedAhead = 8

export async function lineageOf(keys: LibraryKeys, newest: OpenedHead, fetchHead: FetchHead): Promise<Bytes> {
    const ahead = fetchingAhead(newest.head.sequence - 1, fetchHead)
    const hashes = [newest.hash]
    let { head } = newest
    while (head.sequence > 1 && head.lineage.length === 0) {
        const hash = head.parent
        head = await headBetween(keys, head.sequence - 1, hash, ahead)
        hashes.push(hash)
    }
    return concat(head.lineage, ...hashes.toReversed().map(fromHex))
}

/** Heads are asked for one by one, downwards: the next few are asked for along. Where heads end, nobody minds. */
function fetchingAhead(from: number, fetchHead: FetchHead): FetchHead {
    const begun = new Map<number, Promise<Bytes | null>>()
    const begin = (sequence: number): Promise<Bytes | null> => {
        const fetching = begun.get(sequence) ?? fetchHead(sequence)
        // It is awaited in its turn, or never.
        fetching.catch(() => undefined)
        begun.set(sequence, fetching)
        return fetching
    }
    return async (sequence) => {
        for (let next = Math.min(sequence, from); next >= 1 && next > sequence - fetchedAhead; next--) begin(next)
        const fetched = await begin(sequence)
        begun.delete(sequence)
        return fetched
    }
}
