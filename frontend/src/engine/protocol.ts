/**
 * What the page may ask of the engine, and what it hears back: plain values only, never a key.
 *
 * The engine lives in a worker (`entry/engine.worker.ts`) behind comlink; the page holds an
 * `Engine` and callbacks. Ids are 32 hexadecimal digits, sizes are bytes, wall-clock times are
 * `YYYY-MM-DDTHH:MM:SS`, other times are UTC and end in `Z`.
 */

import type { Snapshot } from "../format/snapshot.ts"
import type { ChatRecord } from "../reader/conversation.ts"
import type { Day, Piece } from "../reader/overview.ts"
import type { SearchQuery } from "../reader/search.ts"
import type { ChatStatistics } from "../reader/statistics/statistics.ts"
import type { Damage } from "./damage.ts"
import type { AskedDrill, Drill, TakenDrill } from "./drill.ts"
import type { EngineErrorCode } from "./errors.ts"
import type { LastCheck } from "./last-check.ts"
import type { Place } from "./place.ts"
import type { KeepReason, OnlyHere, RetentionRule } from "./retention.ts"
import type { Transcript } from "./transcriber.ts"

/** As what an export is read: a text or database of WhatsApp, another messenger's export, or not at all, as files. */
export type Reader = Snapshot["reader"]

// ---------------------------------------------------------------- unlocking

/** Where the library stands, as seen from this page. */
export type LibraryState =
    /** Signed in, but no key was ever made: first unlock. */
    | { readonly kind: "absent" }
    | { readonly kind: "locked" }
    | {
          readonly kind: "unlocked"
          /** This device opens the library without asking (a non-extractable key in IndexedDB). */
          readonly staysUnlocked: boolean
          /** When the recovery code was last typed back, or null: the calm banner. */
          readonly recoveryProven: string | null
          /** The last check of everything that found nothing wrong, by any device. */
          readonly checked: LastCheck | null
          readonly drill: Drill
          /** Sequence and first eight hexadecimal digits of the newest head; printed on the recovery sheet. */
          readonly sequence: number
          readonly headCode: string
          /** After the key was changed: imports that are still sealed under the old one. */
          readonly resealing: number
      }

export interface RecoverySheet {
    /** The 64 digits, without separators. */
    readonly code: string
    readonly made: string
}

export type UnlockOutcome = { readonly kind: "opened"; readonly state: LibraryState } | { readonly kind: "wrong-code" }

// ---------------------------------------------------------------- ways to unlock

/** What opens this library, and what of it has been tried: asked for locked or unlocked, signed in always. */
export interface Ways {
    readonly recoveryCode: {
        /** When the code was last typed back, or null. Locked: null, nobody can know. */
        readonly proven: string | null
    }
    readonly password: PasswordWay
    /** Passkeys that open the library; those that only sign in are not among them. */
    readonly passkeys: readonly PasskeyWay[]
}

export type PasswordWay =
    | { readonly kind: "none" }
    | {
          readonly kind: "set"
          readonly since: string
          /** Guesses left, of `of`. */
          readonly left: number
          readonly of: number
          readonly proven: string | null
      }
    /** Guesses were used up; the vault destroyed the record. */
    | { readonly kind: "erased"; readonly at: string; readonly guesses: number }
    /** This account holds no vault (staff), or the vault does not answer just now. */
    | { readonly kind: "unavailable"; readonly why: "staff" | "network" }

export interface PasskeyWay {
    /** 32 hexadecimal digits. */
    readonly slot: string
    /** base64url, as WebAuthn's JSON has it. */
    readonly credential: string
    readonly label: string
    readonly created: string
}

/** How good a password would be. It stays in the worker. */
export interface PasswordStrength {
    /** 0 to 4, as zxcvbn counts. */
    readonly score: 0 | 1 | 2 | 3 | 4
    /** Null: it may be set. */
    readonly refused: "empty" | "too-long" | "common" | "weak" | null
    /** What would make it better, for the page to put into words. */
    readonly advice: readonly PasswordAdvice[]
}

