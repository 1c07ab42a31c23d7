/**
 * Enrolling a password: the client's half of OPAQUE's registration (docs/vault.md §6).
 *
 *     startRegistration ── request(32) ──► vault ── response(64) ──► finishRegistration ── upload(192)
 *
 * No `identifiers`: the vault's library knows none, identities are the public keys.
 */

import { toBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import { argon2id, made, opaqueClient, readAnswer } from "./opaque.ts"
import { acceptParameters } from "./parameters.ts"
import type { Password } from "./password.ts"

export const requestLength = 32
export const responseLength = 64
export const uploadLength = 192
export const exportKeyLength = 64

export interface RegistrationStarted {
    readonly request: Bytes
    /** The blind and the password: for `finishRegistration`, to be dropped after it. */
    readonly state: { readonly blind: string; readonly password: Password }
}

export interface RegistrationFinished {
    readonly upload: Bytes
    /** For `passwordWrappingKey`, which overwrites it. */
    readonly exportKey: Bytes
}

export async function startRegistration(password: Password): Promise<RegistrationStarted> {
    const client = await opaqueClient()
    const { clientRegistrationState: blind, registrationRequest } = client.startRegistration({ password })
    return { request: made(registrationRequest, requestLength), state: { blind, password } }
}

/** `RefusedVaultAnswerError` for a response that is none, and for parameters below the floor. */
export async function finishRegistration(
    { state }: RegistrationStarted,
    response: Bytes,
    parameters: Bytes,
): Promise<RegistrationFinished> {
    const keyStretching = argon2id(acceptParameters(parameters))
    const client = await opaqueClient()
    const { registrationRecord, exportKey } = readAnswer(response, responseLength, () =>
        client.finishRegistration({
            password: state.password,
            clientRegistrationState: state.blind,
            registrationResponse: toBase64url(response),
            keyStretching,
        }),
    )
    return { upload: made(registrationRecord, uploadLength), exportKey: made(exportKey, exportKeyLength) }
}
