/**
 * What the browser is asked for when a passkey is made or used, and what of its answer may leave the browser.
 *
 * With every touch the PRF is asked too. Its output is key material: `toJSON()` would carry it to the server, which must
 * never see it. It becomes a key that cannot be read, and its bytes are overwritten.
 */

import { fromBase64url, toBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import { systemRandom } from "../crypto/random.ts"
import type { PasskeyFailure, TouchOutcome } from "../engine/page-ports.ts"
import type { PasskeyTouch } from "../engine/protocol.ts"
import { passkeySource, prfInput } from "../keyring/passkey.ts"

export type Ceremony = "create" | "get" | "login"

export type CeremonyOutcome =
    | {
          readonly kind: "made"
          /** What the server may have. */
          readonly credential: unknown
          /** base64url */
          readonly id: string
          readonly prf: boolean
          readonly touch: PasskeyTouch | null
      }
    | PasskeyFailure

interface CreationAnswer {
    readonly creation_options: { readonly publicKey: PublicKeyCredentialCreationOptionsJSON }
}

interface RequestAnswer {
    readonly request_options: { readonly publicKey: PublicKeyCredentialRequestOptionsJSON }
}

export function isCeremony(value: string | undefined): value is Ceremony {
    return value === "create" || value === "get" || value === "login"
}

export function passkeysKnown(): boolean {
    return "PublicKeyCredential" in globalThis && "parseCreationOptionsFromJSON" in PublicKeyCredential
}

export async function credentialFor(ceremony: Ceremony, options: () => Promise<unknown>): Promise<CeremonyOutcome> {
    return await attempted(async () => {
        const asked = await options()
        const made = await (ceremony === "create" ? create(asked as CreationAnswer) : get(asked as RequestAnswer))
        return made instanceof PublicKeyCredential ? await read(made) : { kind: "failed" }
    })
}

/** A touch that no server hears of: nobody checks the signature, the output is what counts. */
export async function touchOf(credentials: readonly string[]): Promise<TouchOutcome> {
    const outcome = await attempted(async () => {
        const allowCredentials = credentials.map((id) => ({ type: "public-key" as const, id: fromBase64url(id) }))
        const publicKey = { challenge: systemRandom.bytes(32), allowCredentials, ...(await demands()) }
        const made = await navigator.credentials.get({ publicKey })
        return made instanceof PublicKeyCredential ? await read(made) : { kind: "failed" }
    })
    if (outcome.kind !== "made") return outcome
    return outcome.touch === null ? { kind: "no-output" } : { kind: "touched", touch: outcome.touch }
}

async function attempted(ceremony: () => Promise<CeremonyOutcome>): Promise<CeremonyOutcome> {
    if (!passkeysKnown()) return { kind: "unsupported" }
    try {
        return await ceremony()
    } catch (error) {
        const cancelled = error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name)
        return { kind: cancelled ? "cancelled" : "failed" }
    }
}

/** Verified always: authenticators give another output to who was not. */
async function demands(): Promise<Pick<PublicKeyCredentialRequestOptions, "userVerification" | "extensions">> {
    return { userVerification: "required", extensions: { prf: { eval: { first: await prfInput() } } } }
}

/** Always a passkey that signs in alone: kept by the authenticator, and the person is verified. */
async function create(asked: CreationAnswer): Promise<Credential | null> {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.creation_options.publicKey)
    const { userVerification, extensions } = await demands()
    const authenticatorSelection: AuthenticatorSelectionCriteria = {
        ...publicKey.authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: userVerification ?? "required",
    }
    return await navigator.credentials.create({
        publicKey: { ...publicKey, authenticatorSelection, extensions: { ...publicKey.extensions, ...extensions } },
    })
}

async function get(asked: RequestAnswer): Promise<Credential | null> {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.request_options.publicKey)
    const { extensions, ...rest } = await demands()
    return await navigator.credentials.get({
        publicKey: { ...publicKey, ...rest, extensions: { ...publicKey.extensions, ...extensions } },
    })
}

/** First what may be sent, without the output; then the output, into a key. */
async function read(made: PublicKeyCredential): Promise<CeremonyOutcome> {
    const credential = sendable(made.toJSON())
    const { prf } = made.getClientExtensionResults()
    const id = toBase64url(new Uint8Array(made.rawId))
    const output = prf?.results?.first
    const key = output === undefined ? null : await passkeySource(viewed(output))
    return {
        kind: "made",
        credential,
        id,
        prf: prf?.enabled === true || key !== null,
        touch: key === null ? null : { credential: id, key },
    }
}

/** The very bytes that the browser gave, no copy: they are overwritten. */
function viewed(output: BufferSource): Bytes {
    if (output instanceof ArrayBuffer) return new Uint8Array(output)
    return new Uint8Array(output.buffer as ArrayBuffer, output.byteOffset, output.byteLength)
}

export function sendable(credential: PublicKeyCredentialJSON): unknown {
    const copy = structuredClone(credential) as { clientExtensionResults?: { prf?: { results?: unknown } } }
    delete copy.clientExtensionResults?.prf?.results
    return copy
}
