import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { Api } from "../../src/adapters/api.ts"
import { ServerVault } from "../../src/adapters/vault-server.ts"
import { toBase64url } from "../../src/bytes/base64url.ts"
import { FakeSocket } from "../support/fake-socket.ts"

const signal = new AbortController().signal
const id = "a".repeat(32)
const state = { kind: "state", record: null, left: 10, of: 10, tombstone: null }

let socket: FakeSocket
let posted: { readonly url: string; readonly body: unknown }[] = []
let answer: () => Response

function vault(): ServerVault {
    const api = new Api({
        csrfToken: async () => "token",
        fetch: async (url, init) => {
            posted.push({ url, body: JSON.parse(String(init.body)) })
            return answer()
        },
    })
    return new ServerVault(api, () => socket.asSocket())
}

beforeEach(() => {
    vi.useFakeTimers()
    socket = new FakeSocket()
    posted = []
    answer = () => Response.json(state)
})
afterEach(() => {
    vi.useRealTimers()
})

async function opened() {
    const connecting = vault().connect(signal)
    socket.open()
    return await connecting
}

describe("over the socket", () => {
    test("a question goes out as its frame, and its answer comes back as values", async () => {
        const line = await opened()
        socket.onSend = () =>
            socket.say({ kind: "login-answer", exchange: id, record: id, parameters: "AQ", ke2: "Ag", left: 9 })
        const ke1 = new Uint8Array([1, 2, 3])
        expect(await line.ask({ kind: "login-begin", ke1, record: null })).toMatchObject({
            left: 9,
            record: id,
            parameters: new Uint8Array([1]),
            ke2: new Uint8Array([2]),
        })
        expect(socket.sent.map((frame) => JSON.parse(frame))).toEqual([
            { kind: "login-begin", ke1: toBase64url(ke1), record: null },
        ])
        expect(posted).toEqual([])
    })

    test.each([
        [
            { code: "vault.erased", message: "…", params: { guesses: 10 } },
            { refusal: "vault.erased", guesses: 10 },
        ],
        [
            { code: "vault.wrong_password", message: "…", params: { left: 4 } },
            { refusal: "vault.wrong_password", left: 4 },
        ],
        [{ code: "vault.staff", message: "…" }, { code: "vault-staff" }],
        [{ code: "vault.exchange_gone", message: "…" }, { code: "vault-interrupted" }],
        [{ code: "http.too_many_requests", message: "…" }, { code: "too-many-requests" }],
        [{ code: "http.not_signed_in", message: "…" }, { code: "session-expired" }],
        [{ code: "something.new", message: "…" }, { code: "server-refused" }],
        [null, { code: "server-refused" }],
    ])("a refusal has its name: %j", async (error, expected) => {
        const line = await opened()
        socket.onSend = () => socket.say({ kind: "refused", error })
        await expect(line.ask({ kind: "state" })).rejects.toMatchObject(expected)
    })

    test.each([
        ["{", "not JSON"],
        [JSON.stringify({ ...state, extra: 1 }), "an unknown field"],
        [JSON.stringify({ ...state, left: "10" }), "another type"],
        [JSON.stringify({ kind: "enrol-stored", record: id }), "the answer to another question"],
        ["null", "nothing"],
    ])("%s is refused: %s", async (frame) => {
        const line = await opened()
        socket.onSend = () => socket.say(frame)
        await expect(line.ask({ kind: "state" })).rejects.toMatchObject({ code: "server-failed" })
    })

    test("a socket that closes while a question waits is the network's fault, and stays closed", async () => {
        const line = await opened()
        socket.onSend = () => socket.close()
        await expect(line.ask({ kind: "state" })).rejects.toMatchObject({ code: "network" })
        await expect(line.ask({ kind: "state" })).rejects.toMatchObject({ code: "network" })
        expect(socket.sent).toHaveLength(1)
    })

    test("closing the line ends the conversation", async () => {
        const line = await opened()
        line.close()
        expect(socket.readyState).toBe(3)
    })
})

describe("where no socket can be had", () => {
    test.each([
        ["it is refused", () => socket.close()],
        ["it does not open in ten seconds", () => vi.advanceTimersByTimeAsync(10_001)],
    ])("each question is a request: %s", async (_, happens) => {
        const connecting = vault().connect(signal)
        await happens()
        const line = await connecting
        expect(socket.readyState).toBe(3)
        expect(await line.ask({ kind: "state" })).toEqual(state)
        expect(posted).toEqual([{ url: "/api/vault", body: { kind: "state" } }])
    })

    test("refusals have their names there too", async () => {
        socket.close()
        const connecting = vault().connect(signal)
        socket.dispatchEvent(new Event("close"))
        const line = await connecting
        answer = () => Response.json({ error: { code: "vault.socket_needed", message: "…" } }, { status: 503 })
        await expect(line.ask({ kind: "state" })).rejects.toMatchObject({ code: "vault-unavailable" })
        answer = () =>
            Response.json({ error: { code: "vault.erased", message: "…", params: { guesses: 10 } } }, { status: 423 })
        await expect(line.ask({ kind: "state" })).rejects.toMatchObject({ refusal: "vault.erased", guesses: 10 })
    })
})
