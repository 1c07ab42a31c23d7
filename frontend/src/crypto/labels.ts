/** One register of labels. A label is never edited and never used twice; a new meaning is a new line. */

import { utf8 } from "../bytes/utf8.ts"

export const labels = {
    // Derivations from the root key (docs/format.md §2)
    chunkId: utf8("backupweb/v1/chunk-id"),
    chunkSeal: utf8("backupweb/v1/chunk-seal"),
    snapshot: utf8("backupweb/v1/snapshot"),
    head: utf8("backupweb/v1/head"),
    journal: utf8("backupweb/v1/journal"),
    check: utf8("backupweb/v1/keyring-check"),
    cut: utf8("cut"),
    // Wrapping keys (§3)
    recoveryCode: utf8("backupweb/v1/recovery-code"),
    // Associated data (§3, §5, §7)
    slot: utf8("backupweb/v1/slot"),
    frame: utf8("backupweb/v1/frame"),
    catalogObject: utf8("backupweb/v1/catalog"),
    snapshotObject: utf8("backupweb/v1/snapshot-object"),
    headObject: utf8("backupweb/v1/head-object"),
} as const
