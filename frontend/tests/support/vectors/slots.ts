/** password.json and passkey.json, and the parameters that refusals.json refuses. */

import { hkdf } from "@noble/hashes/hkdf.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { argon2id } from "hash-wasm"
import { toBase64url } from "../../../src/bytes/base64url.ts"
import { type Bytes, concat } from "../../../src/bytes/bytes.ts"
import { utf8 } from "../../../src/bytes/utf8.ts"
import type { WrappingKey } from "../../../src/crypto/keys.ts"
import { RootSecret } from "../../../src/crypto/root-secret.ts"
import { leastStretching, mostStretching, writeStretching } from "../../../src/crypto/stretching.ts"
import { passkeyParameters, passkeySource, passkeyWrappingKey, prfInput } from "../../../src/keyring/passkey.ts"
import { sealSlot, slotKinds } from "../../../src/keyring/slot.ts"
import { passwordWrappingKey } from "../../../src/vault/login.ts"
import { alice } from "../cast.ts"
import { respond } from "../opaque-server.ts"
import * as oracle from "../oracle.ts"
import { tape } from "../tape.ts"
import { b64, hex } from "./text.ts"

const slotId = Uint8Array.from({ length: 16 }, (_, index) => 0x60 + index)
const account = Uint8Array.from({ length: 16 }, (_, index) => 0x70 + index)
const keyring = { library: hex(alice.library), epoch: alice.epoch, check: hex(alice.keys.check), root: hex(alice.root) }

/** Argon2id by another library than the app's, with the parameters of docs/vault.md §3. */
const terms: oracle.OracleTerms = {
    context: new Uint8Array(0),
    client: null,
    server: null,
    stretch: async (output) => {
        const cost = { memorySize: 65_536, iterations: 3, parallelism: 4, hashLength: 64 }
        const made = await argon2id({ password: output, salt: new Uint8Array(16), ...cost, outputType: "binary" })
        return made.slice()
    },
}

/** From the typed text to the sealed slot, through OPAQUE: every message of enrolling is here. */
export async function passwordVectors(): Promise<object> {
    const typed = "Größe №1: lauter Regen"
    const password = utf8(typed.normalize("NFKC"))
    const identifier = `${hex(account)}/${hex(slotId)}`
    const server = oracle.deriveKeys(tape("server key").bytes(32))
    const setup = concat(tape("oprf seed").bytes(64), server.secretKey, server.publicKey)
    const [blind, nonce] = [tape("blind").bytes(32).with(31, 1), tape("envelope nonce").bytes(32)]
    const request = oracle.blind(password, blind)
    const response = respond(toBase64url(setup), identifier, request)
    const { upload, exportKey } = await oracle.register(terms, password, blind, nonce, response)
    const parameters = writeStretching(leastStretching)
    const key = await passwordWrappingKey(exportKey.slice(), alice.library, slotId)
    return {
        typed,
        password: hex(password),
        opaque: {
            setup: hex(setup),
            identifier,
            blind: hex(blind),
            nonce: hex(nonce),
            request: hex(request),
            response: hex(response),
            upload: hex(upload),
        },
        exportKey: hex(exportKey),
        ...keyring,
        slot: await slot(slotKinds.password, parameters, key, wrapping(exportKey, "password")),
    }
}

export async function passkeyVectors(): Promise<object> {
    const output = tape("prf output").bytes(32)
    const credential = tape("credential").bytes(48)
    const key = await passkeyWrappingKey(await passkeySource(output.slice()), alice.library, slotId)
    return {
        prfInput: hex(await prfInput()),
        credential: hex(credential),
        output: hex(output),
        ...keyring,
        slot: await slot(slotKinds.passkey, passkeyParameters(credential), key, wrapping(output, "passkey")),
    }
}

async function slot(kind: number, parameters: Bytes, key: WrappingKey, wrappingKey: Bytes): Promise<object> {
    const place = { library: alice.library, epoch: alice.epoch, kind, id: slotId, parameters }
    const sealed = await sealSlot(key, place, RootSecret.of(alice.root.slice()), tape(`slot ${kind}`))
    return { kind, id: hex(slotId), parameters: b64(parameters), wrappingKey: hex(wrappingKey), sealed: b64(sealed) }
}

/** What HKDF makes, outside WebCrypto. */
function wrapping(secret: Bytes, label: "password" | "passkey"): Bytes {
    return hkdf(sha256, secret, alice.library, concat(utf8(`backupweb/v1/${label}\0`), slotId), 32).slice()
}

/** All of them are `malformed`. */
export function parameterRefusals(): object[] {
    const { password, passkey, recoveryCode, device } = slotKinds
    const least = writeStretching(leastStretching)
    const one = (name: string, kind: number, parameters: Bytes) => ({ name, kind, parameters: b64(parameters) })
    const stretched = (name: string, change: Partial<typeof leastStretching>) =>
        one(name, password, writeStretching({ ...leastStretching, ...change }))
    const scheme = (number: number) => one(`scheme ${number} of a password`, password, least.with(0, number))
    const bytes = (length: number) => new Uint8Array(length).fill(1)
    return [
        stretched("65,535 KiB", { memory: leastStretching.memory - 1 }),
        stretched("2 passes", { passes: 2 }),
        stretched("3 lanes", { lanes: 3 }),
        stretched("no memory at all", { memory: 0 }),
        stretched("1,048,577 KiB", { memory: mostStretching.memory + 1 }),
        stretched("17 passes", { passes: 17 }),
        stretched("17 lanes", { lanes: 17 }),
        ...[0, 2, 3, 255].map(scheme),
        ...[0, 1, 2, 3, 4, 5, 6].map((length) =>
            one(`${length} bytes of a password's parameters`, password, least.slice(0, length)),
        ),
        one("a byte after a password's parameters", password, concat(least, bytes(1))),
        one("a passkey without parameters", passkey, bytes(0)),
        one("a passkey without a credential", passkey, bytes(1)),
        one("a credential of 1,024 bytes", passkey, bytes(1_025)),
        one("version 2 of a passkey", passkey, new Uint8Array([2, 1, 1])),
        one("version 0 of a passkey", passkey, new Uint8Array([0, 1, 1])),
        one("a recovery code with parameters", recoveryCode, bytes(1)),
        one("a device with parameters", device, least),
        ...[0, 5, 6, 255].map((kind) => one(`kind ${kind}`, kind, bytes(0))),
        one("an earlier key with five bytes of parameters", slotKinds.earlier, bytes(5)),
    ]
}
