/** Every code of the engine in words, with a next step. */

import type { EngineErrorCode } from "../engine/errors.ts"
import type { Text } from "./text.ts"

const sentences: Readonly<Record<EngineErrorCode, keyof Text["errors"]>> = {
    network: "network",
    stopped: "unexpected",
    "session-expired": "sessionExpired",
    "server-refused": "server",
    "server-failed": "server",
    "over-quota": "overQuota",
    "not-stored": "missing",
    "object-differs": "damaged",
    "head-moved": "changed",
    locked: "locked",
    "library-absent": "locked",
    "library-exists": "exists",
    "library-changed": "changed",
    "key-changed": "keyChanged",
    "not-prepared": "unexpected",
    "too-many-requests": "tooMany",
    "store-full": "storeFull",
    "vault-refused": "vaultRefused",
    "vault-unavailable": "vaultUnavailable",
    "vault-staff": "vaultStaff",
    "vault-interrupted": "vaultInterrupted",
    "vault-too-weak": "vaultTooWeak",
    "vault-tampered": "vaultTampered",
    "pairing-refused": "pairingRefused",
    "pairing-busy": "pairingBusy",
    "unknown-preview": "fileChanged",
    "unknown-import": "gone",
    "unknown-conversation": "gone",
    "unknown-chat": "gone",
    "unknown-file": "gone",
    "too-many-bookmarks": "tooManyBookmarks",
    "too-many-transcripts": "tooManyTranscripts",
    "not-a-backup-key": "notABackupKey",
    "wrong-backup-key": "wrongBackupKey",
    "damaged-backup": "damagedBackup",
    "import-running": "running",
    "too-many-entries": "tooLarge",
    "too-large-export": "tooLarge",
    "file-changed": "fileChanged",
    "file-unreadable": "fileUnreadable",
    "storage-full": "storageFull",
    "restore-running": "restoreRunning",
    "place-refused": "placeRefused",
    resealing: "resealing",
    "wrong-checksum": "damaged",
    "second-reader": "secondReader",
    "database-reader": "databaseReader",
    "not-a-copy": "notACopy",
    "is-a-copy": "isACopy",
    // `transcription/text.ts` has better words where these are met.
    "no-threads": "unexpected",
    "not-a-model": "fileUnreadable",
    "not-a-recording": "fileUnreadable",
    "too-long": "tooLarge",
    truncated: "damaged",
    "too-large": "damaged",
    "unknown-version": "damaged",
    "unknown-flags": "damaged",
    "not-authentic": "damaged",
    "wrong-hash": "damaged",
    "wrong-id": "damaged",
    "wrong-library": "damaged",
    "bad-padding": "damaged",
    malformed: "damaged",
    missing: "missing",
    "older-head": "headTrouble",
    "forked-head": "headTrouble",
    unexpected: "unexpected",
}

/** A code that is not known here is told as our mistake. */
export function errorSentence(text: Text, code: string): string {
    const wait = /^too-many-requests:([0-9]+)$/.exec(code)
    if (wait) return text.room.tooManyFor(Number(wait[1]))
    const known = (sentences as Readonly<Record<string, keyof Text["errors"] | undefined>>)[code]
    return text.errors[known ?? "unexpected"]
}