export type PasswordAdvice =
    | "longer"
    | "no-common-word"
    | "no-name"
    | "no-date"
    | "no-repeat"
    | "no-sequence"
    | "no-keyboard-row"
    | "no-letter-swaps"

export type SetPasswordOutcome =
    /** Stored, retrieved once and compared. */
    | { readonly kind: "done"; readonly ways: Ways }
    | { readonly kind: "refused"; readonly strength: PasswordStrength }
    /** Another way has to be proven first: type the recovery code back, or add a passkey. */
    | { readonly kind: "prove-first" }

export type PasswordOutcome =
    /** `renewed`: it was the last guess and it was right; the password has been set anew. */
    | { readonly kind: "opened"; readonly state: LibraryState; readonly renewed: boolean }
    | { readonly kind: "wrong-password"; readonly left: number }
    /** No guess was left, or this one was the last. */
    | { readonly kind: "erased"; readonly guesses: number }
    | { readonly kind: "none" }

/** One touch of a passkey: made by the page, where the browser's window is; the output is in no byte of it. */
export interface PasskeyTouch {
    readonly credential: string
    /** HKDF source, non-extractable, from the PRF output. */
    readonly key: CryptoKey
}

export type PasskeyOutcome =
    | { readonly kind: "opened"; readonly state: LibraryState }
    /** No slot for this passkey, or it gave another output than when the slot was sealed. */
    | { readonly kind: "not-this-one" }

// ---------------------------------------------------------------- changing the key

export interface ResealProgress {
    /** Imports that are still to be done, the one in hand included. */
    readonly left: number
    /** Bytes of exports that were sealed anew, of all that were to be when this run began. */
    readonly done: number
    readonly total: number
    readonly network: "fine" | "waiting"
}

export type ResealOutcome =
    | { readonly kind: "done" }
    /** So much room is missing for the next import. What was done stays done. */
    | { readonly kind: "over-quota"; readonly missing: number }
    | { readonly kind: "stopped" }
    | { readonly kind: "failed"; readonly code: string }

// ---------------------------------------------------------------- tidying up

/** About how much tidying up would free, and what it would send for that; zeros: it is not worth it. */
export interface TidyPlan {
    readonly frees: number
    readonly sends: number
}

/** In imports. */
export interface TidyProgress {
    readonly done: number
    readonly total: number
}

export type TidyOutcome = ResealOutcome

// ---------------------------------------------------------------- pairing

export type PairingStep =
    | { readonly kind: "waiting" }
    /** New device: `payload` is what the QR picture says. `until`: UTC. */
    | { readonly kind: "show-picture"; readonly payload: string; readonly until: string }
    /** Old device: eight digits. */
    | { readonly kind: "show-code"; readonly code: string; readonly until: string }
    /** Old device: the person decides (`answerPairing`). `compare`: six digits that the other must show, or null. */
    | { readonly kind: "confirm"; readonly device: string; readonly compare: string | null }
    /** New device: six digits to be compared with the other's. */
    | { readonly kind: "compare"; readonly compare: string }

export type PairingOutcome =
    /** New device: unlocked. Old device: the other has it. */
    { readonly kind: "done"; readonly state: LibraryState } | { readonly kind: "ended"; readonly why: PairingEnd }

export type PairingEnd =
    | "expired"
    | "stopped"
    /** The person on the other device, or this one, said no. */
    | "declined"
    | "wrong-code"
    /** No other device waits for a code. */
    | "nobody"
    /** The picture is none of ours, or belongs to another account. */
    | "not-a-picture"
    /** Another device was quicker. */
    | "taken"
    /** Somebody on the way changed a letter, or the gift does not fit this account. */
    | "tampered"
    | "network"

// ---------------------------------------------------------------- adding an export

