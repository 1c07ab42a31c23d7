/**
 * What the engine asks of the world around it: the smallest interfaces, with their promises.
 *
 * Each port has one suite of promises in `tests/support/` that every implementation runs.
 * Everything that crosses a port towards the server or the disk is sealed. Failures are the errors
 * of `errors.ts`: `NetworkError` for whatever may be tried again, a code for the rest.
 */

import type { Bytes } from "../bytes/bytes.ts"
import type { LibraryKeys, WrappingKey } from "../crypto/keys.ts"
import type { Random } from "../crypto/random.ts"
import type { ChunkPlace } from "../format/chunk-index.ts"
import type { PartOfExport } from "../reader/conversation.ts"
import type { Crew } from "./crew.ts"
import type { Place } from "./place.ts"
import type { QuotaState } from "./protocol.ts"

// ---------------------------------------------------------------- the server

/** A sealed object as it is announced. Ids are 32, hashes 64 hexadecimal digits. */
export interface Announcement {
    readonly id: string
    readonly kind: "pack" | "catalog" | "snapshot"
    readonly size: number
    readonly sha256: string
}

/** Where to put an announced object. `stored`: it is there already, nothing needs to be put. */
export interface Ticket {
    readonly id: string
    readonly state: "expected" | "stored"
    readonly method: string
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    /** The server's own address, where `url` is the store's. */
    readonly fallback: string | null
}

/** What the store says it has. */
export interface StoredObject {
    readonly id: string
    readonly state: "expected" | "stored"
    readonly size: number
    readonly sha256: string
}

export interface ObjectStore {
    /**
     * Announces objects and reserves room for them: all of them or, with `OverQuotaError`, none.
     * Announcing the same again is harmless; with other facts it is refused as `object-differs`.
     */
    begin(objects: readonly Announcement[], signal: AbortSignal): Promise<readonly Ticket[]>
    /** Stores `bytes`. Storing the same again is harmless. Resolving is no proof of anything: `finish` is. */
    put(ticket: Ticket, bytes: Bytes, signal: AbortSignal): Promise<void>
    /** Asks the store itself what it has. Objects it does not know are left out or `expected`. */
    finish(ids: readonly string[], signal: AbortSignal): Promise<readonly StoredObject[]>
    /** The bytes `from` (included) to `to` (excluded), never fewer: `missing` if the object is not there or shorter. */
    get(id: string, from: number, to: number, signal: AbortSignal): Promise<Bytes>
    /** Gives reservations back. Objects that a snapshot needs stay; unknown ids are harmless. */
    abandon(ids: readonly string[], signal: AbortSignal): Promise<void>
}

interface SlotFacts {
    readonly id: Bytes
    readonly kind: number
    readonly parameters: Bytes
    readonly sealed: Bytes
    readonly label: string
}

/** A slot as it is sent: a recovery code's or a passkey's. The others never lie in the keyring. */
export interface NewSlot extends SlotFacts {
    readonly kind: 1 | 3
}

/** A slot as the server keeps it. */
export interface SlotRecord extends SlotFacts {
    /** UTC */
    readonly created: string
}

export interface KeyringRecord<Slot extends SlotFacts = SlotRecord> {
    readonly library: Bytes
    readonly epoch: number
    readonly check: Bytes
    readonly slots: readonly Slot[]
}

export interface SealedHead {
    readonly sequence: number
    readonly sealed: Bytes
}

export interface Commit {
    readonly sequence: number
    readonly sealed: Bytes
    /** A new snapshot and every catalog and pack it needs. */
    readonly add: readonly { readonly snapshot: string; readonly objects: readonly string[] }[]
    /** Snapshots that the new head no longer lists. */
    readonly remove: readonly string[]
}

/** The keyring of the next epoch in place of the one before, and the first head that is sealed under its key. */
export interface KeyChange {
    readonly keyring: KeyringRecord<NewSlot>
    readonly head: SealedHead
}

