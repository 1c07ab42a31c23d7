/** Account, keyring, heads and commits over the API. */

import { toBase64url } from "../bytes/base64url.ts"
import { type Bytes, equal } from "../bytes/bytes.ts"
import { fromHex, toHex } from "../bytes/hex.ts"
import { sha256 } from "../crypto/hash.ts"
import { EngineError } from "../engine/errors.ts"
import type {
    Commit,
    KeyChange,
    KeyringRecord,
    LibraryServer,
    NewSlot,
    SealedHead,
    ServerEvent,
} from "../engine/ports.ts"
import type { QuotaState } from "../engine/protocol.ts"
import { bytes, fields, flag, hash, id, listOf, oneOf, orNull, text, whole } from "./answers.ts"
import type { Api } from "./api.ts"
import type { components } from "./api-types.ts"

type Schemas = components["schemas"]

const roomRequest = fields<Schemas["RoomRequestAnswer"]>({
    wanted: whole,
    reason: text,
    made: text,
    decided: orNull(text),
    granted: orNull(flag),
})

const quota = fields<QuotaState>({
    limit: whole,
    used: whole,
    reserved: whole,
    plan: orNull(text),
    warning: oneOf(0, 80, 95),
    request: orNull(roomRequest),
})

const account = fields<Schemas["AccountAnswer"]>({
    id: text,
    name: text,
    email: text,
    staff: flag,
    quota,
    language: text,
})

const slot = fields<Schemas["SlotAnswer"]>({
    id,
    kind: whole,
    parameters: text,
    sealed: text,
    created: text,
    label: text,
})

const keyring = fields<Schemas["KeyringAnswer"]>({ library: id, epoch: whole, check: text, slots: listOf(slot) })

const head = fields<Schemas["HeadAnswer"]>({ sequence: whole, sealed: text, sha256: hash })

export class ServerLibrary implements LibraryServer {
    readonly #api: Api
    readonly #watch: LibraryServer["watch"]

    constructor(api: Api, watch: LibraryServer["watch"]) {
        this.#api = api
        this.#watch = watch
    }

    async account(signal: AbortSignal): Promise<{ readonly id: string; readonly quota: QuotaState }> {
        const { id, quota } = account(await this.#api.json("GET", "/api/account", undefined, signal))
        return { id, quota }
    }

    async keyring(signal: AbortSignal): Promise<KeyringRecord | null> {
        const answer = await unlessMissing(this.#api.json("GET", "/api/keyring", undefined, signal))
        return answer === null ? null : toRecord(answer)
    }

    async createKeyring(record: KeyringRecord<NewSlot>, signal: AbortSignal): Promise<KeyringRecord> {
        const made = toRecord(await this.#api.json("POST", "/api/keyring", toKeyringBody(record), signal))
        if (!equal(made.library, record.library) || !equal(made.check, record.check))
            throw new EngineError("library-exists")
        return made
    }

    async changeKey({ keyring, head }: KeyChange, signal: AbortSignal): Promise<KeyringRecord> {
        const { sequence, sealed } = head
        const body: Schemas["KeyChangeBody"] = { ...toKeyringBody(keyring), sequence, sealed: toBase64url(sealed) }
        return toRecord(await this.#api.json("POST", "/api/keyring/change", body, signal))
    }

    async addSlot(slot: NewSlot, epoch: number, signal: AbortSignal): Promise<KeyringRecord> {
        const body: Schemas["NewSlotBody"] = { ...toBody(slot), epoch }
        return toRecord(await this.#api.json("POST", "/api/keyring/slots", body, signal))
    }

    async removeSlot(slotId: Bytes, signal: AbortSignal): Promise<KeyringRecord> {
        try {
            return toRecord(await this.#api.json("DELETE", `/api/keyring/slots/${toHex(slotId)}`, undefined, signal))
        } catch (error) {
            if (!(error instanceof EngineError) || error.code !== "missing") throw error
            const kept = await this.keyring(signal)
            if (kept === null) throw error
            return kept
        }
    }

    async head(signal: AbortSignal): Promise<SealedHead | null> {
        const answer = await unlessMissing(this.#api.json("GET", "/api/head", undefined, signal))
        return answer === null ? null : await toHead(answer)
    }

    async headAt(sequence: number, signal: AbortSignal): Promise<SealedHead> {
        return await toHead(await this.#api.json("GET", `/api/heads/${sequence}`, undefined, signal))
    }

    async commit({ sequence, sealed, add, remove }: Commit, signal: AbortSignal): Promise<void> {
        const body: Schemas["CommitBody"] = {
            sequence,
            sealed: toBase64url(sealed),
            add: add.map(({ snapshot, objects }) => ({ snapshot, objects: [...objects] })),
            remove: [...remove],
        }
        await this.#api.json("POST", "/api/commit", body, signal)
    }

    watch(listener: (event: ServerEvent) => void): () => void {
        return this.#watch(listener)
    }
}

function toKeyringBody({ library, epoch, check, slots }: KeyringRecord<NewSlot>): Schemas["KeyringBody"] {
    return { library: toHex(library), epoch, check: toBase64url(check), slots: slots.map(toBody) }
}

function toBody({ id, kind, parameters, sealed, label }: NewSlot): Schemas["SlotBody"] {
    return {
        id: toHex(id),
        kind,
        parameters: toBase64url(parameters),
        sealed: toBase64url(sealed),
        label,
    }
}

function toRecord(answer: unknown): KeyringRecord {
    const { library, epoch, check, slots } = keyring(answer)
    return {
        library: fromHex(library),
        epoch,
        check: bytes(check),
        slots: slots.map(({ id, kind, parameters, sealed, created, label }) => ({
            id: fromHex(id),
            kind,
            parameters: bytes(parameters),
            sealed: bytes(sealed),
            created,
            label,
        })),
    }
}

/** The server's hash proves nothing; a difference tells of an answer that broke on its way. */
async function toHead(answer: unknown): Promise<SealedHead> {
    const { sequence, sealed: written, sha256: told } = head(answer)
    const sealed = bytes(written)
    if (toHex(await sha256(sealed)) !== told) throw new EngineError("wrong-hash")
    return { sequence, sealed }
}

async function unlessMissing(answer: Promise<unknown>): Promise<unknown> {
    try {
        return await answer
    } catch (error) {
        if (error instanceof EngineError && error.code === "missing") return null
        throw error
    }
}
