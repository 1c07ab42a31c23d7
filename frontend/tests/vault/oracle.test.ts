import { argon2id } from "hash-wasm"
import { describe, expect, test } from "vitest"
import { toBase64url } from "../../src/bytes/base64url.ts"
import { type Bytes, concat } from "../../src/bytes/bytes.ts"
import { fromHex, toHex } from "../../src/bytes/hex.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { finishLogin, startLogin } from "../../src/vault/login.ts"
import { newParameters } from "../../src/vault/parameters.ts"
import { finishRegistration, startRegistration } from "../../src/vault/registration.ts"
import { answer, finish, newSetup, respond } from "../support/opaque-server.ts"
import * as oracle from "../support/oracle.ts"
import { password } from "../support/passwords.ts"
import { readVectors } from "../support/read-vectors.ts"
import { tape } from "../support/tape.ts"

type Published = Readonly<Record<string, string>>

const opaqueVectors = readVectors<Readonly<Record<string, Published>>>("rfc9807.json")
const oprfVectors = readVectors<Readonly<Record<string, Published>>>("rfc9497.json")
const of = (vector: Published, name: string): Bytes => fromHex(vector[name] ?? expect.unreachable(`no ${name}`))
const published = (vector: Published): oracle.OracleTerms => ({
    context: of(vector, "context"),
    client: vector["client_identity"] === undefined ? null : of(vector, "client_identity"),
    server: vector["server_identity"] === undefined ? null : of(vector, "server_identity"),
    stretch: (output) => output,
})

/** What docs/vault.md §3 says about Argon2id, by a library of its own. */
const ours: oracle.OracleTerms = {
    context: new Uint8Array(0),
    client: null,
    server: null,
    stretch: async (output) => {
        const salt = new Uint8Array(16)
        const cost = { memorySize: 65_536, iterations: 3, parallelism: 4, hashLength: 64 }
        return (await argon2id({ password: output, salt, ...cost, outputType: "binary" })).slice()
    },
}

describe.each(Object.entries(opaqueVectors))("the oracle makes RFC 9807's vector %s", (_, vector) => {
    test("when it registers", async () => {
        const [typed, scalar] = [of(vector, "password"), of(vector, "blind_registration")]
        expect(toHex(oracle.blind(typed, scalar))).toBe(vector["registration_request"])
        const made = await oracle.register(
            published(vector),
            typed,
            scalar,
            of(vector, "envelope_nonce"),
            of(vector, "registration_response"),
        )
        expect(toHex(made.randomized)).toBe(vector["randomized_password"])
        expect(toHex(made.upload)).toBe(vector["registration_upload"])
        expect(toHex(made.exportKey)).toBe(vector["export_key"])
    })

    test("when it logs in", async () => {
        const [typed, scalar] = [of(vector, "password"), of(vector, "blind_login")]
        const started = oracle.startLogin(typed, scalar, of(vector, "client_nonce"), of(vector, "client_keyshare_seed"))
        expect(toHex(started.ke1)).toBe(vector["KE1"])
        const finished = await oracle.finishLogin(published(vector), typed, scalar, started, of(vector, "KE2"))
        expect(finished && toHex(finished.ke3)).toBe(vector["KE3"])
        expect(finished && toHex(finished.sessionKey)).toBe(vector["session_key"])
        expect(finished && toHex(finished.exportKey)).toBe(vector["export_key"])
    })

    test("and no other: a changed byte of KE2 is refused", async () => {
        const [typed, scalar, ke2] = [of(vector, "password"), of(vector, "blind_login"), of(vector, "KE2")]
        const started = oracle.startLogin(typed, scalar, of(vector, "client_nonce"), of(vector, "client_keyshare_seed"))
        for (const index of [40, 70, 130, 200, 300]) {
            const changed = ke2.with(index, (ke2[index] ?? 0) ^ 1)
            expect(await oracle.finishLogin(published(vector), typed, scalar, started, changed)).toBeNull()
        }
    })
})

test.each(Object.entries(oprfVectors))("the oracle blinds and finalises as RFC 9497's vector %s", (_, vector) => {
    const [input, scalar] = [of(vector, "input"), of(vector, "blind")]
    expect(toHex(oracle.blind(input, scalar))).toBe(vector["blinded_element"])
    expect(toHex(oracle.unblind(input, scalar, of(vector, "evaluation_element")))).toBe(vector["output"])
})

test("the library's server half answers RFC 9807's registration byte for byte", () => {
    const vector = opaqueVectors["C.1.1"] ?? expect.unreachable()
    // The setup ends in a public key for accounts that do not exist: any valid one will do.
    const keys = concat(of(vector, "server_private_key"), of(vector, "server_public_key"))
    const setup = toBase64url(concat(of(vector, "oprf_seed"), keys))
    expect(toHex(respond(setup, "1234", of(vector, "registration_request")))).toBe(vector["registration_response"])
})

describe("the library's client and the oracle", () => {
    const typed = password("lauter Regen über Zirndorf")
    const bytes = utf8(typed)
    const scalar = tape("blind").bytes(32).with(31, 1)
    const identifier = "a0/b1"

    test("a password that the oracle registered opens with the library: same export key", async () => {
        const setup = newSetup()
        const nonce = tape("nonce").bytes(32)
        const response = respond(setup, identifier, oracle.blind(bytes, scalar))
        const made = await oracle.register(ours, bytes, scalar, nonce, response)
        const started = await startLogin(typed)
        const { ke2, state } = answer({ setup, identifier, upload: toBase64url(made.upload) }, started.ke1)
        const finished = await finishLogin(started, ke2, newParameters())
        if (finished.kind !== "opened") return expect.unreachable()
        expect(finished.exportKey).toEqual(made.exportKey)
        expect(finish(state, finished.ke3)).toHaveLength(64)
    })

    test("a password that the library registered opens with the oracle: same export key, same session key", async () => {
        const setup = newSetup()
        const begun = await startRegistration(typed)
        const response = respond(setup, identifier, begun.request)
        const { upload, exportKey } = await finishRegistration(begun, response, newParameters())
        const started = oracle.startLogin(bytes, scalar, tape("client").bytes(32), tape("share").bytes(32))
        const { ke2, state } = answer({ setup, identifier, upload: toBase64url(upload) }, started.ke1)
        const finished = await oracle.finishLogin(ours, bytes, scalar, started, ke2)
        if (finished === null) return expect.unreachable()
        expect(finished.exportKey).toEqual(exportKey)
        expect(finish(state, finished.ke3)).toEqual(finished.sessionKey)
    })
})