export interface LibraryServer {
    /** Who is signed in: an opaque name that never changes, and the room there is. */
    account(signal: AbortSignal): Promise<{ readonly id: string; readonly quota: QuotaState }>
    /** Null: no key was ever made. */
    keyring(signal: AbortSignal): Promise<KeyringRecord | null>
    /** The same again is harmless; another one is refused as `library-exists`. */
    createKeyring(keyring: KeyringRecord<NewSlot>, signal: AbortSignal): Promise<KeyringRecord>
    /** The newest head, or null before the first. */
    head(signal: AbortSignal): Promise<SealedHead | null>
    /** An older head of the same key; `missing` when the server does not have it. */
    headAt(sequence: number, signal: AbortSignal): Promise<SealedHead>
    /**
     * Compare-and-swap: lands whole, exactly when `sequence` is the newest plus one and everything added is stored.
     * Else `HeadMovedError` or `NotStoredError`, and nothing changed. The same commit again is harmless.
     */
    commit(commit: Commit, signal: AbortSignal): Promise<void>
    /**
     * Compare-and-swap: lands whole, exactly when the head's sequence is the newest plus one and the keyring's epoch the
     * present one plus one; then all slots and heads before are gone. Else `HeadMovedError` or `key-changed`, and nothing
     * changed. The same change again is harmless.
     */
    changeKey(change: KeyChange, signal: AbortSignal): Promise<KeyringRecord>
    /** Adds a slot that holds the key of this epoch; the same again is harmless. `key-changed` when there is a later one. */
    addSlot(slot: NewSlot, epoch: number, signal: AbortSignal): Promise<KeyringRecord>
    /** Removes a slot; one that is gone already is harmless. */
    removeSlot(id: Bytes, signal: AbortSignal): Promise<KeyringRecord>
    /** Tells sooner or later, and at least once, when a head with a higher sequence is there; of the rest when it hears of it. */
    watch(listener: (event: ServerEvent) => void): () => void
}

/** What `/ws/events` says. */
export type ServerEvent =
    | { readonly kind: "head"; readonly sequence: number }
    | { readonly kind: "guess"; readonly left: number }
    | { readonly kind: "password-erased" }
    | { readonly kind: "ways" }
    | { readonly kind: "room" }
    | { readonly kind: "revoked" }

// ---------------------------------------------------------------- the vault

/** A conversation with the vault: one socket, or requests one by one where none can be had. See docs/vault.md §4. */
export interface VaultServer {
    connect(signal: AbortSignal): Promise<VaultLine>
}

export interface VaultLine {
    /** Sends one message and waits for its answer. A refusal is a `VaultRefusedError` with the vault's code. */
    ask<Asked extends VaultMessage>(message: Asked): Promise<VaultAnswers[Asked["kind"]]>
    /** Ends the conversation; an exchange that is under way dies with it. */
    close(): void
}

export type VaultMessage =
    | { readonly kind: "state" }
    | { readonly kind: "enrol-begin"; readonly request: Bytes }
    | {
          readonly kind: "enrol-upload"
          readonly exchange: string
          readonly upload: Bytes
          readonly parameters: Bytes
          readonly sealed: Bytes
      }
    /** `record` null: the one in use. */
    | { readonly kind: "login-begin"; readonly ke1: Bytes; readonly record: string | null }
    | { readonly kind: "login-finish"; readonly exchange: string; readonly ke3: Bytes }
    | { readonly kind: "remove"; readonly record: string }

export interface VaultState {
    readonly record: { readonly id: string; readonly parameters: Bytes; readonly created: string } | null
    readonly left: number
    readonly of: number
    readonly tombstone: { readonly at: string; readonly guesses: number } | null
}

export interface VaultAnswers {
    readonly state: VaultState
    readonly "enrol-begin": { readonly exchange: string; readonly record: string; readonly response: Bytes }
    readonly "enrol-upload": { readonly record: string }
    readonly "login-begin": {
        readonly exchange: string
        readonly record: string
        readonly parameters: Bytes
        readonly ke2: Bytes
        readonly left: number
    }
    readonly "login-finish": {
        readonly sealed: Bytes
        readonly left: number
        readonly enrolled: boolean
        readonly erased: boolean
    }
    readonly remove: VaultState
}

// ---------------------------------------------------------------- the post office of pairing

/** See docs/pairing.md §1. Refusals are `PairingRefusedError` with the server's code. */
export interface PostOffice {
    open(way: PairingWay, signal: AbortSignal): Promise<Mailbox>
    /** `mailbox` null: the account's newest open one of that way. */
    join(way: PairingWay, mailbox: string | null, signal: AbortSignal): Promise<Mailbox>
}

