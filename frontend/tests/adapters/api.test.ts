import { describe, expect, test } from "vitest"
import { Api, sizedBodyOf } from "../../src/adapters/api.ts"
import { ServerLibrary } from "../../src/adapters/library-server.ts"
import { ServerObjectStore } from "../../src/adapters/object-store.ts"
import { toBase64url } from "../../src/bytes/base64url.ts"
import { toHex } from "../../src/bytes/hex.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { sha256 } from "../../src/crypto/hash.ts"
import { handClock } from "../support/hand-clock.ts"

const origin = "https://backup.example"
const signal = new AbortController().signal
const id = "a".repeat(32)

interface Asked {
    readonly url: string
    readonly init: RequestInit
}

function answering(answer: (asked: Asked) => Response | Promise<Response>) {
    const asked: Asked[] = []
    const api = new Api({
        csrfToken: async () => "token",
        fetch: async (url, init) => {
            asked.push({ url, init })
            return await answer({ url, init })
        },
    })
    return { api, store: new ServerObjectStore(api, origin, handClock()), asked }
}

const json = (body: unknown, status = 200): Response => Response.json(body, { status })
const refusal = (status: number, code: string, params?: object): Response =>
    json({ error: { code, message: "…", ...(params && { params }) } }, status)

describe("every refusal gets its name", () => {
    test.each([
        [() => refusal(413, "backups.quota_exceeded", { missing: 12 }), { code: "over-quota", missing: 12 }],
        [() => refusal(409, "backups.head_moved", { sequence: 8 }), { code: "head-moved", sequence: 8 }],
        [() => refusal(409, "backups.not_stored"), { code: "not-stored" }],
        [() => refusal(409, "backups.object_differs"), { code: "object-differs" }],
        [() => refusal(409, "backups.wrong_hash"), { code: "wrong-hash" }],
        [() => refusal(409, "keyring.exists"), { code: "library-exists" }],
        [() => refusal(401, "accounts.not_signed_in"), { code: "session-expired" }],
        [() => refusal(403, "http.forgery"), { code: "session-expired" }],
        [() => new Response("<html>", { status: 403 }), { code: "session-expired" }],
        [() => refusal(404, "backups.no_such_object"), { code: "missing" }],
        [() => refusal(422, "request.malformed"), { code: "server-refused" }],
        [() => new Response("", { status: 500 }), { code: "server-failed" }],
        [() => new Response("", { status: 502 }), { code: "network" }],
        [() => new Response("", { status: 429 }), { code: "network" }],
        [() => Promise.reject(new TypeError("Failed to fetch")), { code: "network" }],
        [() => new Response("{", { status: 200 }), { code: "network" }],
    ])("%#", async (answer, expected) => {
        const { api } = answering(answer)
        await expect(api.json("POST", "/api/x", {}, signal)).rejects.toMatchObject(expected)
    })

    test("and what we stopped ourselves is no fault of the network", async () => {
        const stopped = AbortSignal.abort()
        const { api } = answering(() => Promise.reject(new DOMException("", "AbortError")))
        await expect(api.json("GET", "/api/x", undefined, stopped)).rejects.toMatchObject({ code: "stopped" })
    })
})

describe("answers are read strictly", () => {
    test.each([
        { tickets: [{ id, state: "lost", method: "PUT", url: "/objects/x", headers: {} }] },
        { tickets: [{ id, state: "stored", method: "PUT", url: "/objects/x" }] },
        { tickets: [{ id: "A".repeat(32), state: "stored", method: "PUT", url: "/x", headers: {} }] },
        { tickets: [], more: 1 },
        [],
        null,
    ])("%j is none", async (body) => {
        const { store } = answering(() => json(body))
        await expect(store.begin([], signal)).resolves.toEqual([])
        const facts = { id, kind: "pack", size: 1, sha256: "b".repeat(64) } as const
        await expect(store.begin([facts], signal)).rejects.toMatchObject({ code: "server-failed" })
    })
})