export interface ImportPreview {
    readonly id: string
    readonly fileName: string
    readonly size: number
    readonly reader: Reader
    readonly title: string
    /** How many chats the export holds. */
    readonly chats: number
    /** It is a backup of WhatsApp that its key would open (`openBackup`). */
    readonly encrypted: boolean
    readonly people: readonly string[]
    readonly first: string | null
    readonly last: string | null
    readonly messages: number
    readonly media: number
    /** Media that the chat names but the export does not hold. */
    readonly mediaMissing: number
    readonly files: number
    readonly unpackedSize: number
    /** True when day and month could not be told apart: `dateExample` is shown both ways and asked. */
    readonly dateOrder: "decided" | "ask"
    readonly dateExample: { readonly raw: string; readonly dayFirst: string; readonly monthFirst: string } | null
    /** Damage that was found; names of entries that cannot be read. */
    readonly damaged: readonly string[]
    /** Chats of the library that it may be of, the likely ones first. */
    readonly same: readonly LikelyChat[]
    /** What of it the likeliest one holds already; null: none is likely. */
    readonly known: ImportForecast | null
    readonly quota: QuotaState
    /** An interrupted import of this very file, to go on with. */
    readonly resumes: PendingImport | null
}

/** What opens a backup of WhatsApp: 64 characters, or the file that the phone keeps. */
export type BackupKey =
    | { readonly kind: "digits"; readonly digits: string }
    | { readonly kind: "file"; readonly file: File }

/** `why`: the same title, or just the same people; `none`: nothing speaks for it, a person may know better. */
export interface LikelyChat {
    readonly id: string
    readonly name: string
    readonly why: "title" | "people" | "none"
}

/** Bytes of the export that are here already, and the most that will be sent. */
export interface ImportForecast {
    readonly there: number
    readonly toSend: number
}

export interface QuotaState {
    readonly limit: number
    readonly used: number
    readonly reserved: number
    /** What the account's plan is called, if it has one. */
    readonly plan: string | null
    /** The share of the limit that is used, in percent, or more. */
    readonly warning: 0 | 80 | 95
    /** The last wish for more room. */
    readonly request: RoomRequest | null
}

export interface RoomRequest {
    /** Bytes, in all. */
    readonly wanted: number
    readonly reason: string
    readonly made: string
    /** Both null while nobody has answered. */
    readonly decided: string | null
    readonly granted: boolean | null
}

export interface ImportChoices {
    readonly previewId: string
    /** The conversation to add to, or null for a new one. */
    readonly conversation: string | null
    readonly title: string
    readonly dayFirst: boolean | null
    readonly self: string | null
}

export interface ImportProgress {
    readonly phase: "comparing" | "sending" | "finishing" | "checking"
    /** Bytes of the export that were handled, of all. */
    readonly done: number
    readonly total: number
    /** Sealed bytes the server has confirmed, and bytes of the export that were already there. */
    readonly sent: number
    readonly alreadyThere: number
    readonly network: "fine" | "waiting"
    /** Seconds, told after ten seconds of work. */
    readonly remaining: number | null
}

export type ImportOutcome =
    | {
          readonly kind: "done"
          readonly importId: string
          readonly conversation: string
          readonly sent: number
          readonly alreadyThere: number
          readonly chunksChecked: number
          /** Entries of the export that could be kept in part or not at all: damaged before they came here. */
          readonly damaged: readonly string[]
      }
    /** Refused before the first byte, or when the quota was filled from elsewhere; what was sent stays for going on. */
    | { readonly kind: "over-quota"; readonly missing: number }
    | { readonly kind: "stopped" }
    | { readonly kind: "failed"; readonly code: string }

/** An import that was begun on this device and not finished. */
export interface PendingImport {
    readonly importId: string
    readonly fileName: string
    readonly size: number
    readonly title: string
    readonly sentBytes: number
    /** What the person said about the order of day and month, so that it need not be asked again. */
    readonly dayFirst: boolean | null
    readonly begun: string
    /** The browser still holds the file: going on needs one click and no picker. */
    readonly hasHandle: boolean
}

// ---------------------------------------------------------------- reading

export interface ImportSummary {
    readonly importId: string
    readonly added: string
    readonly fileName: string
    readonly size: number
    readonly messages: number
    readonly media: number
    readonly first: string | null
    readonly last: string | null
}