export type PairingWay = "picture" | "code"
export type PairingPhase = "public-key" | "key" | "ke1" | "ke2" | "ke3" | "done"

export interface Mailbox {
    readonly id: string
    /** UTC. */
    readonly expires: string
    /** What the other side's session is called: the opener's for a joiner; for an opener null until somebody joined. */
    device(): string | null
    /** Writes the letter of this phase, once. */
    write(phase: PairingPhase, body: Bytes, signal: AbortSignal): Promise<void>
    /** Waits for the other side's letter of this phase. Rejects with `over` when the mailbox has ended or expired. */
    read(phase: PairingPhase, signal: AbortSignal): Promise<Bytes>
    /** Ends it for both sides. Harmless twice. */
    end(): Promise<void>
}

// ---------------------------------------------------------------- the device

/**
 * What an unfinished import has sent so far: one sealed line per pack, so that it can go on after a crash.
 * Lines belong to a library and an import, and come back as they were written.
 */
export interface Journal {
    /** Adds or replaces a line; it survives a crash once the promise resolves. */
    write(library: string, importId: string, line: string, sealed: Bytes): Promise<void>
    read(library: string, importId: string): Promise<ReadonlyMap<string, Bytes>>
    imports(library: string): Promise<readonly string[]>
    /** Forgets one line, if it is there. */
    erase(library: string, importId: string, line: string): Promise<void>
    /** Forgets all lines and the file handle. */
    drop(library: string, importId: string): Promise<void>
    keepHandle(library: string, importId: string, handle: FileSystemHandle): Promise<void>
    handle(library: string, importId: string): Promise<FileSystemHandle | null>
    /** The right to work on an import, given to one engine of this device at a time; null if another has it. */
    claim(importId: string): Promise<(() => void) | null>
}

/** The slot that opens a library on this device without asking. Its key cannot be read, only used. */
export interface DeviceSlot {
    readonly id: Bytes
    readonly key: WrappingKey
    readonly sealed: Bytes
}

export interface DeviceKeys {
    read(library: string): Promise<DeviceSlot | null>
    write(library: string, slot: DeviceSlot): Promise<void>
    remove(library: string): Promise<void>
}

/** The newest head this device has opened: what an older or another one is held against. */
export interface RememberedHead {
    readonly library: string
    readonly sequence: number
    readonly sha256: string
}

export interface HeadMemory {
    /** Of a library, or of an account: then it says which library is the account's. */
    read(name: string): Promise<RememberedHead | null>
    /** Remembers the head, unless one with a higher sequence of the same library is remembered already. */
    write(name: string, head: RememberedHead): Promise<void>
}

/** Catalogs and snapshots, sealed as they came. May forget everything at any time; what it gives is checked like the server's. */
export interface CatalogCache {
    read(id: string): Promise<Bytes | null>
    write(id: string, sealed: Bytes): Promise<void>
    remove(id: string): Promise<void>
}

// ---------------------------------------------------------------- where files go

export interface Destinations {
    open(place: Place): Destination
    /** Takes away what older visits left in the private folder. */
    tidy(): Promise<void>
}

/** Names from the place downwards, each allowed as it is (`safe-names.ts`). A place that is one file has the empty path. */
export type Path = readonly string[]

/** Every failure is `storage-full`, `place-refused` (no leave, or not there any more) or a mistake of ours. */
export interface Destination {
    /** What lies there, of an earlier try or of the person: to be looked at, never to be believed. Null: nothing. */
    existing(path: Path): Promise<Blob | null>
    /** `made`: it was not there before, so nothing is in it. */
    makeFolder(path: Path): Promise<"made" | "there">
    /**
     * Nothing is seen under its name before it is finished; only a private file is written where it lies, and keeps what an
     * earlier try wrote.
     */
    create(path: Path): Promise<OutputFile>
}

/** One writer at a time; every byte once, in any order. */
export interface OutputFile {
    write(at: number, bytes: Bytes): Promise<void>
    /** Now it is seen under its name, `size` bytes long: as it lies there. */
    finish(size: number): Promise<Blob>
    /** Leaves nothing under its name that was not there before. */
    abort(): Promise<void>
    /** Lets go of it as a crash would: a private file stays for the next try. */
    leave(): Promise<void>
}

