/** Chance is an argument: the system's in the app, a tape in tests. */

import type { Bytes } from "../bytes/bytes.ts"

export interface Random {
    /** `count` bytes that nobody can guess, in memory of their own. */
    bytes(count: number): Bytes
}

/** `getRandomValues` refuses more than this at once. */
const portion = 65_536

export const systemRandom: Random = {
    bytes(count) {
        const bytes = new Uint8Array(count)
        for (let offset = 0; offset < count; offset += portion)
            crypto.getRandomValues(bytes.subarray(offset, offset + portion))
        return bytes
    },
}