export interface ChatSummary {
    readonly conversation: string
    readonly name: string
    readonly self: string | null
    readonly reader: Reader
    readonly people: readonly string[]
    readonly messages: number
    readonly media: number
    readonly first: string | null
    readonly last: string | null
    /** Newest first. */
    readonly imports: readonly ImportSummary[]
}

export interface OpenChat {
    readonly chatId: string
    readonly conversation: string
    /** The newest of the imports that make up the history. */
    readonly importId: string
    readonly imports: readonly MergedImport[]
    readonly title: string
    /** Where the imports hold several chats: which of them this is, and all of them. Else empty. */
    readonly part: string
    readonly parts: readonly ChatPart[]
    readonly self: string | null
    readonly people: readonly string[]
    readonly records: number
    /** Records that people made, of these. */
    readonly messages: number
    /** False: these are the newest records alone; `wholeChat` gives all. */
    readonly whole: boolean
    /** Of a whole whose end was shown: it ends with just that. */
    readonly continues: boolean
    /** Those that are known so far. */
    readonly files: readonly FileSummary[]
}

/** One of several exports that are read as one history. */
export interface MergedImport {
    readonly importId: string
    /** Minutes by which its clock is ahead of the newest one's; its times are shown without them. */
    readonly ahead: number
    /** True: that was found out, and the person has not said whether it is so. */
    readonly asked: boolean
    /** The number of the file that holds its text, where there is one. */
    readonly text: number | null
}

/** One of the chats of an export that holds several. */
export interface ChatPart {
    readonly part: string
    readonly title: string
    readonly messages: number
    readonly last: string | null
}

export interface FileSummary {
    readonly index: number
    readonly name: string
    readonly size: number
    readonly type: string
    readonly folder: boolean
}

/** A place in a chat that somebody wants to find again. */
export interface Bookmark {
    readonly id: string
    /** Its number in the chat; null: no import holds it any more. */
    readonly record: number | null
    /** As it was shown when the bookmark was set. */
    readonly time: string
    readonly sender: string
    readonly words: string
    readonly note: string
    readonly made: string
}

/** What a search over all chats found in one of them. */
export interface FoundInChat {
    readonly conversation: string
    readonly part: string
    readonly title: string
    readonly people: readonly string[]
    readonly total: number
    /** The newest of them. */
    readonly records: readonly ChatRecord[]
}

export type OpenedFile =
    | { readonly kind: "opened"; readonly blob: Blob }
    | { readonly kind: "refused"; readonly code: string }

// ---------------------------------------------------------------- restoring

export type RestoreSubject =
    | { readonly kind: "everything" }
    | { readonly kind: "conversation"; readonly conversation: string }
    | { readonly kind: "import"; readonly importId: string }

export interface RestoreRequest {
    readonly what: RestoreSubject
    /** Original files in folders, or one zip; of an export that was no zip, the file itself. */
    readonly form: "files" | "zip"
    /** What several exports of a chat hold: in each of them, or in the newest alone. */
    readonly repeats: "everywhere" | "once"
}

/** What it will be, before anything is written. */
export interface RestoreEstimate {
    readonly name: string
    readonly exports: number
    readonly files: number
    /** As they will lie there. */
    readonly bytes: number
}

export interface RestoreProgress {
    readonly phase: "looking" | "restoring" | "finishing"
    readonly files: number
    readonly filesTotal: number
    readonly done: number
    readonly total: number
    /** Bytes of it that an earlier try had written. */
    readonly alreadyThere: number
    readonly network: "fine" | "waiting"
    /** Seconds, once they can be told. */
    readonly remaining: number | null
}

export type RestoreOutcome =
    | {
          readonly kind: "done"
          /** Files and bytes that lie there now, each byte checked. */
          readonly files: number
          readonly bytes: number
          /** Files of them that an earlier try had written. */
          readonly alreadyThere: number
          readonly renamed: readonly { readonly from: string; readonly to: string }[]
          /** Files that did not open to what was added. */
          readonly refused: readonly { readonly name: string; readonly code: string }[]
          /** To be handed over as a download. */
          readonly file: File | null
      }
    | { readonly kind: "stopped" }
    | { readonly kind: "failed"; readonly code: string }

