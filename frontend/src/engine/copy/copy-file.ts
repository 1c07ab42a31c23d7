/**
 * An encrypted copy as a server that can be read from: the engine opens a library out of it as it would from anywhere else.
 *
 * The zip's directory says where an object lies, and that is all it is believed in: length, hash and seal are checked by who
 * asked. What would make two readers see different things in one file is refused at once: a name that stands twice, an entry
 * that is packed or not wholly there.
 */

import type { Bytes } from "../../bytes/bytes.ts"
import { toHex } from "../../bytes/hex.ts"
import { DamagedObjectError } from "../../format/errors.ts"
import { limits } from "../../format/limits.ts"
import { checkHash, type ObjectRef } from "../../format/object.ts"
import { codeOf, EngineError } from "../errors.ts"
import type { KeyringRecord, LibraryServer, ObjectStore, SealedHead } from "../ports.ts"
import type { QuotaState } from "../protocol.ts"
import { readDirectory, type ZipEntry } from "../zip-directory.ts"
import { entries, isCopy } from "./entries.ts"
import { type CopyFacts, longestFacts, readFacts } from "./layout.ts"

const localHeader = 30

export class CopyFile implements ObjectStore, LibraryServer {
    readonly facts: CopyFacts
    readonly #file: Blob
    readonly #entries: ReadonlyMap<string, ZipEntry>
    /** Where the bytes of an entry begin, once it was looked up. */
    readonly #begins = new Map<string, Promise<number>>()

    private constructor(file: Blob, known: ReadonlyMap<string, ZipEntry>, facts: CopyFacts) {
        this.#file = file
        this.#entries = known
        this.facts = facts
    }

    /** `not-a-copy`: no zip, one without its end, or one that holds something else. */
    static async read(file: Blob): Promise<CopyFile> {
        const directory = await readDirectory(file).catch(notACopy)
        const listed = directory?.entries ?? []
        const known = new Map(listed.map((entry) => [entry.name, entry]))
        const facts = known.get(entries.facts)
        if (facts === undefined || !isCopy(listed)) throw new EngineError("not-a-copy")
        if (known.size !== listed.length) throw new DamagedObjectError("malformed")
        for (const { damage, method } of listed)
            if (damage !== null || method !== 0) throw new DamagedObjectError("malformed")
        if (facts.size > longestFacts) throw new DamagedObjectError("too-large")
        const begin = await beginOf(file, facts)
        return new CopyFile(file, known, readFacts(await bytesOf(file, begin, begin + facts.size)))
    }

    /** A whole object, with the length and hash that it has to have. */
    async whole(ref: ObjectRef, signal: AbortSignal): Promise<Bytes> {
        this.checkSize(ref)
        const bytes = await this.get(ref.id, 0, ref.size, signal)
        await checkHash(ref, bytes)
        return bytes
    }

    /** By the directory alone. */
    checkSize({ id, size }: ObjectRef): void {
        const entry = this.#entries.get(entries.object(id))
        if (entry === undefined) throw new EngineError("missing")
        if (entry.size !== size) throw new DamagedObjectError("wrong-hash")
    }

    // ------------------------------------------------------------ what a reader asks

    async get(id: string, from: number, to: number, signal: AbortSignal): Promise<Bytes> {
        return await this.#bytes(entries.object(id), from, to, signal)
    }

    async account(): Promise<{ readonly id: string; readonly quota: QuotaState }> {
        return { id: toHex(this.facts.keyring.library), quota: noRoom }
    }

    async keyring(): Promise<KeyringRecord> {
        return this.facts.keyring
    }

    async head(signal: AbortSignal): Promise<SealedHead> {
        const size = this.#entries.get(entries.head)?.size ?? 0
        if (size > limits.sealedObject) throw new DamagedObjectError("too-large")
        return { sequence: this.facts.sequence, sealed: await this.#bytes(entries.head, 0, size, signal) }
    }

    async headAt(sequence: number, signal: AbortSignal): Promise<SealedHead> {
        if (sequence !== this.facts.sequence) throw new EngineError("missing")
        return await this.head(signal)
    }

    watch(): () => void {
        return () => undefined
    }

    // ------------------------------------------------------------ nothing is ever written into a copy

    begin = readOnly
    put = readOnly
    finish = readOnly
    abandon = readOnly
    createKeyring = readOnly
    addSlot = readOnly
    removeSlot = readOnly
    changeKey = readOnly
    commit = readOnly

    async #bytes(name: string, from: number, to: number, signal: AbortSignal): Promise<Bytes> {
        if (signal.aborted) throw new EngineError("stopped")
        const entry = this.#entries.get(name)
        if (entry === undefined || to > entry.size) throw new EngineError("missing")
        const begin = this.#begins.get(name) ?? beginOf(this.#file, entry)
        this.#begins.set(name, begin)
        const start = await begin
        return await bytesOf(this.#file, start + from, start + to)
    }
}

const noRoom: QuotaState = { limit: 0, used: 0, reserved: 0, plan: null, warning: 0, request: null }

function readOnly(): Promise<never> {
    return Promise.reject(new EngineError("server-refused"))
}

/** A directory beyond all limits is none that was written by us. */
function notACopy(error: unknown): never {
    const beyond = codeOf(error) === "too-many-entries" || codeOf(error) === "too-large-export"
    throw beyond ? new EngineError("not-a-copy") : error
}

/** Only the local header knows how long its own name and extra field are. */
async function beginOf(file: Blob, { headerOffset, size }: ZipEntry): Promise<number> {
    const header = await bytesOf(file, headerOffset, headerOffset + localHeader)
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
    if (view.getUint32(0, true) !== 0x04034b50) throw new DamagedObjectError("malformed")
    const begin = headerOffset + localHeader + view.getUint16(26, true) + view.getUint16(28, true)
    if (begin + size > file.size) throw new DamagedObjectError("truncated")
    return begin
}

async function bytesOf(file: Blob, from: number, to: number): Promise<Bytes> {
    let bytes: Bytes
    try {
        bytes = new Uint8Array(await file.slice(from, to).arrayBuffer())
    } catch (cause) {
        // A stick that was pulled out, a drive that is not there any more.
        throw new EngineError("file-unreadable", { cause })
    }
    if (bytes.length !== to - from) throw new EngineError("file-changed")
    return bytes
}
