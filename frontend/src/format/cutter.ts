/**
 * Cuts files into chunks (docs/format.md §4): text at line ends that a keyed PRF picks, everything else at fixed places.
 *
 * No window rolls over the bytes: where a cut falls depends on a secret and one whole line, so that sizes tell nothing
 * about what lies within, and the same lines are cut alike in the next export.
 */

import type { LinePrf } from "../crypto/prf.ts"
import { ChunkMemory } from "./chunk-memory.ts"
import type { Cut, Cutter } from "./cut.ts"
import { createFixedCutter } from "./cutter-fixed.ts"
import { createTextCutter } from "./cutter-text.ts"
import { limits } from "./limits.ts"

/** Large chunks lie in `memory`, which may be given them back. */
export function createCutter(cut: Cut, prf: LinePrf, memory = new ChunkMemory()): Cutter {
    switch (cut) {
        case "text":
            return createTextCutter(prf)
        case "sqlite":
            return createFixedCutter(limits.sqliteChunk, () => new Uint8Array(limits.sqliteChunk))
        case "fixed":
            return createFixedCutter(limits.chunk, () => memory.take())
    }
}