export interface PendingRestore {
    readonly request: RestoreRequest
    /** What it was called: of a chat or an export, its name. */
    readonly name: string
    readonly begun: string
    readonly place: Place
}

// ---------------------------------------------------------------- encrypted copies

export interface SaveProgress {
    /** Sealed bytes. */
    readonly done: number
    readonly total: number
}

export interface CopyOptions {
    /** Where it is to lie; null: in the browser's private folder, to be handed to the downloads. */
    readonly handle: FileSystemFileHandle | null
    readonly fileName: string
    /** The origin of this page. */
    readonly site: string
    /** What a person reads who finds the file in ten years. */
    readonly readme: string
}

export type CopySaved =
    | {
          readonly kind: "done"
          /** Null: it lies where the person wanted it. */
          readonly file: File | null
          readonly name: string
          readonly size: number
          readonly imports: number
          readonly objects: number
      }
    | { readonly kind: "stopped" }
    | { readonly kind: "failed"; readonly code: string }

export type CopyExamined =
    /** Its recovery code is needed. `site`: what the copy says of where it was saved; nobody has vouched for it. */
    | { readonly kind: "locked"; readonly site: string }
    | { readonly kind: "wrong-code" }
    | { readonly kind: "opened"; readonly copy: CopySummary }

export interface CopySummary {
    readonly site: string
    /** When its newest change was made, and the state of the library at that time. */
    readonly written: string
    readonly sequence: number
    readonly chats: readonly CopiedChat[]
    /** This account's library, one that this account takes over, or another's: that is sealed anew. */
    readonly into: "same" | "new" | "other"
    /** Exports that would be brought in; of another library those that are here already are found on the way. */
    readonly missing: number
    /** Sealed bytes, where that is known. */
    readonly size: number | null
}

export interface CopiedChat {
    readonly name: string
    readonly reader: Reader
    readonly last: string | null
    readonly imports: number
}

export interface CopyProgress extends SaveProgress {
    readonly network: "fine" | "waiting"
}

export type CopyOutcome =
    | { readonly kind: "done"; readonly imports: number; readonly chunksChecked: number }
    /** Refused before a byte of what does not fit was sent. */
    | { readonly kind: "over-quota"; readonly missing: number }
    | { readonly kind: "stopped" }
    | { readonly kind: "failed"; readonly code: string }

// ---------------------------------------------------------------- keeping

/** The rule for all chats, and what it or a chat's own rule says of every export. */
export interface KeepState {
    readonly rule: RetentionRule
    readonly chats: readonly JudgedChat[]
}

export interface JudgedChat {
    readonly conversation: string
    readonly name: string
    readonly reader: Reader
    /** Null: as for all chats. */
    readonly rule: RetentionRule | null
    /** Newest first. */
    readonly imports: readonly JudgedImport[]
}

/** Without a reason to stay, it is proposed to be deleted: the rule does not keep it, and all it holds stays elsewhere. */
export interface JudgedImport extends ImportSummary {
    readonly reasons: readonly KeepReason[]
}

export interface Weighed {
    /** Sealed bytes that come back once the server has collected. */
    readonly freed: number
    /** What no other export of the same chat holds. */
    readonly lost: OnlyHere
}

// ---------------------------------------------------------------- checking

export interface CheckRequest {
    /** One chat, or null for all. */
    readonly conversation: string | null
    /** Else a sample that is large enough (`sample.ts`). */
    readonly everything: boolean
    readonly secondOpinion: boolean
    /** How far a check of everything got that was stopped (`CheckProgress.from`). One that does not fit is passed over. */
    readonly from: string | null
}

