/**
 * What the page may ask of the engine, and what it hears back: plain values only, never a key.
 *
 * The engine lives in a worker (`entry/engine.worker.ts`) behind comlink; the page holds an
 * `Engine` and callbacks. Ids are 32 hexadecimal digits, sizes are bytes, wall-clock times are
 * `YYYY-MM-DDTHH:MM:SS`, other times are UTC and end in `Z`.
 */

import type { ChatRecord } from "../reader/conversation.ts"

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
          /** Sequence and first eight hexadecimal digits of the newest head; printed on the recovery sheet. */
          readonly sequence: number
          readonly headCode: string
      }

export interface RecoverySheet {
    /** The 64 digits, without separators. */
    readonly code: string
    readonly made: string
}

export type UnlockOutcome = { readonly kind: "opened"; readonly state: LibraryState } | { readonly kind: "wrong-code" }

// ---------------------------------------------------------------- adding an export

export interface ImportPreview {
    readonly id: string
    readonly fileName: string
    readonly size: number
    /** `whatsapp`: a chat was recognised. `files`: kept as files. */
    readonly reader: "whatsapp" | "files"
    readonly title: string
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
    /** A conversation of the library that carries the same title. */
    readonly sameTitle: { readonly id: string; readonly name: string } | null
    readonly quota: QuotaState
    /** An interrupted import of this very file, to go on with. */
    readonly resumes: PendingImport | null
}

export interface QuotaState {
    readonly limit: number
    readonly used: number
    readonly reserved: number
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
    readonly reader: "whatsapp" | "files"
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
    readonly importId: string
    readonly title: string
    readonly self: string | null
    readonly people: readonly string[]
    readonly records: number
    readonly files: readonly FileSummary[]
}

export interface FileSummary {
    readonly index: number
    readonly name: string
    readonly size: number
    readonly type: string
    readonly folder: boolean
}

export type OpenedFile =
    | { readonly kind: "opened"; readonly blob: Blob }
    | { readonly kind: "refused"; readonly code: string }

export interface SaveProgress {
    readonly done: number
    readonly total: number
}

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
    /** Forgets the keys here, the device key and all opened chats. */
    lock(): Promise<LibraryState>

    /** Reads the file's table and its chat, sends nothing. */
    inspect(file: File, dayFirst?: boolean): Promise<ImportPreview>
    startImport(choices: ImportChoices, onProgress: (progress: ImportProgress) => void): Promise<ImportOutcome>
    stopImport(): Promise<void>
    pendingImports(): Promise<readonly PendingImport[]>
    /** Keeps a file handle, so that going on after a reload needs no picker. */
    rememberHandle(previewId: string, handle: FileSystemFileHandle): Promise<void>
    pendingHandle(importId: string): Promise<FileSystemFileHandle | null>
    discardPending(importId: string): Promise<void>

    chats(): Promise<readonly ChatSummary[]>
    openChat(conversation: string, importId: string | null): Promise<OpenChat>
    /** Records `from` (included) to `to` (excluded), in the order of the chat. */
    records(chatId: string, from: number, to: number): Promise<readonly ChatRecord[]>
    openFile(chatId: string, index: number): Promise<OpenedFile>
    closeChat(chatId: string): Promise<void>
    setSelf(conversation: string, self: string | null): Promise<void>
    renameChat(conversation: string, name: string): Promise<void>
    deleteImport(importId: string): Promise<void>
    deleteChat(conversation: string): Promise<void>
    /** The export as it was given, every entry byte for byte, as a file in the browser's private folder. */
    saveOriginal(importId: string, onProgress: (progress: SaveProgress) => void): Promise<File>

    quota(): Promise<QuotaState>
    /** Tells when another device or tab wrote a new head. */
    onChange(listener: () => void): Promise<void>
}