describe("an object is put where its ticket points", () => {
    const headers = { "X-CSRFToken": "of the ticket" }
    const ticket = { id, state: "expected", method: "PUT", headers, fallback: null } as const

    test("with the session at home", async () => {
        const { store, asked } = answering(() => new Response(null, { status: 204 }))
        await store.put({ ...ticket, url: `/objects/${id}` }, utf8("x"), signal)
        const [{ url, init } = { url: "", init: {} }] = asked
        const headers = new Headers(init.headers)
        expect(url).toBe(`${origin}/objects/${id}`)
        expect(init.credentials).toBe("same-origin")
        expect(headers.get("X-CSRFToken")).toBe("of the ticket")
    })

    test("and with nothing but the ticket at another host", async () => {
        const { store, asked } = answering(() => new Response(null, { status: 200 }))
        await store.put(
            { ...ticket, headers: {}, url: "https://store.example/bucket/x?signature=1" },
            utf8("x"),
            signal,
        )
        const [put] = asked
        expect(put?.init.credentials).toBe("omit")
        expect(new Headers(put?.init.headers).has("X-CSRFToken")).toBe(false)
    })
})

test("a range is asked for as a range, and fewer bytes are none", async () => {
    const through = { direct: false, seconds: 0, addresses: [] }
    const bytesOr = (body: string, status: number) => (url: string) =>
        url === "/api/objects/addresses" ? json(through) : new Response(body, { status })
    const { store, asked } = answering(({ url }) => bytesOr("abc", 206)(url))
    expect(await store.get(id, 5, 8, signal)).toEqual(utf8("abc"))
    expect(new Headers(asked[1]?.init.headers).get("Range")).toBe("bytes=5-7")
    await expect(store.get(id, 5, 9, signal)).rejects.toMatchObject({ code: "missing" })
    const whole = answering(({ url }) => bytesOr("abcdefgh", 200)(url))
    await expect(whole.store.get(id, 5, 8, signal)).rejects.toMatchObject({ code: "server-failed" })
})

test("more than 64 objects go in several calls", async () => {
    const { store, asked } = answering(() => json({ objects: [] }))
    await store.finish(
        Array.from({ length: 130 }, () => id),
        signal,
    )
    expect(asked.map(({ init }) => JSON.parse(String(init.body)).ids.length)).toEqual([64, 64, 2])
})

test("a head that broke on its way is told", async () => {
    const sealed = utf8("sealed")
    const head = { sequence: 1, sealed: toBase64url(sealed), sha256: toHex(await sha256(sealed)) }
    const fine = new ServerLibrary(answering(() => json(head)).api, () => () => undefined)
    expect(await fine.head(signal)).toEqual({ sequence: 1, sealed })
    const broken = new ServerLibrary(answering(() => json({ ...head, sealed: "AA" })).api, () => () => undefined)
    await expect(broken.head(signal)).rejects.toMatchObject({ code: "wrong-hash" })
    const none = new ServerLibrary(answering(() => refusal(404, "backups.no_head")).api, () => () => undefined)
    expect(await none.head(signal)).toBeNull()
})

describe("a large body is read into its place", () => {
    const signal = new AbortController().signal
    const bytes = (length: number) => Uint8Array.from({ length }, (_, at) => at % 251)

    test.each([
        ["whole", 0],
        ["shorter than it should be", -1],
        ["longer", 1],
    ])("%s", async (_, more) => {
        const body = bytes(600_000 + more)
        const read = await sizedBodyOf(new Response(body), 600_000, signal)
        expect(Buffer.from(read).equals(body)).toBe(true)
    })

    test("a connection that breaks off is the network's fault", async () => {
        let pulls = 0
        const stream = new ReadableStream({
            type: "bytes",
            pull: (controller) => {
                pulls += 1
                if (pulls > 2) controller.error(new TypeError("gone"))
                else controller.enqueue(bytes(100_000))
            },
        })
        await expect(sizedBodyOf(new Response(stream), 600_000, signal)).rejects.toMatchObject({ code: "network" })
    })
})