export interface CheckProgress {
    /** `waking`: the second program starts. */
    readonly phase: "listing" | "asking" | "waking" | "reading"
    /** Sealed bytes that were read back, of those that are to be. */
    readonly done: number
    readonly total: number
    /** Findings so far. */
    readonly damaged: number
    /** To go on from here later, or null. */
    readonly from: string | null
    readonly network: "fine" | "waiting"
    /** Seconds, told after ten seconds of work. */
    readonly remaining: number | null
}

export interface CheckReport {
    readonly at: string
    readonly conversation: string | null
    readonly everything: boolean
    readonly imports: number
    readonly packs: number
    /** Sealed pieces that are needed, and how many of them were read back and opened. */
    readonly pieces: number
    readonly opened: number
    /** Sealed bytes of the pieces that were read. */
    readonly bytes: number
    readonly damage: readonly Damage[]
    readonly opinion: Opinion
}

/** What a second program found in the same sealed bytes. */
export type Opinion =
    | { readonly kind: "none" }
    /** One hash over all that each of the two opened (`sample.ts`). */
    | {
          readonly kind: "compared"
          readonly pieces: number
          readonly differing: number
          readonly browser: string
          readonly python: string
      }
    /** It does not open what this program opened. */
    | { readonly kind: "refused"; readonly code: string }
    /** It could not be asked. */
    | { readonly kind: "failed"; readonly code: EngineErrorCode }

/** `revoked`: another device signed this one out; the engine has locked and forgotten the device key. */
export type Change =
    | { readonly kind: "head" }
    /** Somebody tried a password. */
    | { readonly kind: "guess"; readonly left: number }
    | { readonly kind: "password-erased" }
    | { readonly kind: "ways" }
    /** Another device changed the key: this one has forgotten the old one, and may have to be unlocked anew. */
    | { readonly kind: "key-changed" }
    /** Limit, warning or the answer to a wish for more room. */
    | { readonly kind: "room" }
    | { readonly kind: "revoked" }

// ---------------------------------------------------------------- the engine

/** Every call may reject with an `EngineError` (see `errors.ts`): code and nothing else crosses the border. */
export interface Engine {
    state(): Promise<LibraryState>
    /** Makes root key and recovery code in the worker. Nothing is sent. Calling again makes new ones. */
    prepareLibrary(): Promise<RecoverySheet>
    /** Sends the sealed slot and the first head. `proven`: a group of the code was asked back and right. */
    createLibrary(options: { readonly proven: boolean; readonly stay: boolean }): Promise<LibraryState>
    unlock(code: string, options: { readonly stay: boolean }): Promise<UnlockOutcome>
    /** Types the code back later: takes the banner away. */
    proveRecoveryCode(code: string): Promise<UnlockOutcome>
    setStayUnlocked(stay: boolean): Promise<LibraryState>

    ways(): Promise<Ways>
    /** `hints`: names and addresses that make a password weak. */
    passwordStrength(password: string, hints: readonly string[]): Promise<PasswordStrength>
    /** Sets or changes it; the old one holds until the new one was retrieved once. */
    setPassword(password: string, hints: readonly string[]): Promise<SetPasswordOutcome>
    removePassword(): Promise<Ways>
    unlockWithPassword(password: string, options: { readonly stay: boolean }): Promise<PasswordOutcome>
    /** *Still know it?* A whole retrieval: a wrong one costs a guess, a right one restores them. */
    provePassword(password: string): Promise<PasswordOutcome>
    unlockWithPasskey(touch: PasskeyTouch, options: { readonly stay: boolean }): Promise<PasskeyOutcome>
    /** Seals a slot under this touch. It counts only once `provePasskey` has opened it with another touch. */
    addPasskey(touch: PasskeyTouch, label: string): Promise<Ways>
    /** Self-test: opens the slot with a second touch. `not-this-one` removes the slot again. */
    provePasskey(touch: PasskeyTouch): Promise<PasskeyOutcome>
    removePasskey(slot: string): Promise<Ways>

