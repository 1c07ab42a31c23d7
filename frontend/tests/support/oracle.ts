/**
 * An OPAQUE client (RFC 9807, ristretto255-SHA512) of its own, on @noble: it judges the library that the app uses.
 * Slow, and never reachable from `src/`.
 */

import { ristretto255, ristretto255_hasher, ristretto255_oprf } from "@noble/curves/ed25519.js"
import { bytesToNumberLE, concatBytes } from "@noble/curves/utils.js"
import { expand, extract } from "@noble/hashes/hkdf.js"
import { hmac } from "@noble/hashes/hmac.js"
import { sha512 } from "@noble/hashes/sha2.js"
import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import { utf8 } from "../../src/bytes/utf8.ts"

/** What the two sides agreed on beforehand. Null: the public keys are the identities. */
export interface OracleTerms {
    readonly context: Bytes
    readonly client: Bytes | null
    readonly server: Bytes | null
    stretch(output: Bytes): Bytes | Promise<Bytes>
}

const none = new Uint8Array(0)
const { Point } = ristretto255
const { Fn } = Point

export function blind(password: Bytes, scalar: Bytes): Bytes {
    const options = { DST: "HashToGroup-OPRFV1-\0-ristretto255-SHA512" }
    return own(ristretto255_hasher.hashToCurve(password, options).multiply(bytesToNumberLE(scalar)).toBytes())
}

export function unblind(password: Bytes, scalar: Bytes, evaluated: Bytes): Bytes {
    return own(ristretto255_oprf.oprf.finalize(password, scalar, evaluated))
}

/** The registration record for the response, and the export key. */
export async function register(
    terms: OracleTerms,
    password: Bytes,
    scalar: Bytes,
    nonce: Bytes,
    response: Bytes,
): Promise<{ readonly upload: Bytes; readonly exportKey: Bytes; readonly randomized: Bytes }> {
    const randomized = await randomize(terms, password, scalar, response.subarray(0, 32))
    const made = envelope(terms, randomized, nonce, response.subarray(32))
    const upload = concat(made.keys.publicKey, maskingKey(randomized), nonce, made.tag)
    return { upload, exportKey: made.exportKey, randomized }
}

export interface OracleLogin {
    readonly ke1: Bytes
    readonly ephemeral: Bytes
}

export function startLogin(password: Bytes, scalar: Bytes, nonce: Bytes, keyshareSeed: Bytes): OracleLogin {
    const { secretKey, publicKey } = deriveKeys(keyshareSeed)
    return { ke1: concat(blind(password, scalar), nonce, publicKey), ephemeral: secretKey }
}

/** Null: the envelope's tag or the server's MAC does not fit. */
export async function finishLogin(
    terms: OracleTerms,
    password: Bytes,
    scalar: Bytes,
    { ke1, ephemeral }: OracleLogin,
    ke2: Bytes,
): Promise<{ readonly ke3: Bytes; readonly sessionKey: Bytes; readonly exportKey: Bytes } | null> {
    const randomized = await randomize(terms, password, scalar, ke2.subarray(0, 32))
    const pad = own(
        expand(sha512, maskingKey(randomized), concat(ke2.slice(32, 64), utf8("CredentialResponsePad")), 128),
    )
    const unmasked = ke2.slice(64, 192).map((byte, index) => byte ^ (pad[index] ?? 0))
    const [serverPublic, nonce, tag] = [unmasked.slice(0, 32), unmasked.slice(32, 64), unmasked.slice(64)]
    const made = envelope(terms, randomized, nonce, serverPublic)
    if (!same(made.tag, tag)) return null
    const serverShare = ke2.slice(224, 256)
    const shared = concat(
        multiply(ephemeral, serverShare),
        multiply(ephemeral, serverPublic),
        multiply(made.keys.secretKey, serverShare),
    )
    const preamble = concat(
        utf8("OPAQUEv1-"),
        counted(terms.context),
        counted(terms.client ?? made.keys.publicKey),
        ke1,
        counted(terms.server ?? serverPublic),
        ke2.slice(0, 256),
    )
    const secret = own(extract(sha512, shared, none))
    const hash = own(sha512(preamble))
    const handshake = deriveSecret(secret, "HandshakeSecret", hash)
    const serverMac = mac(deriveSecret(handshake, "ServerMAC", none), hash)
    if (!same(serverMac, ke2.slice(256))) return null
    const ke3 = mac(deriveSecret(handshake, "ClientMAC", none), own(sha512(concat(preamble, serverMac))))
    return { ke3, sessionKey: deriveSecret(secret, "SessionKey", hash), exportKey: made.exportKey }
}

async function randomize(terms: OracleTerms, password: Bytes, scalar: Bytes, evaluated: Bytes): Promise<Bytes> {
    const output = unblind(password, scalar, evaluated)
    return own(extract(sha512, concat(output, await terms.stretch(output)), none))
}

function envelope(terms: OracleTerms, randomized: Bytes, nonce: Bytes, serverPublic: Bytes) {
    const derived = (label: string, length: number) =>
        own(expand(sha512, randomized, concat(nonce, utf8(label)), length))
    const keys = deriveKeys(derived("PrivateKey", 32))
    const clear = concat(serverPublic, counted(terms.server ?? serverPublic), counted(terms.client ?? keys.publicKey))
    return { keys, exportKey: derived("ExportKey", 64), tag: mac(derived("AuthKey", 64), concat(nonce, clear)) }
}

function maskingKey(randomized: Bytes): Bytes {
    return own(expand(sha512, randomized, utf8("MaskingKey"), 64))
}

export function deriveKeys(seed: Bytes): { readonly secretKey: Bytes; readonly publicKey: Bytes } {
    const made = ristretto255_oprf.oprf.deriveKeyPair(seed, utf8("OPAQUE-DeriveDiffieHellmanKeyPair"))
    return { secretKey: own(made.secretKey), publicKey: own(made.publicKey) }
}

function multiply(scalar: Bytes, point: Bytes): Bytes {
    return own(Point.fromBytes(point).multiply(Fn.fromBytes(scalar)).toBytes())
}

function deriveSecret(secret: Bytes, label: string, context: Bytes): Bytes {
    const name = utf8(`OPAQUE-${label}`)
    const info = concat(new Uint8Array([0, 64, name.length]), name, new Uint8Array([context.length]), context)
    return own(expand(sha512, secret, info, 64))
}

function counted(bytes: Bytes): Bytes {
    return concat(new Uint8Array([bytes.length >> 8, bytes.length & 0xff]), bytes)
}

function mac(key: Bytes, message: Bytes): Bytes {
    return own(hmac(sha512, key, message))
}

function same(one: Bytes, other: Bytes): boolean {
    return one.length === other.length && one.every((byte, index) => byte === other[index])
}

/** @noble's arrays in memory of their own, as ours are. */
function own(bytes: Uint8Array): Bytes {
    return concatBytes(bytes).slice()
}
