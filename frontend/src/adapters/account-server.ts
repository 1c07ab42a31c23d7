/** Passkeys and devices of the account, and its wish for more storage, asked for by the page with its session; ceremonies are `webauthn.ts`'s. */

import { EngineError } from "../engine/errors.ts"
import type {
    AddedPasskey,
    Device,
    DeviceBook,
    PasskeyBook,
    Reauthenticate,
    RoomDesk,
    SignInPasskey,
    TouchOutcome,
} from "../engine/page-ports.ts"
import type { PasskeyTouch } from "../engine/protocol.ts"
import { fields, flag, listOf, orNull, text, whole } from "./answers.ts"
import type { Api, Method } from "./api.ts"
import { type CeremonyOutcome, credentialFor, passkeysKnown, touchOf } from "./webauthn.ts"

interface PasskeyAnswer {
    readonly id: number
    readonly credential: string
    readonly name: string
    readonly created: string
    readonly last_used: string | null
}

interface DeviceAnswer {
    readonly id: number
    readonly name: string
    readonly system: string
    readonly signed_in: string
    readonly last_seen: string
    readonly current: boolean
}

const passkey = fields<PasskeyAnswer>({
    id: whole,
    credential: text,
    name: text,
    created: text,
    last_used: orNull(text),
})
const passkeys = fields<{ readonly passkeys: readonly PasskeyAnswer[] }>({ passkeys: listOf(passkey) })
const device = fields<DeviceAnswer>({
    id: whole,
    name: text,
    system: text,
    signed_in: text,
    last_seen: text,
    current: flag,
})
const devices = fields<{ readonly devices: readonly DeviceAnswer[] }>({ devices: listOf(device) })

/** allauth's own address for the passkeys that sign in. */
const authenticators = "/_allauth/browser/v1/account/authenticators/webauthn"

/** Where a person confirms who they are, and comes back from. */
const reauthenticate: Reauthenticate = {
    kind: "reauthenticate",
    url: "/accounts/reauthenticate/?next=/app/settings/",
}

const roomRequest = "/api/account/room-request"

const patience = 30_000

export class ServerPasskeys implements PasskeyBook {
    readonly #api: Api
    #touch: Promise<PasskeyTouch | null>

    /** `touch`: what the sign-in page handed over. */
    constructor(api: Api, touch: Promise<PasskeyTouch | null>) {
        this.#api = api
        this.#touch = touch
    }

    supported(): boolean {
        return passkeysKnown()
    }

    async list(): Promise<readonly SignInPasskey[]> {
        const answer = passkeys(await this.#call("GET", "/api/passkeys"))
        return answer.passkeys.map(({ last_used: lastUsed, ...rest }) => ({ ...rest, lastUsed }))
    }

    async add(name: string): Promise<AddedPasskey> {
        const asked = await this.#confirmed("GET", `${authenticators}?passwordless`)
        if (asked.kind === "reauthenticate") return asked
        const made = await credentialFor("create", async () => dataOf(asked.answer))
        if (made.kind !== "made") return made
        return await this.#enter(name, made)
    }

    async rename(id: number, name: string): Promise<{ readonly kind: "renamed" } | Reauthenticate> {
        const renamed = await this.#confirmed("PUT", authenticators, { id, name })
        return renamed.kind === "reauthenticate" ? renamed : { kind: "renamed" }
    }

    async remove(id: number): Promise<{ readonly kind: "removed" } | Reauthenticate> {
        const removed = await this.#confirmed("DELETE", authenticators, { authenticators: [id] })
        return removed.kind === "reauthenticate" ? removed : { kind: "removed" }
    }

    async touch(credentials: readonly string[]): Promise<TouchOutcome> {
        return await touchOf(credentials)
    }

    async handedOver(): Promise<PasskeyTouch | null> {
        const touch = this.#touch
        this.#touch = Promise.resolve(null)
        return await touch.catch(() => null)
    }

    async #enter(name: string, made: Extract<CeremonyOutcome, { readonly kind: "made" }>): Promise<AddedPasskey> {
        const { credential, id, prf, touch } = made
        const entered = await this.#confirmed("POST", authenticators, { name, credential })
        return entered.kind === "reauthenticate" ? entered : { kind: "added", credential: id, prf, touch }
    }

    async #call(method: Method, path: string, body?: object): Promise<unknown> {
        return await this.#api.json(method, path, body, AbortSignal.timeout(patience))
    }

    /** Whoever is not signed in, or not freshly enough, confirms it on the same page. */
    async #confirmed(
        method: Method,
        path: string,
        body?: object,
    ): Promise<{ readonly kind: "answered"; readonly answer: unknown } | Reauthenticate> {
        try {
            return { kind: "answered", answer: await this.#call(method, path, body) }
        } catch (error) {
            if (error instanceof EngineError && error.code === "session-expired") return reauthenticate
            throw error
        }
    }
}

export class ServerDevices implements DeviceBook {
    readonly #api: Api

    constructor(api: Api) {
        this.#api = api
    }

    async list(): Promise<readonly Device[]> {
        const answer = devices(await this.#call("GET", "/api/devices"))
        return answer.devices.map(({ signed_in: signedIn, last_seen: lastSeen, ...rest }) => ({
            ...rest,
            signedIn,
            lastSeen,
        }))
    }

    async rename(id: number, name: string): Promise<readonly Device[]> {
        await this.#call("PATCH", `/api/devices/${id}`, { name })
        return await this.list()
    }

    async revoke(id: number): Promise<readonly Device[]> {
        await this.#call("DELETE", `/api/devices/${id}`)
        return await this.list()
    }

    async #call(method: Method, path: string, body?: object): Promise<unknown> {
        return await this.#api.json(method, path, body, AbortSignal.timeout(patience))
    }
}

export class ServerRoom implements RoomDesk {
    readonly #api: Api

    constructor(api: Api) {
        this.#api = api
    }

    async ask(wanted: number, reason: string): Promise<void> {
        await this.#api.json("POST", roomRequest, { wanted, reason }, AbortSignal.timeout(patience))
    }

    async withdraw(): Promise<void> {
        await this.#api.json("DELETE", roomRequest, undefined, AbortSignal.timeout(patience))
    }
}

/** allauth wraps its answers: `{"status", "data", "meta"}`. */
function dataOf(answer: unknown): unknown {
    if (typeof answer !== "object" || answer === null || !("data" in answer)) throw new EngineError("server-failed")
    return answer.data
}