    /** Makes a new root key and a recovery code for it. Nothing is sent. Calling again makes new ones. */
    prepareKeyChange(): Promise<RecoverySheet>
    /** This passkey is to open the new key too: its touch has to open the old one. Passkeys that are not taken along go. */
    takePasskeyAlong(touch: PasskeyTouch): Promise<PasskeyOutcome>
    /**
     * The new key in place of the old one, on the server and here. The password is removed, other devices have to unlock
     * anew. Asked again after its answer was lost, it finds out whether it landed.
     */
    changeKey(): Promise<LibraryState>
    /** Seals anew what the old key sealed, from wherever an earlier run stopped, on any device. */
    reseal(onProgress: (progress: ResealProgress) => void): Promise<ResealOutcome>
    stopReseal(): Promise<void>

    /** Looks at every import: how much of the storage deleted ones still take. Nothing is changed. */
    tidyPlan(): Promise<TidyPlan>
    /** Moves what is needed out of packs that are mostly not, and gives those up. What is done stays done. */
    tidy(onProgress: (progress: TidyProgress) => void): Promise<TidyOutcome>
    stopTidy(): Promise<void>

    /** New device, by picture. */
    receiveByPicture(options: { readonly stay: boolean }, onStep: (step: PairingStep) => void): Promise<PairingOutcome>
    /** New device, by the eight digits that the old one shows. */
    receiveByCode(
        code: string,
        options: { readonly stay: boolean },
        onStep: (step: PairingStep) => void,
    ): Promise<PairingOutcome>
    /** Old device: what the camera read. */
    giveByPicture(payload: string, onStep: (step: PairingStep) => void): Promise<PairingOutcome>
    giveByCode(onStep: (step: PairingStep) => void): Promise<PairingOutcome>
    /** The person's answer to `confirm`. */
    answerPairing(yes: boolean): Promise<void>
    stopPairing(): Promise<void>
    /** Forgets the keys here, the device key and all opened chats. */
    lock(): Promise<LibraryState>

    /** Reads the file's table and its chat, sends nothing. */
    inspect(file: File, dayFirst?: boolean): Promise<ImportPreview>
    /** The database in WhatsApp's encrypted backup, as a file to look into. The key is kept nowhere. */
    openBackup(file: File, key: BackupKey): Promise<File>
    startImport(choices: ImportChoices, onProgress: (progress: ImportProgress) => void): Promise<ImportOutcome>
    stopImport(): Promise<void>
    pendingImports(): Promise<readonly PendingImport[]>
    /** Keeps a file handle, so that going on after a reload needs no picker. */
    rememberHandle(previewId: string, handle: FileSystemFileHandle): Promise<void>
    pendingHandle(importId: string): Promise<FileSystemFileHandle | null>
    discardPending(importId: string): Promise<void>

