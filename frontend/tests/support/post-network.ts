/** The room of `post-room.ts` behind a network: what `fetch` and sockets of the API would say, for one signed-in device. */

import { Api, type Fetch } from "../../src/adapters/api.ts"
import { ServerPostOffice } from "../../src/adapters/post-office.ts"
import { fromBase64url, toBase64url } from "../../src/bytes/base64url.ts"
import { PairingRefusedError } from "../../src/engine/errors.ts"
import type { Clock, PairingPhase, PairingWay } from "../../src/engine/ports.ts"
import { FakeSocket } from "./fake-socket.ts"
import type { News, PostRoom } from "./post-room.ts"

interface Said {
    readonly way: PairingWay
    readonly mailbox: string | null
    readonly token: string
    readonly phase: PairingPhase
    readonly body: string
}

const statuses: Readonly<Record<string, number>> = {
    "pairing.none": 404,
    "pairing.taken": 409,
    "pairing.out_of_turn": 409,
    "pairing.wrong_size": 413,
    "pairing.over": 410,
}

/** `sockets` false: every one of them is refused, and asking has to do. */
export function overNetwork(room: PostRoom, account: string, device: string, clock: Clock, sockets: boolean) {
    const asked: string[] = []
    const fetch: Fetch = async (url, init) => {
        asked.push(url)
        try {
            const answer = answerTo(room, account, device, url, JSON.parse(String(init.body)) as Said)
            return answer === null ? new Response(null, { status: 204 }) : Response.json(answer)
        } catch (error) {
            if (!(error instanceof PairingRefusedError)) throw error
            const { refusal: code } = error
            return Response.json({ error: { code, message: "…" } }, { status: statuses[code] ?? 400 })
        }
    }
    const api = new Api({ csrfToken: async () => "token", fetch })
    const connect = (path: string) => (sockets ? newsSocket(room, path) : refusedSocket())
    return { office: new ServerPostOffice({ api, clock, connect }), asked }
}

function answerTo(room: PostRoom, account: string, device: string, url: string, said: Said): unknown {
    const [, mailbox = "", what = ""] = /^\/api\/pairing\/([0-9a-f]{32})\/(\w+)$/.exec(url) ?? []
    if (url === "/api/pairing") return room.open(account, device, said.way)
    if (url === "/api/pairing/join") return room.join(account, device, said.way, said.mailbox)
    if (what === "letters") room.write(mailbox, said.token, said.phase, fromBase64url(said.body))
    if (what === "read") return written(room.read(mailbox, said.token))
    if (what === "end") room.end(mailbox, said.token)
    if (what === "letters" || what === "end") return null
    throw new RangeError(`no such address: ${url}`)
}

function written({ letters, joined, over }: News): unknown {
    return { letters: letters.map(({ phase, body }) => ({ phase, body: toBase64url(body) })), joined, over }
}

function newsSocket(room: PostRoom, path: string): WebSocket {
    const [, mailbox = "", token = ""] = /^\/ws\/pairing\/([0-9a-f]{32})\?token=([0-9a-f]{32})$/.exec(path) ?? []
    const socket = new FakeSocket()
    const say = (): void => socket.say(written(room.read(mailbox, token)))
    room.listeners.add(say)
    socket.addEventListener("close", () => room.listeners.delete(say))
    queueMicrotask(() => {
        if (socket.readyState !== 0) return
        socket.open()
        say()
    })
    return socket.asSocket()
}

function refusedSocket(): WebSocket {
    const socket = new FakeSocket()
    queueMicrotask(() => socket.close())
    return socket.asSocket()
}
