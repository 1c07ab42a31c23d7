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
    earlier: utf8("backupweb/v1/earlier"),
    cut: utf8("cut"),
    // Wrapping keys (§3)
    recoveryCode: utf8("backupweb/v1/recovery-code"),
    password: utf8("backupweb/v1/password"),
    passkey: utf8("backupweb/v1/passkey"),
    // What a passkey's PRF is asked (§3)
    passkeyPrf: utf8("backupweb/v1/passkey-prf"),
    // Pairing (docs/pairing.md §2, §3)
    pairing: utf8("backupweb/v1/pairing"),
    pairingCompare: utf8("backupweb/v1/pairing-compare"),
    shortCode: utf8("backupweb/v1/short-code"),
    pairingNew: utf8("backupweb/v1/pairing-new"),
    pairingOld: utf8("backupweb/v1/pairing-old"),
    // Associated data (§3, §5, §7)
    slot: utf8("backupweb/v1/slot"),
    frame: utf8("backupweb/v1/frame"),
    catalogObject: utf8("backupweb/v1/catalog"),
    snapshotObject: utf8("backupweb/v1/snapshot-object"),
    headObject: utf8("backupweb/v1/head-object"),
} as const
