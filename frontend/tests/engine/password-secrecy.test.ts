/** The password, what is made of it, and the keys it leads to stand in no byte that a browser sends. */

import * as opaque from "@serenity-kit/opaque"
import { argon2id } from "hash-wasm"
import { beforeAll, expect, test } from "vitest"
import { Api } from "../../src/adapters/api.ts"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { ServerVault } from "../../src/adapters/vault-server.ts"
import { fromBase64url, toBase64url } from "../../src/bytes/base64url.ts"
import type { Bytes } from "../../src/bytes/bytes.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { createEngine } from "../../src/engine/engine.ts"
import { VaultRefusedError } from "../../src/engine/errors.ts"
import type { VaultMessage } from "../../src/engine/ports.ts"
import { FakeSocket } from "../support/fake-socket.ts"
import { HonestVault } from "../support/honest-vault.ts"
import { interposed } from "../support/mishaps.ts"
import { blind, type OracleTerms, register, unblind } from "../support/oracle.ts"
import { aliceAtHome, makeDesk } from "../support/people.ts"

/** Another form in NFKC: a ligature, full-width digits, a decomposed letter. */
const typed = "Eﬃziente Störche über Jütland １２"
const wrong = "ganz etwas anderes, lang genug"
const scalar = new Uint8Array(32).fill(1, 0, 31)

/** Everything that left the browser: frames of the socket, and what the other ports were given. */
const sent: string[] = []
const vault = new HonestVault()
let uploaded: Bytes
let setup: string
let recordId: string

const fieldsOfBytes = ["request", "upload", "parameters", "sealed", "ke1", "ke3"]

/** The honest vault behind a socket: as JSON, like the server. */
function onWire(): ServerVault {
    const connect = (): WebSocket => {
        const socket = new FakeSocket()
        const talk = vault.conversation()
        socket.onSend = (frame) => {
            sent.push(frame)
            void answerTo(talk, frame).then((answer) => socket.say(answer))
        }
        queueMicrotask(() => socket.open())
        return socket.asSocket()
    }
    const noRequests = new Api({ csrfToken: async () => "", fetch: () => Promise.reject(new TypeError("no network")) })
    return new ServerVault(noRequests, connect)
}

const kinds: Readonly<Record<VaultMessage["kind"], string>> = {
    state: "state",
    remove: "state",
    "enrol-begin": "enrol-response",
    "enrol-upload": "enrol-stored",
    "login-begin": "login-answer",
    "login-finish": "opened",
}

async function answerTo(talk: ReturnType<HonestVault["conversation"]>, frame: string): Promise<unknown> {
    const message = JSON.parse(frame, (name, value) =>
        fieldsOfBytes.includes(name) ? fromBase64url(value) : value,
    ) as VaultMessage
    if (message.kind === "enrol-upload") uploaded = message.upload
    try {
        const answer = { kind: kinds[message.kind], ...(await talk(message)) }
        return JSON.parse(
            JSON.stringify(answer, (_, value) => (value instanceof Uint8Array ? toBase64url(value as Bytes) : value)),
        )
    } catch (error) {
        if (!(error instanceof VaultRefusedError)) throw error
        return { kind: "refused", error: { code: error.refusal, message: "…" } }
    }
}

/** Whatever the library's server is given, in a form in which bytes can be searched. */
function overheard(server: MemoryServer): MemoryServer {
    return interposed(server, async (name, call, args) => {
        sent.push(
            `${name} ${JSON.stringify(args, (_, value) => (value instanceof Uint8Array ? toHex(value as Bytes) : value))}`,
        )
        return await call()
    })
}

beforeAll(async () => {
    const server = new MemoryServer()
    const alice = await aliceAtHome(server, { server: overheard(server), vault: onWire() })
    expect(await alice.engine.setPassword(typed, ["Alice", "alice@example.org"])).toMatchObject({ kind: "done" })
    const { record } = vault
    if (record === null) throw new Error("nothing was enrolled")
    ;({ setup, id: recordId } = record)
    const desk = makeDesk(server, undefined, { server: overheard(server), vault: onWire() })
    const phone = createEngine(desk.ports)
    expect(await phone.unlockWithPassword(wrong, { stay: false })).toMatchObject({ kind: "wrong-password" })
    expect(await phone.unlockWithPassword(typed, { stay: true })).toMatchObject({ kind: "opened" })
    expect(await phone.provePassword(typed)).toMatchObject({ kind: "opened" })
    await phone.ways()
    await phone.removePassword()
})

/** Each text that is sent, and the bytes of each field as hexadecimal digits. */
function everythingSent(): string {
    const bytes = sent
        .flatMap((text) => text.match(/[A-Za-z0-9_-]{20,}/g) ?? [])
        .flatMap((field) => {
            try {
                return [toHex(fromBase64url(field))]
            } catch {
                return []
            }
        })
    return [...sent, ...bytes].join("\n")
}

function formsOf(secret: Bytes): readonly string[] {
    const standard = Buffer.from(secret).toString("base64").replace(/=+$/, "")
    return [toHex(secret), toHex(secret).toUpperCase(), toBase64url(secret), standard]
}

test("what is searched is found: the letters themselves", () => {
    const everything = everythingSent()
    expect(everything).toContain(toBase64url(uploaded))
    expect(everything).toContain(toHex(uploaded))
    for (const kind of Object.keys(kinds)) expect(everything, kind).toContain(`"kind":"${kind}"`)
    expect(everything).toContain("commit ")
})

test.each([typed, wrong])("no form of the typed password is sent: %s", (password) => {
    const everything = everythingSent()
    for (const text of [password, password.normalize("NFKC"), password.normalize("NFD"), password.normalize("NFC")]) {
        expect(everything).not.toContain(text)
        expect(everything).not.toContain(encodeURIComponent(text))
        expect(everything).not.toContain(JSON.stringify(text).slice(1, -1))
        for (const form of formsOf(utf8(text))) expect(everything).not.toContain(form)
    }
    for (const word of ["Störche", "Jütland", "ganz etwas"]) expect(everything).not.toContain(word)
})

test("neither the slow hash nor the export key is sent, as an independent client makes them", async () => {
    const password = utf8(typed.normalize("NFKC"))
    const { registrationResponse } = opaque.server.createRegistrationResponse({
        serverSetup: setup,
        userIdentifier: recordId,
        registrationRequest: toBase64url(blind(password, scalar)),
    })
    const response = fromBase64url(registrationResponse)
    const output = unblind(password, scalar, response.slice(0, 32))
    const cost = { memorySize: 65_536, iterations: 3, parallelism: 4, hashLength: 64, salt: new Uint8Array(16) }
    const stretched = (await argon2id({ password: output, ...cost, outputType: "binary" })).slice()
    const terms: OracleTerms = { context: new Uint8Array(0), client: null, server: null, stretch: () => stretched }
    const made = await register(terms, password, scalar, uploaded.slice(96, 128), response)
    // The oracle makes the very upload that was sent: so these are the secrets behind it.
    expect(toHex(made.upload)).toBe(toHex(uploaded))
    const everything = everythingSent()
    for (const secret of [output, stretched, made.randomized, made.exportKey])
        for (const form of formsOf(secret)) expect(everything).not.toContain(form)
})
