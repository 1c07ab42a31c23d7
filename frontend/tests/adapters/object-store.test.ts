import { expect, test } from "vitest"
import { Api } from "../../src/adapters/api.ts"
import { ServerObjectStore } from "../../src/adapters/object-store.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import type { Ticket } from "../../src/engine/ports.ts"
import { handClock } from "../support/hand-clock.ts"

const origin = "https://backup.example"
const elsewhere = "https://store.example"
const signal = new AbortController().signal
const id = "a".repeat(32)
const other = "b".repeat(32)
const content = utf8("0123456789")

type Answer = () => Response | Promise<Response>

const fine: Answer = () => new Response(null, { status: 204 })
const lost: Answer = () => Promise.reject(new TypeError("Failed to fetch"))
const says =
    (status: number): Answer =>
    () =>
        new Response("<Error/>", { status })
const digits: Answer = () => new Response("3456", { status: 206 })

/** A server and a store that answer as they are told, and how often each was asked. */
function world(answers: { straight: Answer; through: Answer; finish?: () => string }) {
    const clock = handClock()
    const asked: { readonly where: "straight" | "through" | "addresses" | "finish"; readonly init: RequestInit }[] = []
    const api = new Api({
        csrfToken: async () => "token",
        fetch: async (url, init) => {
            const body = JSON.parse(init.method === "POST" ? String(init.body) : "null")
            if (url === "/api/objects/addresses") {
                asked.push({ where: "addresses", init })
                const addresses = body.ids.map((one: string) => ({ id: one, url: `${elsewhere}/${one}` }))
                return Response.json({ direct: true, seconds: 600, addresses })
            }
            if (url === "/api/objects/finish") {
                asked.push({ where: "finish", init })
                const state = answers.finish?.() ?? "stored"
                const facts = { kind: "pack", size: 10, sha256: "c".repeat(64), state }
                return Response.json({ objects: body.ids.map((one: string) => ({ id: one, ...facts })) })
            }
            const where = url.startsWith(elsewhere) ? "straight" : "through"
            asked.push({ where, init })
            return await answers[where]()
        },
    })
    const store = new ServerObjectStore(api, origin, clock)
    return { store, clock, asked, ways: () => asked.map(({ where }) => where) }
}

const ticket: Ticket = {
    id,
    state: "expected",
    method: "PUT",
    url: `${elsewhere}/bucket/x?X-Amz-Signature=1`,
    headers: { "Content-Type": "application/octet-stream", "x-amz-checksum-sha256": "…" },
    fallback: `/objects/${id}`,
}

test("bytes go straight where the ticket points, with what it says and without our cookies", async () => {
    const { store, asked, ways } = world({ straight: fine, through: fine })
    await store.put(ticket, content, signal)
    expect(ways()).toEqual(["straight"])
    expect(asked[0]?.init.credentials).toBe("omit")
    expect(asked[0]?.init.headers).toEqual(ticket.headers)
})

test.each([
    ["the store cannot be reached, or its rules for other sites are gone", lost],
    ["it refuses the signature", says(403)],
    ["it refuses the bytes", says(400)],
    ["it has lost its bucket", says(404)],
])("when %s, the server carries them, and all that follow", async (_, straight) => {
    const { store, asked, ways } = world({ straight, through: fine })
    await store.put(ticket, content, signal)
    await store.put({ ...ticket, id: other }, content, signal)
    expect(ways()).toEqual(["straight", "through", "through"])
    const init = asked[1]?.init
    expect(init?.body).toBe(content)
    expect(init?.credentials).toBe("same-origin")
    expect(new Headers(init?.headers).get("X-CSRFToken")).toBe("token")
    expect(await store.get(id, 0, 4, signal).catch(() => null)).toBeNull()
    expect(ways()).toEqual(["straight", "through", "through", "through"])
})

test("when both ways fail it is the network, and the straight way is tried again", async () => {
    let online = false
    const either = (): Answer => (online ? fine : lost)
    const { store, ways } = world({ straight: () => either()(), through: () => either()() })
    await expect(store.put(ticket, content, signal)).rejects.toMatchObject({ code: "network" })
    online = true
    await store.put(ticket, content, signal)
    expect(ways()).toEqual(["straight", "through", "straight"])
})

test.each([429, 503])("a store that says %i is asked again later, not passed by", async (status) => {
    const { store, ways } = world({ straight: says(status), through: fine })
    await expect(store.put(ticket, content, signal)).rejects.toMatchObject({ code: "network" })
    expect(ways()).toEqual(["straight"])
})

test("what we stopped ourselves is no reason to change the way", async () => {
    const stopped = AbortSignal.abort()
    const { store, ways } = world({ straight: lost, through: fine })
    await expect(store.put(ticket, content, stopped)).rejects.toMatchObject({ code: "stopped" })
    await store.put(ticket, content, signal)
    expect(ways()).toEqual(["straight", "straight", "through"])
})

test("somebody in between who takes bytes and keeps none is passed by from then on", async () => {
    const { store, ways } = world({ straight: fine, through: fine, finish: () => "expected" })
    await store.put(ticket, content, signal)
    await store.finish([id], signal)
    await store.put(ticket, content, signal)
    expect(ways()).toEqual(["straight", "finish", "through"])
})

test("ranges come straight too; addresses are asked for together, and again before they run out", async () => {
    const { store, clock, asked, ways } = world({ straight: digits, through: lost })
    const both = await Promise.all([store.get(id, 3, 7, signal), store.get(other, 3, 7, signal)])
    expect(both).toEqual([utf8("3456"), utf8("3456")])
    expect(JSON.parse(String(asked[0]?.init.body))).toEqual({ ids: [id, other] })
    expect(new Headers(asked[1]?.init.headers).get("Range")).toBe("bytes=3-6")
    clock.pass(8 * 60_000)
    await store.get(id, 3, 7, signal)
    expect(ways()).toEqual(["addresses", "straight", "straight", "straight"])
    clock.pass(2 * 60_000)
    await store.get(id, 3, 7, signal)
    expect(ways().slice(4)).toEqual(["addresses", "straight"])
})

test.each([
    ["cannot be reached", lost],
    ["refuses", says(403)],
    ["gives fewer bytes", () => new Response("345", { status: 206 })],
    ["gives the whole", () => new Response("0123456789", { status: 200 })],
] as const)("a range that the store %s comes through the server, and so do all that follow", async (_, straight) => {
    const { store, ways } = world({ straight, through: digits })
    expect(await store.get(id, 3, 7, signal)).toEqual(utf8("3456"))
    expect(await store.get(other, 3, 7, signal)).toEqual(utf8("3456"))
    expect(ways()).toEqual(["addresses", "straight", "through", "through"])
})

test("a store that answers a range with 200 has still answered it", async () => {
    const { store, ways } = world({ straight: () => new Response("3456"), through: lost })
    expect(await store.get(id, 3, 7, signal)).toEqual(utf8("3456"))
    expect(ways()).toEqual(["addresses", "straight"])
})
