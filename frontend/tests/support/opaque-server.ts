/** The vault's half of OPAQUE, by the browser's library: for tests of the client without a vault. */

import * as opaque from "@serenity-kit/opaque"
import { fromBase64url, toBase64url } from "../../src/bytes/base64url.ts"
import type { Bytes } from "../../src/bytes/bytes.ts"

export interface OpaqueRecord {
    readonly setup: string
    readonly upload: string
    readonly identifier: string
}

await opaque.ready

export const newSetup = opaque.server.createSetup

export function respond(setup: string, identifier: string, request: Bytes): Bytes {
    const { registrationResponse } = opaque.server.createRegistrationResponse({
        serverSetup: setup,
        userIdentifier: identifier,
        registrationRequest: toBase64url(request),
    })
    return fromBase64url(registrationResponse)
}

export function answer({ setup, upload, identifier }: OpaqueRecord, ke1: Bytes): { ke2: Bytes; state: string } {
    const { loginResponse, serverLoginState } = opaque.server.startLogin({
        serverSetup: setup,
        registrationRecord: upload,
        userIdentifier: identifier,
        startLoginRequest: toBase64url(ke1),
    })
    return { ke2: fromBase64url(loginResponse), state: serverLoginState }
}

/** Throws when KE3 does not hold. */
export function finish(state: string, ke3: Bytes): Bytes {
    const { sessionKey } = opaque.server.finishLogin({ serverLoginState: state, finishLoginRequest: toBase64url(ke3) })
    return fromBase64url(sessionKey)
}