    chats(): Promise<readonly ChatSummary[]>
    openChat(conversation: string, importId: string | null): Promise<OpenChat>
    /** All of a chat of which the newest records are open, as a chat of its own: close both. */
    wholeChat(chatId: string): Promise<OpenChat>
    /** Records `from` (included) to `to` (excluded), in the order of the chat. */
    records(chatId: string, from: number, to: number): Promise<readonly ChatRecord[]>
    openFile(chatId: string, index: number): Promise<OpenedFile>
    /** What stands in its export for a record; null: the export is a database. */
    rawRecord(chatId: string, index: number): Promise<string | null>
    /** Where the record stands that its source calls so; null: nowhere. */
    placeOf(chatId: string, id: string): Promise<number | null>
    /** Another of the chats that the imports hold, as a chat of its own: close both. */
    openPart(chatId: string, part: string): Promise<OpenChat>
    /** Days on which something was written. */
    daysOf(chatId: string): Promise<readonly Day[]>
    /** Everything that was sent and is here, the newest first. */
    mediaOf(chatId: string): Promise<readonly Piece[]>
    /** Numbers of all records that fit, in the order of the chat. */
    search(chatId: string, query: SearchQuery): Promise<Uint32Array>
    /** Every chat in turn, the one with the newest message first; a new search ends the one before, which rejects with `stopped`. */
    searchAll(query: SearchQuery, onFound: (found: FoundInChat) => void): Promise<void>
    stopSearch(): Promise<void>
    /** What voice notes say, by the numbers of their files. */
    transcripts(chatId: string): Promise<readonly { readonly file: number; readonly transcript: Transcript }[]>
    keepTranscript(chatId: string, file: number, transcript: Transcript): Promise<void>
    statisticsOf(chatId: string): Promise<ChatStatistics>
    bookmarks(chatId: string): Promise<readonly Bookmark[]>
    /** `id` null: a new one. Gives its id. */
    keepBookmark(
        chatId: string,
        bookmark: { readonly id: string | null; readonly record: number; readonly note: string },
    ): Promise<string>
    removeBookmark(chatId: string, id: string): Promise<void>
    closeChat(chatId: string): Promise<void>
    setSelf(conversation: string, self: string | null): Promise<void>
    renameChat(conversation: string, name: string): Promise<void>
    /** All imports of one chat go to another, and are read as one history with its own. */
    joinChats(from: string, into: string): Promise<void>
    /** An import becomes a chat of its own, of this name. Gives that chat's id. */
    splitImport(importId: string, name: string): Promise<string>
    /** Of imports the minutes by which their clocks were ahead of the newest one's. */
    setClocks(clocks: Readonly<Record<string, number>>): Promise<void>
    deleteImport(importId: string): Promise<void>
    deleteChat(conversation: string): Promise<void>

    /** What would stay and go by the rules, in one chat or in all of them. `zone`: the person's, by its IANA name. */
    judge(conversation: string | null, zone: string): Promise<KeepState>
    /** For all chats or for one; null: as for all. */
    setRule(conversation: string | null, rule: RetentionRule | null): Promise<void>
    weigh(importIds: readonly string[]): Promise<Weighed>
    /** In one commit, or not at all: `library-changed` when one of `staying` is gone meanwhile. */
    deleteImports(importIds: readonly string[], staying: readonly string[]): Promise<void>

    estimateRestore(request: RestoreRequest): Promise<RestoreEstimate>
    /** Writes it there, checks every byte on the way, and goes on with what an earlier try left. `place` null: a download. */
    restore(
        request: RestoreRequest,
        place: Place | null,
        onProgress: (progress: RestoreProgress) => void,
    ): Promise<RestoreOutcome>
    stopRestore(): Promise<void>
    /** One that was begun on this device and is not finished. */
    pendingRestore(): Promise<PendingRestore | null>
    discardRestore(): Promise<void>
    /** Reads back what is stored. One at a time: a new one stops the one before, which rejects with `stopped`. */
    checkBackup(request: CheckRequest, onProgress: (progress: CheckProgress) => void): Promise<CheckReport>
    stopCheck(): Promise<void>
    /** Asks another device to read the newest export of a chat. */
    askDrill(conversation: string): Promise<AskedDrill>
    /** Reads what another device asked for, and says so to it. */
    takeDrill(): Promise<TakenDrill>
    callOffDrill(): Promise<void>

    /** Everything the newest head needs, sealed as it is, in one file. */
    saveCopy(options: CopyOptions, onProgress: (progress: SaveProgress) => void): Promise<CopySaved>
    /** Looks into a copy; one of this very library opens at once. Refused by name where it is none, or damaged. */
    examineCopy(file: File): Promise<CopyExamined>
    /** With the recovery code of the library that was copied. */
    unlockCopy(code: string): Promise<CopyExamined>
    /** Adds what is missing to this account's library, or makes this account's library of it. `site`: this page's origin. */
    bringInCopy(
        options: { readonly site: string; readonly stay: boolean },
        onProgress: (progress: CopyProgress) => void,
    ): Promise<CopyOutcome>
    /** Stops saving or bringing in. */
    stopCopy(): Promise<void>
    closeCopy(): Promise<void>

    quota(): Promise<QuotaState>
    /** Tells when another device or tab wrote a new head, or when something happened to the ways to unlock. */
    onChange(listener: (what: Change) => void): Promise<void>
}
