/**
 * The password and its vault: setting it, unlocking with it, proving it (docs/vault.md §5, §6).
 *
 * A line to the vault is one conversation and is closed whatever happens: an exchange that was broken off dies with it.
 */

import { type Bytes, equal } from "../bytes/bytes.ts"
import { fromHex } from "../bytes/hex.ts"
import type { RootSecret } from "../crypto/root-secret.ts"
import { openSlot, type SlotPlace, sealSlot, slotKinds } from "../keyring/slot.ts"
import { RefusedVaultAnswerError } from "../vault/errors.ts"
import { finishLogin, passwordWrappingKey, startLogin } from "../vault/login.ts"
import { acceptParameters, newParameters } from "../vault/parameters.ts"
import type { Password } from "../vault/password.ts"
import { finishRegistration, startRegistration } from "../vault/registration.ts"
import { EngineError, NetworkError, VaultRefusedError } from "./errors.ts"
import type { KeyringRecord, Ports, VaultLine } from "./ports.ts"

export type PasswordOpened =
    | {
          readonly kind: "opened"
          readonly secret: RootSecret
          /** It was the last guess: the record is gone. */
          readonly erased: boolean
      }
    | { readonly kind: "wrong-password"; readonly left: number }
    | { readonly kind: "erased"; readonly guesses: number }
    | { readonly kind: "none" }

/** Asks the vault, and spends a guess unless there is nothing to be guessed at. */
export async function openWithPassword(
    ports: Ports,
    keyring: KeyringRecord,
    password: Password,
    signal: AbortSignal,
): Promise<PasswordOpened> {
    return await onLine(ports, signal, async (line) => {
        const { record, tombstone, of } = await line.ask({ kind: "state" })
        if (record === null)
            return tombstone === null ? { kind: "none" } : { kind: "erased", guesses: tombstone.guesses }
        // Looked at before a guess is spent.
        acceptParameters(record.parameters)
        try {
            return await retrieve(line, keyring, password, { record: null, of })
        } catch (error) {
            return outcomeOf(error)
        }
    })
}

/**
 * Sets or changes the password. The vault takes the new record for the old one only when the client has retrieved from
 * it once; whatever goes wrong before that leaves the old one valid.
 */
export async function enrolPassword(
    ports: Ports,
    keyring: KeyringRecord,
    secret: RootSecret,
    password: Password,
    signal: AbortSignal,
): Promise<void> {
    let record: string | null = null
    try {
        await onLine(ports, signal, async (line) => {
            record = await upload(ports, line, keyring, secret, password)
            await prove(line, keyring, secret, password, record)
        })
    } catch (error) {
        if (record === null || !(error instanceof NetworkError)) throw error
        // An answer was lost, and with it the knowledge which record holds now: the vault is asked once more.
        await onLine(ports, signal, async (line) => {
            if ((await line.ask({ kind: "state" })).record?.id !== record) throw error
            await prove(line, keyring, secret, password, null)
        })
    }
}

async function prove(
    line: VaultLine,
    keyring: KeyringRecord,
    secret: RootSecret,
    password: Password,
    record: string | null,
): Promise<void> {
    const opened = await retrieve(line, keyring, password, { record, of: 0 })
    if (opened.kind !== "opened" || !holdsTheSame(opened.secret, secret)) throw new EngineError("vault-tampered")
}

export async function removePasswordRecord(ports: Ports, signal: AbortSignal): Promise<void> {
    await onLine(ports, signal, async (line) => {
        const { record } = await line.ask({ kind: "state" })
        if (record !== null) await line.ask({ kind: "remove", record: record.id })
    })
}

/** Gives the vault a pending record: it tells nothing about the one in use, and counts for nothing before it is proven. */
async function upload(
    ports: Ports,
    line: VaultLine,
    keyring: KeyringRecord,
    secret: RootSecret,
    password: Password,
): Promise<string> {
    const started = await startRegistration(password)
    const { exchange, record, response } = await line.ask({ kind: "enrol-begin", request: started.request })
    const parameters = newParameters()
    const finished = await finishRegistration(started, response, parameters)
    const place = placeOf(keyring, record, parameters)
    const wrapping = await passwordWrappingKey(finished.exportKey, keyring.library, place.id)
    const sealed = await sealSlot(wrapping, place, secret, ports.random)
    await line.ask({ kind: "enrol-upload", exchange, upload: finished.upload, parameters, sealed })
    return record
}

interface Wanted {
    /** Null: the one in use. */
    readonly record: string | null
    readonly of: number
}

/** KE1 to the root key. A wrong password is found out here, and the vault hears nothing of it but the silence. */
async function retrieve(
    line: VaultLine,
    keyring: KeyringRecord,
    password: Password,
    { record, of }: Wanted,
): Promise<PasswordOpened> {
    const started = await startLogin(password)
    const answer = await line.ask({ kind: "login-begin", ke1: started.ke1, record })
    if (record !== null && answer.record !== record) throw new EngineError("vault-tampered")
    const login = await finishLogin(started, answer.ke2, answer.parameters)
    if (login.kind === "wrong-password") {
        line.close()
        return answer.left === 0 ? { kind: "erased", guesses: of } : { kind: "wrong-password", left: answer.left }
    }
    const place = placeOf(keyring, answer.record, answer.parameters)
    const wrapping = await passwordWrappingKey(login.exportKey, keyring.library, place.id)
    const { sealed, erased } = await line.ask({ kind: "login-finish", exchange: answer.exchange, ke3: login.ke3 })
    const opened = await openSlot(wrapping, place, keyring.check, sealed)
    // The password was right, so what does not open is not what was sealed under it.
    if (opened.kind === "not-authentic") throw new EngineError("vault-tampered")
    return { kind: "opened", secret: opened.secret, erased }
}

function placeOf({ library, epoch }: KeyringRecord, record: string, parameters: Bytes): SlotPlace {
    return { library, epoch, kind: slotKinds.password, id: fromHex(record), parameters }
}

function holdsTheSame(one: RootSecret, other: RootSecret): boolean {
    const same = equal(one.expose(), other.expose())
    one.wipe()
    return same
}

/** What the vault refuses is an outcome, where it is about this password. */
function outcomeOf(error: unknown): PasswordOpened {
    if (!(error instanceof VaultRefusedError)) throw error
    switch (error.refusal) {
        case "vault.no_record":
            return { kind: "none" }
        case "vault.erased":
            return { kind: "erased", guesses: error.guesses ?? 0 }
        case "vault.wrong_password":
            return { kind: "wrong-password", left: error.left ?? 0 }
        default:
            throw error
    }
}

async function onLine<T>(ports: Ports, signal: AbortSignal, talk: (line: VaultLine) => Promise<T>): Promise<T> {
    const line = await ports.vault.connect(signal)
    try {
        return await talk(line)
    } catch (error) {
        if (!(error instanceof RefusedVaultAnswerError)) throw error
        // Cheaper to guess at than this client allows, or dearer than a device can bear; the rest follows no protocol.
        throw new EngineError(error.code === "malformed" ? "vault-tampered" : "vault-too-weak")
    } finally {
        line.close()
    }
}