// ---------------------------------------------------------------- many hands

/** Fetches and opens beside the engine: in workers, or where there are none in the engine itself. */
export interface Openers {
    /** Hands that may use these keys, until they are sent home. */
    start(keys: LibraryKeys): OpeningHands
}

export interface OpeningHands {
    /** So many calls at a time keep all hands and the network busy. */
    readonly width: number
    /**
     * Chunks slice by slice, each fetched, authenticated and named again; a slice is some consecutive chunks of one file. A
     * few MiB at a time. Refuses as a whole; `NetworkError` may be asked again. The bytes belong to the caller.
     */
    open(slices: readonly (readonly ChunkPlace[])[], signal: AbortSignal): Promise<readonly OpenedSlice[]>
    /** Forgets the keys; what is under way is `stopped`. */
    close(): void
}

export interface OpenedSlice {
    readonly chunks: readonly Bytes[]
    /** Of all its chunks, one after another. */
    readonly crc32: number
}

// ---------------------------------------------------------------- a second opinion

/**
 * A second program that opens what this one opened: written in another language, from the document, with other libraries.
 * It gets the root secret, for it is to need nothing else; so it runs for as long as it is asked, and then its memory goes.
 */
export interface SecondReader {
    /** Rejects with `second-reader` when this browser cannot run it or it takes too long, with `stopped` by the signal. */
    start(signal: AbortSignal): Promise<SecondReading>
}

export interface SecondReading {
    /** Once, and first. Null, or the name of a refusal. The secret's bytes are taken over and overwritten. */
    begin(library: SealedLibrary): Promise<string | null>
    /** SHA-256 of what a piece holds, or the name of a refusal. The bytes are taken over. */
    read(pack: string, offset: number, sealed: Bytes): Promise<string>
    /** Its own hash over all that it opened, as `sampleHash` makes it. */
    hash(): Promise<string>
    /** Ends the program, and all that it knows. Harmless twice. */
    end(): void
}

/** All that a library needs to be opened by somebody else. Ids, hashes and the check are hexadecimal digits. */
export interface SealedLibrary {
    readonly secret: Bytes
    readonly library: string
    readonly epoch: number
    readonly check: string
    readonly head: SealedHead
    /** By id. */
    readonly snapshots: readonly (readonly [string, Bytes])[]
    readonly catalogs: readonly (readonly [string, Bytes])[]
}

// ---------------------------------------------------------------- other people's databases

/** Programs that read databases: large, loaded when somebody asks, and gone when they are done. */
export interface Databases {
    /**
     * The chats of WhatsApp's databases among these files, by what is in them and not by their names. Null: none that is
     * known. `fileNames` are all of the export's, so that media are found; a file beside a database that is called like it with
     * `-wal` behind belongs to it. May say `starting` again before it says `reading` for the last time.
     *
     * Rejects with `database-reader` when this browser cannot run it, it takes too long to start or breaks off over what is
     * in the file; with `stopped` by the signal.
     */
    read(
        files: readonly DatabaseFile[],
        fileNames: readonly string[],
        onProgress: (phase: "starting" | "reading") => void,
        signal: AbortSignal,
    ): Promise<readonly PartOfExport[] | null>
}

export interface DatabaseFile {
    readonly name: string
    readonly content: Blob
}

// ---------------------------------------------------------------- time

export interface Clock {
    /** Milliseconds since 1970. */
    now(): number
    /** Resolves after the time or rejects with `stopped` when the signal comes first. May come earlier when the network returns. */
    sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

// ---------------------------------------------------------------- all of it

export interface Ports {
    readonly store: ObjectStore
    readonly server: LibraryServer
    readonly vault: VaultServer
    readonly post: PostOffice
    readonly journal: Journal
    readonly deviceKeys: DeviceKeys
    readonly heads: HeadMemory
    readonly catalogs: CatalogCache
    readonly destinations: Destinations
    readonly openers: Openers
    readonly crew: Crew
    readonly second: SecondReader
    readonly databases: Databases
    readonly clock: Clock
    readonly random: Random
}
