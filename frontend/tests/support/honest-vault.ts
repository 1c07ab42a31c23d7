/**
 * A vault for tests: the server half of OPAQUE, and the rules of docs/vault.md §4 to §7, for one account in memory.
 *
 * It counts as the real one does: before KE2 is made; only a valid KE3 restores; a pending record has tries of its own.
 */

import * as opaque from "@serenity-kit/opaque"
import { fromBase64url, toBase64url } from "../../src/bytes/base64url.ts"
import { type Bytes, equal } from "../../src/bytes/bytes.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { systemRandom } from "../../src/crypto/random.ts"
import { VaultRefusedError } from "../../src/engine/errors.ts"
import type { VaultAnswers, VaultLine, VaultMessage, VaultServer, VaultState } from "../../src/engine/ports.ts"

export const budget = 10
const triesOfPending = 3

interface VaultRecord {
    readonly id: string
    readonly setup: string
    readonly file: string
    readonly parameters: Bytes
    readonly sealed: Bytes
    readonly created: string
}

type Exchange =
    | { readonly kind: "enrolling"; readonly record: string; readonly setup: string }
    | { readonly kind: "logging-in"; readonly record: VaultRecord; readonly state: string; readonly pending: boolean }

export type Answer = VaultAnswers[VaultMessage["kind"]]

export class HonestVault implements VaultServer {
    left = budget
    record: VaultRecord | null = null
    pending: VaultRecord | null = null
    tombstone: VaultState["tombstone"] = null
    #triesOfPending = 0

    async connect(): Promise<VaultLine> {
        const talk = this.conversation()
        return {
            ask: async <Asked extends VaultMessage>(message: Asked) =>
                (await talk(message)) as VaultAnswers[Asked["kind"]],
            close: () => undefined,
        }
    }

    /** What one socket holds: exchanges, each used once, gone with it. */
    conversation(): (message: VaultMessage) => Promise<Answer> {
        const exchanges = new Map<string, Exchange>()
        const begin = (exchange: Exchange): string => {
            const id = freshId()
            exchanges.set(id, exchange)
            return id
        }
        const taken = <Kind extends Exchange["kind"]>(id: string, kind: Kind) => {
            const exchange = exchanges.get(id)
            exchanges.delete(id)
            if (exchange?.kind !== kind) throw new VaultRefusedError("vault.exchange_gone")
            return exchange as Extract<Exchange, { readonly kind: Kind }>
        }
        return async (message) => {
            await opaque.ready
            switch (message.kind) {
                case "state":
                    return this.#state()
                case "enrol-begin": {
                    const setup = opaque.server.createSetup()
                    const record = freshId()
                    const response = opaque.server.createRegistrationResponse({
                        serverSetup: setup,
                        userIdentifier: record,
                        registrationRequest: toBase64url(message.request),
                    }).registrationResponse
                    const exchange = begin({ kind: "enrolling", record, setup })
                    return { exchange, record, response: fromBase64url(response) }
                }
                case "enrol-upload": {
                    const { record: id, setup } = taken(message.exchange, "enrolling")
                    const { parameters, sealed } = message
                    const created = "2026-11-23T18:00:00Z"
                    this.pending = { id, setup, file: toBase64url(message.upload), parameters, sealed, created }
                    this.#triesOfPending = triesOfPending
                    return { record: id }
                }
                case "login-begin": {
                    const { record, pending } = this.#spend(message.record)
                    const { serverLoginState: state, loginResponse } = opaque.server.startLogin({
                        serverSetup: record.setup,
                        registrationRecord: record.file,
                        startLoginRequest: toBase64url(message.ke1),
                        userIdentifier: record.id,
                    })
                    const exchange = begin({ kind: "logging-in", record, state, pending })
                    const { id, parameters } = record
                    return { exchange, record: id, parameters, ke2: fromBase64url(loginResponse), left: this.left }
                }
                case "login-finish":
                    return this.#finish(taken(message.exchange, "logging-in"), message.ke3)
                case "remove":
                    if (this.record?.id !== message.record) throw new VaultRefusedError("vault.no_record")
                    this.record = null
                    return this.#state()
            }
        }
    }

    #state(): VaultState {
        const { record, left, tombstone } = this
        const facts = record && { id: record.id, parameters: record.parameters, created: record.created }
        return { record: facts, left, of: budget, tombstone }
    }

    #spend(wanted: string | null): { readonly record: VaultRecord; readonly pending: boolean } {
        if (wanted !== null && this.pending?.id === wanted) {
            if (this.#triesOfPending-- <= 0) throw new VaultRefusedError("vault.no_record")
            return { record: this.pending, pending: true }
        }
        const { record, tombstone } = this
        if (record === null && tombstone !== null)
            throw new VaultRefusedError("vault.erased", { guesses: tombstone.guesses })
        if (record === null || (wanted !== null && wanted !== record.id)) throw new VaultRefusedError("vault.no_record")
        this.left -= 1
        if (this.left === 0) {
            this.record = null
            this.tombstone = { at: "2026-11-23T18:30:00Z", guesses: budget }
        }
        return { record, pending: false }
    }

    #finish({ record, state, pending }: Extract<Exchange, { kind: "logging-in" }>, ke3: Bytes): Answer {
        try {
            opaque.server.finishLogin({ serverLoginState: state, finishLoginRequest: toBase64url(ke3) })
        } catch {
            throw new VaultRefusedError("vault.wrong_password", { left: this.left })
        }
        const erased = !pending && this.record === null
        if (pending) {
            if (this.pending?.id !== record.id) throw new VaultRefusedError("vault.exchange_gone")
            this.record = record
            this.pending = null
            this.tombstone = null
        }
        if (!erased) this.left = budget
        return { sealed: record.sealed, left: this.left, enrolled: pending, erased }
    }
}

/** A copy with one bit turned. */
export function changed(bytes: Bytes, at = bytes.length - 1): Bytes {
    const copy = bytes.slice()
    copy[at] = (copy[at] ?? 0) ^ 1
    if (equal(copy, bytes)) throw new RangeError("nothing was changed")
    return copy
}

function freshId(): string {
    return toHex(systemRandom.bytes(16))
}
