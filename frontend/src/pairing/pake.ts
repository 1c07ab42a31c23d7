/**
 * Pairing by code: OPAQUE (RFC 9807) between two browsers (docs/pairing.md §3).
 *
 *     old device   CodeOffer.make(code) ── answer(KE1) ──► KE2 ── checkCode(KE3) ──► agreed
 *     new device   startCode(code) ──► KE1 ── finishCode(KE2) ──► KE3, agreed
 *
 * The old device is the server, and has registered the digits with itself, in memory. Whoever stands in the middle has
 * one guess, and a wrong one is seen on both sides.
 */

import { fromBase64url, toBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { fromUtf8 } from "../bytes/utf8.ts"
import { derivePairing } from "../crypto/derive.ts"
import type { PairingKey } from "../crypto/keys.ts"
import { labels } from "../crypto/labels.ts"
import { compareDigits, type ShortCode } from "./code.ts"
import { RefusedLetterError } from "./errors.ts"

export const ke1Length = 96
export const ke2Length = 320
export const ke3Length = 64

/** What both devices know now, and nobody else. */
export interface Agreed {
    readonly seal: PairingKey
    /** Six digits: whoever stands in the middle cannot make them the same. */
    readonly compare: string
}

export type CodeFinished =
    | { readonly kind: "agreed"; readonly ke3: Bytes; readonly agreed: Agreed }
    | { readonly kind: "wrong-code" }

export type CodeChecked = { readonly kind: "agreed"; readonly agreed: Agreed } | { readonly kind: "wrong-code" }

export interface CodeStarted {
    readonly ke1: Bytes
    /** For `finishCode`, to be dropped after it. */
    readonly state: { readonly secrets: string; readonly code: ShortCode }
}

export interface CodeAnswered {
    readonly ke2: Bytes
    /** For `checkCode`, to be dropped after it. */
    readonly state: { readonly secrets: string; readonly mailbox: Bytes }
}

type Opaque = typeof import("@serenity-kit/opaque")

// Two minutes and one guess stand in the way of guessing: the stretching need not.
const keyStretching = { "argon2id-custom": { memory: 19_456, iterations: 2, parallelism: 1 } }

export class CodeOffer {
    readonly #mailbox: Bytes
    #registered: { readonly serverSetup: string; readonly registrationRecord: string } | null

    private constructor(mailbox: Bytes, registered: { serverSetup: string; registrationRecord: string }) {
        this.#mailbox = mailbox
        this.#registered = registered
    }

    static async make(code: ShortCode, mailbox: Bytes): Promise<CodeOffer> {
        const { client, server } = await opaque()
        const serverSetup = server.createSetup()
        const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: code })
        const userIdentifier = toHex(mailbox)
        const { registrationResponse } = server.createRegistrationResponse({
            serverSetup,
            userIdentifier,
            registrationRequest,
        })
        const { registrationRecord } = client.finishRegistration({
            password: code,
            clientRegistrationState,
            registrationResponse,
            identifiers: identifiers(mailbox),
            keyStretching,
        })
        return new CodeOffer(mailbox, { serverSetup, registrationRecord })
    }

    /** One KE1 in its life, whatever that one was: a second answer would be a second guess. */
    async answer(ke1: Bytes): Promise<CodeAnswered> {
        const registered = this.#registered
        this.#registered = null
        if (registered === null) throw new RefusedLetterError("out-of-turn")
        const { server } = await opaque()
        const { loginResponse, serverLoginState } = readLetter(ke1, ke1Length, () =>
            server.startLogin({
                ...registered,
                startLoginRequest: toBase64url(ke1),
                userIdentifier: toHex(this.#mailbox),
                identifiers: identifiers(this.#mailbox),
            }),
        )
        return { ke2: fromBase64url(loginResponse), state: { secrets: serverLoginState, mailbox: this.#mailbox } }
    }
}

/** Old device: whether the other one knew the digits. */
export async function checkCode({ state }: CodeAnswered, ke3: Bytes): Promise<CodeChecked> {
    if (ke3.length !== ke3Length) throw new RefusedLetterError("malformed")
    const { server } = await opaque()
    let sessionKey: string
    try {
        ;({ sessionKey } = server.finishLogin({
            serverLoginState: state.secrets,
            finishLoginRequest: toBase64url(ke3),
            identifiers: identifiers(state.mailbox),
        }))
    } catch {
        return { kind: "wrong-code" }
    }
    return { kind: "agreed", agreed: await agree(sessionKey, state.mailbox) }
}

export async function startCode(code: ShortCode): Promise<CodeStarted> {
    const { client } = await opaque()
    const { clientLoginState: secrets, startLoginRequest } = client.startLogin({ password: code })
    return { ke1: fromBase64url(startLoginRequest), state: { secrets, code } }
}

/** New device. `wrong-code`: other digits were typed, or somebody in the middle tried some. */
export async function finishCode({ state }: CodeStarted, ke2: Bytes, mailbox: Bytes): Promise<CodeFinished> {
    const { client } = await opaque()
    const finished = readLetter(ke2, ke2Length, () =>
        client.finishLogin({
            password: state.code,
            clientLoginState: state.secrets,
            loginResponse: toBase64url(ke2),
            identifiers: identifiers(mailbox),
            keyStretching,
        }),
    )
    if (finished === undefined) return { kind: "wrong-code" }
    const ke3 = fromBase64url(finished.finishLoginRequest)
    return { kind: "agreed", ke3, agreed: await agree(finished.sessionKey, mailbox) }
}

/** The session key's text cannot be overwritten, its bytes can. */
async function agree(sessionKey: string, mailbox: Bytes): Promise<Agreed> {
    const bytes = fromBase64url(sessionKey)
    try {
        const { seal, compare } = await derivePairing(bytes, mailbox)
        return { seal, compare: compareDigits(compare) }
    } finally {
        bytes.fill(0)
    }
}

function identifiers(mailbox: Bytes): { readonly client: string; readonly server: string } {
    const named = (label: Bytes) => `${fromUtf8(label)}/${toHex(mailbox)}`
    return { client: named(labels.pairingNew), server: named(labels.pairingOld) }
}

/** The library says with an exception that a message is none: here it has a name. */
function readLetter<Read>(letter: Bytes, length: number, read: () => Read): Read {
    if (letter.length !== length) throw new RefusedLetterError("malformed")
    try {
        return read()
    } catch {
        throw new RefusedLetterError("malformed")
    }
}

/** Loaded when it is first needed: half a megabyte of WebAssembly. */
async function opaque(): Promise<Opaque> {
    const library = await import("@serenity-kit/opaque")
    await library.ready
    return library
}
