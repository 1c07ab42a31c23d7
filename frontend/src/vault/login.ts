/**
 * Trying a password: the client's half of OPAQUE's login (docs/vault.md §5).
 *
 *     startLogin ── KE1(96) ──► vault ── KE2(320) ──► finishLogin ── KE3(64)
 *
 * A wrong password is a value: only the client can tell, by the vault's MAC, and the vault hears nothing more.
 */

import { toBase64url } from "../bytes/base64url.ts"
import { type Bytes, concat } from "../bytes/bytes.ts"
import { deriveWrappingKey } from "../crypto/derive.ts"
import type { WrappingKey } from "../crypto/keys.ts"
import { labels } from "../crypto/labels.ts"
import { argon2id, made, opaqueClient, readAnswer } from "./opaque.ts"
import { acceptParameters } from "./parameters.ts"
import type { Password } from "./password.ts"
import { exportKeyLength } from "./registration.ts"

export const ke1Length = 96
export const ke2Length = 320
export const ke3Length = 64

export interface LoginStarted {
    readonly ke1: Bytes
    /** The blind, the client's ephemeral key and the password: for `finishLogin`, to be dropped after it. */
    readonly state: { readonly secrets: string; readonly password: Password }
}

export type LoginFinished =
    | {
          readonly kind: "opened"
          readonly ke3: Bytes
          /** For `passwordWrappingKey`, which overwrites it. */
          readonly exportKey: Bytes
      }
    | { readonly kind: "wrong-password" }

export async function startLogin(password: Password): Promise<LoginStarted> {
    const client = await opaqueClient()
    const { clientLoginState: secrets, startLoginRequest } = client.startLogin({ password })
    return { ke1: made(startLoginRequest, ke1Length), state: { secrets, password } }
}

/** `RefusedVaultAnswerError` for a KE2 that is none, and for parameters below the floor. */
export async function finishLogin({ state }: LoginStarted, ke2: Bytes, parameters: Bytes): Promise<LoginFinished> {
    const keyStretching = argon2id(acceptParameters(parameters))
    const client = await opaqueClient()
    const finished = readAnswer(ke2, ke2Length, () =>
        client.finishLogin({
            password: state.password,
            clientLoginState: state.secrets,
            loginResponse: toBase64url(ke2),
            keyStretching,
        }),
    )
    if (finished === undefined) return { kind: "wrong-password" }
    return {
        kind: "opened",
        ke3: made(finished.finishLoginRequest, ke3Length),
        exportKey: made(finished.exportKey, exportKeyLength),
    }
}

/** Overwrites the export key. The string it came from cannot be overwritten: it is the garbage collector's. */
export async function passwordWrappingKey(exportKey: Bytes, library: Bytes, recordId: Bytes): Promise<WrappingKey> {
    try {
        if (exportKey.length !== exportKeyLength) throw new RangeError("an export key has 64 bytes")
        return await deriveWrappingKey(exportKey, library, concat(labels.password, new Uint8Array([0]), recordId))
    } finally {
        exportKey.fill(0)
    }
}
