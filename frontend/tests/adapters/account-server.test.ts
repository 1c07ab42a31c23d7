import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { ServerDevices, ServerPasskeys } from "../../src/adapters/account-server.ts"
import { Api } from "../../src/adapters/api.ts"
import { passkeySource } from "../../src/keyring/passkey.ts"

/** One key of the authenticator, as the browser would give it. */
const output = () => new Uint8Array(32).map((_, index) => index + 1)
const outputText = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA"

interface Asked {
    readonly method: string
    readonly url: string
    readonly body: unknown
}

let asked: Asked[]
let answers: Response[]
let given: { create: unknown[]; get: unknown[] }
let results: { enabled?: boolean; results?: { first: Uint8Array } } | undefined

class FakeCredential {
    static parseCreationOptionsFromJSON = (options: object) => ({ ...options, parsed: true })
    static parseRequestOptionsFromJSON = (options: object) => ({ ...options, parsed: true })
    readonly rawId = new Uint8Array([9, 9]).buffer
    getClientExtensionResults = () => ({ prf: results })
    toJSON = () => ({
        id: "CQk",
        rawId: "CQk",
        type: "public-key",
        response: {},
        clientExtensionResults: { prf: { enabled: true, results: { first: outputText } } },
    })
}

const api = () =>
    new Api({
        csrfToken: async () => "token",
        fetch: async (url, init) => {
            const body = init.body === undefined ? null : JSON.parse(String(init.body))
            asked.push({ method: String(init.method), url, body })
            const answer = answers.shift()
            if (answer === undefined) throw new TypeError("no answer is left")
            return answer
        },
    })
const passkeys = () => new ServerPasskeys(api(), Promise.resolve(null))
const json = (body: unknown, status = 200) => Response.json(body, { status })
const address = "/_allauth/browser/v1/account/authenticators/webauthn"
const options = {
    status: 200,
    data: { creation_options: { publicKey: { challenge: "AA", authenticatorSelection: {} } } },
}

beforeEach(() => {
    asked = []
    answers = []
    given = { create: [], get: [] }
    results = { enabled: true, results: { first: output() } }
    vi.stubGlobal("PublicKeyCredential", FakeCredential)
    vi.stubGlobal("navigator", {
        credentials: {
            create: async (wanted: unknown) => {
                given.create.push(wanted)
                return new FakeCredential()
            },
            get: async (wanted: unknown) => {
                given.get.push(wanted)
                return new FakeCredential()
            },
        },
    })
})
afterEach(() => {
    vi.unstubAllGlobals()
})

test("a passkey that is added signs in, and its output goes into a key and nowhere else", async () => {
    answers = [json(options), json({ status: 200, data: {} })]
    const first = output()
    results = { enabled: true, results: { first } }
    const added = await passkeys().add("Phone")
    expect(added).toMatchObject({ kind: "added", credential: "CQk", prf: true, touch: { credential: "CQk" } })
    if (added.kind !== "added" || added.touch === null) throw new Error("no touch")
    expect(added.touch.key).toMatchObject({ extractable: false, algorithm: { name: "HKDF" } })
    expect(first).toEqual(new Uint8Array(32))
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
        `GET ${address}?passwordless`,
        `POST ${address}`,
    ])
    expect(asked[1]?.body).toMatchObject({ name: "Phone", credential: { id: "CQk" } })
    expect(JSON.stringify(asked)).not.toContain(outputText)
    expect(JSON.stringify(asked)).not.toContain("results")
})

test("who adds or uses a passkey is verified, and the authenticator is asked for its output", async () => {
    answers = [json(options), json({ status: 200, data: {} })]
    await passkeys().add("Phone")
    const eval32 = { prf: { eval: { first: expect.any(Uint8Array) } } }
    expect(given.create).toEqual([
        {
            publicKey: expect.objectContaining({
                authenticatorSelection: {
                    residentKey: "required",
                    requireResidentKey: true,
                    userVerification: "required",
                },
                extensions: eval32,
            }),
        },
    ])
    await passkeys().touch(["CQk"])
    expect(given.get).toEqual([
        { publicKey: expect.objectContaining({ userVerification: "required", extensions: eval32 }) },
    ])
})

test("an authenticator without output signs in only", async () => {
    results = { enabled: false }
    answers = [json(options), json({ status: 200, data: {} })]
    expect(await passkeys().add("Key")).toEqual({ kind: "added", credential: "CQk", prf: false, touch: null })
    results = undefined
    expect(await passkeys().touch(["CQk"])).toEqual({ kind: "no-output" })
})

test("signing in too long ago is told with the way to confirm it", async () => {
    const needed = { status: 401, data: { flows: [{ id: "reauthenticate" }] }, meta: { is_authenticated: true } }
    const expected = { kind: "reauthenticate", url: expect.stringMatching(/^\/accounts\/reauthenticate\/\?next=/) }
    answers = [json(needed, 401), json(needed, 401), json(needed, 401)]
    expect(await passkeys().add("Phone")).toEqual(expected)
    expect(given.create).toEqual([])
    expect(await passkeys().rename(7, "Telephone")).toEqual(expected)
    expect(await passkeys().remove(7)).toEqual(expected)
})

test("a window that was closed, a browser that knows none, and a failure are told apart", async () => {
    vi.stubGlobal("navigator", {
        credentials: { get: () => Promise.reject(new DOMException("", "NotAllowedError")) },
    })
    expect(await passkeys().touch(["CQk"])).toEqual({ kind: "cancelled" })
    vi.stubGlobal("navigator", { credentials: { get: () => Promise.reject(new TypeError("broken")) } })
    expect(await passkeys().touch(["CQk"])).toEqual({ kind: "failed" })
    vi.stubGlobal("PublicKeyCredential", {})
    expect(passkeys().supported()).toBe(false)
    expect(await passkeys().touch(["CQk"])).toEqual({ kind: "unsupported" })
})

test("passkeys are listed, renamed and removed", async () => {
    const one = { id: 7, credential: "CQk", name: "Phone", created: "2026-11-23T18:00:00Z", last_used: null }
    answers = [json({ passkeys: [one] }), json({ status: 200 }), json({ status: 200 })]
    const book = passkeys()
    expect(await book.list()).toEqual([
        { id: 7, credential: "CQk", name: "Phone", created: "2026-11-23T18:00:00Z", lastUsed: null },
    ])
    await book.rename(7, "Old phone")
    expect(await book.remove(7)).toEqual({ kind: "removed" })
    expect(asked.slice(1)).toEqual([
        { method: "PUT", url: address, body: { id: 7, name: "Old phone" } },
        { method: "DELETE", url: address, body: { authenticators: [7] } },
    ])
})

test("a touch from the sign-in page is handed on once", async () => {
    const touch = { credential: "CQk", key: await passkeySource(output()) }
    const book = new ServerPasskeys(api(), Promise.resolve(touch))
    expect(await book.handedOver()).toBe(touch)
    expect(await book.handedOver()).toBeNull()
    expect(await new ServerPasskeys(api(), Promise.reject(new Error("no database"))).handedOver()).toBeNull()
})

test("devices are listed, renamed and signed out, each time with the list as it is then", async () => {
    const one = {
        id: 3,
        name: "Firefox",
        system: "Linux",
        signed_in: "2026-11-23T18:00:00Z",
        last_seen: "2026-11-23T18:10:00Z",
        current: true,
    }
    answers = [
        json({ devices: [one] }),
        json({}),
        json({ devices: [] }),
        new Response(null, { status: 204 }),
        json({ devices: [] }),
    ]
    const book = new ServerDevices(api())
    expect(await book.list()).toEqual([
        {
            id: 3,
            name: "Firefox",
            system: "Linux",
            signedIn: "2026-11-23T18:00:00Z",
            lastSeen: "2026-11-23T18:10:00Z",
            current: true,
        },
    ])
    expect(await book.rename(3, "Laptop")).toEqual([])
    expect(await book.revoke(3)).toEqual([])
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
        "GET /api/devices",
        "PATCH /api/devices/3",
        "GET /api/devices",
        "DELETE /api/devices/3",
        "GET /api/devices",
    ])
})

test("a list of another shape is refused", async () => {
    answers = [json({ passkeys: [{ id: 7 }] }), json({ devices: "none" })]
    await expect(passkeys().list()).rejects.toMatchObject({ code: "server-failed" })
    await expect(new ServerDevices(api()).list()).rejects.toMatchObject({ code: "server-failed" })
})
